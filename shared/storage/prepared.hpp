#pragma once
// One prepared statement in a Database's cache. Inside this room.
#include "shared/storage/database.hpp"

#include <sqlite3.h>

namespace roadbook::storage {

struct Statement::Prepared {
    sqlite3_stmt* statement = nullptr;
    bool& is_damaged; ///< of its database: set by a step that meets damage
    bool in_use = false;

    Prepared(sqlite3_stmt* made, bool& damaged) noexcept : statement{made}, is_damaged{damaged} {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    ~Prepared() { sqlite3_finalize(statement); }
};

} // namespace roadbook::storage
