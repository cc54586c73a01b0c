#include "shared/exchange/csv_export.hpp"
#include "shared/exchange/import_plan.hpp"
#include "shared/exchange/text_encoding.hpp"
#include "tests/support/exchange_world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace roadbook;
using namespace roadbook::exchange;
using roadbook::testing::ExchangeWorld;
using roadbook::testing::RandomRecords;

namespace {

const schema::Kind& kind(std::string_view name)
{
    return *schema::find_kind(name);
}

Sheet sheet(std::string_view text)
{
    return Sheet::of(CsvFile::parse("file.csv", text, {}).value());
}

ImportPlan planned(ExchangeWorld& world, std::string_view kind_name, std::string_view text, const ImportOptions& options = {})
{
    return plan_import(kind(kind_name), sheet(text), world, options).value();
}

/// Rome is a territory, Anna a person, Ernst an account.
struct Company : ExchangeWorld {
    Company()
    {
        put_name("territory", rome, "Rome");
        put_name("person", anna, "Anna");
        put_name("product", tofu, "Tofu");
    }
    RecordId rome = RandomRecords::target("territory", 1), anna = RandomRecords::target("person", 1), tofu = RandomRecords::target("product", 1);
};

std::string notes(const PlannedRecord& planned)
{
    std::string all;
    for (const auto& note : planned.notes) {
        CHECK_FALSE(note.zh.empty());
        all += note.en + "\n";
    }
    return all;
}

} // namespace

TEST_CASE("a thousand random records of every type come back from their CSV as they were", "[exchange]")
{
    constexpr int count = 1'000;
    for (const auto& one : schema::kinds()) {
        CAPTURE(one.name);
        ExchangeWorld world;
        for (const auto& target : schema::kinds())
            for (std::int64_t i = 0; i < RandomRecords::targets; ++i) world.put_name(target.name, RandomRecords::target(target.name, i), {});
        RandomRecords random{20261122};
        std::vector<schema::Record> records;
        for (int i = 0; i < count; ++i) records.push_back(random.record(one));
        CsvExport options;
        options.title_of = [](const RecordId&) { return "=a \"title\""; };
        options.header = static_cast<CsvExport::Header>(random.number(0, 2));
        const auto text = export_csv(one, records, options);
        const auto plan = plan_import(one, sheet(text), world, {}).value();
        REQUIRE(plan.broken.empty());
        for (const auto& record : plan.records) {
            CAPTURE(record.line, notes(record));
            REQUIRE(record.outcome == Outcome::create);
        }
        world.carry_out(plan);
        for (const auto& record : records) {
            CAPTURE(export_csv(one, std::vector{record}), export_csv(one, std::vector{world.records[record.id]}));
            REQUIRE(world.records[record.id] == record);
        }
        CHECK(plan_import(one, sheet(text), world, {}).value().count(Outcome::unchanged) == count);
    }
}

TEST_CASE("columns are found by name or label, in English or Chinese, whatever the case", "[exchange]")
{
    Company world;
    const auto plan = planned(world, "account", "NAME,客户编号,Postal code,销售区域,信用额度,Credit limit currency\nErnst,E1,8010,Rome,1500.50,EUR\n");
    REQUIRE(plan.count(Outcome::create) == 1);
    world.carry_out(plan);
    const auto& made = world.records[plan.records[0].id];
    CHECK(schema::text_of(made, "code") == "E1");
    CHECK(schema::text_of(made, "postal_code") == "8010");
    CHECK(schema::reference_of(made, "territory") == world.rome);
    CHECK((made["credit_limit"] == schema::Value{Money{150'050, "EUR"}}));
}

TEST_CASE("a column that nobody knows is answered with the nearest one, and the file is not read", "[exchange]")
{
    Company world;
    const auto made = plan_import(kind("account"), sheet("name,teritory\nErnst,Rome\n"), world, {});
    REQUIRE(!made);
    CHECK(made.error().message.find("did you mean 'territory'") != std::string::npos);
    ImportOptions options;
    options.skipped = {"teritory"};
    options.constants = {{"territory", "Rome"}};
    CHECK(planned(world, "account", "name,teritory\nErnst,x\n", options).count(Outcome::create) == 1);
}

TEST_CASE("numbers, days and money are read by the locale, and never guessed without one", "[exchange]")
{
    Company world;
    const auto read = [&](std::string_view locale, std::string_view amount, std::string_view day) {
        ImportOptions options;
        options.reading.locale = Locale::named(locale).value();
        options.reading.currency = "EUR";
        options.constants = {{"territory", "Rome"}};
        const auto accounts = planned(world, "account", fmt::format("name;credit_limit\nx;\"{}\"\n", amount), options);
        const auto tasks = planned(world, "task", fmt::format("subject;owner;due_on\nx;Anna;{}\n", day), {options.reading, {}, {}, false});
        const auto value = [](const ImportPlan& plan, const char* field) {
            const auto& text = plan.records[0].said;
            return plan.records[0].outcome == Outcome::create ? text.at(field) : "refused";
        };
        return value(accounts, "credit_limit") + " " + value(tasks, "due_on");
    };
    CHECK(read("de", "1.234,56", "22.11.2026") == "1234.56 EUR 2026-11-22");
    CHECK(read("en-US", "1,234.56", "11/22/2026") == "1234.56 EUR 2026-11-22");
    CHECK(read("en-GB", "1,234.56", "22/11/2026") == "1234.56 EUR 2026-11-22");
    CHECK(read("zh", "1,234.56", "2026年11月22日") == "1234.56 EUR 2026-11-22");
    CHECK(read("fr", "1 234,56", "22/11/2026") == "1234.56 EUR 2026-11-22");
    CHECK(read("", "1234.56", "2026-11-22") == "1234.56 EUR 2026-11-22");
    CHECK(read("", "1234.56 CNY", "22.11.2026") == "1234.56 CNY 2026-11-22");
    CHECK(read("", "1,234", "11/22/2026") == "refused refused");
    CHECK(read("", "1.234,56", "1/0/2026") == "refused refused");
    CHECK(read("de", "12.34,56", "31.02.2026") == "refused refused");
    CHECK(read("en-US", "1234.567", "22/11/2026") == "refused refused");
}

TEST_CASE("times without an offset are those of the zone", "[exchange]")
{
    Company world;
    world.put_name("account", RandomRecords::target("account", 1), "Ernst");
    ImportOptions options;
    options.reading.zone = "Europe/Vienna";
    const auto at = [&](std::string_view time) {
        return planned(world, "visit", fmt::format("subject,account,planned_at\nx,Ernst,{}\n", time), options).records[0].said["planned_at"];
    };
    CHECK(at("2026-11-22 14:05") == "2026-11-22T13:05:00.000Z");
    CHECK(at("22.07.2026 14:05") == "2026-07-22T12:05:00.000Z");
    CHECK(at("2026-11-22T14:05:00+08:00") == "2026-11-22T06:05:00.000Z");
    CHECK(at("2026-11-22T14:05:00Z") == "2026-11-22T14:05:00.000Z");
}

TEST_CASE("children have a row each, with the record's key again", "[exchange]")
{
    Company world;
    world.put_name("account", RandomRecords::target("account", 1), "Ernst");
    constexpr auto text = "number,account,明细.产品,lines.quantity,lines.unit_price,lines.currency\n"
                          "Q-1,Ernst,Tofu,2,23.25,USD\n"
                          "Q-2,Ernst,Tofu,1,20,USD\n"
                          "Q-1,,Tofu,3,22 EUR,\n";
    const auto plan = planned(world, "order", text);
    REQUIRE(plan.count(Outcome::create) == 2);
    world.carry_out(plan);
    const auto& lines = world.records[plan.records[0].id].collections["lines"];
    REQUIRE(lines.size() == 2);
    CHECK((lines[1].fields.at("unit_price") == schema::Value{Money{2200, "EUR"}}));
    CHECK(std::get<std::string>(lines[0].fields.at("position")) < std::get<std::string>(lines[1].fields.at("position")));
    const auto again = planned(world, "order", "number,lines.product,lines.quantity,lines.unit_price\nQ-1,Tofu,5,23.25 USD\n");
    REQUIRE(again.count(Outcome::change) == 1);
    CHECK(notes(again.records[0]) == "1 of its items changed\n1 of its items removed\n");
}

TEST_CASE("an external id makes an import safe to run again, and what people edited since stays", "[exchange]")
{
    Company world;
    constexpr auto text = "external_id,name,territory,phone\nERP-1,Ernst,Rome,030-1\n";
    const auto first = planned(world, "account", text);
    world.carry_out(first);
    CHECK(planned(world, "account", text).count(Outcome::unchanged) == 1);
    auto& record = world.records[first.records[0].id];
    record.fields["phone"] = std::string{"030-9"};
    CHECK(planned(world, "account", text).count(Outcome::unchanged) == 1);
    const auto changed = planned(world, "account", "external_id,name,phone\nERP-1,Ernst & Sons,030-1\n");
    REQUIRE(changed.count(Outcome::change) == 1);
    CHECK(notes(changed.records[0]) == "name: Ernst -> Ernst & Sons\n");
    CHECK(notes(planned(world, "account", "external_id,name,phone\nERP-1,Ernst,\n").records[0]) == "phone: 030-9 -> (empty)\n");
}

TEST_CASE("a record that people made is known by its code when another system's list comes", "[exchange]")
{
    Company world;
    schema::Record made{RandomRecords::target("account", 7), "account", {{"name", std::string{"Ernst"}}, {"code", std::string{"E1"}}, {"territory", world.rome}}, {}, {}, {}};
    world.put(made);
    const auto plan = planned(world, "account", "external_id,code,name,phone\nERP-1,e1,Ernst,030\n");
    REQUIRE(plan.count(Outcome::change) == 1);
    CHECK(plan.records[0].id == made.id);
}

TEST_CASE("each fault has its line and field, and the other rows are taken", "[exchange]")
{
    Company world;
    const auto plan = planned(world, "account",
                              "name,territory,credit_limit,tier,external_id\n"
                              "Anna,Rome,5 EUR,A,1\n"
                              "Bert,Paris,five,z,2\n"
                              ",Rome,,,3\n"
                              "Carl,Rome\n"
                              "Dora,Rome,,B 级,4\n"
                              "Emil,Rome,,,4\n");
    CHECK(plan.count(Outcome::create) == 1);
    CHECK(plan.count(Outcome::refused) == 3);
    CHECK(plan.broken.size() == 1);
    CHECK(notes(plan.records[1]) == "line 3: Territory: there is no territory 'Paris'\n"
                                    "line 3: Credit limit: 'five' is no number such as 1234.56\n"
                                    "line 3: Tier: 'z' is none of: a, b, c\n");
    CHECK(notes(plan.records[2]) == "line 4: Name: must be filled in\n");
    CHECK(notes(plan.records[3]) == "line 7: line 6 has '4' already\n");
}

TEST_CASE("a title that two records share is no reference, and one of the same file is", "[exchange]")
{
    Company world;
    world.put_name("territory", RandomRecords::target("territory", 2), "Rome");
    CHECK(notes(planned(world, "account", "name,territory\nErnst,Rome\n").records[0]).find("2 records are called 'Rome'") != std::string::npos);
    const auto tree = planned(world, "territory", "name,code,parent\nGraz,G,A\nAustria,A,\n");
    REQUIRE(tree.count(Outcome::create) == 2);
    CHECK(tree.records[0].title == "Austria"); // what Graz hangs on stands first
}

TEST_CASE("hostile files are answered with clear errors and in no long time", "[exchange]")
{
    Company world;
    const auto only = [&](const std::string& text) { return notes(planned(world, "account", text).records.at(0)); };
    CHECK(only("name,territory\n" + std::string(2 << 20, 'a') + ",Rome\n") == "line 2: Name: is 2097152 bytes long; at most 8192 fit\n");
    CHECK(only(std::string{"name,territory\nA\0B,Rome\n", 23}).find("U+0000") != std::string::npos);
    CHECK(only("name,territory,credit_limit\nA,Rome," + std::string(1 << 20, '9') + "\n") == "line 2: Credit limit: '" + std::string(60, '9') + "' is too long for this field\n");
    CHECK(planned(world, "account", "name,territory\n\"Anna,Rome\nBert,Rome\n").count(Outcome::create) == 1);
    std::string quotes = "name,territory\n";
    for (int i = 0; i < 20'000; ++i) quotes += "\"open,Rome\n";
    CHECK(planned(world, "account", quotes).broken.size() == 20'000);
    CHECK(plan_import(kind("account"), sheet(std::string(100'000, ',') + "\n"), world, {}).value().records.empty());
}

TEST_CASE("a text that a spreadsheet would run as a formula is guarded, and comes back without the guard", "[exchange]")
{
    for (const auto* text : {"=HYPERLINK(\"x\")", "+cmd|' /C calc'!A0", "-1+1|x", "@SUM(A1)", "'=1", "''", "'x", "x=1", ""}) CHECK(unguarded(guarded(text)) == text);
    CHECK(guarded("=1") == "'=1");
    CHECK(guarded("+43 (316) 8010-1") == "+43 (316) 8010-1");
}
