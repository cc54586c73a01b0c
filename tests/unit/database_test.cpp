#include "shared/storage/database.hpp"
#include "shared/storage/folder_lock.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <fstream>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using namespace roadbook;
using namespace roadbook::storage;
using roadbook::testing::TempFolder;

namespace {

Bytes a_key(int fill)
{
    return Bytes(32, static_cast<std::byte>(fill));
}

std::int64_t number(Database& db, std::string_view sql)
{
    auto row = db.statement(sql);
    if (!row.step()) FAIL("no row: " << sql);
    return row.integer(0);
}

std::string words(Database& db, std::string_view sql)
{
    auto row = db.statement(sql);
    REQUIRE(row.step());
    return row.text(0);
}

Errc fault_of(const std::function<void()>& act)
{
    try {
        act();
    } catch (const Fault& fault) {
        CHECK_FALSE(fault.error().message.empty());
        return fault.error().code;
    }
    return Errc::ok;
}

std::string content_of(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The machine's files, but the next fsync of a WAL after arm() fails.
class FailingSync {
public:
    static constexpr auto name = "failing-sync";

    FailingSync()
    {
        real_ = sqlite3_vfs_find(nullptr);
        vfs_ = *real_;
        vfs_.zName = name;
        vfs_.xOpen = [](sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out) {
            const int code = real_->xOpen(real_, path, file, flags, out);
            if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
                real_methods_ = *file->pMethods;
                methods_ = real_methods_;
                methods_.xSync = [](sqlite3_file* synced, int how) {
                    if (std::exchange(armed_, false)) return SQLITE_IOERR_FSYNC;
                    return real_methods_.xSync(synced, how);
                };
                file->pMethods = &methods_;
            }
            return code;
        };
        sqlite3_vfs_register(&vfs_, 0);
    }
    ~FailingSync() { sqlite3_vfs_unregister(&vfs_); }
    FailingSync(const FailingSync&) = delete;
    FailingSync& operator=(const FailingSync&) = delete;
    static void arm() { armed_ = true; }

private:
    static inline sqlite3_vfs* real_ = nullptr;
    static inline sqlite3_io_methods real_methods_{};
    static inline sqlite3_io_methods methods_{};
    static inline bool armed_ = false;
    sqlite3_vfs vfs_{};
};

void damage_a_page(const std::filesystem::path& path)
{
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(4'096 * 3);
    file << std::string(4'096, '\xff');
}

} // namespace

TEST_CASE("a statement with a bound limit is prepared once, whatever is bound", "[storage]")
{
    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    db.execute("CREATE TABLE t (i INTEGER) STRICT; INSERT INTO t VALUES (1), (2), (3)");
    constexpr auto sql = "SELECT i FROM t LIMIT :limit OFFSET :offset";
    for (const auto limit : {1, 2, 3, 1}) {
        auto rows = db.statement(sql);
        rows.bind(":limit", limit).bind(":offset", limit - 1);
        CHECK(rows.step());
    }
    int prepared_anew = 0;
    for (auto* each = sqlite3_next_stmt(db.handle(), nullptr); each != nullptr; each = sqlite3_next_stmt(db.handle(), each))
        if (std::string_view{sqlite3_sql(each)} == sql) prepared_anew += sqlite3_stmt_status(each, SQLITE_STMTSTATUS_REPREPARE, 0);
    CHECK(prepared_anew == 0);
}

TEST_CASE("values come back as they were bound, the empty ones too", "[storage]")
{
    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    db.execute("CREATE TABLE t (i INTEGER, s TEXT, b BLOB, n TEXT) STRICT");
    const auto id = id_from_name<RecordId>("test", "one");
    db.statement("INSERT INTO t VALUES (:i, :s, :b, :n)").bind(":i", INT64_MIN).bind(":s", "中 \0 x").bind(":b", id).bind(":n", nullptr).run();
    db.statement("INSERT INTO t VALUES (?1, ?2, ?3, ?4)").bind_at(1, 7).bind_at(2, std::string_view{}).bind_at(3, ByteView{}).bind_at(4, "").run();
    db.statement("INSERT INTO t (i, n) VALUES (:i, :n)").bind(":i", Time{Duration{5}}).bind(":n", std::optional<std::int64_t>{}).run();

    auto rows = db.statement("SELECT i, s, b, n FROM t ORDER BY rowid");
    REQUIRE(rows.step());
    CHECK(rows.columns() == 4);
    CHECK(rows.integer(0) == INT64_MIN);
    CHECK(rows.text(1) == "中 ");
    CHECK(rows.id<RecordId>(2) == id);
    CHECK(rows.is_null(3));
    REQUIRE(rows.step());
    CHECK_FALSE(rows.is_null(1));
    CHECK(rows.text(1).empty());
    CHECK_FALSE(rows.is_null(2));
    CHECK(rows.blob(2).empty());
    CHECK_FALSE(rows.is_null(3));
    REQUIRE(rows.step());
    CHECK(rows.time(0) == Time{Duration{5}});
    CHECK(rows.is_null(3));
    CHECK_FALSE(rows.step());
}

TEST_CASE("a statement is used again, and two of one text work side by side", "[storage]")
{
    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    db.execute("CREATE TABLE t (i INTEGER) STRICT");
    {
        auto insert = db.statement("INSERT INTO t VALUES (:i)");
        for (int i = 0; i < 3; ++i) insert.bind(":i", i).run();
    }
    auto outer = db.statement("SELECT i FROM t ORDER BY i");
    int pairs = 0;
    while (outer.step()) {
        auto inner = db.statement("SELECT i FROM t ORDER BY i");
        while (inner.step()) ++pairs;
    }
    CHECK(pairs == 9);
    auto moved = std::move(outer);
    CHECK(moved.step());
    for (int i = 0; i < 2'000; ++i) CHECK(number(db, "SELECT " + std::to_string(i)) == i); // more texts than are kept
    CHECK(moved.step());
    CHECK(moved.integer(0) == 1);
}

TEST_CASE("a transaction is whole or absent, and its parts can fail alone", "[storage]")
{
    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    db.execute("CREATE TABLE t (i INTEGER UNIQUE) STRICT");
    {
        Transaction transaction{db};
        db.execute("INSERT INTO t VALUES (1)");
        CHECK(db.in_transaction());
    }
    CHECK(number(db, "SELECT count(*) FROM t") == 0);
    CHECK_FALSE(db.in_transaction());
    {
        Transaction transaction{db};
        db.execute("INSERT INTO t VALUES (1)");
        {
            Savepoint kept{db};
            db.execute("INSERT INTO t VALUES (2)");
            {
                Savepoint undone{db};
                db.execute("INSERT INTO t VALUES (3)");
            }
            CHECK(fault_of([&] { db.execute("INSERT INTO t VALUES (2)"); }) == Errc::internal);
            kept.keep();
        }
        transaction.commit();
    }
    CHECK(number(db, "SELECT sum(i) FROM t") == 3);
}

TEST_CASE("every connection has the promised settings", "[storage]")
{
    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    CHECK(words(db, "PRAGMA journal_mode") == "wal");
    CHECK(number(db, "PRAGMA synchronous") == 2);
    CHECK(number(db, "PRAGMA foreign_keys") == 1);
    CHECK(number(db, "PRAGMA secure_delete") == 1);
    CHECK(number(db, "PRAGMA wal_autocheckpoint") == 4'000);
    CHECK(number(db, "PRAGMA journal_size_limit") == 16 << 20);
    CHECK(number(db, "PRAGMA busy_timeout") == 5'000);
    const auto access = std::filesystem::status(folder / "a.db").permissions();
    CHECK((access & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) == std::filesystem::perms::none);
}

TEST_CASE("a keyed file opens with its key only, and shows nothing without", "[storage]")
{
    const TempFolder folder;
    const auto path = folder / "keyed.db";
    {
        auto db = Database::open({.path = path, .key = a_key(1)}).value();
        db.execute("CREATE TABLE t (s TEXT) STRICT; INSERT INTO t VALUES ('canary-of-the-keyed-file')");
        CHECK(db.empty_wal());
    }
    CHECK(content_of(path).find("canary") == std::string::npos);
    CHECK_FALSE(content_of(path).starts_with("SQLite format"));
    for (const auto& key : {a_key(2), Bytes{}}) {
        const auto wrong = Database::open({.path = path, .key = key});
        REQUIRE(wrong.has_error());
        CHECK(wrong.error().code == Errc::storage_damaged);
        CHECK_THAT(wrong.error().message, Catch::Contains(path.string()) && Catch::Contains("key"));
    }
    auto db = Database::open({.path = path, .key = a_key(1)}).value();
    CHECK(words(db, "SELECT s FROM t") == "canary-of-the-keyed-file");
}

TEST_CASE("what is no database, and what is not there, is said plainly and left alone", "[storage]")
{
    const TempFolder folder;
    std::ofstream{folder / "letter.txt"} << std::string(8'192, 'x');
    const auto letter = Database::open({.path = folder / "letter.txt"});
    REQUIRE(letter.has_error());
    CHECK(letter.error().code == Errc::storage_damaged);
    CHECK(content_of(folder / "letter.txt") == std::string(8'192, 'x'));

    const auto nowhere = Database::open({.path = folder / "no" / "such" / "a.db"});
    REQUIRE(nowhere.has_error());
    CHECK(nowhere.error().code == Errc::file_unreadable);
    CHECK(Database::open({.path = folder.path()}).error().code == Errc::file_unreadable);
    CHECK(Database::open({.path = folder / "absent.db", .read_only = true}).error().code == Errc::file_unreadable);
    CHECK_FALSE(std::filesystem::exists(folder / "absent.db"));
}

TEST_CASE("a damaged page is found, not read as something else", "[storage]")
{
    const TempFolder folder;
    const auto path = folder / "a.db";
    {
        auto db = Database::open({.path = path}).value();
        db.execute("CREATE TABLE t (s TEXT) STRICT");
        for (int i = 0; i < 100; ++i) db.statement("INSERT INTO t VALUES (:s)").bind(":s", std::string(500, 'x')).run();
    }
    damage_a_page(path);
    auto db = Database::open({.path = path}).value();
    CHECK(fault_of([&] { (void)number(db, "SELECT sum(length(s)) FROM t"); }) == Errc::storage_damaged);
}

TEST_CASE("once damage was met nothing more is written, and what is whole can be read", "[storage]")
{
    const TempFolder folder;
    const auto path = folder / "a.db";
    {
        auto db = Database::open({.path = path}).value();
        db.execute("CREATE TABLE whole (s TEXT) STRICT; INSERT INTO whole VALUES ('before'); CREATE TABLE t (s TEXT) STRICT");
        for (int i = 0; i < 100; ++i) db.statement("INSERT INTO t VALUES (:s)").bind(":s", std::string(500, 'x')).run();
    }
    damage_a_page(path);
    auto db = Database::open({.path = path}).value();
    CHECK(fault_of([&] {
              Transaction transaction{db};
              db.statement("INSERT INTO whole VALUES ('beside the damage')").run();
              CHECK(fault_of([&] { (void)number(db, "SELECT sum(length(s)) FROM t"); }) == Errc::storage_damaged);
              transaction.commit();
          }) == Errc::storage_damaged);
    CHECK_FALSE(db.in_transaction());
    CHECK(fault_of([&] { Transaction transaction{db}; }) == Errc::storage_damaged);
    CHECK(words(db, "SELECT group_concat(s) FROM whole") == "before");
}

TEST_CASE("a full disk is said with advice, and the data of before is whole", "[storage]")
{
    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    db.execute("CREATE TABLE t (s TEXT) STRICT; INSERT INTO t VALUES ('before')");
    db.execute("PRAGMA max_page_count = 4"); // what SQLite reports is the same as for a full disk
    CHECK(fault_of([&] {
              Transaction transaction{db};
              db.statement("INSERT INTO t VALUES (:s)").bind(":s", std::string(100'000, 'x')).run();
              transaction.commit();
          }) == Errc::storage_full);
    CHECK_FALSE(db.in_transaction());
    CHECK(words(db, "SELECT s FROM t") == "before");
    db.execute("PRAGMA max_page_count = 1000");
    db.statement("INSERT INTO t VALUES (:s)").bind(":s", std::string(100'000, 'x')).run();
    CHECK(number(db, "SELECT count(*) FROM t") == 2);
}

TEST_CASE("after a failed fsync nothing more is claimed until the file is opened again", "[storage]")
{
    const TempFolder folder;
    const FailingSync vfs;
    const auto path = folder / "a.db";
    {
        auto db = Database::open({.path = path, .vfs = FailingSync::name}).value();
        db.execute("CREATE TABLE t (s TEXT) STRICT; INSERT INTO t VALUES ('before')");
        CHECK(fault_of([&] {
                  Transaction transaction{db};
                  db.execute("INSERT INTO t VALUES ('lost')");
                  FailingSync::arm();
                  transaction.commit();
              }) == Errc::storage_damaged);
        CHECK(fault_of([&] { (void)db.statement("SELECT 1"); }) == Errc::storage_damaged);
        CHECK(fault_of([&] { Transaction transaction{db}; }) == Errc::storage_damaged);
    }
    auto db = Database::open({.path = path, .vfs = FailingSync::name}).value();
    CHECK(words(db, "SELECT group_concat(s) FROM t") == "before");
}

TEST_CASE("another's write lock is waited for a bounded time, then named", "[storage]")
{
    const TempFolder folder;
    auto first = Database::open({.path = folder / "a.db"}).value();
    auto second = Database::open({.path = folder / "a.db"}).value();
    first.execute("CREATE TABLE t (i INTEGER) STRICT");
    sqlite3_busy_timeout(second.handle(), 20);
    Transaction held{first};
    first.execute("INSERT INTO t VALUES (1)");
    CHECK(fault_of([&] { Transaction refused{second}; }) == Errc::storage_busy);
    CHECK(number(second, "SELECT count(*) FROM t") == 0); // readers go on
    held.commit();
    Transaction free{second};
    CHECK(number(second, "SELECT count(*) FROM t") == 1);
}

TEST_CASE("the WAL is emptied unless somebody reads an older state", "[storage]")
{
    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    db.execute("CREATE TABLE t (i INTEGER) STRICT; INSERT INTO t VALUES (1)");
    auto reader = Database::open({.path = folder / "a.db", .read_only = true}).value();
    {
        auto rows = reader.statement("SELECT i FROM t");
        REQUIRE(rows.step());
        db.execute("INSERT INTO t VALUES (2)");
        sqlite3_busy_timeout(db.handle(), 20);
        CHECK_FALSE(db.empty_wal());
    }
    CHECK(db.empty_wal());
    CHECK(std::filesystem::file_size(folder / "a.db-wal") == 0);
    CHECK(fault_of([&] { reader.execute("INSERT INTO t VALUES (3)"); }) == Errc::file_unreadable);
}

TEST_CASE("a file is brought to the last step, each step whole, and a newer one is not touched", "[storage]")
{
    static constexpr Migration first[] = {{1, "CREATE TABLE a (i INTEGER) STRICT"}};
    static constexpr Migration both[] = {{1, "CREATE TABLE a (i INTEGER) STRICT"},
                                         {4, "ALTER TABLE a ADD COLUMN s TEXT; INSERT INTO a VALUES (1, 'x')"}};
    static constexpr Migration broken[] = {{1, "CREATE TABLE a (i INTEGER) STRICT"}, {2, "CREATE TABLE b (i INTEGER) STRICT; oops"}};
    static_assert(strictly_rising(both));

    const TempFolder folder;
    auto db = Database::open({.path = folder / "a.db"}).value();
    REQUIRE(migrate(db, first).has_value());
    CHECK(number(db, "PRAGMA user_version") == 1);
    CHECK(fault_of([&] { (void)migrate(db, broken); }) == Errc::internal);
    CHECK(number(db, "PRAGMA user_version") == 1);
    CHECK(number(db, "SELECT count(*) FROM sqlite_schema") == 1);
    REQUIRE(migrate(db, both).has_value());
    REQUIRE(migrate(db, both).has_value()); // again: nothing to do
    CHECK(number(db, "PRAGMA user_version") == 4);
    CHECK(number(db, "SELECT count(*) FROM a") == 1);
    const auto newer = migrate(db, first);
    REQUIRE(newer.has_error());
    CHECK(newer.error().code == Errc::newer_file);
    CHECK(number(db, "PRAGMA user_version") == 4);
}

TEST_CASE("a data folder belongs to one process, and a killed one lets go of it", "[storage]")
{
    const TempFolder folder;
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto lock = FolderLock::acquire(folder.path());
        const char said = lock ? 'y' : 'n';
        if (::write(ready[1], &said, 1) == 1) ::pause(); // until it is killed
        ::_exit(1);
    }
    char said = 'n';
    REQUIRE(::read(ready[0], &said, 1) == 1);
    REQUIRE(said == 'y');
    const auto refused = FolderLock::acquire(folder.path());
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::storage_busy);
    CHECK_THAT(refused.error().message, Catch::Contains(folder.path().string()) && Catch::Contains("process " + std::to_string(child)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    {
        const auto lock = FolderLock::acquire(folder.path());
        REQUIRE(lock.has_value());
        CHECK(FolderLock::acquire(folder.path()).error().code == Errc::storage_busy);
    }
    CHECK(FolderLock::acquire(folder.path()).has_value());
    CHECK(FolderLock::acquire(folder / "absent").error().code == Errc::file_unreadable);
    ::close(ready[0]);
    ::close(ready[1]);
}
