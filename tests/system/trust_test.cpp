// What must hold when things go wrong, with the real programs: a server lost, an audit log touched, a clock that is wrong, a device that is gone.
#include "mobile-app/replica/open.hpp"
#include "mobile-app/sync/sync_runner.hpp"
#include "shared/storage/database.hpp"
#include "tests/support/running_office.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

using namespace roadbook;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Words = std::vector<std::string>;
using testing::RunningOffice;

namespace {

namespace fs = std::filesystem;

Json field(const RunningOffice& office, const std::string& device, const std::string& id, const std::string& name)
{
    return office.answer(device, {"show", id}).at("fields").at(name);
}

/// A clock that its user has set wrong.
class ShiftedClock final : public Clock {
public:
    Time now() override { return system_clock().now() + ahead; }
    Duration ahead{0};
};

/// An installation of the app in this process, over real sockets: the product has no way to lie about its clock.
struct App {
    ShiftedClock clock;
    std::shared_ptr<replica::Vault> vault;
    std::unique_ptr<replica::Replica> replica;

    App(const RunningOffice& office, const std::string& person, Duration ahead)
    {
        clock.ahead = ahead;
        replica::Vault::Options options;
        options.folder = office.folder / "app";
        options.clock = &clock;
        vault = replica::Vault::open(options).value();
        replica = replica::open_device(vault, {}, clock).value();
        const auto code = office.admin({"admin", "code", person}).at("code").get<std::string>();
        sync::enrol(*replica, office.url(), {code, {}, {}}, office.pin(), "fast").value();
        sync();
    }
    void sync() const { REQUIRE(sync::sync_once(*replica).has_value()); }
};

} // namespace

TEST_CASE("a server that is lost is restored from a backup made while it served, and its devices bring the lost day back", "[restore]")
{
    RunningOffice office;
    const auto mona = office.add_person("Mona", "manager"), ann = office.add_person("Ann", "rep", "Mona");
    office.enrol("boss", "Mona");
    const auto north = office.batch("boss", fmt::format("add territory name=North holder={}\n", ann)).front().at("record").get<std::string>();
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    office.enrol("phone", "Ann");
    const auto acme = office.batch("phone", fmt::format("add account name=Acme territory={}\n", north)).front().at("record").get<std::string>();
    REQUIRE(office.device("phone", {"sync"}).status == 0);

    const auto file = (office.folder / "backup.tar").string();
    CHECK(office.admin({"backup", file}).at("bytes") > 0); // while it serves
    fs::copy_file(fs::path{office.data()} / "recovery.key", office.folder / "kept.key");
    // The day that will be lost: an edit, a photo, another device of Ann's; and one edit that nobody has heard of.
    const auto visit = office.batch("phone", fmt::format("set {} phone=030-1\nadd visit subject=Lost account={}\n", acme, acme)).back().at("record").get<std::string>();
    REQUIRE(office.device("phone", {"attach", visit, office.file("photo.jpg", "a photo of the lost day")}).status == 0);
    REQUIRE(office.device("phone", {"sync"}).status == 0);
    office.enrol("tablet", "Ann");
    CHECK(office.batch("tablet", fmt::format("set {} city=Kiel\n", acme)).size() == 1);
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    office.stop();

    const auto old = fs::path{office.data()};
    const auto listen = office.url().substr(std::string_view{"wss://"}.size());
    const auto restored = (office.folder / "restored").string();
    const auto done = testing::run_process(ROADBOOKD, {"restore", file, "--keys", (office.folder / "kept.key").string(), "--data", restored, "--json"});
    INFO(done.err);
    REQUIRE(done.status == 0);
    CHECK(Json::parse(done.out).at("has_key") == true);
    for (const auto* name : {"server.crt", "server.key"}) fs::copy_file(old / name, fs::path{restored} / name); // no part of a backup: its owner has it elsewhere
    office.start("restored", listen);
    const auto early = office.device("phone", {"sync"});
    CHECK(early.status == 1);
    CHECK_THAT(early.err, Contains("restored from a backup") && Contains("safe"));
    CHECK(office.admin({"admin", "confirm-restore"}).at("devices").size() == 2);
    CHECK(office.admin({"admin", "confirm-restore", "--yes"}).at("confirmed") == true);
    REQUIRE(office.device("phone", {"sync"}).status == 0);
    const auto waits = office.device("tablet", {"sync"});
    CHECK(waits.status == 1);
    CHECK_THAT(waits.err, Contains("until an administrator admits it") && Contains("safe"));
    const auto devices = office.admin({"admin", "device", "list"}).at("devices");
    const auto tablet = std::find_if(devices.begin(), devices.end(), [](const auto& device) { return !device.at("awaits_since").is_null(); });
    REQUIRE(tablet != devices.end());
    CHECK_THAT(office.run({"admin", "device", "list"}).out, Contains("waits to be admitted"));
    CHECK(office.admin({"admin", "device", "admit", tablet->at("id").get<std::string>()}).at("admitted") == true);
    CHECK_THAT(tablet->at("name").get<std::string>(), Contains("enrolled after the backup")); // its name was lost with the day
    CHECK(office.admin({"admin", "device", "rename", tablet->at("id").get<std::string>(), "Ann's tablet"}).at("name") == "Ann's tablet");
    CHECK_THAT(office.run({"admin", "device", "list"}).out, Contains("Ann's tablet") && !Contains("enrolled after the backup"));
    for (const auto* device : {"tablet", "phone", "boss"}) REQUIRE(office.device(device, {"sync"}).status == 0);

    for (const auto* device : {"phone", "boss", "tablet"}) {
        CHECK(field(office, device, acme, "phone") == "030-1");
        CHECK(field(office, device, acme, "city") == "Kiel");
        CHECK(field(office, device, visit, "subject") == "Lost");
        const auto shown = office.answer(device, {"show", acme, "--history"});
        for (const auto& entry : shown.at("history")) CHECK(entry.at("person_name") == "Ann");
        CHECK(office.answer(device, {"status"}).at("unsent") == 0);
    }
    CHECK(office.admin({"audit", "list", "--kind", "change_recovered"}).at("entries").size() >= 1);
    CHECK(office.admin({"audit", "verify"}).at("entries") > 0);
}

TEST_CASE("a touched audit log is found out, and its first bad entry is named", "[audit]")
{
    RunningOffice office;
    (void)office.add_person("Mona", "manager");
    office.enrol("boss", "Mona");
    REQUIRE(office.device("boss", {"add", "task", "subject=Call", "owner=me"}).status == 0);
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    const auto listed = office.admin({"audit", "list", "--person", "Mona"}).at("entries");
    std::set<std::string> kinds;
    for (const auto& entry : listed) kinds.insert(entry.at("kind"));
    CHECK(kinds.contains("device_enrolled"));
    CHECK(kinds.contains("login"));
    CHECK(kinds.contains("change_accepted"));
    const auto other = office.run({"audit", "verify", "--head", "1:" + std::string(64, 'a')});
    CHECK_THAT(other.err, Contains("First bad entry: 1, or one before it") && !Contains("good"));
    CHECK(office.device("phone", {"enrol", "--server", office.url(), "--pin", office.pin(), "--code", "0000-0000-0000-0000"}).status == 1);
    CHECK_THAT(office.run({"audit", "list", "--kind", "enrolment_refused"}).out, Contains("(unknown)") && !Contains("(server)"));
    const auto head = office.admin({"audit", "head"}).at("head").get<std::string>();
    CHECK(office.admin({"audit", "verify", "--head", head}).at("head") == head);
    office.stop();
    const auto write = [&](const char* sql) {
        storage::OpenOptions options;
        options.path = fs::path{office.data()} / "server.db";
        auto db = storage::Database::open(options).value();
        db.execute("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; DROP TRIGGER audit_has_no_gaps;");
        db.execute(sql);
    };
    Words call{"audit", "verify"};
    SECTION("an entry that says something else") { write("UPDATE audit SET detail = 'never mind' WHERE seq = 3"); }
    SECTION("one that was taken out") { write("DELETE FROM audit WHERE seq = 3"); }
    SECTION("its end cut off")
    {
        write("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)");
        call.insert(call.end(), {"--head", head});
    }
    const auto verdict = office.run(call);
    CHECK(verdict.status != 0);
    CHECK_THAT(verdict.err, Contains("First bad entry"));
}

TEST_CASE("a device whose clock is two days fast wins nothing by it, over real connections", "[scenario]")
{
    RunningOffice office;
    const auto max = office.add_person("Max", "manager"), mona = office.add_person("Mona", "manager", "Max"), ann = office.add_person("Ann", "rep", "Mona");
    office.enrol("mona", "Mona");
    const auto north = office.batch("mona", fmt::format("add territory name=North holder={}\n", ann)).front().at("record").get<std::string>();
    REQUIRE(office.device("mona", {"sync"}).status == 0);
    const App app{office, "Ann", std::chrono::hours{48}};
    const auto acme = app.replica->add("account", {{"name", std::string{"Acme"}}, {"territory", *RecordId::parse(north)}}).value().record;
    app.sync();
    REQUIRE(office.device("mona", {"sync"}).status == 0);
    office.enrol("max", "Max");

    const auto before = system_clock().now();
    CHECK(office.device("max", {"set", acme.text(), "phone=of-the-third"}).status == 0); // offline
    REQUIRE(app.replica->set(acme, {{"phone", std::string{"of-the-rep"}}}).has_value());
    REQUIRE(app.replica->add("task", {{"subject", std::string{"Call"}}, {"owner", app.replica->identity()->person}, {"due_on", std::string{"2026-12-24"}}}).has_value());
    app.sync();
    const auto after = system_clock().now();
    REQUIRE(office.device("mona", {"sync"}).status == 0);
    CHECK(office.device("mona", {"set", acme.text(), "phone=of-the-colleague"}).status == 0);
    for (int round = 0; round < 2; ++round) {
        for (const auto* device : {"mona", "max"}) REQUIRE(office.device(device, {"sync"}).status == 0);
        app.sync();
    }
    for (const auto* device : {"mona", "max"}) {
        const auto shown = office.answer(device, {"show", acme.text(), "--history"});
        std::set<std::string> values;
        for (const auto& conflict : shown.at("conflicts"))
            for (const auto& candidate : conflict.at("candidates")) values.insert(candidate.at("value"));
        CHECK(values == std::set<std::string>{"of-the-colleague", "of-the-third"}); // the rep's is superseded
        bool found = false;
        for (const auto& entry : shown.at("history"))
            for (const auto& set : entry.at("sets"))
                if (set.at("value") == "of-the-rep") {
                    found = true;
                    CHECK(entry.at("when").get<std::string>() >= to_text(before - std::chrono::seconds{2})); // shown put right
                    CHECK(entry.at("when").get<std::string>() <= to_text(after + std::chrono::seconds{2}));
                }
        CHECK(found);
        CHECK(office.answer(device, {"list", "task"}).at("records")[0].at("fields").at("due_on") == "2026-12-24");
    }
    const auto devices = office.admin({"admin", "device", "list"}).at("devices");
    const auto row = std::find_if(devices.begin(), devices.end(), [](const auto& device) { return device.at("name") == "fast"; });
    CHECK(row->at("clock_offset_ms") > 47 * 3'600'000);
}

TEST_CASE("a lost device is replaced by a new one with what it had sent, and what it had not waits for a decision", "[scenario]")
{
    RunningOffice office;
    const auto mona = office.add_person("Mona", "manager"), ann = office.add_person("Ann", "rep", "Mona");
    office.enrol("boss", "Mona");
    const auto north = office.batch("boss", fmt::format("add territory name=North holder={}\n", ann)).front().at("record").get<std::string>();
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    office.enrol("lost", "Ann");
    const auto acme = office.batch("lost", fmt::format("add account name=Acme territory={} phone=of-11\n", north)).front().at("record").get<std::string>();
    REQUIRE(office.device("lost", {"sync"}).status == 0);
    CHECK(office.batch("lost", fmt::format("set {} city=Kiel\n", acme)).size() == 1); // not sent
    const auto id = office.answer("lost", {"status"}).at("device").get<std::string>();
    CHECK(office.admin({"admin", "revoke", id}).at("revoked") == true);

    office.enrol("fresh", "Ann");
    CHECK(field(office, "fresh", acme, "phone") == "of-11");
    CHECK(field(office, "fresh", acme, "city").is_null());
    CHECK(office.device("fresh", {"set", acme, "street=Harbour"}).status == 0);
    REQUIRE(office.device("fresh", {"sync"}).status == 0);

    const auto back = office.device("lost", {"sync"});
    CHECK(back.status == 1);
    CHECK_THAT(back.out, Contains("1 unsent edit handed over") && Contains("erased"));
    std::set<std::string> left;
    for (const auto& entry : fs::directory_iterator{office.folder / "lost"}) left.insert(entry.path().filename().string());
    CHECK(left == std::set<std::string>{"lock"});
    const auto edits = office.admin({"admin", "surrendered", "list"}).at("edits");
    REQUIRE(edits.size() == 1);
    CHECK(edits[0].at("sets") == "city");
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    CHECK(field(office, "boss", acme, "city").is_null()); // until somebody has decided
    CHECK(office.admin({"admin", "surrendered", "carry-out", std::to_string(edits[0].at("number").get<int>())}).at("carried_out") == true);
    for (const auto* device : {"fresh", "boss"}) {
        REQUIRE(office.device(device, {"sync"}).status == 0);
        CHECK(field(office, device, acme, "city") == "Kiel");
        CHECK(field(office, device, acme, "street") == "Harbour");
    }
}

TEST_CASE("an export in bulk needs a right, and every export is in the server's audit log, made offline or not", "[export]")
{
    RunningOffice office;
    const auto mona = office.add_person("Mona", "manager");
    (void)office.add_person("Ann", "rep", "Mona");
    office.enrol("phone", "Ann");
    std::string lines;
    for (int i = 0; i < 251; ++i) lines += fmt::format("add task subject=Call-{} owner=me\n", i);
    CHECK(office.batch("phone", lines).size() == 251);
    office.stop(); // without a network
    const auto out = (office.folder / "tasks.csv").string();
    CHECK(office.answer("phone", {"export", "task", "--out", out}).at("count") == 251);
    CHECK(fs::remove(out));
    const auto refused = office.device("phone", {"export", "task", "--out", out}); // 502 within a day
    CHECK(refused.status == 1);
    CHECK_THAT(refused.err, Contains("502 records within 24 hours") && Contains("May export in bulk") && Contains("the attempt is recorded"));
    CHECK_FALSE(fs::exists(out));
    office.start("server", office.url().substr(std::string_view{"wss://"}.size()));
    REQUIRE(office.device("phone", {"sync"}).status == 0);
    const auto entries = office.admin({"audit", "list", "--kind", "exported"}).at("entries");
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].at("person").at("name") == "Ann");
    CHECK_THAT(entries[0].at("detail").get<std::string>(), Contains("csv task: 251 records on the device, allowed"));
    CHECK_THAT(entries[1].at("detail").get<std::string>(), Contains("refused"));

    office.enrol("boss", "Mona"); // who leads her sees them, too
    CHECK(office.answer("boss", {"list", "data_export"}).at("count") == 2);
    (void)office.add_person("Nancy", "admin");
    office.enrol("desk", "Nancy");
    const auto people = office.answer("desk", {"list", "person"}).at("records");
    const auto ann = std::find_if(people.begin(), people.end(), [](const auto& person) { return person.at("title") == "Ann"; });
    REQUIRE(office.device("desk", {"set", ann->at("id").get<std::string>(), "may_export=yes"}).status == 0);
    for (const auto* device : {"desk", "phone"}) REQUIRE(office.device(device, {"sync"}).status == 0);
    CHECK(office.answer("phone", {"export", "task", "--out", out}).at("count") == 251);
}
