#pragma once
// What the server keeps, in one SQLite file. No decision is made here; each method says what it reads or writes.
#include "conflict/merge/attribution.hpp"
#include "shared/protocol/frames.hpp"
#include "shared/schema/scope.hpp"
#include "shared/storage/database.hpp"
#include "sync-server/access/late_edits.hpp"

#include <set>

namespace roadbook::store {

struct DocumentRow {
    std::int64_t num = 0;
    RecordId id;
    std::string kind;
};

struct ChangeRow {
    std::int64_t num = 0;
    Hash hash;
    ActorId actor;
    std::uint64_t seq = 0;
    Bytes bytes;
    merge::Attribution by;
};

/// What has become of an edit that was refused, or handed over as data. Of waiting and returned ones somebody decides yet.
enum class EditState { waiting, returned, released, discarded, taken_back };
[[nodiscard]] std::string_view name(EditState state) noexcept;
/// EditState::waiting for a name that this version does not know.
[[nodiscard]] EditState edit_state(std::string_view name) noexcept;
[[nodiscard]] constexpr bool is_open(EditState state) noexcept { return state == EditState::waiting || state == EditState::returned; }

/// Where such an edit is kept.
struct Shelf {
    enum class Kind { quarantine, surrendered } kind = Kind::quarantine;
    std::int64_t num = 0;
    bool operator==(const Shelf&) const = default;
};
struct ShelvedEdit {
    Shelf at;
    EditState state = EditState::waiting;
    RecordId record;
    Hash hash; ///< of a refused change
};

/// Which of them: those that wait for a decision, unless it says otherwise.
struct ShelfFilter {
    bool settled = false;                 ///< and all others
    std::optional<DeviceId> device = {};
    std::optional<std::int64_t> num = {};
};

/// What somebody decided about such an edit; its device is told.
struct Decision {
    std::int64_t num = 0;
    DeviceId device;
    IntentId intent;
    EditState what = EditState::released;
    RecordId by; ///< nil: an administrator at the console
    std::string reason;
    Time at;
};

struct QuarantineRow {
    std::int64_t num = 0;
    DeviceId device;
    RecordId person;
    RecordId document;
    Hash hash;
    Bytes change;
    IntentId intent;
    Time device_time;
    std::string edit_reason;
    Error why;
    Time received_at;
    EditState state = EditState::waiting;
};

struct Device {
    DeviceId id;
    RecordId person;
    std::string name;
    Hash token_hash;
    Time enrolled_at;
    std::optional<Time> revoked_at;
    std::optional<Time> last_contact;
    std::string app_version;
    Duration clock_offset{0};
    std::int64_t unsent = 0;
    std::uint64_t confirmed_epoch = 0;
    Time token_at{};
    std::optional<Time> wiped_at{};
    std::int64_t bytes_stored = 0;
    std::optional<Time> awaits_since{}; ///< enrolled after the backup that this server came out of; an administrator has not admitted it yet
};

/// An edit that a locked or revoked device has handed over.
struct SurrenderedRow {
    std::int64_t num = 0;
    DeviceId device;
    RecordId person;
    IntentId intent;
    std::optional<RecordId> record; ///< nothing: it does not open
    std::string kind;
    std::string why;
    Bytes content;
    Time device_time;
    Time received_at;
    EditState state = EditState::waiting;
};

struct PasswordRow {
    std::string hash;
    int failures = 0; ///< in a row
    Time next_try;
};

struct ScopeHead {
    std::int64_t num = 0;
    schema::ScopeId id;
    std::uint64_t seq = 0;
    Hash running_hash;
};

struct LeaseKey {
    std::string record_type;
    std::string period;
};
/// Numbers first .. first + count - 1 of a record type and period.
struct Lease {
    LeaseKey key;
    std::int64_t first = 0;
    std::int64_t count = 0;
    DeviceId device;
    RecordId person; ///< only from leases()
    Time leased_at;
};
inline constexpr std::size_t install_bytes = 16;

struct FeedRow {
    std::uint64_t seq = 0;
    protocol::v1::Entry::Kind kind = protocol::v1::Entry::CHANGE;
    RecordId document;
    std::int64_t document_num = 0;
    std::optional<ChangeRow> change;
    Bytes move;
    Hash running_hash;
};

struct AgendaRow {
    RecordId person;
    Time from;
    Time until;
    bool is_open = false;
};

/// Ownership: owns its connection. Threads: one at a time. Writes belong to the caller's transaction.
class Store {
public:
    /// Errors: as storage::Database::open and migrate.
    [[nodiscard]] static Result<Store> open(const storage::OpenOptions& options);
    [[nodiscard]] storage::Database& db() noexcept { return db_; }

    [[nodiscard]] std::string setting(std::string_view name);
    void set_setting(std::string_view name, std::string_view value);
    /// Changes when another process has committed.
    [[nodiscard]] std::int64_t data_version();

    // ---- changes.cpp: documents and the change log
    [[nodiscard]] std::optional<DocumentRow> document(const RecordId& id);
    [[nodiscard]] Bytes snapshot(std::int64_t document);
    std::int64_t put_document(const RecordId& id, std::string_view kind, ByteView snapshot);
    [[nodiscard]] std::vector<RecordId> documents_of(std::string_view kind);
    [[nodiscard]] std::int64_t count_of(std::string_view kind);
    /// The late mark of a known change; nothing for an unknown one.
    [[nodiscard]] std::optional<bool> known_change(std::int64_t document, const Hash& hash);
    /// The late mark of a change of this device, whatever record it is in; of this edit, by its intent. Nothing when there is none.
    [[nodiscard]] std::optional<bool> accepted(const DeviceId& device, const Hash& hash);
    [[nodiscard]] std::optional<bool> accepted(const DeviceId& device, const RecordId& document, const IntentId& intent);
    /// A change whose hash begins so.
    [[nodiscard]] bool has_change_like(std::int64_t document, ByteView hash_prefix);
    /// When the latest change came; nothing when there is none.
    [[nodiscard]] std::optional<Time> last_received();
    std::int64_t append(std::int64_t document, const ChangeRow& change);
    [[nodiscard]] std::vector<ChangeRow> changes_of(std::int64_t document, bool with_bytes);
    [[nodiscard]] std::optional<DeviceId> device_of_actor(const ActorId& actor);
    [[nodiscard]] std::optional<Error> quarantined(const RecordId& document, const Hash& hash, const DeviceId& device);
    /// Changes of this record by this device that are in quarantine or were discarded there, oldest first.
    [[nodiscard]] std::vector<Bytes> quarantined_of(const RecordId& document, const DeviceId& device, int count_max);
    /// The same of edits that it handed over as data, whatever became of them.
    [[nodiscard]] std::vector<Bytes> surrendered_of(const RecordId& document, const DeviceId& device, int count_max);
    /// Does the feed have an entry about this record, after `seq`, that another device caused?
    [[nodiscard]] bool was_changed_by_others(std::int64_t document, std::int64_t scope, std::uint64_t seq, const DeviceId& device);
    void quarantine(const QuarantineRow& row);
    [[nodiscard]] std::int64_t quarantine_count(const DeviceId& device);
    [[nodiscard]] std::vector<QuarantineRow> quarantine_rows(const ShelfFilter& filter = {});

    // ---- feeds.cpp: scopes, memberships, entries
    [[nodiscard]] std::optional<ScopeHead> scope(const schema::ScopeId& id);
    [[nodiscard]] ScopeHead ensure_scope(const schema::ScopeId& id);
    [[nodiscard]] std::vector<ScopeHead> scopes();
    /// Takes the next number of the scope, extends its running hash and writes the entry; `head` moves on.
    void append_entry(ScopeHead& head, const FeedRow& row);
    [[nodiscard]] std::vector<FeedRow> entries(std::int64_t scope, std::uint64_t after, int count_max);
    /// After that entry, has any record left the scope, or has this device written there?
    [[nodiscard]] bool has_left_or_written(std::int64_t scope, std::uint64_t seq, const DeviceId& device);
    [[nodiscard]] std::optional<Hash> running_hash_at(std::int64_t scope, std::uint64_t seq);
    [[nodiscard]] std::vector<schema::ScopeId> scopes_of(std::int64_t document);
    void set_scopes(std::int64_t document, std::span<const std::int64_t> joined, std::span<const std::int64_t> left);
    void put_departure(std::int64_t document, const ScopeHead& scope, Time at);
    void delete_departure(std::int64_t document, std::int64_t scope);
    /// The scopes that the record has left, but for those of which the device has confirmed it (none has a nil one).
    [[nodiscard]] std::vector<access::Departure> departures(const RecordId& document, const DeviceId& device);
    /// The device has stored the scope's feed up to `seq` and has nothing unsent.
    void confirm_departures(const DeviceId& device, std::int64_t scope, std::uint64_t seq);
    [[nodiscard]] std::vector<DocumentRow> members(std::int64_t scope, std::int64_t after, int count_max);
    [[nodiscard]] std::int64_t member_count(std::int64_t scope);
    void set_hangs_on(std::int64_t document, std::span<const RecordId> targets);
    [[nodiscard]] std::vector<DocumentRow> hanging_on(const RecordId& target);
    /// What a document brings along, and to which scopes (by number).
    [[nodiscard]] std::set<std::pair<RecordId, std::int64_t>> brought_by(std::int64_t document);
    void set_brought_by(std::int64_t document, const std::set<std::pair<RecordId, std::int64_t>>& brought);
    /// The scopes in which a record is only because work brings it there.
    [[nodiscard]] std::set<schema::ScopeId> guest_scopes(const RecordId& target);

    // ---- waiting.cpp: changes that are neither in the log nor in quarantine, so that what builds on them gets the same answer when it comes alone:
    // new records whose place is not known yet, with the record that they wait for, and stranded ones, with a nil one
    /// Since when; from now on, when it came for the first time. Of very many of one device the rest is not noted.
    Time waits_since(const DeviceId& device, const Hash& change, const RecordId& target, Time now);
    [[nodiscard]] std::optional<RecordId> waits_for(const DeviceId& device, const Hash& change);

    // ---- agenda.cpp
    /// Of a record that is somebody's work: whose, when, and whether it is still open. Nothing: it is nobody's, or has no time.
    void put_agenda(std::int64_t document, const std::optional<AgendaRow>& row);
    /// The person's in this scope that lie in that time, and open ones from before.
    [[nodiscard]] std::vector<DocumentRow> agenda(std::int64_t scope, const RecordId& person, Time from, Time until, std::size_t count_max);
    /// Is this record in the scope?
    [[nodiscard]] bool is_member(std::int64_t document, std::int64_t scope);

    // ---- identities.cpp: grants, codes, devices
    [[nodiscard]] std::uint64_t grant_epoch(const RecordId& person);
    void set_grant_epoch(const RecordId& person, std::uint64_t epoch);
    [[nodiscard]] std::vector<access::Grant> grants(const RecordId& person);
    /// Everybody with a grant in force.
    [[nodiscard]] std::set<RecordId> granted_people();
    void open_grant(const RecordId& person, const schema::ScopeId& scope, std::uint64_t epoch);
    void close_grant(const RecordId& person, const schema::ScopeId& scope, std::uint64_t epoch, Time at);

    // ---- notices.cpp
    /// Who has been told of which conflict of the record: path and person.
    [[nodiscard]] std::set<std::pair<std::string, RecordId>> conflict_notices(std::int64_t document);
    void put_conflict_notice(std::int64_t document, std::string_view path, const RecordId& person);
    void delete_conflict_notice(std::int64_t document, std::string_view path, const RecordId& person);

    // ---- numbers
    [[nodiscard]] std::optional<Lease> newest_lease(const LeaseKey& key, const DeviceId& device, ByteView install);
    [[nodiscard]] std::int64_t lease_count(const LeaseKey& key, const DeviceId& device, ByteView install);
    /// The first number behind all leases.
    [[nodiscard]] std::int64_t next_to_lease(const LeaseKey& key);
    Lease lease(const LeaseKey& key, const DeviceId& device, ByteView install, std::int64_t first, std::int64_t count, Time at);
    /// A lease that a restored server has forgotten; not one whose numbers somebody else was given meanwhile.
    void take_back_lease(const Lease& lease, ByteView install);
    /// After a restore: so far that what was leased since the backup lies below. One block more a device, for each type and period.
    void skip_leased_since();
    /// Every number that begins so and is borne by a record of this type.
    [[nodiscard]] std::vector<std::string> numbers_like(std::string_view record_type, std::string_view beginning);
    [[nodiscard]] std::vector<Lease> leases();
    /// False: the record bore this number before.
    bool note_number(std::string_view record_type, std::int64_t document, std::string_view number);
    [[nodiscard]] std::vector<RecordId> bearers(std::string_view record_type, std::string_view number);

    // ---- identities
    void put_code(const Hash& code, const RecordId& person, Time expires_at);
    /// All of them are used up.
    void void_codes(Time now);
    /// Uses the code up; nothing for a wrong, used or expired one.
    [[nodiscard]] std::optional<RecordId> use_code(const Hash& code, Time now);
    void put_device(const Device& device);
    [[nodiscard]] std::optional<Device> device(const DeviceId& id);
    [[nodiscard]] std::vector<Device> devices();
    void touch_device(const DeviceId& id, Time now, Duration clock_offset, std::int64_t unsent, std::int64_t bytes_stored, std::string_view app_version);
    /// So many of its edits have come and are answered for good.
    void note_pushed(const DeviceId& id, Time now, std::int64_t answered);
    void confirm_epoch(const DeviceId& id, std::uint64_t epoch);
    void revoke_device(const DeviceId& id, Time now);
    void admit_device(const DeviceId& id);
    void rename_device(const DeviceId& id, std::string_view name);

    // ---- credentials.cpp: tokens that take turns, passwords, people who may not come in
    /// Pending ones of a device are few: the oldest goes when there are too many.
    void put_next_token(const DeviceId& device, const Hash& token, Time now);
    [[nodiscard]] bool is_next_token(const DeviceId& device, const Hash& token);
    /// It was used: it is the device's only token from now on.
    void take_token(const DeviceId& device, const Hash& token, Time now);
    void put_password(const RecordId& person, std::string_view hash);
    void drop_password(const RecordId& person);
    [[nodiscard]] std::optional<PasswordRow> password(const RecordId& person);
    void note_guess(const RecordId& person, int failures, Time next_try);
    void revoke_person(const RecordId& person, Time now);
    void readmit_person(const RecordId& person);
    [[nodiscard]] std::optional<Time> person_revoked(const RecordId& person);
    /// Records that the person has changed since, by the server's clock.
    [[nodiscard]] std::vector<DocumentRow> changed_by(const RecordId& person, Time since);

    // ---- surrendered.cpp
    /// False: it is there already.
    bool put_surrendered(const SurrenderedRow& row);
    /// Did the server answer this edit, when the device was still greeted?
    [[nodiscard]] bool is_answered(const DeviceId& device, const IntentId& intent, const RecordId& record);
    [[nodiscard]] std::vector<SurrenderedRow> surrendered(const ShelfFilter& filter = {});
    [[nodiscard]] std::int64_t surrendered_count(const DeviceId& device);
    void note_wiped(const DeviceId& device, Time now);

    // ---- shelved.cpp: what becomes of edits that were refused or handed over
    /// Is or was any edit of this device kept?
    [[nodiscard]] bool has_shelved(const DeviceId& device);
    [[nodiscard]] std::vector<ShelvedEdit> shelved(const DeviceId& device, const IntentId& intent);
    void set_state(const Shelf& at, EditState state);
    std::int64_t put_decision(const Decision& decision);
    /// Later than `after`, oldest first.
    [[nodiscard]] std::vector<Decision> decisions(const DeviceId& device, std::int64_t after, int count_max);
    [[nodiscard]] std::optional<Decision> last_decision(const DeviceId& device, const IntentId& intent);

private:
    explicit Store(storage::Database db) : db_{std::move(db)} {}
    storage::Database db_;
};

} // namespace roadbook::store
