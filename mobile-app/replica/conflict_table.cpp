#include "mobile-app/replica/conflict_table.hpp"

namespace roadbook::replica {
namespace {

constexpr auto select_any = "SELECT 1 FROM conflict WHERE document = :document LIMIT 1";
constexpr auto delete_rows = "DELETE FROM conflict WHERE document = :document";
constexpr auto insert_row = "INSERT INTO conflict (document, path, needs_person) VALUES (:document, :path, :needs_person)";
constexpr auto select_records = "SELECT DISTINCT d.id FROM conflict c JOIN document d ON d.num = c.document ORDER BY d.id";
constexpr auto select_open = "SELECT count(*) FROM conflict WHERE needs_person = 1";

/// Most records have none, and a DELETE sets up a table of its own before it finds that out.
bool has_any(storage::Database& db, std::int64_t document)
{
    auto rows = db.statement(select_any);
    rows.bind(":document", document);
    return rows.step();
}

} // namespace

void ConflictTable::put(std::int64_t document, std::span<const merge::Conflict> conflicts)
{
    if (has_any(db_, document)) db_.statement(delete_rows).bind(":document", document).run();
    for (const auto& conflict : conflicts)
        db_.statement(insert_row)
            .bind(":document", document)
            .bind(":path", std::string_view{conflict.path})
            .bind(":needs_person", std::int64_t{conflict.needs_person()})
            .run();
}

void ConflictTable::clear()
{
    db_.execute("DELETE FROM conflict");
}

std::vector<RecordId> ConflictTable::records()
{
    auto rows = db_.statement(select_records);
    std::vector<RecordId> found;
    while (rows.step()) found.push_back(rows.id<RecordId>(0));
    return found;
}

std::int64_t ConflictTable::open_count()
{
    auto rows = db_.statement(select_open);
    rows.step();
    return rows.integer(0);
}

} // namespace roadbook::replica
