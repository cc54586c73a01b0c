#include "shared/storage/copy_database.hpp"

#include "shared/storage/database.hpp"
#include "shared/storage/durable_file.hpp"
#include "shared/storage/fault.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>

namespace roadbook::storage {
namespace {

constexpr int all_pages = -1; // in one step, so under one read transaction: in several, each commit meanwhile would start the copy anew

struct Close {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};
using Target = std::unique_ptr<sqlite3, Close>;

Result<void> copy(Database& source, sqlite3* target)
{
    auto* backup = sqlite3_backup_init(target, "main", source.handle(), "main");
    if (backup == nullptr) return error_of(sqlite3_extended_errcode(target), target);
    sqlite3_backup_step(backup, all_pages);
    const int code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK) return error_of(code, target);
    return {};
}

} // namespace

Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to)
{
    auto source = Database::open({.path = from});
    if (!source) return source.error();
    {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(to.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, nullptr);
        const Target target{opened};
        if (code != SQLITE_OK) return error_of(code, opened);
        std::error_code ignored;
        std::filesystem::permissions(to, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
        ROADBOOK_CHECK(copy(*source, target.get()));
    }
    return sync_file(to);
}

Result<void> check_database(const std::filesystem::path& file)
{
    auto db = Database::open({.path = file});
    if (!db) return db.error();
    try {
        auto rows = db->statement("PRAGMA quick_check(1)");
        if (rows.step() && rows.text_view(0) == "ok") return {};
        return fail(Errc::storage_damaged, fmt::format("{} is damaged ({})", file.string(), rows.text(0)));
    } catch (const Fault& fault) {
        return fault.error();
    }
}

} // namespace roadbook::storage
