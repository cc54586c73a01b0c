// roadbookd as a real process: settings, commands, and each failure's one message and exit status.
#include "shared/storage/database.hpp"
#include "shared/wire/certificate.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include <sys/mount.h>

using namespace roadbook;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Words = std::vector<std::string>;
using testing::Process;
using testing::TempFolder;

namespace {

const std::filesystem::path program = ROADBOOKD;

testing::Ended run(const Words& words)
{
    return testing::run_process(program, words);
}

/// A server that serves by now.
struct Serving {
    explicit Serving(Words words) : process{program, with(std::move(words))}, line{process.read_line()} {}
    static Words with(Words words)
    {
        words.insert(words.begin(), {"serve", "--log-level", "warning"});
        return words;
    }
    [[nodiscard]] std::string address() const
    {
        constexpr std::string_view before = "listening wss://";
        return line.substr(before.size(), line.find(' ', before.size()) - before.size());
    }
    Process process;
    std::string line;
};

} // namespace

TEST_CASE("a server says where it listens, and ends with 0 when it is asked to", "[roadbookd]")
{
    const TempFolder folder;
    for (const int signal : {SIGTERM, SIGINT}) {
        Serving server{{"--data", folder.path().string(), "--listen", "127.0.0.1:0"}};
        CHECK_THAT(server.line, Catch::Matches("listening wss://127\\.0\\.0\\.1:[0-9]+ fingerprint sha256:[0-9a-f]{64}"));
        server.process.signal(signal);
        const auto ended = server.process.wait();
        CHECK(ended.status == 0);
        CHECK(ended.err.empty());
    }
}

TEST_CASE("a port in use, a folder in use and a newer file each have their message and status", "[roadbookd]")
{
    const TempFolder folder;
    const Serving server{{"--data", (folder / "one").string(), "--listen", "127.0.0.1:0"}};
    const auto same_port = run({"serve", "--data", (folder / "two").string(), "--listen", server.address()});
    CHECK(same_port.status == 3);
    CHECK_THAT(same_port.err, Contains("roadbookd: ") && Contains(server.address().substr(server.address().find(':') + 1)));
    const auto same_folder = run({"serve", "--data", (folder / "one").string(), "--listen", "127.0.0.1:0"});
    CHECK(same_folder.status == 4);
    CHECK_THAT(same_folder.err, Contains((folder / "one").string()) && Contains("in use"));
    {
        auto db = storage::Database::open({folder / "two" / "server.db", false, {}, {}}).value();
        db.execute("PRAGMA user_version = 999999");
    }
    CHECK(run({"serve", "--data", (folder / "two").string(), "--listen", "127.0.0.1:0", "--log-level", "off"}).status == 5);
    const auto newer = run({"admin", "person", "list", "--data", (folder / "two").string(), "--json"});
    CHECK(newer.status == 5);
    CHECK(Json::parse(newer.err).at("error").at("code") == "newer_file");
}

TEST_CASE("a certificate that devices would refuse stops the server before it serves", "[roadbookd]")
{
    const TempFolder folder;
    auto wish = testing::good_certificate();
    wish.valid_until = system_clock().now() - std::chrono::hours{1};
    wish.valid_from = wish.valid_until - std::chrono::hours{1};
    const auto expired = wire::make_certificate(wish);
    const auto good = wire::make_certificate(testing::good_certificate());
    const auto cert = testing::write_file(folder / "a.crt", expired.certificate_pem).string();
    const auto key = testing::write_file(folder / "a.key", expired.key_pem).string();
    const auto other_key = testing::write_file(folder / "b.key", good.key_pem).string();
    const auto serve = [&](const std::string& with_cert, const std::string& with_key) {
        return run({"serve", "--data", (folder / "data").string(), "--listen", "127.0.0.1:0", "--cert", with_cert, "--key", with_key});
    };
    CHECK(serve(cert, key).status == 6);
    CHECK_THAT(serve(cert, key).err, Contains("expired on"));
    CHECK(serve(cert, other_key).status == 6);
    CHECK(serve((folder / "none.crt").string(), key).status == 6);
    CHECK(run({"serve", "--data", (folder / "data").string(), "--cert", cert}).status == 2); // a certificate without its key
}

TEST_CASE("a full disk has its message and status", "[roadbookd]")
{
    const TempFolder folder;
    // a disk of 64 KiB takes the rights of an administrator
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) return;
    const auto ended = run({"serve", "--data", folder.path().string(), "--listen", "127.0.0.1:0", "--log-level", "off"});
    ::umount2(folder.path().c_str(), MNT_DETACH);
    CHECK(ended.status == 7);
    CHECK_THAT(ended.err, Contains("full"));
}

TEST_CASE("settings come from a file, and a flag wins over it", "[roadbookd]")
{
    const TempFolder folder;
    std::ofstream{folder / "roadbookd.toml"} << "data = \"data\"\nlisten = \"[::1]:nonsense\"\nlog-level = \"off\"\n";
    Serving server{{"--config", (folder / "roadbookd.toml").string(), "--listen", "127.0.0.1:0"}};
    CHECK_THAT(server.line, Contains("listening"));
    CHECK(std::filesystem::exists(folder / "data" / "server.db")); // relative to the file
}

TEST_CASE("a setting that does not exist is answered with the nearest one that does", "[roadbookd]")
{
    const TempFolder folder;
    const auto with = [&](const std::string& text) {
        std::ofstream{folder / "roadbookd.toml", std::ios::trunc} << text;
        return run({"serve", "--config", (folder / "roadbookd.toml").string()});
    };
    for (const auto& [text, told] : {std::pair{"data = \"x\"\nlissten = \"y\"\n", "roadbookd.toml:2: there is no setting 'lissten': did you mean 'listen'?"},
                                     std::pair{"data = 1\n", "roadbookd.toml:1: data must be a text in quotes"},
                                     std::pair{"data = \n", "roadbookd.toml:1: "},
                                     std::pair{"data = \"x\"\nlisten = \"here\"\n", "'here' is no address to listen on"},
                                     std::pair{"data = \"x\"\nlog-level = \"loud\"\n", "'loud' is no log level"},
                                     std::pair{"", "which data folder?"}}) {
        const auto ended = with(text);
        CAPTURE(text, ended.err);
        CHECK(ended.status == 2);
        CHECK_THAT(ended.err, Contains(told));
    }
    CHECK(run({"serve", "--config", (folder / "none.toml").string()}).status == 2);
}

TEST_CASE("a mistyped command or option says what exists", "[roadbookd]")
{
    for (const auto& [words, told] : {std::pair{Words{"serv"}, "did you mean 'serve'?"}, std::pair{Words{"admin", "persn", "list"}, "did you mean 'person'?"},
                                      std::pair{Words{"admin", "person", "lst"}, "did you mean 'list'?"},
                                      std::pair{Words{"serve", "--lisen", "x"}, "did you mean '--listen'?"}, std::pair{Words{}, "a command is missing"},
                                      std::pair{Words{"admin", "person", "list"}, "--data"}}) {
        const auto ended = run(words);
        CAPTURE(words, ended.err);
        CHECK(ended.status == 2);
        CHECK_THAT(ended.err, Contains(told));
        CHECK(ended.out.empty());
    }
    CHECK(run({"--help"}).status == 0);
    CHECK_THAT(run({"--version"}).out, Contains("roadbookd "));
}

TEST_CASE("administration works beside a running server", "[roadbookd]")
{
    const TempFolder folder;
    const auto data = (folder / "data").string();
    const Serving server{{"--data", data, "--listen", "127.0.0.1:0"}};
    const auto admin = [&](Words words) {
        words.insert(words.begin(), "admin");
        words.insert(words.end(), {"--data", data, "--json"});
        const auto ended = run(words);
        return ended.status == 0 ? Json::parse(ended.out) : Json::parse(ended.err).at("error");
    };
    const auto boss = admin({"person", "add", "陈经理", "--role", "manager"}).at("id").get<std::string>();
    CHECK(admin({"person", "add", "Nancy Davolio", "--role", "rep", "--reports-to", "陈经理"}).at("name") == "Nancy Davolio");
    CHECK(admin({"person", "add", "Nora", "--role", "boss"}).at("field") == "role");
    const auto people = admin({"person", "list"}).at("people");
    REQUIRE(people.size() == 2);
    CHECK(people.at(0).at("reports_to").at("id") == boss);
    CHECK(admin({"person", "role", "nancy", "admin"}).at("role") == "admin");
    CHECK(admin({"person", "reports-to", "陈经理", "nancy"}).at("code") == "bad_argument"); // a circle
    CHECK(admin({"person", "reports-to", "nancy", "--nobody"}).at("reports_to").is_null());
    CHECK(admin({"person", "role", "n", "rep"}).at("name") == "Nancy Davolio");
    CHECK(admin({"person", "role", "Nansy Davolio", "rep"}).at("message").get<std::string>().find("did you mean 'Nancy Davolio'?") != std::string::npos);
    CHECK_THAT(admin({"code", "Nancy", "--minutes", "120"}).at("code").get<std::string>(), Catch::Matches("[0-9A-Z]{4}(-[0-9A-Z]{4}){3}"));
    CHECK(admin({"device", "list"}).at("devices").empty());
    CHECK(admin({"quarantine"}).at("changes").empty());
    CHECK(admin({"device", "revoke", "phone"}).at("code") == "not_found");
}

TEST_CASE("the data folder that is said wins over that of the environment, in every command", "[roadbookd]")
{
    const TempFolder folder;
    const auto said = (folder / "said").string(), file = (folder / "backup.tar").string();
    REQUIRE(run({"admin", "person", "add", "Ann", "--role", "manager", "--data", said}).status == 0);
    REQUIRE(run({"backup", file, "--data", said}).status == 0);
    const auto in_environment = [&](const std::string& data) { REQUIRE(::setenv("ROADBOOKD_DATA", data.c_str(), 1) == 0); };
    in_environment((folder / "none").string());
    for (const auto& words : {Words{"admin", "person", "list"}, Words{"admin", "--data", said, "person", "list"}, Words{"audit", "list"}, Words{"export", "csv", "person"},
                              Words{"import", "list"}, Words{"backup", file}, Words{"restore", file, "--data", (folder / "restored").string()}}) {
        auto call = words;
        if (std::find(call.begin(), call.end(), "--data") == call.end()) call.insert(call.end(), {"--data", said});
        const auto ended = run(call);
        CAPTURE(call, ended.err);
        CHECK(ended.status == 0);
    }
    CHECK(std::filesystem::exists(folder / "restored" / "server.db"));
    CHECK_FALSE(std::filesystem::exists(folder / "none"));
    in_environment(said);
    CHECK_THAT(run({"admin", "person", "list"}).out, Contains("Ann")); // nothing else is said
    REQUIRE(::unsetenv("ROADBOOKD_DATA") == 0);
}

TEST_CASE("a folder without a server is neither made nor touched by mistake", "[roadbookd]")
{
    const TempFolder folder;
    const auto ended = run({"admin", "person", "list", "--data", (folder / "no").string()});
    CHECK(ended.status == 1);
    CHECK_THAT(ended.err, Contains("holds no server yet"));
    CHECK_FALSE(std::filesystem::exists(folder / "no"));
}

TEST_CASE("an import prints its table, names what was broken, and stops at a missing file", "[roadbookd]")
{
    const TempFolder folder;
    std::filesystem::copy(ROADBOOK_SOURCE_DIR "/packaging/demo-data/northwind", folder / "files");
    std::ofstream{folder / "files" / "regions.csv", std::ios::app} << "5\n";
    const auto done = run({"import", "northwind", (folder / "files").string(), "--data", (folder / "data").string()});
    CHECK(done.status == 0);
    CHECK_THAT(done.out, Contains("order line") && Contains("2155") && Contains("1 broken row was skipped") && Contains("regions.csv:6: the row has 1 cell"));
    std::filesystem::remove(folder / "files" / "orders.csv");
    const auto missing = run({"import", "northwind", (folder / "files").string(), "--data", (folder / "data").string()});
    CHECK(missing.status == 1);
    CHECK_THAT(missing.err, Contains("orders.csv cannot be read"));
}
