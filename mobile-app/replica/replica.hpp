#pragma once
// The device's own copy: everything the user sees and edits, with or without a network.
#include "conflict/automerge-cpp/gate.hpp"
#include "conflict/findings/finding.hpp"
#include "conflict/merge/attribution.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/payout.hpp"
#include "conflict/merge/written.hpp"
#include "mobile-app/replica/numbers.hpp"
#include "mobile-app/replica/replica_file.hpp"
#include "mobile-app/replica/vault.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/protocol/frames.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/schema/scope.hpp"
#include "shared/storage/read_model.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace roadbook::replica {

/// Who this installation is, from its enrolment. The token is a secret.
struct Identity {
    DeviceId device;
    Bytes token;
    RecordId person;
    std::string person_name;
    schema::Role role = schema::Role::rep;
    std::string server; ///< wss://host:port
    std::string trust;  ///< empty: the system's authorities; a file of certificates; or "sha256:..." of the server's certificate
    Bytes server_key{}; ///< what unsent edits are sealed to; with a new identity
    int lease_days = 0; ///< with a new identity
};

struct Saved {
    RecordId record;
    bool changed = true; ///< false: it said so already, nothing was written
};

/// One of several values that people wrote apart, with who and when.
struct NamedCandidate {
    schema::Value value;
    std::optional<merge::Attribution> by; ///< nothing: not known (never the case for changes that came by sync)
    std::string person_name;
};
struct NamedConflict {
    RecordId record;
    std::string kind;
    std::string title;
    std::string path; ///< "lines/ID/quantity"
    bool needs_person = false;
    std::vector<NamedCandidate> candidates; ///< the shown one first
    merge::Clash clash = merge::Clash::values;
    schema::Policy policy = schema::Policy::latest;
    bool may_decide = false; ///< the user of this device may settle it, by the rules of writing
};

struct HistoryEntry {
    Hash change;
    std::optional<merge::Attribution> by;
    std::string person_name;
    std::string released_by_name{}; ///< of by->released_by; empty: an administrator
    using Set = merge::WrittenField;
    std::vector<Set> sets; ///< what the change wrote, as text
};

/// An approval or a signature, with who moved what since.
struct NamedEndorsed {
    merge::Endorsed read;
    struct Move {
        std::string path;
        std::string then, now; ///< as text for people; both empty for an entry that came or went as such
        std::optional<merge::Attribution> by; ///< nothing: a text, which several may have written, or what is gone
        std::string person_name;
    };
    std::vector<Move> moves;
};

struct Shown {
    merge::Merged merged;
    std::string title;
    bool unsent = false; ///< edits of it wait for the server
    std::vector<NamedConflict> conflicts;
    std::vector<NamedEndorsed> endorsed;  ///< approvals and signatures
    merge::Endorsements approval;         ///< how far its approval has come; `entries` are in `endorsed`
    std::optional<merge::PayoutState> payout; ///< of a kind that is paid out
};

enum class Decision { approved, rejected };

/// What became of an approval.
struct Decided {
    ChildId entry;
    bool changed = true;   ///< false: this person has approved just this already
    int step = 0;          ///< from 1
    int steps_needed = 0;
    bool complete = false; ///< nobody else has to approve
};

/// Who signs on this device's screen.
struct Signer {
    std::string name;
    std::string title;       ///< job title; may be empty
    std::string file_name;   ///< of the image of the signature; empty: none
    std::string media_type;
    Bytes image;
};

struct PaidOut {
    Money total;
    std::int64_t payments = 0; ///< 0: nothing was due
    bool settled = false;      ///< the record is reimbursed with it: all that it says was approved and is paid
};

struct OutboxEntry {
    std::int64_t sequence = 0;
    RecordId record;
    std::string kind;
    std::string title;
    std::string summary; ///< fields that the edit set
    Time device_time;
};

/// An edit that the server refused: kept there in quarantine, and here as data until the user has dealt with it.
///
/// Of a record that was handed over, only this much is left: a nil record, and neither field, reason nor what it would set.
struct RefusedEdit {
    /// kept: waits on the server. here: was stranded on another refused edit, and goes to the server with the next sync. returned: somebody asks its
    /// author to mend it. dropping: the user has given it up, the server has not confirmed it yet. released, discarded: somebody has decided.
    enum class State { kept, here, returned, dropping, released, discarded };
    IntentId intent;
    RecordId record;
    std::string kind;
    Errc code = Errc::internal;
    std::string field;
    std::string reason;
    std::string reason_zh; ///< empty: the server said it in English only
    Time device_time;
    State state = State::kept;
    bool creates = false;                  ///< it makes its record
    std::vector<merge::WrittenField> sets; ///< what it would write
    std::string decided_by;                ///< who returned, released or discarded it; empty: an administrator
    std::string decided_why;
    std::optional<Time> decided_at;        ///< by the server's clock
};
[[nodiscard]] std::string_view name(RefusedEdit::State state) noexcept;

/// What is to be different in a refused edit when it is sent again. A path is as in RefusedEdit::sets: "phone", "lines/ID/quantity".
struct Mending {
    std::map<std::string, schema::Value> values;
    std::vector<std::string> without; ///< these it does not set any more
};

/// An edit that was taken though its record had been handed over meanwhile. It names no content: the record may be gone from here.
struct Receipt {
    IntentId intent;
    std::string kind; ///< type of the record; empty for one that an older version wrote
    Time saved_at;    ///< when the user made the edit
    Time taken_at;    ///< when this device heard of it; both by its clock
};

struct Status {
    std::optional<Identity> identity; ///< token left out
    std::int64_t records = 0;
    std::int64_t unsent = 0;
    std::int64_t refused = 0;
    std::int64_t conflicts_open = 0;  ///< a person must settle them
    std::int64_t findings = 0;        ///< records that do not go together
    std::int64_t late_accepted = 0;   ///< receipts: edits taken after their record was handed over
    std::optional<Time> last_sync;    ///< by the server's clock
    Duration clock_offset{0};
    std::vector<std::string> scopes;
    std::int64_t files_to_send = 0;
    std::int64_t file_bytes_to_send = 0;
    std::vector<Numbers::Left> numbers_left; ///< what this installation may still give out offline
    bool has_pin = false;
    std::optional<Lease> lease; ///< how long the records may still be read without the server; nothing without a vault
};

/// Ownership: owns its folder (one process at a time) and its database. Threads: one, except where a Reader is opened for screens.
/// Saved means durable: save() returns after the commit that holds change, outbox, read model and search together.
class Replica {
public:
    static constexpr auto file_name = replica_file_name; ///< in the folder: a folder without it holds no replica

    struct Options {
        std::filesystem::path folder;
        Clock* clock = &system_clock();
        Random* random = &system_random();
        Bytes key{};       ///< 32 bytes: the replica is encrypted
        std::string vfs{}; ///< empty: the machine's
        /// Of the same folder. It then holds the credentials, seals every unsent edit, and its lease locks what is read here. Nothing in
        /// simulations and tests of one part: programs use open_device().
        std::shared_ptr<Vault> vault{};
    };
    /// Errors: storage_busy (another process has the folder), newer_file, storage_damaged, storage_full.
    [[nodiscard]] static Result<std::unique_ptr<Replica>> open(const Options& options);
    ~Replica();

    // ---- identity
    [[nodiscard]] std::optional<Identity> identity();
    void keep_identity(const Identity& identity);

    // ---- reading
    [[nodiscard]] Result<std::vector<schema::Record>> list(const storage::Query& query);
    [[nodiscard]] std::vector<storage::Hit> search(std::string_view text, std::string_view kind = {}, int limit = 50);
    [[nodiscard]] Result<Shown> show(const RecordId& id);
    [[nodiscard]] Result<std::vector<HistoryEntry>> history(const RecordId& id);
    /// As all edits made until then make it, by the corrected clocks of their devices. Errors: not_found, also when it was made later.
    [[nodiscard]] Result<schema::Record> as_of(const RecordId& id, Time moment);
    [[nodiscard]] std::vector<NamedConflict> conflicts();
    /// By the server's clock, as far as it is known.
    [[nodiscard]] Time corrected_now();
    /// What is found in the records that are here, together; by rule, then record.
    [[nodiscard]] std::vector<findings::Finding> findings();
    [[nodiscard]] std::vector<findings::Finding> findings_of(const RecordId& id);
    /// Accounts that were merged into this one; what hangs on them is listed with it.
    [[nodiscard]] std::vector<RecordId> aliases_of(const RecordId& account);
    /// The account that stands for this one: itself, unless it was merged.
    [[nodiscard]] RecordId standing_for(const RecordId& account);
    [[nodiscard]] std::vector<OutboxEntry> outbox();
    [[nodiscard]] std::vector<RefusedEdit> refused();
    [[nodiscard]] std::vector<Receipt> receipts(); ///< oldest first
    [[nodiscard]] Status status();
    /// Records of one kind that are here only since a role sees them in the whole company, such as another rep's quotes for finance.
    [[nodiscard]] std::int64_t count_by_role_alone(std::string_view kind);
    /// Records of one kind that are shown here.
    [[nodiscard]] std::int64_t count(std::string_view kind);
    /// Kind of a record on this device; nothing if it is not here.
    [[nodiscard]] std::optional<std::string> kind_of(const RecordId& id);
    /// "Nancy Davolio" for a person, a company name for an account; the id's text when it is not here.
    [[nodiscard]] std::string title_of(const RecordId& id);

    // ---- editing: each call is one change, durable when it returns.
    // Errors: bad_argument, invalid_value and not_allowed with the field; not_found; not_enrolled; outbox_full; storage faults.
    [[nodiscard]] Result<Saved> add(std::string_view kind, const schema::Fields& fields, std::string_view reason = {});
    [[nodiscard]] Result<Saved> set(const RecordId& id, const schema::Fields& fields, std::string_view reason = {});
    [[nodiscard]] Result<ChildId> add_item(const RecordId& id, std::string_view collection, const schema::Fields& fields);
    [[nodiscard]] Result<Saved> set_item(const RecordId& id, std::string_view collection, const ChildId& item, const schema::Fields& fields,
                                         std::string_view reason = {});
    [[nodiscard]] Result<Saved> remove_item(const RecordId& id, std::string_view collection, const ChildId& item);
    /// Settles a conflict with a value (one of the candidates or another); `path` as NamedConflict has it. Of an entry or a record that was taken out
    /// and edited apart: empty keeps it. Errors: also not_found when the field has no open conflict.
    [[nodiscard]] Result<Saved> resolve(const RecordId& id, std::string_view path, const schema::Value& value, std::string_view reason);
    /// "a / b" in a line of text; an entry or a record stays. Errors: as resolve(); bad_argument for other types.
    [[nodiscard]] Result<Saved> keep_both(const RecordId& id, std::string_view path, std::string_view reason);
    /// Which of the values: the one that shows, unless `newest` or the one of `person` is asked for.
    struct Alike { std::string kind, collection, field; bool newest = false; std::optional<RecordId> person; };
    struct Settled { RecordId record; std::string title, path; schema::Value value; Result<Saved> saved; };
    /// Settles every open conflict of one field, each by an edit of its own.
    [[nodiscard]] std::vector<Settled> resolve_alike(const Alike& alike, std::string_view reason);
    /// Makes one entry of those that were added twice apart, of which `one` is one; their quantities add up. Errors: not_found; bad_argument when
    /// they differ in anything else.
    [[nodiscard]] Result<Saved> join(const RecordId& id, std::string_view collection, const ChildId& one, std::string_view reason);
    /// They are meant to be two: they are offered no more.
    [[nodiscard]] Result<Saved> keep_twins(const RecordId& id, std::string_view collection, const ChildId& one, std::string_view reason);
    struct Undone { Hash change; int edits = 0; int kept = 0; }; ///< `kept`: fields that were written anew since, and stay
    /// Takes an edit back; nothing: the last one made on this device. What stood in conflict before it does so again. Errors: not_found; not_allowed when all
    /// of it was written anew since; bad_argument for the edit that made the record; as save().
    [[nodiscard]] Result<Undone> undo(const RecordId& id, const std::optional<Hash>& change, std::string_view reason);
    // ---- approvals, signatures, payments: over what the record says here now; each one change

    /// Where this is the last yes that it needs, the record becomes approved with it. Errors: also bad_argument for a kind that is not approved;
    /// conflict_open; invalid_value when something has no amount yet; not_allowed when it is not this person's step.
    [[nodiscard]] Result<Decided> approve(const RecordId& id, Decision decision = Decision::approved, std::string_view reason = {});
    /// Errors: also bad_argument for a kind that is not signed, or has no files; conflict_open; too_large.
    [[nodiscard]] Result<ChildId> sign(const RecordId& id, const Signer& signer);
    /// Pays all that is due of it. Errors: also bad_argument for a kind that is not paid out.
    [[nodiscard]] Result<PaidOut> pay(const RecordId& id, std::string_view reference = {});
    /// The record as the author of an approval or a signature saw it. Errors: not_found.
    [[nodiscard]] Result<schema::Record> as_endorsed(const RecordId& id, const ChildId& entry);
    /// Gives a territory to somebody: at once, or from the day `on` ("2026-12-31") on. One edit of the territory's record. Errors: also bad_argument
    /// for a day that is none or has begun.
    [[nodiscard]] Result<Saved> hand_over(const RecordId& territory, const RecordId& to, std::string_view on);
    /// Takes the last hand-over back, or one that was agreed for a later day: merge::undo_of_handover().
    [[nodiscard]] Result<Saved> undo_handover(const RecordId& territory);
    /// `other` and `keep` are one customer: nothing moves, what hangs on the other one is shown with the one that is kept. One edit of `other`.
    /// Errors: also bad_argument, for what is no account, or merged already.
    [[nodiscard]] Result<Saved> merge_accounts(const RecordId& keep, const RecordId& other, std::string_view reason);
    /// Says of what was found ("duplicate_account/ID/ID") that they are two: it is found no more, on every replica, until something of what was
    /// compared changes. One edit of the older record. Errors: also not_found; bad_argument for a finding that nobody can dismiss.
    [[nodiscard]] Result<Saved> dismiss(std::string_view finding, std::string_view reason);
    /// It counts again. Errors: also not_found when it was not dismissed.
    [[nodiscard]] Result<Saved> restore_finding(std::string_view finding);
    struct Dismissed {
        std::string finding;
        std::vector<RecordId> records; ///< the older one first
        std::string reason;
        bool holds = true;             ///< false: something of what was compared has changed since, and it is found again
    };
    /// By finding.
    [[nodiscard]] std::vector<Dismissed> dismissed();
    /// They are two after all. Errors: also bad_argument, when it was not merged.
    [[nodiscard]] Result<Saved> unmerge_account(const RecordId& other, std::string_view reason);
    /// Any edit, as data: what the calls above make. `id`, `device_time` and `base_heads` are filled in.
    [[nodiscard]] Result<Saved> save(merge::Intent intent);

    // ---- refused edits: refusals.cpp. An edit is in `refused` or in the outbox, never in both: each call is one transaction.
    /// Takes it back and saves it anew, changed so, as a new edit that names the refused one: the server then lets that go from quarantine. Errors:
    /// not_found; not_allowed when somebody has decided about it; bad_argument for a path that its type does not have, or when it would set nothing;
    /// as save(): it then stays refused.
    [[nodiscard]] Result<Saved> resend(const IntentId& refused, const Mending& mending = {});
    /// The user gives it up. True: it is gone; false: once the server has confirmed it. Errors: not_found.
    [[nodiscard]] Result<bool> drop(const IntentId& refused);

    // ---- sync, for mobile-app/sync. Each call is one transaction, durable when it returns.
    [[nodiscard]] protocol::v1::Hello hello();
    void adopt_welcome(const protocol::v1::Welcome& welcome);
    struct Adopted { bool withdrawn = false; std::uint64_t epoch = 0; };
    [[nodiscard]] Adopted adopt_grants(const protocol::v1::Grants& grants);
    struct Outgoing { std::vector<std::int64_t> sequences; protocol::v1::ChangeList changes; };
    /// At least one, however large, if one is there.
    [[nodiscard]] Outgoing take_outbox(std::int64_t after, int changes_max, std::size_t bytes_max = protocol::batch_bytes_max);
    /// `remade`: in the outbox anew, made again after a refusal or put behind what the server lacks. `waiting`: stay there as they are.
    struct Settlement { int accepted = 0; int late = 0; int refused = 0; int waiting = 0; int remade = 0; };
    [[nodiscard]] Settlement settle(std::span<const std::int64_t> sequences, std::span<const protocol::v1::Answer> exceptions);
    /// Errors: bad_frame when the page does not follow on the cursor or its hash differs: the scope's cursor is then dropped, so that
    /// the next connection gets it as a pack; nothing that the user wrote is touched.
    /// The number of entries or records that it brought, without what this device wrote itself.
    [[nodiscard]] Result<std::int64_t> store_page(const protocol::v1::Page& page);
    /// Errors: as store_page; of a block in parts, 0 records until its last part has come.
    [[nodiscard]] Result<std::int64_t> store_pack(const protocol::v1::Pack& pack);
    /// Copies that come before their scope's pack: shown and edited like all others, purged like all others; they move no cursor.
    [[nodiscard]] Result<std::int64_t> store_ahead(const protocol::v1::Ahead& ahead);
    /// Somebody decided about refused edits while the device is connected.
    void adopt_refused(const protocol::v1::RefusedNews& news);
    void purge(const protocol::v1::Purge& purge);
    /// Purges what is withdrawn and has nothing unsent, while edits of other records wait at the server.
    void let_go();
    // ---- files of records
    /// Puts a file beside a record and names it there: one edit. It goes to the server when nothing else waits, and stays until its hash is confirmed.
    /// Errors: too_large; bad_argument for a type without attachments; as save().
    [[nodiscard]] Result<ChildId> attach(const RecordId& record, std::string_view name, std::string_view media_type, ByteView bytes, std::string_view entry = {});
    /// Errors: not_found, when the record names no such file or it is not here (yet).
    [[nodiscard]] Result<Bytes> attachment(const RecordId& record, const Hash& file);
    /// To be fetched at the next sync. Errors: not_found.
    [[nodiscard]] Result<void> want_attachment(const RecordId& record, const Hash& file);
    /// Those of records in the user's own scope, such as his work orders.
    void want_own_attachments();
    struct FileWaiting { RecordId record; Hash file; std::int64_t size = 0; std::int64_t here = 0; bool to_send = false; };
    /// To be sent first, then to be fetched.
    [[nodiscard]] std::vector<FileWaiting> files_waiting();
    [[nodiscard]] bool has_files_waiting();
    [[nodiscard]] Bytes file_part(const Hash& file, std::int64_t offset, std::size_t bytes_max);
    void note_file_sent(const RecordId& record, const Hash& file);
    /// Appends what came; when all of it is here its hash is checked. Errors: hash_conflict: it was something else, and is dropped.
    [[nodiscard]] Result<void> keep_file_part(const RecordId& record, const Hash& file, std::int64_t offset, ByteView part);

    // After the server was restored from a backup: what it had received since then, and what was written here and it has not named as received.
    struct Known { protocol::v1::Offer offer; std::optional<std::int64_t> next; };
    [[nodiscard]] Known known_since(Time lost_since, std::int64_t after);
    /// Puts them into the outbox, before everything else, sealed as the server had delivered them.
    void keep_wanted(const protocol::v1::Wanted& wanted);
    void keep_epoch(std::string_view epoch);
    void note_caught_up();
    /// The last bytes of what has gone: free pages, log and index. After a purge, and once a connection has nothing left to do; else at the next start.
    void scrub_if_due();

    /// Errors: locked, with the field "lease", when the server has not been seen for too long. Then nothing can be read or edited here; what
    /// returns no Result is empty. A sync lifts it.
    [[nodiscard]] Result<void> may_read();
    /// For a screen's own connection: read-only. It asks may_read() by itself before it reads.
    [[nodiscard]] storage::OpenOptions reader_options() const;
    [[nodiscard]] std::shared_ptr<Vault> vault() const;
    /// With the key that this replica is open with. Errors: as Vault::set_pin(); bad_argument without a vault.
    [[nodiscard]] Result<void> set_pin(std::string_view pin);
    [[nodiscard]] Result<void> remove_pin();

    struct Inside; ///< for the other files of this room

private:
    explicit Replica(std::unique_ptr<Inside> inside) noexcept;
    /// Who asks for what hangs on an account gets what hangs on its aliases, too.
    [[nodiscard]] storage::Query with_aliases(storage::Query query);
    std::unique_ptr<Inside> inside_;
};

} // namespace roadbook::replica
