#pragma once
// The server's decisions over its store: who a caller is, what a push does, what a feed holds. No socket, no thread of its own
// beyond the gate's workers. Everything that is promised to a device was committed and synced to disk before.
#include "conflict/findings/finding.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/write_rules.hpp"
#include "conflict/merge/written.hpp"
#include "conflict/merge/payout.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/protocol/server_session.hpp"
#include "shared/schema/kind.hpp"
#include "sync-server/session/allowances.hpp"
#include "sync-server/store/audit.hpp"
#include "sync-server/store/store.hpp"

#include <filesystem>
#include <memory>

namespace roadbook::server {

/// Who stands behind a connection, from its enrolment; never from what it says of itself.
struct Caller {
    DeviceId device;
    RecordId person;
    schema::Role role = schema::Role::rep;
    Duration clock_offset{0};
    bool is_system = false;     ///< the server's own actor: import, administration
    bool whole_entries = false; ///< its own changes, too, are sent in full
};

/// What a commit changed, for those who must hear of it.
struct News {
    std::vector<protocol::ServerSession::FeedHead> grown;
    std::vector<RecordId> regranted; ///< people whose grants changed
    std::vector<DeviceId> revoked;   ///< their connections end
    bool decided = false;            ///< about edits in quarantine: their devices hear of it
};

struct DeviceRow {
    DeviceId id;
    RecordId person;
    std::string name;
    std::string app_version;
    Time enrolled_at;
    std::optional<Time> last_contact;
    std::optional<Time> revoked_at;
    Duration clock_offset{0};
    std::int64_t unsent = 0;
    std::int64_t bytes_stored = 0;      ///< by its replica, at the last contact
    std::int64_t surrendered = 0;       ///< edits that it handed over when it was locked or revoked, and that nobody has settled
    std::optional<Time> wiped_at;
    std::optional<Time> awaits_since;   ///< enrolled after the backup that this server came out of: waits for admit()
};

/// An edit that a locked or revoked device has handed over: kept until somebody decides.
struct SurrenderedEdit {
    std::int64_t num = 0;
    RecordId person;
    DeviceId device;
    std::optional<merge::Intent> intent; ///< nothing: it was sealed to the key of another server, and is kept as it came
    std::string why;                     ///< a stable name: "pin", "lease", "key", "revoked", "asked"
    Time received_at;
};

/// A record that somebody has marked as deleted.
struct Deletion {
    RecordId record;
    std::string kind;
    std::string title;
    Time at;
};

/// A block of numbers that a device has, and how many of them records bear.
struct NumberLease {
    std::string record_type;
    std::string period;
    std::int64_t first = 0;
    std::int64_t count = 0;
    std::int64_t used = 0;
    RecordId person;
    DeviceId device;
    Time leased_at;
};

/// A server out of a backup, before an administrator has looked at what is granted in it.
struct RestoreState {
    Time restored_at;
    std::optional<Time> last_received; ///< of the changes in the backup
    struct Person {
        RecordId id;
        schema::Role role = schema::Role::rep;
        std::vector<RecordId> territories;
    };
    std::vector<Person> people;
};

struct QuarantinedChange {
    std::int64_t num = 0;
    RecordId person;
    DeviceId device;
    RecordId record;
    Errc code = Errc::internal;
    std::string field;
    std::string reason;
    std::string reason_zh; ///< empty: said in English only
    Time received_at;
};

/// Who decides about an edit that the server keeps: he lets it through by his own authority.
struct Decider {
    RecordId person{}; ///< nil: an administrator at the console
    DeviceId device{}; ///< nil: the console
};

/// An edit that was refused, or that a device handed over as data: kept until somebody decides, and after that, too.
struct KeptEdit {
    store::Shelf at;
    RecordId person;
    DeviceId device;
    IntentId intent;
    std::optional<RecordId> record; ///< nothing: it cannot be read
    std::string kind;               ///< empty: it cannot be read
    bool creates = false;           ///< it makes its record
    std::string from;               ///< "refused"; or why it was handed over: "pin", "lease", "key", "revoked", "asked", "stranded"
    store::EditState state = store::EditState::waiting;
    Error why;                      ///< of a refused one
    std::vector<merge::WrittenField> sets; ///< only from kept_edit()
    std::string edit_reason;        ///< its author's
    Time saved_at;                  ///< by the device's clock
    Time received_at;
    std::optional<store::Decision> decision; ///< the last one
    /// "12" of a refused change, "s3" of one that was handed over.
    [[nodiscard]] std::string number() const;
};

/// Ownership: owns the store in its folder. Several processes may open one folder (administration beside a running server): each
/// write happens under SQLite's write lock, and poll() notices what others committed. Threads: one at a time.
class Hub {
public:
    static constexpr int lease_days_default = 14; ///< a holiday; longer than that, a lost device should not go on reading
    static constexpr auto file_name = "server.db"; ///< in the folder: a folder without it holds no server

    struct Options {
        std::filesystem::path folder;
        Clock* clock = &system_clock();
        Random* random = &system_random();
        std::string vfs;
        int gate_threads = 2; ///< documents are checked side by side; 1 in the simulation
        int lease_days = lease_days_default; ///< devices lock their records after so long without us; 0: never
        Rates rates{};
    };
    /// Errors: newer_file, storage_damaged, storage_full, file_unreadable.
    [[nodiscard]] static Result<std::unique_ptr<Hub>> open(const Options& options);
    ~Hub();

    // ---- identity
    /// `address`: from where it is tried, to count wrong ones. Errors: bad_code (wrong, used and expired are one answer); too_large; server_busy
    /// with a time when too many wrong ones came: then nothing was looked at, and no code is used up.
    [[nodiscard]] Result<protocol::v1::Enrolled> enrol(const protocol::v1::Enrol& enrol, const std::string& address = {});
    struct Greeting {
        Caller caller;
        protocol::v1::Welcome welcome;
        std::vector<protocol::ServerSession::FeedHead> heads; ///< of all granted scopes
        std::vector<schema::ScopeId> void_cursors;            ///< asked for, but of another epoch or history: sent anew
    };
    /// Errors: bad_token (unknown device and wrong token are one answer), revoked, server_busy with a time for one that greets too often.
    [[nodiscard]] Result<Greeting> greet(const protocol::v1::Hello& hello);

    // ---- devices that may not be greeted: surrender.cpp
    /// Who it is, also when it is revoked. Errors: bad_token.
    [[nodiscard]] Result<Caller> check_surrender(const protocol::v1::Surrender& surrender);
    /// Keeps what is new in it; durable when it returns. To an empty list: shall the device erase itself?
    [[nodiscard]] protocol::v1::Surrendered keep_surrendered(const Caller& caller, const std::string& why, const protocol::v1::SealedIntents& sealed);
    void note_wiped(const Caller& caller);

    // ---- what devices may ask for
    [[nodiscard]] Clock& clock();
    [[nodiscard]] Random& random();
    [[nodiscard]] Allowances& allowances();

    // ---- changes
    /// Takes the one change of a batch out of quarantine.
    struct Release {
        store::Shelf from;
        DeviceId device;                       ///< whose edit it is
        IntentId intent;
        Decider by;
        merge::Author judged_as; ///< the write rules are asked about him: the decider, or its author when it follows another one. Where it may go
                                 ///< is the decider's
        bool follows = false;    ///< it was stranded on one that was released
    };
    struct Batch {
        std::uint64_t ticket = 0; ///< the caller's own; comes back with the answers
        Caller caller;
        protocol::v1::ChangeList changes;
        std::optional<Release> release = {};
        std::chrono::seconds put_off{0}; ///< not 0: its device has used up its allowance; all of it waits, and this is when to come again
    };
    struct Committed {
        std::vector<std::pair<std::uint64_t, protocol::v1::Answers>> answers; ///< one for each batch
        News news;
    };
    /// One group commit: durable when it returns. Throws Fault when the machine fails: then nothing of it happened.
    [[nodiscard]] Committed commit(std::span<const Batch> batches);
    /// Makes the edits as the server's own actor and commits them; the answer to each intent. For import and administration.
    [[nodiscard]] std::vector<Result<void>> apply(std::span<const merge::Intent> intents, const RecordId& on_behalf_of);

    // ---- feeds
    /// `stretch`: ServerSession::ReadFeed.
    [[nodiscard]] protocol::ServerSession::PageRead read_feed(const Caller& caller, const schema::ScopeId& scope,
                                                              const protocol::ServerSession::Place& after, std::optional<std::size_t> stretch = {});
    /// Copies of what this person needs of the scope today, from a place on.
    [[nodiscard]] protocol::ServerSession::AheadRead read_ahead(const Caller& caller, const schema::ScopeId& scope,
                                                                const protocol::ServerSession::Place& after, std::size_t stretch);
    [[nodiscard]] protocol::ServerSession::GrantsChanged grants_of(const RecordId& person);
    [[nodiscard]] protocol::v1::Purge drained(const Caller& caller, std::uint64_t grant_epoch);
    /// What a device offers after this server was restored, and it has not. Notes the numbers that were leased to it.
    [[nodiscard]] protocol::v1::Wanted wanted_of(const Caller& caller, const protocol::v1::Offer& offer);
    /// A stretch of a file that a record names; `stored` once all of it is on disk with the right hash.
    [[nodiscard]] protocol::v1::PartKept put_part(const Caller& caller, const protocol::v1::PutPart& put);
    [[nodiscard]] protocol::v1::Part read_part(const Caller& caller, const protocol::v1::AskPart& ask);
    /// What other processes, administration in this one and the calendar changed since the last call here.
    [[nodiscard]] News poll();

    // ---- handing territories over
    /// What it would move; changes nothing. `to`: nil is nobody. `on`: a day to come, or empty. Errors: not_found; bad_argument for a day that is none, or has begun.
    [[nodiscard]] Result<protocol::v1::HandoverPreview> preview_handover(const RecordId& territory, const RecordId& to, const std::string& on);
    /// The edit that takes the last hand-over back. Errors: not_found, not_allowed.
    [[nodiscard]] Result<schema::Fields> undo_of_handover(const RecordId& territory);
    /// A device asks, or decides about an edit in quarantine. What is not there and what its person does not lead is one answer.
    [[nodiscard]] protocol::v1::Reply answer(const Caller& caller, const protocol::v1::Enquiry& enquiry);

    // ---- administration
    /// A one-time code such as "K7Q2-9XMD-44TP-HW3E" for this person. Errors: not_found.
    [[nodiscard]] Result<std::string> make_code(const RecordId& person, Duration lifetime);
    [[nodiscard]] std::vector<DeviceRow> devices();
    /// Where devices reach this server, as it was when it last served: for QR codes. `pin`: of a certificate that no authority vouches for.
    struct Reached { std::string url, pin; };
    [[nodiscard]] Reached reached_at();
    void note_reached_at(const Reached& reached);
    /// From the next poll of a running server on, within a second, not a byte goes out to it; at its next contact it hands over its edits and
    /// erases itself. Errors: not_found.
    [[nodiscard]] Result<void> revoke(const DeviceId& device);
    /// All devices of the person, codes and password included. Errors: not_found.
    [[nodiscard]] Result<void> revoke_person(const RecordId& person);
    /// Takes that back; devices that were revoked stay so, and a password of before is void. Was there one? Errors: not_found.
    [[nodiscard]] Result<bool> readmit_person(const RecordId& person);
    [[nodiscard]] bool is_person_revoked(const RecordId& person);
    /// With which a person may enrol when no code is at hand. Errors: invalid_value (too short), not_found.
    [[nodiscard]] Result<void> set_password(const RecordId& person, std::string_view password);
    [[nodiscard]] std::vector<SurrenderedEdit> surrendered();
    /// Records that this person has marked as deleted since, and that still are.
    [[nodiscard]] std::vector<Deletion> deletions_of(const RecordId& person, Time since);
    /// Brings them back, in one commit; how many came.
    [[nodiscard]] std::int64_t undo_deletions(const RecordId& person, Time since);
    /// Writes an entry for what happens outside the hub, such as an export; the time is set here.
    void note(store::AuditNote note);
    [[nodiscard]] store::AuditLog& audit();
    /// Nothing: the server was not restored from a backup, or an administrator has confirmed it.
    [[nodiscard]] std::optional<RestoreState> restore_state();
    /// Serves again. Devices that were revoked after the backup was made are revoked once more, in the same transaction.
    /// Errors: bad_argument when it does not wait for that; not_found.
    [[nodiscard]] Result<void> confirm_restore(std::span<const DeviceId> revoked);
    /// A device that was enrolled after the backup may come in. Errors: not_found; bad_argument when it does not wait; not_allowed while its person is not
    /// here again.
    [[nodiscard]] Result<void> admit(const DeviceId& device);
    /// What it is called in lists. Errors: not_found; bad_argument for no name; too_large.
    [[nodiscard]] Result<void> rename(const DeviceId& device, const std::string& name);
    /// By record type, period and number: what is not used explains a gap.
    [[nodiscard]] std::vector<NumberLease> number_leases();
    [[nodiscard]] std::vector<QuarantinedChange> quarantine();

    // ---- quarantine.cpp: refused and surrendered edits in one view, and what people decide about them
    /// Those that wait for a decision; `settled`: and all others. Oldest first.
    [[nodiscard]] std::vector<KeptEdit> kept_edits(bool settled = false, bool with_sets = false);
    /// By its number, with what it sets. Errors: not_found.
    [[nodiscard]] Result<KeptEdit> kept_edit(std::string_view number);
    /// Commits it, judged by the decider's authority, with its author's and his name; what was stranded on it follows, judged as its author's.
    /// The numbers of those that followed. Errors: not_found; not_allowed for one that is settled or cannot be read; else why it is illegal still:
    /// it then stays.
    [[nodiscard]] Result<std::vector<std::string>> release(std::string_view number, const Decider& by);
    /// Asks its author to mend it: his device hears so at its next sync. Errors: not_found, not_allowed (settled; no such device any more).
    [[nodiscard]] Result<void> give_back(std::string_view number, const Decider& by, const std::string& reason);
    /// Its content is kept, its author's device is told. Errors: as give_back; bad_argument without a reason.
    [[nodiscard]] Result<void> discard(std::string_view number, const Decider& by, const std::string& reason);
    /// With the names that people know.
    [[nodiscard]] protocol::v1::KeptEdit frame_of(const KeptEdit& edit);
    /// What was decided about refused edits of this device, after the decision with this number.
    [[nodiscard]] protocol::v1::RefusedNews decisions_about(const DeviceId& device, std::uint64_t after);
    /// The merged record as it is now. Errors: not_found.
    [[nodiscard]] Result<schema::Record> record(const RecordId& id);
    struct Payable {
        schema::Record record;
        merge::PayoutState state;
    };
    /// What of an approved record is due. Errors: not_found; bad_argument for a kind that is not paid out.
    [[nodiscard]] Result<Payable> payable(const RecordId& id);
    /// The same with its conflicts.
    [[nodiscard]] Result<merge::Merged> merged(const RecordId& id);
    /// What is found in the records of the whole company together; by rule, then record.
    [[nodiscard]] std::vector<findings::Finding> findings();
    [[nodiscard]] std::vector<RecordId> records_of(std::string_view kind);
    [[nodiscard]] std::int64_t count(std::string_view kind);

    struct Inside; ///< for the other files of this room

private:
    explicit Hub(std::unique_ptr<Inside> inside) noexcept;
    /// Grants that begin or end today, and hand-overs agreed for today. Before anything is served or judged.
    void keep_calendar();
    /// Of a file, as put_part() takes it. False: not now.
    [[nodiscard]] bool keep_sealed_part(const Caller& caller, ByteView sealed);
    std::unique_ptr<Inside> inside_;
};

} // namespace roadbook::server
