#include "sync-server/store/store.hpp"

#include "sync-server/store/tables.hpp"

namespace roadbook::store {

Result<Store> Store::open(const storage::OpenOptions& options)
{
    auto db = storage::Database::open(options);
    if (!db) return db.error();
    try {
        ROADBOOK_CHECK(storage::migrate(*db, tables));
    } catch (const Fault& fault) {
        return fault.error();
    }
    return Store{std::move(*db)};
}

std::string Store::setting(std::string_view name)
{
    auto rows = db_.statement("SELECT value FROM setting WHERE name = :name");
    rows.bind(":name", name);
    return rows.step() ? std::string{as_text(rows.blob_view(0))} : std::string{};
}

void Store::set_setting(std::string_view name, std::string_view value)
{
    db_.statement("INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = excluded.value")
        .bind(":name", name)
        .bind(":value", as_bytes(value))
        .run();
}

std::int64_t Store::data_version()
{
    auto rows = db_.statement("PRAGMA data_version");
    rows.step();
    return rows.integer(0);
}

} // namespace roadbook::store
