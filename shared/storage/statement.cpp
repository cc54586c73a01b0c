#include "shared/storage/fault.hpp"
#include "shared/storage/prepared.hpp"

#include <cassert>
#include <utility>

namespace roadbook::storage {
namespace {

int index_of(sqlite3_stmt* statement, const char* name)
{
    const int index = sqlite3_bind_parameter_index(statement, name);
    assert(index > 0 && "the statement has no such parameter");
    return index;
}

} // namespace

Statement::Statement(Prepared& prepared) noexcept : prepared_{&prepared}, statement_{prepared.statement}
{
    prepared.in_use = true;
}

Statement::Statement(Statement&& other) noexcept
    : prepared_{std::exchange(other.prepared_, nullptr)}, statement_{std::exchange(other.statement_, nullptr)}
{
}

Statement::~Statement()
{
    if (!prepared_) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_); // the caller's texts and blobs end now
    prepared_->in_use = false;
}

Statement& Statement::bind(const char* name, std::int64_t value)
{
    return bind_at(index_of(statement_, name), value);
}

Statement& Statement::bind(const char* name, std::string_view text)
{
    return bind_at(index_of(statement_, name), text);
}

Statement& Statement::bind(const char* name, ByteView blob)
{
    return bind_at(index_of(statement_, name), blob);
}

Statement& Statement::bind(const char* name, std::nullptr_t)
{
    return bind_at(index_of(statement_, name), nullptr);
}

Statement& Statement::bind_at(int index, std::int64_t value)
{
    rest();
    bound(sqlite3_bind_int64(statement_, index, value));
    return *this;
}

Statement& Statement::bind_at(int index, std::string_view text)
{
    rest();
    const char* data = text.data() ? text.data() : ""; // a null pointer would bind NULL
    bound(sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_at(int index, ByteView blob)
{
    rest();
    if (blob.empty())
        bound(sqlite3_bind_zeroblob(statement_, index, 0));
    else
        bound(sqlite3_bind_blob64(statement_, index, blob.data(), blob.size(), SQLITE_STATIC));
    return *this;
}

Statement& Statement::bind_at(int index, std::nullptr_t)
{
    rest();
    bound(sqlite3_bind_null(statement_, index));
    return *this;
}

bool Statement::step()
{
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    sqlite3* const database = sqlite3_db_handle(statement_);
    if (code != SQLITE_DONE) {
        const auto error_code = sqlite3_extended_errcode(database);
        if ((error_code & 0xff) == SQLITE_NOMEM) raise(error_code, database);
        if ((error_code & 0xff) == SQLITE_CORRUPT) prepared_->is_damaged = true;
        Fault fault{error_of(error_code, database)}; // before the reset, which forgets the message
        sqlite3_reset(statement_);
        throw fault;
    }
    sqlite3_reset(statement_);
    return false;
}

void Statement::run()
{
    while (step()) {
    }
}

/// New values may be bound only to a statement that is not in the middle of its rows.
void Statement::rest() noexcept
{
    if (sqlite3_stmt_busy(statement_)) sqlite3_reset(statement_);
}

void Statement::bound(int code) const
{
    if (code != SQLITE_OK) raise(code, sqlite3_db_handle(statement_));
}

bool Statement::is_null(int column) const
{
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const
{
    return std::string{text_view(column)};
}

std::string_view Statement::text_view(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text ? std::string_view{text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))} : std::string_view{};
}

Bytes Statement::blob(int column) const
{
    return to_bytes(blob_view(column));
}

ByteView Statement::blob_view(int column) const
{
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return data ? ByteView{data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))} : ByteView{};
}

Hash Statement::hash(int column) const
{
    const auto found = Hash::from(blob_view(column));
    assert(found && "the column holds no hash");
    return *found;
}

int Statement::columns() const
{
    return sqlite3_column_count(statement_);
}

} // namespace roadbook::storage
