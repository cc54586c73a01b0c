// When an answer or a repair is due: golden cases over holidays, zones and pauses, and what holds for any clock.
#include "golden_table.hpp"
#include "shared/rules/service_level.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace roadbook;
using rules::WorkingDays;
using std::chrono::minutes;

namespace {

Time at(const std::string& text)
{
    return time_from_text(text).value();
}

rules::WorkingCalendar every_day(const std::string& zone, rules::OpenHours hours)
{
    auto calendar = rules::five_day_week(zone, hours);
    calendar.week.fill({hours});
    return calendar;
}

WorkingDays a_clock(const std::string& name)
{
    if (name == "Kathmandu") return WorkingDays::open(rules::five_day_week("Asia/Kathmandu", {9 * 60, 18 * 60})).value();
    if (name == "BerlinAll") return WorkingDays::open(every_day("Europe/Berlin", {0, 24 * 60})).value();
    if (name == "BerlinNight") return WorkingDays::open(every_day("Europe/Berlin", {60, 4 * 60})).value();
    if (name == "BerlinGap") return WorkingDays::open(every_day("Europe/Berlin", {150, 5 * 60})).value();
    auto calendar = rules::five_day_week("Asia/Shanghai", {9 * 60, 18 * 60});
    if (name == "Shanghai") {
        for (int day = 1; day <= 7; ++day) calendar.exceptions[fmt::format("2026-10-{:02}", day)] = {};
        calendar.exceptions["2026-10-10"] = {{9 * 60, 18 * 60}};
        return WorkingDays::open(calendar).value();
    }
    REQUIRE(name == "Berlin");
    calendar = rules::five_day_week("Europe/Berlin", {13 * 60, 17 * 60});
    for (auto& day : calendar.week)
        if (!day.empty()) day.push_back({8 * 60, 12 * 60});
    calendar.exceptions["2026-12-25"] = {};
    return WorkingDays::open(calendar).value();
}

std::vector<rules::Pause> pauses_of(const std::string& text)
{
    std::vector<rules::Pause> pauses;
    for (const auto& pause : test::split(text, ';')) {
        const auto dots = pause.find("..");
        pauses.push_back({at(pause.substr(0, dots)), time_from_text(pause.substr(dots + 2))});
        if (pause.size() == dots + 2) pauses.back().until.reset();
    }
    return pauses;
}

std::string shown(const rules::Deadline& deadline)
{
    if (!deadline.at) return fmt::format("paused, {} min left", std::chrono::floor<minutes>(deadline.left).count());
    return to_text(*deadline.at).substr(0, 16) + "Z";
}

} // namespace

TEST_CASE("deadlines fall where the table says", "[rules]")
{
    for (const auto& row : test::golden("service_levels.md", "due")) {
        CAPTURE(row.at("case"));
        const auto days = row.at("clock") == "always" ? std::optional<WorkingDays>{} : a_clock(row.at("clock"));
        const auto due = rules::due_at(at(row.at("opened")), std::stoi(row.at("minutes")), days ? &*days : nullptr, pauses_of(row.at("pauses")));
        CHECK(shown(due.value()) == row.at("due"));
    }
}

TEST_CASE("a contract's entitlement gives both times of its priority", "[rules]")
{
    schema::Record contract;
    contract.kind = "contract";
    auto& entitlements = contract.collections["entitlements"];
    entitlements.resize(3);
    entitlements[0].fields = {{"name", "Standard"}, {"response_minutes", std::int64_t{480}}, {"calendar", "working_hours"}};
    entitlements[1].fields = {{"name", "Urgent"}, {"priority", "urgent"}, {"response_minutes", std::int64_t{60}}, {"resolution_minutes", std::int64_t{240}}};
    entitlements[2] = entitlements[1];
    entitlements[2].removed = true;
    const auto all = rules::entitlements_from(contract);
    REQUIRE(all.size() == 2);
    const auto shanghai = a_clock("Shanghai");
    const auto urgent = rules::service_times(*rules::entitlement_for(all, "urgent"), at("2026-08-01T14:00Z"), nullptr, {}).value();
    CHECK(shown(urgent.response.value()) == "2026-08-01T15:00Z");
    CHECK(shown(urgent.resolution.value()) == "2026-08-01T18:00Z");
    const auto* standard = rules::entitlement_for(all, "low");
    REQUIRE(standard->name == "Standard");
    const auto usual = rules::service_times(*standard, at("2026-08-01T14:00Z"), &shanghai, {}).value();
    CHECK(shown(usual.response.value()) == "2026-08-03T09:00Z");
    CHECK_FALSE(usual.resolution);
    CHECK(rules::service_times(*standard, at("2026-08-01T14:00Z"), nullptr, {}).error().code == Errc::bad_argument);
    CHECK(rules::entitlement_for({}, "low") == nullptr);
}

TEST_CASE("what is no calendar, no start or no deadline is told", "[rules]")
{
    CHECK(WorkingDays::open(rules::five_day_week("Asia/Atlantis", {540, 1'080})).error().field == "zone");
    CHECK(WorkingDays::open(rules::five_day_week("../../etc/passwd", {540, 1'080})).error().field == "zone");
    CHECK(WorkingDays::open(rules::five_day_week("Asia/Shanghai", {540, 540})).error().field == "week");
    CHECK(WorkingDays::open(rules::five_day_week("Asia/Shanghai", {540, 1'441})).error().field == "week");
    CHECK(WorkingDays::open({"Asia/Shanghai", {}, {}}).error().field == "week");
    const auto start = at("2026-07-31T10:00Z");
    const auto shanghai = a_clock("Shanghai");
    CHECK(rules::due_at(start, -1, nullptr, {}).error().code == Errc::invalid_value);
    CHECK(rules::due_at(start, INT64_MAX, nullptr, {}).error().code == Errc::too_large);
    CHECK(rules::due_at(start, 5'000'000, &shanghai, {}).error().code == Errc::too_large); // some 37 years of working hours
    CHECK(rules::due_at(Time::max(), 1, nullptr, {}).error().code == Errc::invalid_value);
    CHECK(rules::due_at(Time::min(), 1, nullptr, {}).error().code == Errc::invalid_value);
    CHECK(rules::time_run(start, Time::max(), nullptr, {}).error().code == Errc::too_large);
    CHECK(rules::time_run(start, start - minutes{1}, nullptr, {}).value() == Duration{});
}

TEST_CASE("whatever the clock and its pauses: exactly the minutes run until the deadline, and stretches of time add up", "[rules]")
{
    std::mt19937 random{20261025}; // a fixed seed: a failure can be looked at again
    const std::vector<std::string> names{"Shanghai", "Kathmandu", "Berlin", "BerlinAll", "BerlinNight", "BerlinGap"};
    const auto all = a_clock("BerlinAll");
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        const auto start = at("2026-01-01T00:00Z") + minutes{random() % 525'600};
        const auto days = a_clock(names[random() % names.size()]);
        const auto* clock = random() % 4 ? &days : nullptr;
        const auto length = static_cast<std::int64_t>(random() % 5'000);
        std::vector<rules::Pause> pauses;
        for (auto count = random() % 4; count > 0; --count) {
            const auto from = start + minutes{random() % 10'000} - minutes{1'000};
            pauses.push_back({from, from + minutes{random() % 3'000}});
        }
        const auto due = rules::due_at(start, length, clock, pauses).value();
        REQUIRE(due.at);
        REQUIRE(rules::time_run(start, *due.at, clock, pauses).value() == minutes{length});
        REQUIRE((length == 0 || rules::time_run(start, *due.at - Duration{1}, clock, pauses).value() < minutes{length})); // and not before
        const auto between = start + (*due.at - start) / 3;
        REQUIRE(rules::time_run(start, between, clock, pauses).value() + rules::time_run(between, *due.at, clock, pauses).value() == minutes{length});
        std::shuffle(pauses.begin(), pauses.end(), random);
        REQUIRE(rules::due_at(start, length, clock, pauses).value() == due);
        REQUIRE(rules::due_at(start, length, clock, {}).value().at <= due.at);
        REQUIRE(rules::due_at(start, length, &all, pauses).value() == rules::due_at(start, length, nullptr, pauses).value());
        if (!pauses.empty()) {
            pauses[0].until.reset();
            const auto stopped = rules::due_at(start, length, clock, pauses).value();
            REQUIRE((stopped.at ? stopped == due : rules::time_run(start, std::max(start, pauses[0].from), clock, pauses).value() == minutes{length} - stopped.left));
        }
    }
}

TEST_CASE("a calendar is read from its record: hours of each weekday, days off, days worked instead", "[rules]")
{
    schema::Record record;
    record.kind = "working_calendar";
    record.fields["zone"] = std::string{"Asia/Shanghai"};
    const auto add = [&](const char* collection, schema::Fields fields) {
        auto& children = record.collections[collection];
        children.push_back({id_from_name<ChildId>("calendar", std::to_string(children.size())), std::move(fields), false});
    };
    const auto hours = [](int from, int to) { return schema::Fields{{"from_minute", std::int64_t{from}}, {"to_minute", std::int64_t{to}}}; };
    for (const auto* weekday : {"monday", "tuesday", "wednesday", "thursday", "friday"})
        for (const auto& part : {std::pair{9 * 60, 12 * 60}, std::pair{13 * 60, 18 * 60}}) {
            auto fields = hours(part.first, part.second);
            fields["weekday"] = std::string{weekday};
            add("hours", fields);
        }
    add("exceptions", {{"day", std::string{"2026-10-01"}}, {"name", std::string{"国庆节"}}});
    auto worked = hours(0, 60);
    worked["day"] = std::string{"2026-10-10"}; // a Saturday
    add("exceptions", worked);

    const auto days = WorkingDays::open(rules::working_calendar_from(record)).value();
    const auto on = [&](const char* day) { return days.hours_of(days.day_of(at(std::string{day} + "T12:00:00Z"))); };
    REQUIRE(on("2026-09-30").size() == 2);
    CHECK(on("2026-09-30").front() == rules::OpenSpan{at("2026-09-30T01:00:00Z"), at("2026-09-30T04:00:00Z")});
    CHECK(on("2026-10-01").empty());
    CHECK(on("2026-10-04").empty()); // a Sunday
    REQUIRE(on("2026-10-10").size() == 1);
    CHECK(on("2026-10-10").front().start == at("2026-10-09T16:00:00Z"));
    record.fields["zone"] = std::string{"Nowhere/City"};
    CHECK(WorkingDays::open(rules::working_calendar_from(record)).error().field == "zone");
}

TEST_CASE("summer and winter time go on behind 2037, where the tables of many machines end", "[rules]")
{
    const auto days = WorkingDays::open(every_day("Europe/Berlin", {9 * 60, 17 * 60})).value();
    for (const auto* year : {"2036", "2038", "2040", "2045", "2080", "2099", "2100", "2130", "2199"}) { // leap years and others
        CAPTURE(year);
        const auto start = [&](const char* day) { return days.hours_of(days.day_of(at(std::string{year} + day + "T12:00:00Z"))).front().start; };
        CHECK(start("-01-15") == at(std::string{year} + "-01-15T08:00:00Z"));
        CHECK(start("-07-15") == at(std::string{year} + "-07-15T07:00:00Z"));
        // The last Sunday of March, found in the calendar, is the first day of summer time.
        using namespace std::chrono;
        const sys_days sunday{std::chrono::year{std::stoi(year)} / March / Sunday[last]};
        CHECK(days.hours_of(local_days{(sunday - std::chrono::days{1}).time_since_epoch()}).front().start == Time{sunday - hours{24 - 8}});
        CHECK(days.hours_of(local_days{sunday.time_since_epoch()}).front().start == Time{sunday + hours{7}});
    }
    const auto shanghai = WorkingDays::open(every_day("Asia/Shanghai", {9 * 60, 17 * 60})).value();
    CHECK(shanghai.hours_of(shanghai.day_of(at("2044-02-29T12:00:00Z"))).front().start == at("2044-02-29T01:00:00Z"));
}
