#pragma once
// All findings over the records of one database, kept up to date with each change: after one record changed, only the groups that its old and
// new facts belong to are judged again. Derived, like the read model: it can be made anew at any time, and is when its rules change.
#include "conflict/findings/finding.hpp"
#include "conflict/merge/merged_record.hpp"
#include "shared/storage/database.hpp"

#include <set>
#include <utility>

namespace roadbook::findings {

/// Borrows `db`. Threads: those of `db`. Writes belong to the caller's transaction. Tables are named finding_...: nothing else may be.
class Index {
public:
    explicit Index(storage::Database& db) : db_{db} {}

    /// Makes the tables. True: they are empty, so put() every record again. Inside a transaction.
    [[nodiscard]] bool prepare();

    /// What a record says now; judged at once, or with the next settle() when many come.
    void put(const merge::Merged& merged);
    void put_later(const merge::Merged& merged);
    void settle();
    /// Gone for this reader, with all that was found because of it.
    void remove(const RecordId& record);
    /// After a rollback: forgets what waits for settle() and what changed.
    void forget();

    [[nodiscard]] std::int64_t count();
    /// The names of all findings, sorted.
    [[nodiscard]] std::vector<std::string> names();
    /// In the order of names(): by rule, then record. With words, from what `source` knows. Errors are none: one that is gone is left out.
    [[nodiscard]] std::vector<Finding> all(const Source& source);
    /// Those that a record is part of.
    [[nodiscard]] std::vector<Finding> of(const RecordId& record, const Source& source);
    [[nodiscard]] std::optional<Finding> find(const std::string& name, const Source& source);
    /// Names of findings that came or went since the last call. A finding that stayed and has other records is in it, too.
    [[nodiscard]] std::set<std::string> take_changed() { return std::exchange(changed_, {}); }

    /// Records of which somebody has said that they are not another one; sorted.
    [[nodiscard]] std::vector<RecordId> said_apart();
    /// Records with a mark in a group of a rule.
    [[nodiscard]] std::vector<RecordId> records_in(const std::string& group);

private:
    [[nodiscard]] std::set<std::string> write_marks(const merge::Merged& merged);
    void touch(const std::set<std::string>& groups);
    void judge(const std::string& group);

    storage::Database& db_;
    std::set<std::string> open_;
    std::set<std::string> changed_;
};

} // namespace roadbook::findings
