#pragma once
// Which records have fields that people wrote apart. Derived: rewritten whenever a document is projected.
#include "conflict/merge/merged_record.hpp"
#include "shared/storage/database.hpp"

namespace roadbook::replica {

class ConflictTable {
public:
    explicit ConflictTable(storage::Database& db) : db_{db} {}

    void put(std::int64_t document, std::span<const merge::Conflict> conflicts);
    void clear();
    /// Records with at least one, oldest record first.
    [[nodiscard]] std::vector<RecordId> records();
    /// Fields that wait for a person.
    [[nodiscard]] std::int64_t open_count();

private:
    storage::Database& db_;
};

} // namespace roadbook::replica
