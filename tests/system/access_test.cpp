// Who may read what, with the real programs: codes and links, PINs, a forgotten one, a lost device, somebody who leaves.
#include "tests/support/running_office.hpp"

#include <algorithm>
#include <set>

using namespace roadbook;
using Catch::Matchers::Contains;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

namespace {

struct Office : testing::RunningOffice {
    std::string nancy = add_person("Nancy Davolio", "admin");

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
    CHECK_THAT(Json::parse(locked.err).at("error").at("message_zh").get<std::string>(), Contains("PIN"));
    CHECK_THAT(office.device("phone", {"list", "task", "--lang", "zh"}).err, Contains("此设备已锁定"));
    CHECK_THAT(office.device("phone", {"status", "--lang", "zh"}).out, Contains("此设备已锁定"));
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
    const auto kept = office.admin({"admin", "quarantine", "list"}).at("changes").at(0); // the same in the view of all
    CHECK(kept.at("title") == "Unsent"); // it is not made yet: by the name that the edit gives it
    CHECK(kept.at("reason") == "handed over: the device is locked, its PIN was not given");
    CHECK_FALSE(kept.at("reason_zh").get<std::string>().empty());
    CHECK(kept.at("sets") == office.admin({"admin", "quarantine", "show", "s1"}).at("sets"));
    CHECK_FALSE(kept.at("sets").empty());
    CHECK(office.admin({"admin", "surrendered", "carry-out", std::to_string(edits[0].at("number").get<int>())}).at("carried_out") == true);
    CHECK(office.admin({"export", "csv", "task"}).at("records") == 2);
}

TEST_CASE("after ten wrong PINs a device hands over its edits, and its folder can be enrolled again", "[access]")
{
    const Office office;
    office.busy_device("phone");
    REQUIRE(office.device("phone", {"pin", "set", "--new-pin-file", office.file("pin", "271828\n")}).status == 0);
    const auto folder = office.folder / "phone";
    std::filesystem::remove(folder / "key"); // as the tenth wrong one does, after minutes of waits
    const auto enrol = [&] { return Words{"enrol", "--link", office.admin({"admin", "code", "Nancy"}).at("link").get<std::string>()}; };
    const auto too_early = office.device("phone", enrol());
    CHECK(too_early.status == 1);
    CHECK_THAT(too_early.err, Contains("surrender"));
    CHECK(office.answer("phone", {"surrender"}).at("surrendered") == 1);

    const auto enrolled = office.device("phone", enrol());
    INFO(enrolled.err);
    CHECK(enrolled.status == 0);
    CHECK(office.device("phone", {"sync"}).status == 0);
    CHECK(office.answer("phone", {"list", "task"}).at("count") == 1); // what was sent before
    CHECK(office.admin({"admin", "surrendered", "list"}).at("edits").size() == 1);
}

TEST_CASE("a server restored from a backup without its key does not know a device, which is enrolled again where it is and sends its edits", "[access]")
{
    Office office;
    const auto backup = (office.folder / "backup.tar").string();
    CHECK(office.run({"backup", backup}).status == 0);
    office.busy_device("phone");
    const auto enrol = [&](const std::string& person) {
        const auto code = office.admin({"admin", "code", person}).at("code").get<std::string>();
        return office.device("phone", {"enrol", "--server", office.url(), "--pin", office.pin(), "--code", code});
    };
    CHECK_THAT(enrol("Nancy").err, Contains("enrolled already, as Nancy Davolio")); // this server knows it
    office.stop();
    const auto listen = office.url().substr(std::string_view{"wss://"}.size());
    CHECK(testing::run_process(ROADBOOKD, {"restore", backup, "--data", (office.folder / "restored").string()}).status == 0);
    for (const auto* name : {"server.crt", "server.key"}) std::filesystem::copy_file(std::filesystem::path{office.data()} / name, office.folder / "restored" / name);
    office.start("restored", listen);
    CHECK(office.admin({"admin", "confirm-restore", "--yes"}).at("confirmed") == true);
    (void)office.add_person("Bea Blum", "rep");

    CHECK_THAT(office.device("phone", {"surrender"}).err, Contains("in this same folder"));
    CHECK_THAT(enrol("Bea").err, Contains("enrol Bea Blum in another folder"));
    const auto enrolled = enrol("Nancy");
    INFO(enrolled.err);
    CHECK(enrolled.status == 0);
    CHECK_THAT(enrolled.out, Contains("its records are kept, and 1 unsent edit goes out"));
    const auto synced = office.device("phone", {"sync"});
    INFO(synced.err);
    CHECK(synced.status == 0);
    CHECK(office.answer("phone", {"status"}).at("refused") == 0);
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
    CHECK_THAT(office.device("lost", {"--version"}).out, Contains("roadbook-device " + row.at("app_version").get<std::string>()));
    CHECK(row.at("app_version") != "");
    CHECK_THAT(office.device("lost", {"status"}).err, Contains("there is no device"));
}

TEST_CASE("a lost device that is locked erases itself without its PIN, and hands over nothing while it has access", "[access]")
{
    const Office office;
    office.busy_device("lost");
    const auto device = office.answer("lost", {"status"}).at("device").get<std::string>();
    REQUIRE(office.device("lost", {"pin", "set", "--new-pin-file", office.file("pin", "271828\n")}).status == 0);
    const auto locked = office.device("lost", {"sync", "--json"});
    CHECK(locked.status == 1);
    CHECK(Json::parse(locked.err).at("error").at("code") == "locked");
    CHECK_THAT(Json::parse(locked.err).at("error").at("message").get<std::string>(), Contains("`surrender`"));
    CHECK(office.admin({"admin", "surrendered", "list"}).at("edits").empty());

    CHECK(office.admin({"admin", "revoke", device}).at("revoked") == true);
    const auto synced = office.device("lost", {"sync"});
    CHECK(synced.status == 1);
    CHECK_THAT(synced.err, Contains("access was ended"));
    CHECK_THAT(synced.out, Contains("1 unsent edit handed over") && Contains("erased"));
    CHECK_FALSE(std::filesystem::exists(office.folder / "lost" / "key"));
    const auto edits = office.admin({"admin", "surrendered", "list"}).at("edits");
    REQUIRE(edits.size() == 1);
    CHECK(edits[0].at("why") == "revoked");
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

TEST_CASE("a record is deleted and brought back by those who may, and what somebody deleted before he left comes back", "[access]")
{
    const Office office;
    const auto mona = office.add_person("Mona Chief", "manager"), ann = office.add_person("Ann Rep", "rep", "Mona Chief");
    office.enrol("boss", "Mona");
    const auto north = office.answer("boss", {"add", "territory", "name=North", "holder=" + ann}).at("record").get<std::string>();
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    office.enrol("ann", "Ann");
    const auto acme = office.answer("ann", {"add", "account", "name=Acme", "territory=" + north}).at("record").get<std::string>();
    REQUIRE(office.device("ann", {"sync"}).status == 0);

    CHECK_THAT(office.device("ann", {"undo", acme}).err, Contains("delete"));
    const auto gone = office.device("ann", {"delete", acme, "--reason", "entered by mistake"});
    CHECK_THAT(gone.out, Contains("deleted account " + acme + "  Acme") && Contains("undelete " + acme));
    CHECK(office.answer("ann", {"delete", acme}).at("changed") == false);
    CHECK(office.answer("ann", {"list", "account"}).at("count") == 0);
    CHECK(office.answer("ann", {"search", "Acme"}).at("count") == 0);
    REQUIRE(office.device("ann", {"sync"}).status == 0);
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    CHECK(office.answer("boss", {"list", "account"}).at("count") == 0);
    CHECK_THAT(office.device("boss", {"show", acme, "--history"}).out, Contains("deleted_at") && Contains("entered by mistake") && Contains("Ann Rep"));

    CHECK(office.answer("boss", {"undelete", acme, "--reason", "still a customer"}).at("changed") == true);
    CHECK(office.answer("boss", {"undelete", acme}).at("changed") == false);
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    REQUIRE(office.device("ann", {"sync"}).status == 0);
    CHECK(office.answer("ann", {"list", "account"}).at("count") == 1);
    CHECK_THAT(office.device("ann", {"delete", north}).err, Contains("may not delete"));

    REQUIRE(office.device("ann", {"delete", acme}).status == 0);
    REQUIRE(office.device("ann", {"sync"}).status == 0);
    CHECK(office.admin({"admin", "leaver", "Ann", "--bring-back"}).at("brought_back") == 1);
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    CHECK(office.answer("boss", {"list", "account"}).at("count") == 1);
}

TEST_CASE("without a code, name and password enrol a device, and the code's QR shows its link", "[access]")
{
    const Office office;
    CHECK(office.admin({"admin", "password", "Nancy"}, "correct horse battery\n").at("name") == "Nancy Davolio");
    const Words enrol{"enrol", "--server", office.url(), "--pin", office.pin(), "--person", "nancy davolio"};
    auto wrong = enrol;
    wrong.insert(wrong.end(), {"--password-file", office.file("wrong", "correct horse batterx")});
    CHECK(office.device("phone", wrong).status == 1);
    std::set<std::string> left; // of an enrolment that failed
    for (const auto& entry : std::filesystem::directory_iterator{office.folder / "phone"}) left.insert(entry.path().filename().string());
    CHECK(left == std::set<std::string>{"lock"});
    auto right = enrol;
    right.insert(right.end(), {"--password-file", "-"});
    const auto enrolled = office.device("phone", right, "correct horse battery\n");
    INFO(enrolled.err);
    CHECK(enrolled.status == 0);
    const auto code = testing::run_process(ROADBOOKD, {"admin", "code", "Nancy", "--qr", "--data", office.data()});
    CHECK_THAT(code.out, Contains("\u2588\u2588") && Contains("roadbook:enrol?server=wss://127.0.0.1") && Contains("&pin=sha256:"));
}

TEST_CASE("refused edits are mended, released and discarded with the real programs, and everybody hears of it", "[access]")
{
    const Office office;
    const auto enrol = [&](const std::string& name, const std::string& person) {
        const auto link = office.admin({"admin", "code", person}).at("link").get<std::string>();
        REQUIRE(office.device(name, {"enrol", "--link", link}).status == 0);
        REQUIRE(office.device(name, {"sync"}).status == 0);
    };
    (void)office.admin({"admin", "person", "add", "Andrew Fuller", "--role", "manager"});
    const auto ann = office.admin({"admin", "person", "add", "Ann Dodsworth", "--role", "manager", "--reports-to", "Andrew"}).at("id").get<std::string>();
    (void)office.admin({"admin", "person", "add", "Steven Buchanan", "--role", "manager"});
    enrol("root", "Nancy");
    const auto territory = office.answer("root", {"add", "territory", "name=North", "holder=" + ann}).at("record").get<std::string>();
    std::vector<std::string> accounts;
    for (const auto* name : {"Acme", "Bolt", "Cord"})
        accounts.push_back(office.answer("root", {"add", "account", std::string{"name="} + name, "territory=" + territory}).at("record"));
    REQUIRE(office.device("root", {"sync"}).status == 0);
    enrol("ann", "Ann");
    enrol("andrew", "Andrew");
    enrol("steven", "Steven");
    // While Ann is under way she becomes a rep again: her device lets her set what the server then refuses.
    (void)office.admin({"admin", "person", "role", "Ann", "rep"});
    REQUIRE(office.device("ann", {"set", accounts[0], "credit_limit=100.00 EUR", "phone=1"}).status == 0);
    for (const auto& account : {accounts[1], accounts[2]}) REQUIRE(office.device("ann", {"set", account, "credit_limit=100.00 EUR"}).status == 0);
    CHECK(office.answer("ann", {"sync"}).at("refused") == 3);
    const auto refused = office.answer("ann", {"refused", "list"}).at("refused");
    REQUIRE(refused.size() == 3);
    CHECK(refused[0].at("state") == "kept");
    CHECK(refused[0].at("field") == "credit_limit");
    const auto intent_of = [&](const std::string& account) {
        for (const auto& edit : refused)
            if (edit.at("record") == account) return edit.at("intent").get<std::string>();
        return std::string{};
    };
    const auto all = office.admin({"admin", "quarantine"}).at("changes");
    REQUIRE(all.size() == 3);
    const auto number_of = [&](const std::string& account) {
        for (const auto& edit : all)
            if (edit.at("record") == account) return edit.at("number").get<std::string>();
        return std::string{};
    };
    CHECK(office.admin({"admin", "quarantine", "show", number_of(accounts[1])}).at("sets")[0].at("value") == "100.00 EUR");

    CHECK(office.answer("steven", {"quarantine", "list"}).at("count") == 0);
    CHECK_THAT(office.device("steven", {"quarantine", "release", number_of(accounts[1])}).err, Contains("not of your people"));
    CHECK(office.answer("andrew", {"quarantine", "list"}).at("count") == 3);
    CHECK(office.device("andrew", {"quarantine", "return", number_of(accounts[0]), "--reason", "leave the limit out"}).status == 0);
    CHECK(office.answer("andrew", {"quarantine", "release", number_of(accounts[1])}).at("edits")[0].at("state") == "released");
    const auto partly = office.device("andrew", {"quarantine", "show", "999", number_of(accounts[1]), number_of(accounts[2]), "998", "--json"});
    CHECK(partly.status == 1);
    CHECK(Json::parse(partly.out).at("edits").size() == 2); // each is tried
    CHECK(Json::parse(partly.out).at("failed").size() == 2);
    CHECK_THAT(Json::parse(partly.err).at("error").at("message").get<std::string>(), Contains("edit 999: ") && Contains("edit 998: "));
    const auto some = office.run({"admin", "quarantine", "discard", number_of(accounts[1]), number_of(accounts[2]), "99", "--reason", "not this year", "--json"});
    CHECK(some.status == 1); // one is settled, one is not there; the other is discarded all the same
    CHECK(Json::parse(some.out).at("done") == Json::array({number_of(accounts[2])}));
    REQUIRE(Json::parse(some.out).at("failed").size() == 2);
    CHECK(Json::parse(some.out).at("failed")[1].at("number") == "99");
    CHECK_THAT(Json::parse(some.err).at("error").at("message").get<std::string>(), Contains("edit " + number_of(accounts[1]) + ": it is settled") && Contains("edit 99: "));

    REQUIRE(office.device("ann", {"sync"}).status == 0);
    CHECK_THAT(office.device("ann", {"refused", "list"}).out, Contains("returned by Andrew Fuller: leave the limit out") && Contains("released by Andrew Fuller") &&
                                                                  Contains("discarded by an administrator: not this year"));
    CHECK_THAT(office.device("ann", {"refused", "mend", intent_of(accounts[0]), "credit_limit=5.00 EUR"}).err, Contains("Credit limit"));
    CHECK_THAT(office.device("ann", {"refused", "mend", intent_of(accounts[0]), "phon=2"}).err, Contains("did you mean 'phone'?"));
    CHECK(office.device("ann", {"refused", "mend", intent_of(accounts[0]), "phone=2", "--without", "credit_limit"}).status == 0);
    CHECK(office.answer("ann", {"sync"}).at("accepted") == 1);
    CHECK(office.answer("ann", {"refused", "drop", intent_of(accounts[1]), intent_of(accounts[2])}).at("dropped") == 2);
    CHECK(office.answer("ann", {"refused", "list"}).at("count") == 0);
    CHECK(office.admin({"admin", "quarantine", "list"}).at("changes").empty());
    CHECK(office.admin({"admin", "quarantine", "list", "--all"}).at("changes").size() == 3);

    REQUIRE(office.device("root", {"sync"}).status == 0);
    CHECK(office.answer("root", {"show", accounts[0]}).at("fields").at("phone") == "2");
    const auto released = office.answer("root", {"show", accounts[1], "--history"});
    CHECK(released.at("fields").at("credit_limit").at("text") == "100.00 EUR");
    CHECK(released.at("history").back().at("person_name") == "Ann Dodsworth");
    CHECK(released.at("history").back().at("released_by").at("name") == "Andrew Fuller");
    CHECK_THAT(office.device("root", {"show", accounts[1], "--history"}).out, Contains("released by Andrew Fuller"));
    std::set<std::string> kinds;
    const auto entries = office.admin({"audit", "list"}).at("entries");
    for (const auto& entry : entries) kinds.insert(entry.at("kind"));
    for (const auto* kind : {"change_refused", "change_returned", "change_released", "change_discarded", "change_taken_back"}) CHECK(kinds.contains(kind));
}

TEST_CASE("of several edits each is decided about, and one that followed another is no failure", "[access]")
{
    const Office office;
    const auto mona = office.add_person("Mona Chief", "manager"), ann = office.add_person("Ann Rep", "manager", "Mona Chief");
    office.enrol("boss", "Mona");
    const auto north = office.answer("boss", {"add", "territory", "name=North", "holder=" + ann}).at("record").get<std::string>();
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    office.enrol("ann", "Ann");
    (void)office.admin({"admin", "person", "role", "Ann", "rep"}); // her device has not heard of it
    const auto acme = office.answer("ann", {"add", "account", "name=Acme", "territory=" + north, "credit_limit=100.00 EUR"}).at("record").get<std::string>();
    REQUIRE(office.device("ann", {"set", acme, "phone=1"}).status == 0);
    for (int twice = 0; twice < 2; ++twice) REQUIRE(office.device("ann", {"sync"}).status == 0); // what was stranded here goes with the second
    const auto refused = office.answer("ann", {"refused", "list"}).at("refused");
    CHECK(std::any_of(refused.begin(), refused.end(), [](const auto& edit) { return edit.at("creates") == true && edit.at("title") == "Acme"; }));
    Words release{"quarantine", "release"};
    const auto waiting = office.answer("boss", {"quarantine", "list"}).at("edits");
    for (const auto& edit : waiting) release.push_back(edit.at("number"));
    REQUIRE(release.size() == 4);
    const auto released = office.device("boss", release);
    INFO(released.err);
    CHECK(released.status == 0);
    CHECK_THAT(released.out, Contains("is released") && Contains("stranded on it, followed"));
    REQUIRE(office.device("boss", {"sync"}).status == 0);
    CHECK(office.answer("boss", {"show", acme}).at("fields").at("phone") == "1");
    CHECK(office.device("boss", release).status == 1);
    CHECK_THAT(office.device("boss", release).err, Contains("edit " + release[2]) && Contains("edit " + release[3]));
}

TEST_CASE("edits that followed another of the same command are no error, in whatever order they are named", "[access]")
{
    const Office office;
    const auto enrol = [&](const std::string& name, const std::string& person) {
        const auto link = office.admin({"admin", "code", person}).at("link").get<std::string>();
        REQUIRE(office.device(name, {"enrol", "--link", link}).status == 0);
        REQUIRE(office.device(name, {"sync"}).status == 0);
    };
    const auto ann = office.admin({"admin", "person", "add", "Ann Dodsworth", "--role", "manager"}).at("id").get<std::string>();
    enrol("root", "Nancy");
    const auto territory = office.answer("root", {"add", "territory", "name=North", "holder=" + ann}).at("record").get<std::string>();
    REQUIRE(office.device("root", {"sync"}).status == 0);
    enrol("ann", "Ann");
    (void)office.admin({"admin", "person", "role", "Ann", "rep"});
    const auto account = office.answer("ann", {"add", "account", "name=Acme", "territory=" + territory, "credit_limit=100.00 EUR"}).at("record").get<std::string>();
    REQUIRE(office.device("ann", {"set", account, "phone=1"}).status == 0);
    REQUIRE(office.device("ann", {"add", "visit", "subject=First call", "account=" + account}).status == 0);
    for (int i = 0; i < 2; ++i) REQUIRE(office.device("ann", {"sync"}).status == 0);
    Words numbers;
    const auto waiting = office.admin({"admin", "quarantine"}).at("changes");
    for (const auto& edit : waiting) numbers.push_back(edit.at("number"));
    REQUIRE(numbers.size() == 3);
    if (GENERATE(false, true)) std::reverse(numbers.begin(), numbers.end());
    auto call = Words{"admin", "quarantine", "release"};
    call.insert(call.end(), numbers.begin(), numbers.end());
    const auto released = office.admin(call);
    CHECK(released.at("done").size() == 1);
    CHECK(released.at("followed").size() == 2);
    CHECK(released.at("failed").empty());
    CHECK(office.admin({"admin", "quarantine"}).at("changes").empty());
}

TEST_CASE("who decides in somebody's name at the console is not taken for that person in the audit log", "[access]")
{
    const Office office;
    (void)office.add_person("Mona Chief", "manager");
    const auto refused = office.run({"admin", "quarantine", "release", "99", "--as", "Mona"});
    CHECK(refused.status == 1);
    REQUIRE(office.admin({"export", "payments", "--by", "Mona"}).at("payments").empty());
    const auto entries = office.admin({"audit", "list", "--kind", "acted_for"}).at("entries");
    REQUIRE(entries.size() == 2);
    for (const auto& entry : entries) {
        CHECK(entry.at("person").is_null()); // the console
        CHECK(entry.at("subject").at("name") == "Mona Chief");
    }
    CHECK(entries[0].at("detail") == "quarantine release 99");
    CHECK(entries[1].at("detail") == "export payments");
}
