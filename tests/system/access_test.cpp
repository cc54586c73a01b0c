// Who may read what, with the real programs: codes and links, PINs, a forgotten one, a lost device, somebody who leaves.
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <set>

using namespace roadbook;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Words = std::vector<std::string>;
using testing::Ended;
using testing::TempFolder;

namespace {

class Office {
public:
    Office()
        : server_{ROADBOOKD, {"serve", "--log-level", "error", "--data", data(), "--listen", "127.0.0.1:0"}}
    {
        line_ = server_.read_line();
        nancy = admin({"admin", "person", "add", "Nancy Davolio", "--role", "admin"}).at("id");
    }
    [[nodiscard]] std::string data() const { return (folder / "server").string(); }
    [[nodiscard]] Json admin(Words words, std::string_view input = {}) const
    {
        words.insert(words.end(), {"--data", data(), "--json"});
        const auto ended = testing::run_process(ROADBOOKD, words, input);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        return Json::parse(ended.out);
    }
    [[nodiscard]] std::string url() const { return line_.substr(line_.find("wss://"), line_.find(' ', line_.find("wss://")) - line_.find("wss://")); }
    [[nodiscard]] std::string pin() const { return line_.substr(line_.find("sha256:")); }
    [[nodiscard]] Ended device(const std::string& name, Words words, std::string_view input = {}) const
    {
        words.insert(words.begin(), {"--data", (folder / name).string()});
        return testing::run_process(ROADBOOK_DEVICE, words, input);
    }
    [[nodiscard]] Json answer(const std::string& name, Words words, std::string_view input = {}) const
    {
        words.emplace_back("--json");
        const auto ended = device(name, words, input);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        return Json::parse(ended.out);
    }
    [[nodiscard]] std::string file(const std::string& name, std::string_view content) const
    {
        std::ofstream{folder / name} << content;
        return (folder / name).string();
    }
    /// A device of Nancy's, with one edit that the server has, and one that it has not.
    void busy_device(const std::string& name) const
    {
        const auto link = admin({"admin", "code", "Nancy"}).at("link").get<std::string>();
        REQUIRE(device(name, {"enrol", "--link", link}).status == 0);
        REQUIRE(device(name, {"sync"}).status == 0);
        REQUIRE(device(name, {"add", "task", "subject=Sent", "owner=me"}).status == 0);
        REQUIRE(device(name, {"sync"}).status == 0);
        REQUIRE(device(name, {"add", "task", "subject=Unsent", "owner=me"}).status == 0);
    }

    TempFolder folder;
    std::string nancy;

private:
    testing::Process server_;
    std::string line_;
};

} // namespace

TEST_CASE("a PIN locks a device, and a forgotten one costs no edit", "[access]")
{
    const Office office;
    office.busy_device("phone");
    const auto pin = office.file("pin", "271828\n");
    const auto plain = office.answer("phone", {"status"});
    CHECK(plain.at("pin") == false);
    CHECK(plain.at("lease").at("days") == 14);
    CHECK(office.device("phone", {"pin", "set", "--new-pin-file", office.file("bad", "111111")}).status == 1);
    CHECK(office.device("phone", {"pin", "set", "--new-pin-file", pin}).status == 0);

    const auto locked = office.device("phone", {"list", "task", "--json"});
    CHECK(locked.status == 1);
    CHECK(Json::parse(locked.err).at("error").at("code") == "locked");
    CHECK(Json::parse(locked.err).at("error").at("field") == "pin");
    CHECK(office.answer("phone", {"status"}).at("locked") == "pin");
    CHECK(office.answer("phone", {"list", "task", "--pin-file", pin}).at("count") == 2);
    CHECK(office.answer("phone", {"list", "task", "--pin-file", "-"}, "271828\n").at("count") == 2);

    const auto handed = office.answer("phone", {"surrender"});
    CHECK(handed.at("surrendered") == 1);
    CHECK(handed.at("wiped") == false);
    const auto edits = office.admin({"admin", "surrendered", "list"}).at("edits");
    REQUIRE(edits.size() == 1);
    CHECK(edits[0].at("person").at("name") == "Nancy Davolio");
    CHECK(edits[0].at("kind") == "task");
    CHECK(edits[0].at("why") == "pin");
    CHECK(office.admin({"admin", "surrendered", "carry-out", std::to_string(edits[0].at("number").get<int>())}).at("carried_out") == true);
    CHECK(office.admin({"export", "csv", "task"}).at("records") == 2);
}

TEST_CASE("a lost device hands over its edits and erases itself when it comes back", "[access]")
{
    const Office office;
    office.busy_device("lost");
    const auto device = office.answer("lost", {"status"}).at("device").get<std::string>();
    CHECK(office.admin({"admin", "revoke", device}).at("revoked") == true);
    const auto synced = office.device("lost", {"sync"});
    CHECK(synced.status == 1);
    CHECK_THAT(synced.err, Contains("access was ended"));
    CHECK_THAT(synced.out, Contains("1 unsent edit handed over") && Contains("erased"));
    std::set<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator{office.folder / "lost"}) left.insert(entry.path().filename().string());
    CHECK(left == std::set<std::string>{"lock"});
    const auto row = office.admin({"admin", "device", "list"}).at("devices")[0];
    CHECK(row.at("surrendered") == 1);
    CHECK(row.at("wiped_at").is_string());
    CHECK(row.at("bytes_stored") > 0);
    CHECK_THAT(office.device("lost", {"status"}).err, Contains("there is no device"));
}

TEST_CASE("a watching device ends by itself when its person leaves, and erases what it held", "[access]")
{
    const Office office;
    office.busy_device("desk");
    testing::Process watching{ROADBOOK_DEVICE, {"--data", (office.folder / "desk").string(), "sync", "--watch"}};
    while (!watching.read_line().starts_with("synced")) {}
    CHECK(office.admin({"admin", "leaver", "Nancy", "--bring-back"}).at("brought_back") == 0);
    const auto ended = watching.wait();
    CHECK(ended.status == 1);
    CHECK_THAT(ended.out, Contains("erased"));
    CHECK(office.admin({"admin", "device", "list"}).at("devices")[0].at("wiped_at").is_string());
}

TEST_CASE("without a code, name and password enrol a device, and the code's QR shows its link", "[access]")
{
    const Office office;
    CHECK(office.admin({"admin", "password", "Nancy"}, "correct horse battery\n").at("name") == "Nancy Davolio");
    const Words enrol{"enrol", "--server", office.url(), "--pin", office.pin(), "--person", "nancy davolio"};
    auto wrong = enrol;
    wrong.insert(wrong.end(), {"--password-file", office.file("wrong", "correct horse batterx")});
    CHECK(office.device("phone", wrong).status == 1);
    auto right = enrol;
    right.insert(right.end(), {"--password-file", "-"});
    const auto enrolled = office.device("phone", right, "correct horse battery\n");
    INFO(enrolled.err);
    CHECK(enrolled.status == 0);
    const auto code = testing::run_process(ROADBOOKD, {"admin", "code", "Nancy", "--qr", "--data", office.data()});
    CHECK_THAT(code.out, Contains("\u2588\u2588") && Contains("roadbook:enrol?server=wss://127.0.0.1") && Contains("&pin=sha256:"));
}
