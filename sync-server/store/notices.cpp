#include "sync-server/store/store.hpp"

namespace roadbook::store {

std::set<std::pair<std::string, RecordId>> Store::conflict_notices(std::int64_t document)
{
    auto rows = db_.statement("SELECT path, person FROM conflict_notice WHERE document = :document");
    rows.bind(":document", document);
    std::set<std::pair<std::string, RecordId>> found;
    while (rows.step()) found.emplace(rows.text(0), rows.id<RecordId>(1));
    return found;
}

void Store::put_conflict_notice(std::int64_t document, std::string_view path, const RecordId& person)
{
    db_.statement("INSERT OR IGNORE INTO conflict_notice (document, path, person) VALUES (:document, :path, :person)")
        .bind(":document", document)
        .bind(":path", path)
        .bind(":person", person)
        .run();
}

void Store::delete_conflict_notice(std::int64_t document, std::string_view path, const RecordId& person)
{
    db_.statement("DELETE FROM conflict_notice WHERE document = :document AND path = :path AND person = :person")
        .bind(":document", document)
        .bind(":path", path)
        .bind(":person", person)
        .run();
}

} // namespace roadbook::store
