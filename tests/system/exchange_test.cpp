// Files in and out, history and the schema with the real programs: roadbookd beside its folder, a device that was enrolled over TLS.
#include "shared/base/clock.hpp"
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

namespace {

/// A server's folder, administered without a server.
struct Office {
    testing::TempFolder folder;
    std::string data = (folder / "server").string();

    [[nodiscard]] testing::Ended run(Words words) const
    {
        words.insert(words.end(), {"--data", data});
        return testing::run_process(ROADBOOKD, words);
    }
    [[nodiscard]] Json ask(Words words) const
    {
        words.emplace_back("--json");
        const auto ended = run(words);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        return Json::parse(ended.out);
    }
    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const
    {
        const auto path = folder / name;
        std::ofstream{path, std::ios::binary} << text;
        return path.string();
    }
};

int lines_of(const std::string& text)
{
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

/// A rep's device, enrolled at a running server.
struct Rep {
    const Office& office;
    testing::Process server;
    std::string listening = server.read_line(), data = (office.folder / "rep").string();

    Rep(const Office& of, const std::string& person) : office{of}, server{ROADBOOKD, {"serve", "--data", of.data, "--listen", "127.0.0.1:0", "--log-level", "warning"}}
    {
        std::istringstream words{listening};
        std::string word, address, pin;
        words >> word >> address >> word >> pin;
        const auto code = office.ask({"admin", "code", person}).at("code").get<std::string>();
        CHECK(run({"enrol", "--server", address, "--code", code, "--pin", pin, "--name", "phone"}).status == 0);
        CHECK(run({"sync"}).status == 0);
    }
    [[nodiscard]] testing::Ended run(Words words) const
    {
        words.insert(words.begin(), {"--data", data});
        return testing::run_process(ROADBOOK_DEVICE, words);
    }
    [[nodiscard]] Json ask(Words words) const
    {
        words.emplace_back("--json");
        const auto ended = run(words);
        INFO(ended.err);
        REQUIRE(ended.status == 0);
        return Json::parse(ended.out);
    }
};

} // namespace

TEST_CASE("a file of products is tried, imported, imported again, changed and taken back", "[exchange]")
{
    const Office office;
    REQUIRE(office.run({"admin", "person", "add", "Ada", "--role", "admin"}).status == 0);
    const auto file = office.file("products.csv", "external_id,Name,产品编号,price\nE1,Ventil,V-1,\"1.234,50 EUR\"\nE2,阀门,V-2,\"9,90 EUR\"\n");
    const Words call{"import", "csv", "product", file, "--locale", "de"};
    auto dry = call;
    dry.emplace_back("--dry-run");
    CHECK(office.ask(dry).at("created") == 2);
    CHECK(lines_of(office.run({"export", "csv", "product"}).out) == 1); // the header: nothing was written
    CHECK(office.ask(call).at("created") == 2);
    const auto exported = office.run({"export", "csv", "product"}).out;
    CHECK_THAT(exported, Contains("1234.50 EUR") && Contains("阀门"));
    const auto again = office.ask(call);
    CHECK(again.at("unchanged") == 2);
    CHECK(again.at("created") == 0);
    CHECK(office.run({"export", "csv", "product"}).out == exported);
    (void)office.file("products.csv", "external_id,Name,产品编号,price\nE1,Ventil,V-1,\"1.300 EUR\"\nE2,阀门,V-2,\"9,90 EUR\"\n");
    CHECK(office.ask(call).at("changed") == 1);
    CHECK(office.ask({"import", "undo"}).at("taken_back") == 1);
    CHECK(office.run({"export", "csv", "product"}).out == exported);
}

TEST_CASE("a bad row is refused with its line, field and reason in both languages, and the good ones are taken", "[exchange]")
{
    const Office office;
    REQUIRE(office.run({"admin", "person", "add", "Ada", "--role", "admin"}).status == 0);
    const auto file = office.file("lists.csv", "name,code,currency,valid_from\nSpring,S,EUR,1/0/2026\nSummer,U,EUR,2026-06-01\n");
    const auto done = office.ask({"import", "csv", "price_list", file, "--locale", "en-US"});
    CHECK(done.at("created") == 1);
    CHECK(done.at("refused") == 1);
    const auto& row = done.at("rows").at(0);
    CHECK(row.at("line") == 2);
    CHECK_THAT(row.at("notes").at(0).get<std::string>(), Contains("line 2: Valid from: '") && Contains("is no da"));
    CHECK_THAT(row.at("notes_zh").at(0).get<std::string>(), Contains("第 2 行：生效日期：") && Contains("不是日期"));
    CHECK_THAT(office.run({"import", "csv", "price_list", file, "--locale", "zh", "--dry-run"}).out, Contains("有两种读法"));
}

TEST_CASE("demo books stay alone, and their devices show, export and look back", "[exchange]")
{
    const Office office;
    REQUIRE(office.run({"import", "demo", "--accounts", "100"}).status == 0);
    const auto file = office.file("products.csv", "name,code\nVentil,V-1\n");
    const auto mixed = office.run({"import", "csv", "product", file});
    CHECK(mixed.status != 0);
    CHECK_THAT(mixed.err, Contains("demo books") && Contains("nothing was written"));
    CHECK(office.run({"import", "northwind", office.folder.path().string()}).status != 0);
    CHECK(office.run({"import", "csv", "product", file, "--dry-run"}).status == 0);
    const auto contacts = office.run({"export", "vcard", "contact"}).out;
    CHECK_THAT(contacts, Contains("BEGIN:VCARD"));
    CHECK_THAT(office.run({"export", "ical", "visit"}).out, Contains("BEGIN:VEVENT"));
    CHECK_THAT(office.run({"export", "ical", "work_order"}).out, Contains("BEGIN:VEVENT"));

    std::string rep;
    const auto people = office.ask({"admin", "person", "list"});
    for (const auto& person : people.at("people"))
        if (rep.empty() && person.at("role") == "rep") rep = person.at("id");
    const Rep phone{office, rep};
    CHECK(phone.ask({"schema", "quote"}).at("label").at("zh") == "报价单");
    CHECK(phone.ask({"schema"}).at("kinds").size() >= 38);

    const auto accounts = phone.ask({"list", "account"}).at("records");
    REQUIRE_FALSE(accounts.empty());
    const auto id = accounts.at(0).at("id").get<std::string>();
    const auto before = phone.ask({"show", id});
    const auto phone_before = before.at("fields").at("phone");
    const auto then = to_text(system_clock().now());
    REQUIRE(phone.run({"set", id, "phone=030 12345"}).status == 0);
    CHECK(phone.ask({"show", id}).at("fields").at("phone") == "030 12345");
    CHECK(phone.ask({"show", id, "--as-of", then}).at("fields").at("phone") == phone_before);
    CHECK_THAT(phone.run({"show", id, "--history"}).out, Contains("phone = 030 12345"));
    const auto wrong = phone.run({"--lang", "zh", "add", "order", "account=" + id, "ordered_on=1/0/2026"});
    CHECK(wrong.status == 1);
    CHECK_THAT(wrong.err, Contains("下单日期") && Contains("1/0/2026") && Contains("不是日期"));
    CHECK_THAT(phone.run({"export", "contact", "--format", "vcard"}).out, Contains("BEGIN:VCARD"));
    CHECK_THAT(phone.run({"export", "visit", "--format", "ical"}).out, Contains("BEGIN:VEVENT"));
    const auto calendar = (office.folder / "visits.ics").string();
    const auto all_visits = phone.ask({"export", "visit", "--format", "ical"});
    REQUIRE(phone.run({"add", "visit", "subject=Some day", "account=" + id}).status == 0);
    CHECK(phone.ask({"export", "visit", "--format", "ical"}).at("count") == all_visits.at("count"));
    CHECK_THAT(phone.run({"export", "visit", "--format", "ical", "--out", calendar}).out,
               Contains(" records are in " + calendar) && Contains("1 record has no Planned at and is left out"));
    const auto orders = phone.ask({"list", "order"}).at("records");
    REQUIRE_FALSE(orders.empty());
    const auto shown = phone.run({"show", orders.at(0).at("id").get<std::string>()});
    CHECK_THAT(shown.out, Contains("total  ") && Contains(" % tax on "));
    CHECK(phone.run({"sync"}).status == 0);
    CHECK(office.ask({"export", "ical", "visit"}).at("left_out") == 1);
    CHECK_THAT(office.run({"export", "ical", "visit", "--out", calendar}).out, Contains("1 record has no Planned at and is left out"));
    CHECK_THAT(office.run({"audit", "list", "--kind", "exported", "--last", "3"}).out, !Contains("visit: ical visit") && Contains("ical visit: "));
}
