#include "shared/storage/fault.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <new>

namespace roadbook::storage {
namespace {

std::string where(sqlite3* db)
{
    const char* path = db ? sqlite3_db_filename(db, "main") : nullptr;
    return path && *path ? path : "the database";
}

bool is_disk_full(int code, sqlite3* db)
{
    if ((code & 0xff) == SQLITE_FULL) return true;
    const int system = db ? sqlite3_system_errno(db) : 0;
    return (code & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT);
}

} // namespace

Error error_of(int code, sqlite3* db)
{
    const auto path = where(db);
    if (is_disk_full(code, db))
        return fail(Errc::storage_full, fmt::format("the disk of {} is full: this step was not saved, all earlier data is safe. "
                                                    "Free some space and try again",
                                                    path));
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(Errc::storage_busy, fmt::format("another process is writing to {}: nothing was changed. Try again", path));
    case SQLITE_NOTADB:
        return fail(Errc::storage_damaged, fmt::format("{} is no Roadbook database, or its key is another one: it was left as it is. "
                                                       "Check the path and the PIN",
                                                       path));
    case SQLITE_CORRUPT:
        return fail(Errc::storage_damaged, fmt::format("{} is damaged ({}): nothing was written. Keep a copy of it, then restore or "
                                                       "enrol afresh; what was synced is safe on the server",
                                                       path, sqlite3_errstr(code)));
    case SQLITE_IOERR:
        return fail(Errc::storage_damaged, fmt::format("the disk of {} reports an error ({}): this step was not saved. Check the disk "
                                                       "before going on",
                                                       path, sqlite3_errstr(code)));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
        return fail(Errc::file_unreadable, fmt::format("{} cannot be opened or written ({}). Check that the folder exists and is "
                                                       "yours",
                                                       path, sqlite3_errstr(code)));
    default:
        return fail(Errc::internal, fmt::format("{}: {}", path, db ? sqlite3_errmsg(db) : sqlite3_errstr(code)));
    }
}

void raise(int code, sqlite3* db)
{
    if ((code & 0xff) == SQLITE_NOMEM) throw std::bad_alloc{};
    throw Fault{error_of(code, db)};
}

} // namespace roadbook::storage
