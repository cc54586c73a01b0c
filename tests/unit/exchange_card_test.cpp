#include "shared/exchange/calendar.hpp"
#include "shared/exchange/content_lines.hpp"
#include "shared/exchange/vcard.hpp"
#include "tests/support/exchange_world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace roadbook;
using namespace roadbook::exchange;
using roadbook::testing::ExchangeWorld;
using roadbook::testing::RandomRecords;
using namespace std::string_literals;

namespace {

const schema::Kind& kind(std::string_view name)
{
    return *schema::find_kind(name);
}
const RecordId ernst = RandomRecords::target("account", 1);
std::string ernst_handel(const RecordId&)
{
    return "Ernst Handel";
}
struct Company : ExchangeWorld {
    Company()
    {
        put_name("account", ernst, "Ernst Handel");
        put_name("person", RandomRecords::target("person", 1), "Anna");
    }
};

schema::Record anna()
{
    return {id_from_name<RecordId>("card", "anna"), "contact",
            {{"name", "Anna \"A\" O'Neil; 安娜"s}, {"account", ernst}, {"title", "Buyer, senior"s}, {"phone", "+43 316 1"s}, {"email", "a@b.example"s},
             {"notes", "two\nlines; a long one that has to be folded because it has many more characters than fit: 杭州杭州杭州杭州杭州"s}},
            {}, {}, {}};
}

std::string event(std::string_view lines)
{
    return fmt::format("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:Call\r\nLOCATION:Ernst Handel\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n", lines);
}
std::string planned_at(Company& world, const std::string& text, std::string_view zone = "UTC")
{
    const auto sheet = read_calendar(kind("visit"), "a.ics", text, zone).value();
    if (!sheet.broken.empty()) return sheet.broken[0].why;
    const auto plan = plan_import(kind("visit"), sheet, world, {}).value();
    return plan.records.at(0).outcome == Outcome::create ? plan.records[0].said.at("planned_at") : plan.records[0].notes.at(0).en;
}

} // namespace

TEST_CASE("contacts come back from their vCards as they were, in both versions", "[exchange]")
{
    const std::vector records{anna()};
    for (const auto version : {VcardVersion::v3, VcardVersion::v4}) {
        Company world;
        const auto text = export_vcards(kind("contact"), records, version, ernst_handel);
        for (std::size_t at = 0, end = 0; (end = text.find("\r\n", at)) != std::string::npos; at = end + 2) CHECK(end - at <= 75);
        world.carry_out(plan_import(kind("contact"), read_vcards(kind("contact"), "a.vcf", text).value(), world, {}).value());
        REQUIRE(world.records.contains(records[0].id));
        CHECK(world.records[records[0].id].fields == records[0].fields);
    }
}

TEST_CASE("a card of another program is taken by its UID, and broken ones cost themselves alone", "[exchange]")
{
    Company world;
    const auto text = "BEGIN:VCARD\nVERSION:2.1\nN:Kloss;Horst\nORG:Ernst Handel;Sales\nTEL;HOME;CELL:1\nTEL;TYPE=work:2\nPHOTO:"s + std::string(2 << 20, 'A') +
                      "\nUID:abc\nEND:VCARD\nBEGIN:VCARD\nno line\nFN:lost\nEND:VCARD\nBEGIN:VCARD\nFN:open\nBEGIN:VCARD\nFN:B\0b\nORG:Ernst Handel\nEND:VCARD\nBEGIN:VCARD\n"s;
    const auto sheet = read_vcards(kind("contact"), "a.vcf", text).value();
    REQUIRE(sheet.rows.size() == 2);
    CHECK(sheet.broken.size() == 3);
    CHECK(sheet.broken[0].line == 11);
    const auto plan = plan_import(kind("contact"), sheet, world, {}).value();
    REQUIRE(plan.count(Outcome::create) == 1);
    CHECK(plan.records[0].title == "Horst Kloss");
    CHECK(plan.records[0].external_id == "abc");
    CHECK(plan.records[1].notes.at(0).en.find("U+0000") != std::string::npos);
    CHECK(!read_vcards(kind("contact"), "a.vcf", "hello"s).value().broken.empty());
    CHECK(!read_vcards(kind("contact"), "a.vcf", ""));
    CHECK(!read_vcards(kind("order"), "a.vcf", text));
}

TEST_CASE("visits and tasks come back from their calendar as they were", "[exchange]")
{
    Company world;
    const schema::Record visit{id_from_name<RecordId>("card", "visit"), "visit",
                               {{"subject", "Call; at noon"s}, {"account", ernst}, {"planned_at", time_from_text("2026-11-22T13:05:00Z").value()}, {"notes", "a\nb"s}}, {}, {}, {}};
    const auto text = export_calendar(kind("visit"), std::vector{visit}, Time{}, ernst_handel);
    CHECK(text.find("DTSTART:20261122T130500Z\r\n") != std::string::npos);
    world.carry_out(plan_import(kind("visit"), read_calendar(kind("visit"), "a.ics", text, "UTC").value(), world, {}).value());
    CHECK(world.records[visit.id].fields == visit.fields);
    const schema::Record task{id_from_name<RecordId>("card", "task"), "task", {{"subject", "Offer, soon"s}, {"account", ernst}, {"due_on", "2026-11-30"s}}, {}, {}, {}};
    const schema::Record order{id_from_name<RecordId>("card", "work order"), "work_order",
                               {{"subject", "Repair pump"s}, {"account", ernst}, {"appointment_start", time_from_text("2026-11-23T08:00:00Z").value()},
                                {"appointment_end", time_from_text("2026-11-23T10:00:00Z").value()}}, {}, {}, {}};
    const auto ann = id_from_name<RecordId>("card", "Ann");
    world.put_name("person", ann, "Ann");
    for (const auto& record : {task, order}) {
        CAPTURE(record.kind);
        ImportOptions options;
        if (record.kind == "task") options.constants = {{"owner", "Ann"}}; // a calendar does not say whose it is
        const auto file = export_calendar(kind(record.kind.c_str()), std::vector{record}, Time{}, ernst_handel);
        CHECK(file.find(record.kind == "task" ? "BEGIN:VTODO" : "BEGIN:VEVENT") != std::string::npos);
        world.carry_out(plan_import(kind(record.kind.c_str()), read_calendar(kind(record.kind.c_str()), "a.ics", file, "UTC").value(), world, options).value());
        for (const auto& [name, value] : record.fields) {
            CAPTURE(name);
            CHECK(world.records[record.id].fields[name] == value);
        }
    }
    CHECK(calendar_day(kind("region")) == nullptr);
}

TEST_CASE("an event's time is read by its zone, its file's own rules, or the zone that was named", "[exchange]")
{
    Company world;
    CHECK(planned_at(world, event("DTSTART:20261122T130500Z\r\n")) == "2026-11-22T13:05:00.000Z");
    CHECK(planned_at(world, event("DTSTART;TZID=Europe/Vienna:20260722T130500\r\n")) == "2026-07-22T11:05:00.000Z");
    CHECK(planned_at(world, event("DTSTART;TZID=Europe/Vienna:20450722T130500\r\n")) == "2045-07-22T11:05:00.000Z");
    CHECK(planned_at(world, event("DTSTART;TZID=Europe/Vienna:20800122T130500\r\n")) == "2080-01-22T12:05:00.000Z");
    CHECK(planned_at(world, event("DTSTART:20261122T130500\r\n"), "Asia/Shanghai") == "2026-11-22T05:05:00.000Z");
    CHECK(planned_at(world, event("DTSTART;VALUE=DATE:20261122\r\n")) == "2026-11-22T00:00:00.000Z");
    const auto own = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\n"
                     "END:VTIMEZONE\nEND:VCALENDAR\n"s;
    CHECK(planned_at(world, own + event("DTSTART;TZID=Here:20261122T130500\r\n")) == "2026-11-22T10:05:00.000Z");
    CHECK(planned_at(world, event("DTSTART;TZID=Nowhere:20261122T130500\r\n")).find("in no zone that is known") != std::string::npos);
    CHECK(planned_at(world, event("DTSTART:20261322T130500Z\r\n")).find("no time that exists") != std::string::npos);
    CHECK(planned_at(world, event("DTSTART:20261122T130500Z\r\nRRULE:FREQ=DAILY\r\n")).find("it repeats") == 0);
}

TEST_CASE("hostile calendars are answered with clear errors", "[exchange]")
{
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += "BEGIN:X\n";
    CHECK(!read_calendar(kind("visit"), "a.ics", deep, "UTC").value().broken.empty());
    CHECK(read_calendar(kind("visit"), "a.ics", "BEGIN:VEVENT\nDTSTART:2026", "UTC").value().broken.at(0).why == "this VEVENT never ends: END:VEVENT is missing");
    CHECK(read_calendar(kind("visit"), "a.ics", std::string(5, '\0') + "\xFF", "UTC").value().broken.at(0).line == 1);
}
