#pragma once
// The audit log: what was decided about whom and what, in the order in which it happened. Append-only, and chained: each entry's hash covers
// the one before it and its own content, so nothing can be edited, left out or put elsewhere without breaking the chain behind it. Who cuts
// off its end, or writes all of it anew, is found by a head that was noted elsewhere (AuditHead).
#include "shared/base/id.hpp"
#include "shared/storage/database.hpp"

#include <functional>

namespace roadbook::store {

enum class AuditKind {
    change_accepted,
    change_late,        ///< accepted, made before its author heard of a hand-over
    change_refused,
    change_released,    ///< a manager took it out of quarantine
    change_returned,    ///< ... or gave it back to its author
    change_taken_back,  ///< its author took it out himself, to mend it
    change_discarded,
    change_recovered,   ///< accepted before, lost with the server, brought back by a device
    grants_changed,
    code_made,
    device_enrolled,
    login,
    login_refused,
    device_revoked,
    device_wiped,
    password_set,
    exported,
    imported,
    import_undone,
    backup_made,
    restored,
    restore_confirmed,
    attachment_stored,
    attachment_sent,
    attachment_refused,
    erased,
    edits_surrendered,
    surrender_settled, ///< carried out for its author, or discarded
    person_revoked,
    person_readmitted,
    deletions_undone,
    enrolment_refused, ///< wrong codes or passwords, several in one entry
    device_recovered, ///< after a restore it came with a token that the server had lost
    device_admitted,
    acted_for, ///< an administrator decides by the authority of the subject; the decisions follow, in that name
};
/// The stable name, such as "change_accepted".
[[nodiscard]] std::string_view name(AuditKind kind) noexcept;
[[nodiscard]] std::optional<AuditKind> audit_kind_from(std::string_view name) noexcept;
[[nodiscard]] std::vector<std::string> audit_kind_names();

/// A change of a record, or a file of one, by its hash. Contents are never in the log: a record that is erased leaves only its id there.
struct AuditItem {
    RecordId record;
    Hash hash; ///< zero: the record as a whole
    auto operator<=>(const AuditItem&) const = default;
};

struct AuditNote {
    AuditKind kind = AuditKind::change_accepted;
    Time at{};
    RecordId person{};            ///< who did it; nil: an administrator at the server's console, or the server itself
    DeviceId device{};            ///< with what; nil: none
    RecordId subject{};           ///< the person whom it concerns, where it is another one
    std::vector<AuditItem> items{}; ///< a batch of changes is one entry: a row for each would cost a tenth of the server's time
    std::string detail{};         ///< in words or names: a reason's code, scopes, a file's name; ids in it are shown as names
};

struct AuditEntry {
    std::int64_t seq = 0; ///< 1, 2, 3 ... without gaps
    AuditNote note;
    Hash hash;
};

/// The last entry's place and hash: whoever keeps one elsewhere can tell later whether all up to there is still the same.
struct AuditHead {
    std::int64_t seq = 0; ///< 0: nothing was written yet
    Hash hash;
    /// "1234:9f86d0..."
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<AuditHead> parse(std::string_view text);
    bool operator==(const AuditHead&) const = default;
};

struct AuditFilter {
    std::optional<RecordId> person; ///< who did it, or whom it concerns
    std::optional<DeviceId> device;
    std::optional<RecordId> record;
    std::optional<Time> since;
    std::optional<AuditKind> kind;
};

struct AuditVerdict {
    std::int64_t entries = 0;   ///< that are good, from the first one on
    AuditHead head;             ///< of these
    std::int64_t first_bad = 0; ///< 0: none
    std::string why;            ///< what is wrong with that one
};

/// Ownership: borrows the server's database. Threads: the database's. Writes belong to the caller's transaction: an entry is there if and only
/// if what it tells of is.
class AuditLog {
public:
    static constexpr std::size_t detail_bytes_max = 64 << 10; ///< the grants of a manager of a thousand territories; longer ones are cut

    explicit AuditLog(storage::Database& db) : db_{db} {}

    void append(const AuditNote& note);
    [[nodiscard]] AuditHead head();
    /// Oldest first, until `take` says false. Entries whose columns hold nonsense are passed over: verify() names them.
    void each(const AuditFilter& filter, const std::function<bool(const AuditEntry&)>& take);
    /// Reads all of it. `known`: a head noted earlier, for what was cut off or written anew.
    [[nodiscard]] AuditVerdict verify(const std::optional<AuditHead>& known = {});

private:
    storage::Database& db_;
};

} // namespace roadbook::store
