// roadbook-device as a real process, without a network.
#include "mobile-app/replica/open.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>

using namespace roadbook;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Words = std::vector<std::string>;
using testing::Ended;
using testing::Process;

namespace {

const std::filesystem::path program = ROADBOOK_DEVICE;

/// A device that was enrolled as an administrator, who may write every kind of record, and has not seen its server
/// since.
class Device {
public:
    Device()
    {
        const auto replica = open();
        replica::Identity identity;
        identity.device = new_id<DeviceId>(system_clock().now(), system_random());
        identity.token = system_random().bytes(32);
        identity.person = new_id<RecordId>(system_clock().now(), system_random());
        identity.person_name = "Nancy Davolio";
        identity.role = schema::Role::admin;
        identity.server = "wss://127.0.0.1:1"; // nothing listens there
        replica->keep_identity(identity);
        merge::Intent me;
        me.record = identity.person;
        me.kind = "person";
        me.create = true;
        me.steps = {{{}, {}, false, {{"name", identity.person_name}, {"role", std::string{"admin"}}}}};
        REQUIRE(replica->save(me).has_value());
    }

    [[nodiscard]] std::unique_ptr<replica::Replica> open() const
    {
        return replica::open_device(data()).value();
    }
    [[nodiscard]] std::filesystem::path data() const { return folder_ / "device"; }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_ / name; }

    [[nodiscard]] Words words(Words command) const
    {
        command.insert(command.begin(), {"--data", data().string()});
        return command;
    }
    [[nodiscard]] Ended run(const Words& command, std::string_view input = {}) const
    {
        return testing::run_process(program, words(command), input);
    }
    /// The command must succeed; its output without the last line break.
    [[nodiscard]] std::string output(const Words& command, std::string_view input = {}) const
    {
        auto ended = run(command, input);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        REQUIRE(ended.out.ends_with('\n'));
        ended.out.pop_back();
        return ended.out;
    }
    [[nodiscard]] Json json(Words command, std::string_view input = {}) const
    {
        command.push_back("--json");
        return Json::parse(output(command, input));
    }
    [[nodiscard]] Json error(Words command, int status) const
    {
        command.push_back("--json");
        const auto ended = run(command);
        CHECK(ended.status == status);
        CHECK(ended.out.empty());
        return Json::parse(ended.err).at("error");
    }
    [[nodiscard]] std::string add(const Words& fields) const
    {
        Words command{"add", "--ids"};
        command.insert(command.end(), fields.begin(), fields.end());
        return output(command);
    }
    [[nodiscard]] std::string an_account() const
    {
        const auto territory = add({"territory", "name=West"});
        return add(
            {"account", "name=华泰机电", "code=HT-01", "city=Berlin", "phone=030-0074321", "territory=" + territory});
    }

private:
    testing::TempFolder folder_;
};

} // namespace

TEST_CASE("what is added is listed, shown, found and waits for the server", "[device]")
{
    const Device device;
    const auto account = device.an_account();
    CHECK(account.size() == 36);

    const auto listed = device.json({"list", "account", "--where", "city=Berlin"});
    CHECK(listed.at("count") == 1);
    const auto& record = listed.at("records").at(0);
    CHECK(record.at("id") == account);
    CHECK(record.at("title") == "华泰机电");
    CHECK(record.at("fields").at("territory").at("title") == "West");
    CHECK(record.at("fields").at("fax").is_null());
    CHECK(device.json({"list", "account", "--where", "city=Paris"}).at("count") == 0);
    CHECK_THAT(device.output({"list", "account"}), Contains(account) && Contains("华泰机电"));

    CHECK(device.json({"show", account}).at("unsent") == true);
    CHECK(device.json({"search", "机电"}).at("hits").at(0).at("id") == account);
    CHECK(device.output({"search", "0074321", "--ids"}) == account);

    const auto outbox = device.json({"outbox"});
    CHECK(outbox.at("unsent").size() == 3); // oneself, the territory, the account
    CHECK(outbox.at("unsent").at(2).at("record") == account);
    CHECK(outbox.at("refused").empty());
}

TEST_CASE("status says who this is and what it holds", "[device]")
{
    const Device device;
    static_cast<void>(device.an_account());
    const auto status = device.json({"status"});
    CHECK(status.at("enrolled") == true);
    CHECK(status.at("person_name") == "Nancy Davolio");
    CHECK(status.at("role") == "admin");
    CHECK(status.at("records") == 3);
    CHECK(status.at("kinds").at("account") == 1);
    CHECK(status.at("kinds").at("quote") == 0);
    CHECK(status.at("unsent") == 3);
    CHECK(status.at("conflicts_open") == 0);
    CHECK(status.at("last_sync").is_null());
    CHECK_FALSE(status.dump().find("token") != std::string::npos);
    for (const auto* key : {"person", "device", "server", "refused", "late_accepted", "scopes"})
        CHECK(status.contains(key));
    CHECK_THAT(device.output({"status"}), Contains("Nancy Davolio (admin)") && Contains("3 edits"));
}

TEST_CASE("a quote adds up exactly, line by line", "[device]")
{
    const Device device;
    const auto quote =
        device.add({"quote", "account=" + device.an_account(), "owner=me", "status=draft", "discount=5"});
    const auto line =
        device.output({"add-item", quote, "lines", "description=Pump", "quantity=12", "unit_price=100 CNY", "--ids"});
    const auto other =
        device.output({"add-item", quote, "lines", "description=Hose", "quantity=1", "unit_price=500.00 CNY", "--ids"});
    CHECK(device.json({"show", quote}).at("totals").at(0).at("total").at("text") == "1615.00 CNY");
    CHECK(device.json({"set-item", quote, "lines", line, "quantity=8", "--reason", "asked for less"}).at("changed") ==
          true);
    CHECK(device.json({"set-item", quote, "lines", line, "quantity=8"}).at("changed") == false);
    CHECK_THAT(device.output({"show", quote}), Contains("total  1235.00 CNY") && Contains("Nancy Davolio"));

    CHECK(device.json({"remove-item", quote, "lines", other}).at("changed") == true);
    const auto shown = device.json({"show", quote, "--history"});
    CHECK(shown.at("totals").at(0).at("total") == Json{{"text", "760.00 CNY"}, {"minor", 76'000}, {"currency", "CNY"}});
    CHECK(shown.at("collections").at("lines").at(1).at("removed") == true);
    CHECK(shown.at("history").size() == 5);
    CHECK(shown.at("history").at(3).at("reason") == "asked for less");
    CHECK(shown.at("history").at(0).at("person_name") == "Nancy Davolio");
    CHECK(shown.at("conflicts").empty());
}

TEST_CASE("an expense report adds up by currency", "[device]")
{
    const Device device;
    const auto report = device.add({"expense_report", "title=Trip", "owner=me"});
    for (const auto* amount : {"240.00 CNY", "5400 THB", "103.20 CNY"})
        CHECK(device
                  .run({"add-item", report, "items", "spent_on=2026-11-20", "category=taxi",
                        std::string{"amount="} + amount})
                  .status == 0);
    CHECK_THAT(device.output({"show", report}), Contains("total  343.20 CNY\ntotal  5400.00 THB"));
}

TEST_CASE("each failure has its exit status, its code and its field", "[device]")
{
    const Device device;
    const auto account = device.an_account();
    const std::string stranger = "019a3f6e-58c1-7a04-9d2b-6f1c0e8b7a35";

    CHECK(device.error({"show", stranger}, 1).at("code") == "not_found");
    CHECK(device.error({"set", stranger, "name=x"}, 1).at("code") == "not_found");
    CHECK(device.error({"show", "019a3f"}, 2).at("code") == "bad_argument");
    CHECK(device.error({"set", account, "nmae=x"}, 2).at("field") == "nmae");
    CHECK(device.error({"list", "account", "--where", "ctiy=x"}, 2).at("field") == "ctiy");
    CHECK(device.error({"list", "account", "--order", "ctiy"}, 2).at("code") == "bad_argument");
    CHECK(device.error({"add-item", account, "lines", "quantity=1"}, 2).at("code") == "bad_argument");
    CHECK(device.error({"set", account, "tier=z"}, 1).at("code") == "invalid_value");
    CHECK(device.error({"set", account, "name="}, 1).at("field") == "name"); // required
    CHECK(device.error({"add", "account", "name=Nowhere", "territory=" + stranger}, 1).at("field") == "territory");
    CHECK(device.error({"resolve", account, "phone", "1", "--reason", "why"}, 1).at("code") == "not_found");
    CHECK(device.error({"enrol", "--server", "wss://127.0.0.1:1", "--code", "X"}, 1).at("code") == "not_allowed");
    CHECK(device.error({"sync"}, 1).at("code") == "link_lost");
    CHECK_THAT(device.run({"set", account, "nmae=x"}).err,
               Contains("roadbook-device: ") && Contains("did you mean 'name'?"));
    CHECK(device.json({"outbox"}).at("unsent").size() == 3); // nothing of all this was saved
}

TEST_CASE("a folder without a device is neither made nor touched", "[device]")
{
    const testing::TempFolder folder;
    const auto missing =
        testing::run_process(program, {"--data", (folder / "no").string(), "list", "account", "--json"});
    CHECK(missing.status == 1);
    CHECK(Json::parse(missing.err).at("error").at("code") == "not_enrolled");
    CHECK_FALSE(std::filesystem::exists(folder / "no"));

    std::ofstream{folder / "letter"} << "mine";
    const auto others = testing::run_process(
        program, {"--data", folder.path().string(), "enrol", "--server", "wss://127.0.0.1:1", "--code", "X"});
    CHECK(others.status == 2);
    CHECK_FALSE(std::filesystem::exists(folder / replica::Replica::file_name));
}

TEST_CASE("a folder in use, a newer file and a damaged one each get one clear message", "[device]")
{
    const Device device;
    {
        const auto holder = device.open();
        CHECK(device.error({"status"}, 1).at("code") == "storage_busy");
    }
    {
        const auto key = replica::Vault::open({.folder = device.data()}).value()->unlock({}).value();
        auto db = storage::Database::open({device.data() / replica::Replica::file_name, false, key, {}}).value();
        db.execute("PRAGMA user_version = 999999");
    }
    CHECK(device.error({"status"}, 1).at("code") == "newer_file");
    std::ofstream{device.data() / replica::Replica::file_name, std::ios::trunc} << std::string(8'192, 'x');
    CHECK(device.error({"status"}, 1).at("code") == "storage_damaged");
}

TEST_CASE("a batch does many commands, with quoting, and stops at the first failure", "[device]")
{
    const Device device;
    const auto territory = device.add({"territory", "name=West"});
    const auto input =
        "# two accounts\n\nadd account 'name=O\"Neil & Söhne' \"street=5 \\\"Rue\\\"\" territory=" + territory +
        "\nadd account name=华泰机电 notes=$'one\\ntwo' territory=" + territory +
        "\nset nowhere name=x\nadd account name=Never territory=" + territory + "\n";
    const auto stopped = device.run({"batch", "--json"}, input);
    CHECK(stopped.status == 2);
    CHECK(Json::parse(stopped.err).at("error").at("line") == 5);
    CHECK(device.json({"list", "account"}).at("count") == 2);
    std::istringstream lines{stopped.out};
    std::string line;
    REQUIRE(std::getline(lines, line));
    CHECK(Json::parse(line).at("line") == 3);
    const auto first = device.json({"show", Json::parse(line).at("record").get<std::string>()});
    CHECK(first.at("fields").at("name") == "O\"Neil & Söhne");
    CHECK(first.at("fields").at("street") == "5 \"Rue\"");
    CHECK(device.json({"list", "account", "--where", "name=华泰机电"}).at("records").at(0).at("fields").at("notes") ==
          "one\ntwo");

    const auto kept_going = device.run({"batch", "--keep-going"}, input);
    CHECK(kept_going.status == 2);
    CHECK_THAT(kept_going.err, Contains("line 5:"));
    CHECK(device.json({"list", "account"}).at("count") == 5);
}

TEST_CASE("a batch refuses what cannot stand in it", "[device]")
{
    const Device device;
    for (const auto* line :
         {"batch\n", "sync --watch\n", "status --data elsewhere\n", "add account 'name=x\n", "lst\n"}) {
        const auto ended = device.run({"batch"}, line);
        CAPTURE(line, ended.err);
        CHECK(ended.status == 2);
        CHECK_THAT(ended.err, Contains("line 1:"));
    }
}

TEST_CASE("an edit that was answered is there after SIGKILL", "[device]")
{
    const Device device;
    const auto account = device.an_account();
    for (int round = 0; round < 5; ++round) {
        const auto phone = "030-" + std::to_string(round);
        Process batch{program, device.words({"batch", "--json"})};
        batch.write("set " + account + " phone=" + phone + "\n");
        REQUIRE(Json::parse(batch.read_line()).at("changed") == true);
        batch.signal(SIGKILL);
        CHECK(batch.wait().status == -SIGKILL);
        const auto shown = device.json({"show", account}); // the lock died with its process
        REQUIRE(shown.at("fields").at("phone") == phone);
        REQUIRE(device.output({"search", phone, "--ids"}) == account);
    }
    CHECK(device.json({"outbox"}).at("unsent").size() == 3 + 5);
}

TEST_CASE("a watcher ends when it is asked to", "[device]")
{
    const Device device;
    Process watcher{program, device.words({"sync", "--watch", "--json"})};
    while (Json::parse(watcher.read_line()).at("state") != "offline") {
    }
    watcher.signal(SIGTERM);
    const auto ended = watcher.wait();
    CHECK(ended.status == 0);
    CHECK_THAT(ended.out, Contains(R"({"state":"stopped"})"));
}

TEST_CASE("an answer that cannot be written is no success", "[device]")
{
    const Device device;
    if (!std::filesystem::exists("/dev/full")) return;
    const auto ended = testing::run_process(
        "/bin/sh", {"-c", "'" + program.string() + "' --data '" + device.data().string() + "' status > /dev/full"});
    CHECK(ended.status == 1);
    CHECK_THAT(ended.err, Contains("standard output cannot be written"));
}
