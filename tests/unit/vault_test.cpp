// What a device keeps where it can be read without its records: the key behind the PIN, the lease, and the order to wipe itself.
#include "mobile-app/replica/open.hpp"
#include "tests/simulation/seeded.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace roadbook;
using namespace roadbook::replica;
using testing::TempFolder;

namespace {

constexpr StretchCost cheap{1, 64};
constexpr auto pin = "271828";
constexpr auto day = std::chrono::hours{24};
const Time start = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

struct Handset {
    [[nodiscard]] Result<std::unique_ptr<Vault>> try_open()
    {
        return Vault::open({folder.path(), &clock, &chance, [this] { return uptime; }, cheap});
    }
    [[nodiscard]] std::unique_ptr<Vault> open() { return try_open().value(); }
    void pass(Duration time)
    {
        clock.advance(time);
        uptime.since += time;
    }

    TempFolder folder;
    simulation::VirtualClock clock{start};
    simulation::Chance chance{3};
    Uptime uptime{"first", std::chrono::hours{1}};
};

bool lies_in(const std::filesystem::path& folder, std::string_view bytes)
{
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string content{std::istreambuf_iterator<char>{file}, {}};
        if (content.find(bytes) != std::string::npos) return true;
    }
    return false;
}

} // namespace

TEST_CASE("without a PIN the key is there, and with one only the PIN yields it", "[vault]")
{
    Handset phone;
    auto vault = phone.open();
    const auto key = vault->unlock({}).value();
    CHECK(key.size() == secret_bytes);
    CHECK(lies_in(phone.folder.path(), as_text(key)));

    REQUIRE(vault->set_pin(key, pin).has_value());
    CHECK(vault->lock() == Vault::Lock::pin);
    CHECK_FALSE(lies_in(phone.folder.path(), as_text(key)));
    vault.reset();
    vault = phone.open();
    CHECK(vault->unlock({}).error().code == Errc::locked);
    CHECK(vault->unlock("314159").error().field == "pin");
    CHECK(vault->unlock(pin).value() == key);
    CHECK(vault->attempts_left() == Vault::pin_attempts_max);

    REQUIRE(vault->set_pin(key, "a longer sentence").has_value());
    CHECK_FALSE(vault->unlock(pin).has_value());
    CHECK(vault->unlock("a longer sentence").value() == key);
    REQUIRE(vault->remove_pin(key).has_value());
    CHECK(vault->unlock({}).value() == key);
}

TEST_CASE("a PIN that anybody would try first is not taken", "[vault]")
{
    Handset phone;
    const auto vault = phone.open();
    const auto key = vault->unlock({}).value();
    for (const auto* bad : {"", "12345", "000000", "123456", "987654", "abcdef"}) {
        INFO(bad);
        CHECK(vault->set_pin(key, bad).error().field == "pin");
    }
    CHECK(vault->lock() == Vault::Lock::none);
}

TEST_CASE("ten wrong PINs, with growing waits, erase the key; a kill between them makes none of them free", "[vault]")
{
    Handset phone;
    auto vault = phone.open();
    const auto key = vault->unlock({}).value();
    REQUIRE(vault->set_pin(key, pin).has_value());
    Duration waited{0};
    for (int wrong = 1; wrong < Vault::pin_attempts_max; ++wrong) {
        while (true) {
            vault.reset(); // the program is ended and started again after each
            vault = phone.open();
            const auto before = vault->attempts_left();
            REQUIRE(vault->unlock("000001").error().code == Errc::locked);
            if (vault->attempts_left() < before) break;
            CHECK(vault->unlock(pin).error().code == Errc::locked); // not even the right one, before its time
            phone.pass(std::chrono::seconds{5});
            waited += std::chrono::seconds{5};
        }
        REQUIRE(vault->attempts_left() == Vault::pin_attempts_max - wrong);
    }
    CHECK(waited >= std::chrono::minutes{5});
    phone.pass(std::chrono::hours{1});
    CHECK(vault->unlock("000001").error().field == "key");
    CHECK(vault->lock() == Vault::Lock::key_erased);
    CHECK(vault->unlock(pin).error().field == "key");
    vault.reset();
    CHECK(phone.open()->unlock(pin).error().field == "key");
}

TEST_CASE("the right PIN, in its time, ends the waits", "[vault]")
{
    Handset phone;
    auto vault = phone.open();
    const auto key = vault->unlock({}).value();
    REQUIRE(vault->set_pin(key, pin).has_value());
    for (int wrong = 1; wrong <= 3; ++wrong) REQUIRE(vault->unlock("000001").error().code == Errc::locked);
    REQUIRE(vault->unlock(pin).error().code == Errc::locked);
    phone.pass(std::chrono::seconds{5});
    CHECK(vault->unlock(pin).value() == key);
    CHECK(vault->unlock(pin).value() == key);
    vault.reset();
    vault = phone.open();
    CHECK(vault->unlock(pin).value() == key);
    CHECK(vault->attempts_left() == Vault::pin_attempts_max);
}

TEST_CASE("a clock set forward shortens no wait after wrong PINs, nor does a restart", "[vault]")
{
    Handset phone;
    auto vault = phone.open();
    const auto key = vault->unlock({}).value();
    REQUIRE(vault->set_pin(key, pin).has_value());
    for (int wrong = 1; wrong <= 3; ++wrong) REQUIRE(vault->unlock("000001").error().code == Errc::locked);
    phone.clock.advance(day);
    CHECK(vault->unlock(pin).error().code == Errc::locked);
    vault.reset();
    phone.clock.advance(day);
    phone.uptime = {"second", std::chrono::seconds{3}};
    vault = phone.open();
    CHECK(vault->unlock(pin).error().code == Errc::locked);
    phone.pass(std::chrono::seconds{2});
    CHECK(vault->unlock(pin).value() == key);
}

TEST_CASE("the lease counts the time that has passed, whatever the clock says", "[vault]")
{
    Handset phone;
    auto vault = phone.open();
    CHECK_FALSE(vault->lease().is_over()); // nothing was synced: there is nothing to lock
    vault->note_contact(start, 14, {});
    phone.pass(13 * day);
    CHECK_FALSE(vault->lease().is_over());

    SECTION("it ends") { phone.pass(day); }
    SECTION("a clock set back gains nothing")
    {
        phone.clock.set(start);
        CHECK_FALSE(vault->lease().is_over());
        phone.pass(day);
    }
    SECTION("a clock set back before a restart gains nothing, and the restart costs a day")
    {
        vault.reset();
        phone.clock.set(start);
        phone.uptime = {"second", Duration{0}};
        vault = phone.open();
    }
    SECTION("a clock set forward ends it, and putting it right does not bring it back")
    {
        phone.clock.advance(30 * day);
        CHECK(vault->lease().is_over());
        phone.clock.set(start + 13 * day);
    }
    CHECK(vault->lease().is_over());
    vault.reset();
    vault = phone.open();
    CHECK(vault->lease().is_over());
    vault->note_contact(start + 14 * day, 14, {});
    CHECK_FALSE(vault->lease().is_over());
    CHECK(vault->lease().left == 14 * day);
}

TEST_CASE("no restart with the clock set back makes a lease last longer than its days", "[vault]")
{
    Handset phone;
    phone.open()->note_contact(start, 14, {});
    int restarts = 0;
    for (;; ++restarts) {
        REQUIRE(restarts < 20);
        phone.clock.set(start - day * restarts);
        phone.uptime = {std::to_string(restarts), std::chrono::minutes{1}};
        if (phone.open()->lease().is_over()) break;
    }
    CHECK(restarts >= 13);
}

TEST_CASE("a plain replica of an older version is taken over, whenever the program is killed", "[vault]")
{
    constexpr auto canary = "canaryPlain";
    const auto make_plain = [&](const std::filesystem::path& folder) {
        auto db = storage::Database::open({.path = folder / replica_file_name}).value();
        db.execute("CREATE TABLE note (text TEXT); CREATE VIRTUAL TABLE words USING fts5 (text); PRAGMA user_version = 4");
        db.execute("INSERT INTO note VALUES ('canaryPlain'); INSERT INTO words VALUES ('canaryPlain')");
    };
    const auto reads = [&](const std::filesystem::path& folder, const Bytes& key) {
        auto db = storage::Database::open({.path = folder / replica_file_name, .key = key}).value();
        auto rows = db.statement("SELECT (SELECT text FROM note), (SELECT count(*) FROM words WHERE words MATCH 'canaryPlain')");
        auto version = db.statement("PRAGMA user_version");
        return rows.step() && rows.text(0) == canary && rows.integer(1) == 1 && version.step() && version.integer(0) == 4;
    };
    const Bytes key(secret_bytes, std::byte{7});
    const TempFolder folder;
    make_plain(folder.path());
    CHECK(lies_in(folder.path(), canary));
    SECTION("at once") {}
    SECTION("after it was killed while it wrote the new file") { std::ofstream{folder / replica_file_taken_over} << "half of it"; }
    REQUIRE(take_over_plain_file(folder.path(), key).has_value());
    CHECK(reads(folder.path(), key));
    CHECK_FALSE(lies_in(folder.path(), canary));
    CHECK_FALSE(std::filesystem::exists(folder / replica_file_taken_over));
    REQUIRE(take_over_plain_file(folder.path(), key).has_value()); // once more does nothing
    CHECK(reads(folder.path(), key));
}

TEST_CASE("a wipe that is killed at any step goes on at the next start, the key first", "[vault]")
{
    for (int killed_at = 0;; ++killed_at) {
        Handset phone;
        {
            auto vault = phone.open();
            const auto key = vault->unlock({}).value();
            auto db = storage::Database::open({.path = phone.folder / replica_file_name, .key = key}).value();
            db.execute("CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('canary')");
        }
        int steps = 0;
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) { // Linux alone: a test of the disk's state, so nothing of ours need be tidied up
            auto vault = phone.open();
            (void)vault->wipe([&](std::string_view) {
                if (steps++ == killed_at) ::_exit(1);
            });
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        CAPTURE(killed_at);
        const bool finished = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        const bool key_is_there = std::filesystem::exists(phone.folder / KeySlot::file_name);
        const bool replica_is_there = std::filesystem::exists(phone.folder / replica_file_name);
        if (!replica_is_there) CHECK_FALSE(key_is_there);
        const auto again = phone.try_open();
        if (!finished && killed_at > 0 && std::filesystem::exists(phone.folder / Vault::file_name) && !again) CHECK(again.error().code == Errc::revoked);
        if (killed_at > 0) {
            for (const auto* name : {replica_file_name}) CHECK_FALSE(std::filesystem::exists(phone.folder / name));
            if (!again) CHECK_FALSE(std::filesystem::exists(phone.folder / KeySlot::file_name));
        } else {
            CHECK(again.has_value()); // nothing had happened yet
        }
        if (finished) break;
        REQUIRE(killed_at < 30);
    }
}
