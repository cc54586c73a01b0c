#pragma once
// SQLite, owned and typed. Faults of the machine (disk full, I/O, damage) throw roadbook::Fault with storage_full,
// storage_busy or storage_damaged; opening is a Result, since a caller can meet its failures.
#include "shared/base/bytes.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace roadbook::storage {

struct OpenOptions {
    std::filesystem::path path{};
    bool read_only = false;
    Bytes key{};       ///< 32 bytes: the file is encrypted (SQLCipher, raw key). Empty: plain.
    std::string vfs{}; ///< empty: the machine's. The simulation names its own.
};

/// A prepared statement, borrowed from its Database's cache and reset when this goes out of scope.
class Statement {
public:
    struct Prepared; ///< the Database's side of it
    explicit Statement(Prepared& prepared) noexcept;
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(const char* name, std::int64_t value);
    Statement& bind(const char* name, std::string_view text);
    Statement& bind(const char* name, ByteView blob);
    Statement& bind(const char* name, std::nullptr_t);
    template <class Tag>
    Statement& bind(const char* name, const Id<Tag>& id) { return bind(name, id.view()); }
    Statement& bind(const char* name, const Hash& hash) { return bind(name, hash.view()); }
    Statement& bind(const char* name, Time time) { return bind(name, std::int64_t{time.time_since_epoch().count()}); }
    template <class T>
    Statement& bind(const char* name, const std::optional<T>& value) { return value ? bind(name, *value) : bind(name, nullptr); }
    /// By number, from 1: for generated SQL with many columns.
    Statement& bind_at(int index, std::int64_t value);
    Statement& bind_at(int index, std::string_view text);
    Statement& bind_at(int index, ByteView blob);
    Statement& bind_at(int index, std::nullptr_t);

    /// True: a row is there. Bound texts and blobs must live until the last step.
    bool step();
    /// For statements without rows. May be called again after new binds.
    void run();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string_view text_view(int column) const; ///< until the next step
    [[nodiscard]] Bytes blob(int column) const;
    [[nodiscard]] ByteView blob_view(int column) const; ///< until the next step
    [[nodiscard]] Hash hash(int column) const;          ///< asserts 32 bytes
    template <class AnyId>
    [[nodiscard]] AnyId id(int column) const { return AnyId::from(blob_view(column)).value(); }
    [[nodiscard]] Time time(int column) const { return Time{Duration{integer(column)}}; }
    [[nodiscard]] int columns() const;

private:
    void rest() noexcept;
    void bound(int code) const;

    Prepared* prepared_;
    sqlite3_stmt* statement_;
};

/// One connection. Threads: one at a time. WAL, synchronous=FULL, foreign keys on, secure_delete on. After a step met damage no transaction begins or commits.
class Database {
public:
    /// Errors: storage_busy, storage_damaged, storage_full, file_unreadable, each with path and advice.
    [[nodiscard]] static Result<Database> open(const OpenOptions& options);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// Prepared once per distinct SQL text, then reused. Two at once of one text are fine (the second is prepared apart).
    [[nodiscard]] Statement statement(std::string_view sql);
    /// Several statements without parameters.
    void execute(std::string_view sql);
    [[nodiscard]] std::int64_t last_row() const;
    [[nodiscard]] int changes() const;
    [[nodiscard]] bool in_transaction() const;
    /// Moves all that was committed into the file and empties the WAL, so that nothing deleted is left in it. False: another
    /// connection is reading an older state; try again later. Not inside a transaction.
    [[nodiscard]] bool empty_wal();
    /// Writes the file anew without its unused parts, then empty_wal(). secure_delete zeroes the place of a deleted row, but a page that
    /// was split or joined keeps copies in its unused part. Needs free space of the file's size; no statement may stand in the middle
    /// of its rows. With a read model in the file call ReadModel::scrub() instead.
    [[nodiscard]] bool scrub();
    /// As the file is now, also if another connection has just made it.
    [[nodiscard]] bool has_table(const std::string& name);
    [[nodiscard]] sqlite3* handle() noexcept; ///< for the backup API and tests

private:
    friend class Transaction;
    friend class Savepoint;
    void commit();
    void roll_back(const char* sql) noexcept;

    struct Inside;
    explicit Database(std::unique_ptr<Inside> inside) noexcept;
    std::unique_ptr<Inside> inside_;
};

/// BEGIN IMMEDIATE ... commit(), rolled back when it goes out of scope uncommitted.
class Transaction {
public:
    explicit Transaction(Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

private:
    Database* database_;
};

/// A part of a transaction that can fail alone: released by keep(), undone otherwise. They nest.
class Savepoint {
public:
    explicit Savepoint(Database& database);
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    ~Savepoint();
    void keep();

private:
    Database* database_;
};

/// A step of a file's life: steps are only added; one that has shipped is not edited.
struct Migration {
    int version;
    const char* sql;
};
template <std::size_t N>
consteval bool strictly_rising(const Migration (&steps)[N])
{
    for (std::size_t i = 1; i < N; ++i)
        if (steps[i].version <= steps[i - 1].version) return false;
    return true;
}
/// Brings the file to the last step; each step and its user_version commit together. Errors: newer_file (untouched).
[[nodiscard]] Result<void> migrate(Database& database, std::span<const Migration> steps);

} // namespace roadbook::storage
