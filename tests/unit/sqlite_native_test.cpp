// Which SQLite is in this program, and does its encryption hold?
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

using roadbook::testing::TempFolder;

namespace {

struct Close {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};
using Database = std::unique_ptr<sqlite3, Close>;

Database open(const std::string& file)
{
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    return Database{db};
}

int execute(const Database& db, const char* sql)
{
    return sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr);
}

std::string first_value(const Database& db, const char* sql)
{
    std::string value;
    const auto keep = [](void* out, int, char** columns, char**) {
        if (columns[0] != nullptr) *static_cast<std::string*>(out) = columns[0];
        return 1; // the first row is enough
    };
    sqlite3_exec(db.get(), sql, keep, &value, nullptr);
    return value;
}

std::string content_of(const std::string& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

constexpr auto right_key = "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'";

} // namespace

TEST_CASE("the SQLite in this program has the WAL-reset fix, and it is not Debian's")
{
    const auto db = open(":memory:");
    CHECK(sqlite3_libversion_number() >= 3'051'003);
    CHECK(first_value(db, "SELECT sqlite_version()") == sqlite3_libversion());
    CHECK(first_value(db, "PRAGMA cipher_version").starts_with("4."));
}

TEST_CASE("SQLite is built as the product needs it")
{
    const auto db = open(":memory:");
    CHECK(sqlite3_threadsafe() != 0);
    CHECK(sqlite3_compileoption_used("ENABLE_FTS5") == 1);
    CHECK(sqlite3_compileoption_used("TEMP_STORE=2") == 1);
    CHECK(sqlite3_compileoption_used("OMIT_LOAD_EXTENSION") == 1);
    CHECK(sqlite3_compileoption_used("SECURE_DELETE") == 1);
    CHECK(first_value(db, "PRAGMA trusted_schema") == "0");
    CHECK(first_value(db, "PRAGMA foreign_keys") == "1");
    CHECK(execute(db, "SELECT \"no such column\"") == SQLITE_ERROR); // DQS=0
}

TEST_CASE("a keyed database opens with its key alone and shows no text on disk")
{
    const TempFolder folder;
    const auto file = (folder / "keyed.db").string();
    const auto key = "PRAGMA key = \"" + std::string{right_key} + "\"";
    {
        const auto db = open(file);
        REQUIRE(execute(db, key.c_str()) == SQLITE_OK);
        REQUIRE(execute(db, "CREATE TABLE visit (note TEXT); INSERT INTO visit VALUES ('canary of the north')") ==
                SQLITE_OK);
    }
    CHECK(content_of(file).find("canary") == std::string::npos);
    CHECK(content_of(file).find("SQLite format 3") == std::string::npos);

    const auto with_key = open(file);
    REQUIRE(execute(with_key, key.c_str()) == SQLITE_OK);
    CHECK(first_value(with_key, "SELECT note FROM visit") == "canary of the north");

    const auto without = open(file);
    CHECK(execute(without, "SELECT note FROM visit") == SQLITE_NOTADB);
    const auto wrong = open(file);
    REQUIRE(execute(wrong, "PRAGMA key = 'guess'") == SQLITE_OK);
    CHECK(execute(wrong, "SELECT note FROM visit") == SQLITE_NOTADB);
}

TEST_CASE("without a key it is a plain SQLite file")
{
    const TempFolder folder;
    const auto file = (folder / "plain.db").string();
    {
        const auto db = open(file);
        REQUIRE(execute(db, "CREATE TABLE visit (note TEXT)") == SQLITE_OK);
    }
    CHECK(content_of(file).starts_with("SQLite format 3"));
}
