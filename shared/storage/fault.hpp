#pragma once
// What SQLite says, as our errors. Inside this room.
#include "shared/base/result.hpp"

struct sqlite3;

namespace roadbook::storage {

/// `code` is SQLite's extended code; `db` may be null.
[[nodiscard]] Error error_of(int code, sqlite3* db);
[[noreturn]] void raise(int code, sqlite3* db);

} // namespace roadbook::storage
