#include "shared/storage/fault.hpp"
#include "shared/storage/prepared.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <cassert>
#include <utility>
#include <vector>

// SQLCipher's one addition to the C interface that we use; the header is of a SQLite without it.
extern "C" int sqlite3_key(sqlite3* db, const void* key, int size);

namespace roadbook::storage {
namespace {

constexpr int busy_wait_ms = 5'000;        // longer than any group commit; then the other process is stuck, and a person must know
constexpr int page_cache_kib = 64 << 10;   // a day's working set of one rep, or the hot part of a server's log
constexpr int checkpoint_pages = 4'000;    // 16 MB: at SQLite's 1,000 the 99th commit of a load waits three times as long
constexpr int wal_bytes_kept = 16 << 20;   // a checkpointed WAL shrinks back to this
constexpr std::size_t key_size = 32;
constexpr std::size_t cached_texts_max = 512; // distinct SQL texts; lists with odd filters must not grow this for ever

constexpr auto settings = R"sql(
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY)sql"; // a temporary file would hold plain text beside an encrypted one

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
using Uses = std::vector<std::unique_ptr<Statement::Prepared>>; // of one SQL text: more than one only while two are in use

} // namespace

struct Database::Inside {
    sqlite3* db = nullptr;
    std::unordered_map<std::string, Uses, TextHash, std::equal_to<>> cache;
    bool is_failed = false; ///< a commit met an I/O error: what the disk holds is unknown until the file is opened again
    bool is_damaged = false; ///< a page was not what it must be: what is written on the strength of others may destroy them, too

    Inside() = default;
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside()
    {
        cache.clear();
        sqlite3_close_v2(db);
    }

    void execute(const char* sql)
    {
        const int code = sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) raise(sqlite3_extended_errcode(db), db);
    }

    void forget_unused()
    {
        for (auto& [sql, uses] : cache) std::erase_if(uses, [](const auto& prepared) { return !prepared->in_use; });
        std::erase_if(cache, [](const auto& entry) { return entry.second.empty(); });
    }

    Statement::Prepared& prepare(std::string_view sql)
    {
        sqlite3_stmt* made = nullptr;
        const int code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
        if (code != SQLITE_OK) raise(sqlite3_extended_errcode(db), db);
        if (cache.size() >= cached_texts_max) forget_unused();
        auto& uses = cache[std::string{sql}];
        return *uses.emplace_back(std::make_unique<Statement::Prepared>(made, is_damaged));
    }
};

namespace {

void set_key(sqlite3* db, ByteView key)
{
    auto text = fmt::format("x'{}'", to_hex(key)); // a raw key: no derivation from a phrase
    const int code = sqlite3_key(db, text.data(), static_cast<int>(text.size()));
    OPENSSL_cleanse(text.data(), text.size());
    if (code != SQLITE_OK) raise(code, db);
}

void configure(sqlite3* db, const OpenOptions& options, const std::function<void(const char*)>& execute)
{
    sqlite3_busy_timeout(db, busy_wait_ms);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr); // SQL cannot break the file's format
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr); // else a statement with a bound LIMIT is prepared anew at each use
    if (!options.key.empty()) set_key(db, options.key);
    execute("SELECT count(*) FROM sqlite_schema"); // the first read of the file: a wrong key or a foreign file shows here
    if (!options.read_only) execute("PRAGMA journal_mode = WAL");
    execute(settings);
    execute(fmt::format("PRAGMA cache_size = {}; PRAGMA wal_autocheckpoint = {}; PRAGMA journal_size_limit = {}", -page_cache_kib,
                        checkpoint_pages, wal_bytes_kept)
                .c_str());
}

} // namespace

Result<Database> Database::open(const OpenOptions& options)
{
    assert((options.key.empty() || options.key.size() == key_size) && "a raw key has 32 bytes");
    auto inside = std::make_unique<Inside>();
    std::error_code ignored;
    const bool is_new = options.vfs.empty() && !std::filesystem::exists(options.path, ignored);
    const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(options.path.c_str(), &inside->db, flags, options.vfs.empty() ? nullptr : options.vfs.c_str());
    if (code != SQLITE_OK) return error_of(code, inside->db);
    if (is_new && !options.read_only) { // its WAL takes the same permissions
        using std::filesystem::perms;
        std::filesystem::permissions(options.path, perms::owner_read | perms::owner_write, ignored);
    }
    try {
        configure(inside->db, options, [&](const char* sql) { inside->execute(sql); });
    } catch (const Fault& fault) {
        return fault.error();
    }
    return Database{std::move(inside)};
}

Database::Database(std::unique_ptr<Inside> inside) noexcept : inside_{std::move(inside)} {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Statement Database::statement(std::string_view sql)
{
    if (inside_->is_failed) raise(SQLITE_IOERR, inside_->db);
    if (const auto cached = inside_->cache.find(sql); cached != inside_->cache.end())
        for (const auto& prepared : cached->second)
            if (!prepared->in_use) return Statement{*prepared};
    return Statement{inside_->prepare(sql)};
}

void Database::execute(std::string_view sql)
{
    if (inside_->is_failed) raise(SQLITE_IOERR, inside_->db);
    inside_->execute(std::string{sql}.c_str());
}

std::int64_t Database::last_row() const
{
    return sqlite3_last_insert_rowid(inside_->db);
}

int Database::changes() const
{
    return sqlite3_changes(inside_->db);
}

bool Database::in_transaction() const
{
    return sqlite3_get_autocommit(inside_->db) == 0;
}

bool Database::empty_wal()
{
    assert(!in_transaction());
    const int code = sqlite3_wal_checkpoint_v2(inside_->db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code == SQLITE_OK) return true;
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
    raise(code, inside_->db);
}

bool Database::scrub()
{
    assert(!in_transaction());
    execute("VACUUM");
    return empty_wal();
}

bool Database::has_table(const std::string& name)
{
    statement("SELECT 1 FROM sqlite_schema LIMIT 1").step(); // reads the schema anew if it has changed
    const int code = sqlite3_table_column_metadata(inside_->db, "main", name.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK && code != SQLITE_ERROR) raise(code, inside_->db);
    return code == SQLITE_OK;
}

sqlite3* Database::handle() noexcept
{
    return inside_->db;
}

Transaction::Transaction(Database& database) : database_{&database}
{
    assert(!database.in_transaction() && "transactions do not nest: use a Savepoint");
    if (database.inside_->is_damaged) raise(SQLITE_CORRUPT, database.inside_->db);
    database.statement("BEGIN IMMEDIATE").run();
}

Transaction::~Transaction()
{
    if (database_) database_->roll_back("ROLLBACK");
}

void Transaction::commit()
{
    assert(database_ && "committed twice");
    database_->commit();
    database_ = nullptr;
}

void Database::commit()
{
    if (inside_->is_damaged) raise(SQLITE_CORRUPT, inside_->db); // met within this transaction, by somebody who went on
    try {
        statement("COMMIT").run();
    } catch (const Fault&) {
        // After a failed fsync the system may have dropped the pages it could not write: a retry could succeed over a hole.
        inside_->is_failed = (sqlite3_extended_errcode(inside_->db) & 0xff) == SQLITE_IOERR;
        throw;
    }
}

void Database::roll_back(const char* sql) noexcept
{
    if (in_transaction()) sqlite3_exec(inside_->db, sql, nullptr, nullptr, nullptr); // a failed one is undone when the file is opened
}

Savepoint::Savepoint(Database& database) : database_{&database}
{
    assert(database.in_transaction() && "a savepoint is a part of a transaction");
    database.statement("SAVEPOINT part").run();
}

Savepoint::~Savepoint()
{
    if (database_) database_->roll_back("ROLLBACK TO part; RELEASE part");
}

void Savepoint::keep()
{
    assert(database_ && "kept twice");
    database_->statement("RELEASE part").run();
    database_ = nullptr;
}

} // namespace roadbook::storage
