#pragma once
// One prepared statement in a Database's cache. Inside this room.
#include "shared/storage/database.hpp"

#include <sqlite3.h>

namespace roadbook::storage {

struct Statement::Prepared {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;

    explicit Prepared(sqlite3_stmt* made) noexcept : statement{made} {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    ~Prepared() { sqlite3_finalize(statement); }
};

} // namespace roadbook::storage
