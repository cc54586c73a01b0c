// The file of a backup: one moment of the server, private, whole, with the right key; and what a restore makes of it.
#include "sync-server/admin/backup.hpp"
#include "sync-server/admin/import_memory.hpp"
#include "sync-server/session/restore.hpp"
#include "tests/support/company.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <thread>

#include <sys/stat.h>

using namespace roadbook;
using namespace roadbook::testing;

TEST_CASE("a backup made under load is one moment of the server, whole and checked", "[backup]")
{
    Company company;
    { REQUIRE(server::ImportMemory::open(company.server_folder()).has_value()); }
    const auto beside = company.another_hub(); // as another process: the backup reads while this one writes
    std::atomic<bool> stop = false;
    std::atomic<int> written = 0;
    std::thread load{[&] {
        for (int i = 0; !stop; ++i) {
            const auto intent = edit(company.acme, "account", {{"phone", schema::Value{std::to_string(i)}}});
            if (company.hub().apply(std::span{&intent, 1}, company.mona).front()) ++written;
        }
    }};
    std::vector<std::filesystem::path> files;
    for (int i = 0; i < 5; ++i) {
        const auto seen = written.load();
        while (written < seen + 5) std::this_thread::yield();
        files.push_back(company.folder("backup" + std::to_string(i)));
        REQUIRE(server::make_backup(company.server_folder(), files.back()).has_value());
    }
    stop = true;
    load.join();
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto folder = company.folder("restored" + std::to_string(i));
        REQUIRE(server::restore_backup(files[i], folder, {}).has_value());
        server::Hub::Options options;
        options.folder = folder;
        const auto hub = server::Hub::open(options).value();
        REQUIRE(hub->audit().verify().first_bad == 0);
        REQUIRE(hub->record(company.acme).has_value());
        REQUIRE(std::filesystem::exists(folder / server::ImportMemory::file_name));
    }
    REQUIRE(server::restore_backup(files[0], company.server_folder(), {}).error().code == Errc::bad_argument);
}

TEST_CASE("whatever the umask, nobody but its owner reads a backup, or a server out of one", "[backup]")
{
    Company company;
    { REQUIRE(server::ImportMemory::open(company.server_folder()).has_value()); }
    const auto bytes = as_bytes("a photo");
    const auto hash = sha256(bytes).hex();
    const auto photo = std::filesystem::path{"attachments"} / hash.substr(0, 2) / hash.substr(2);
    std::filesystem::create_directories((company.server_folder() / photo).parent_path());
    std::ofstream{company.server_folder() / photo} << as_text(bytes);
    const auto file = company.folder("backup.tar"), folder = company.folder("restored");
    const auto before = ::umask(0);
    const auto made = server::make_backup(company.server_folder(), file);
    const auto restored = server::restore_backup(file, folder, {});
    ::umask(before);
    REQUIRE(made.has_value());
    REQUIRE(restored.has_value());
    const auto others_may = [](const std::filesystem::path& path) {
        using std::filesystem::perms;
        return (std::filesystem::status(path).permissions() & (perms::group_all | perms::others_all)) != perms::none;
    };
    REQUIRE_FALSE(others_may(file));
    REQUIRE_FALSE(others_may(folder));
    for (const auto& name : {std::filesystem::path{server::Hub::file_name}, std::filesystem::path{server::ImportMemory::file_name}, photo}) {
        INFO(name);
        REQUIRE(std::filesystem::exists(folder / name));
        REQUIRE_FALSE(others_may(folder / name));
    }
}

TEST_CASE("a restore takes only the key of the server that made the backup", "[backup]")
{
    Company company;
    const auto file = company.folder("backup.tar"), folder = company.folder("restored"), keys = company.folder("keys");
    REQUIRE(server::make_backup(company.server_folder(), file).has_value());
    const auto right = company.server_folder() / server::seal_key_file;
    const auto refused_with = [&](const std::filesystem::path& named, std::string_view told) {
        const auto restored = server::restore_backup(file, folder, named);
        REQUIRE_FALSE(restored.has_value());
        INFO(restored.error().message);
        REQUIRE(restored.error().code == Errc::bad_argument);
        REQUIRE(restored.error().field == "keys");
        REQUIRE(restored.error().message.find(told) != std::string::npos);
        REQUIRE_FALSE(std::filesystem::exists(folder / server::Hub::file_name));
    };
    std::ofstream{keys} << "-----BEGIN PRIVATE KEY-----\n" << std::string(200, 'A');
    refused_with(keys, "no recovery.key");
    std::ofstream{keys, std::ios::trunc} << std::string(63, 'a') << "\n";
    refused_with(keys, "no recovery.key");
    std::ofstream{keys, std::ios::trunc} << sha256(as_bytes("another server")).hex() << "\n";
    refused_with(keys, "another server");
    std::filesystem::copy_file(keys, folder / server::seal_key_file); // laid there before
    refused_with({}, "another server");
    REQUIRE(server::restore_backup(file, folder, right).value().has_key);
    server::Hub::Options options;
    options.folder = folder;
    REQUIRE(server::Hub::open(options).has_value());
}

TEST_CASE("a damaged, cut or foreign backup is refused, and nothing is left of it", "[backup]")
{
    Company company;
    const auto file = company.folder("backup.tar");
    REQUIRE(server::make_backup(company.server_folder(), file).has_value());
    std::ifstream in{file, std::ios::binary};
    const std::string whole{std::istreambuf_iterator<char>{in}, {}};
    auto broken = whole;
    SECTION("a byte of the database") { broken[5'000] = static_cast<char>(broken[5'000] ^ 1); }
    SECTION("cut in the middle") { broken.resize(whole.size() / 2); }
    SECTION("without its list") { broken.resize(whole.size() - 2'048); }
    SECTION("another file") { broken = "not a backup at all"; }
    SECTION("empty") { broken.clear(); }
    const auto damaged = company.folder("damaged.tar");
    std::ofstream{damaged, std::ios::binary} << broken;
    const auto folder = company.folder("restored");
    const auto restored = server::restore_backup(damaged, folder, {});
    REQUIRE_FALSE(restored.has_value());
    REQUIRE_FALSE(std::filesystem::exists(folder / server::Hub::file_name));
    REQUIRE_FALSE(std::filesystem::exists(folder / "restore.part"));
    REQUIRE(server::restore_backup(file, folder, {}).has_value()); // and the good one goes in after it
}
