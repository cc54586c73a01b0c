#include "sync-server/admin/demo.hpp"

#include "shared/exchange/edit.hpp"
#include "shared/rules/expenses.hpp"
#include "shared/rules/fields.hpp"
#include "shared/rules/totals.hpp"
#include "shared/schema/validation.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace roadbook;
using namespace roadbook::server;

namespace {

constexpr DemoSize small{DemoSize::accounts_min, 7};

std::vector<schema::Record> make(const DemoSize& size)
{
    std::vector<schema::Record> records;
    make_demo_books(size, [&](schema::Record record) { records.push_back(std::move(record)); });
    return records;
}

std::map<RecordId, schema::Record> by_id(const std::vector<schema::Record>& records)
{
    std::map<RecordId, schema::Record> found;
    for (const auto& record : records) found.emplace(record.id, record);
    return found;
}

std::vector<schema::Record> of(const std::vector<schema::Record>& records, std::string_view kind)
{
    std::vector<schema::Record> found;
    for (const auto& record : records)
        if (record.kind == kind) found.push_back(record);
    return found;
}

std::optional<Time> time_of(const schema::Record& record, std::string_view field)
{
    return rules::value_in<Time>(record.fields, field);
}

std::unique_ptr<Hub> open(const std::filesystem::path& folder)
{
    Hub::Options options;
    options.folder = folder;
    return Hub::open(options).value();
}

int sum(const ImportReport& report, int ImportCount::*what)
{
    int all = 0;
    for (const auto& [kind, count] : report.counts) all += count.*what;
    return all;
}

} // namespace

TEST_CASE("the same seed makes the same books, another seed other ones", "[demo]")
{
    const auto once = make(small);
    CHECK(once == make(small));
    std::set<RecordId> ids;
    for (const auto& record : once) ids.insert(record.id);
    CHECK(ids.size() == once.size());
    for (const auto& record : make({small.accounts, small.seed + 1})) REQUIRE(!ids.contains(record.id));
}

TEST_CASE("every record of the demo books keeps the rules of its kind, and what it refers to stands before it", "[demo]")
{
    std::set<RecordId> seen;
    const auto check = [&](const schema::Fields& fields) {
        for (const auto& [name, value] : fields)
            if (const auto* id = std::get_if<RecordId>(&value)) REQUIRE(seen.contains(*id));
    };
    for (const auto& record : make(small)) {
        for (const auto& breach : schema::validate(record)) FAIL(record.kind << " " << breach.path << ": " << breach.en);
        check(record.fields);
        for (const auto& [name, children] : record.collections)
            for (const auto& child : children) check(child.fields);
        seen.insert(record.id);
    }
}

TEST_CASE("the company is as large as was asked, and every rep holds a patch with customers", "[demo]")
{
    const auto records = make(small);
    std::map<std::string, int> roles;
    for (const auto& person : of(records, "person")) ++roles[schema::text_of(person, "role")];
    CHECK(roles == std::map<std::string, int>{{"rep", 12}, {"engineer", 8}, {"manager", 3}, {"dispatcher", 1}, {"finance", 1}, {"product_manager", 1}, {"admin", 1}});
    CHECK(of(records, "account").size() == 100);
    int tops = 0;
    std::map<RecordId, int> customers;
    const auto all = by_id(records);
    for (const auto& territory : of(records, "territory")) tops += schema::reference_of(territory, "parent") ? 0 : 1;
    for (const auto& account : of(records, "account")) ++customers[*schema::reference_of(all.at(*schema::reference_of(account, "territory")), "holder")];
    CHECK(tops == 6);
    CHECK(customers.size() == 12);
    for (const auto& [holder, count] : customers) {
        CHECK(schema::text_of(all.at(holder), "role") == "rep");
        CHECK(count >= 8);
    }
    for (const auto* kind : {"contact", "product", "price_list", "visit", "quote", "order", "work_order", "expense_report"}) CHECK(!of(records, kind).empty());
}

TEST_CASE("two thousand customers have two thousand names", "[demo]")
{
    std::set<std::string> names;
    make_demo_books({2'000, 1}, [&](const schema::Record& record) {
        if (record.kind == "account") names.insert(schema::text_of(record, "name"));
    });
    CHECK(names.size() == 2'000);
}

TEST_CASE("an order comes to what its quote came to, and its dates follow each other", "[demo]")
{
    const auto records = make(small);
    const auto all = by_id(records);
    for (const auto& order : of(records, "order")) {
        const auto& quote = all.at(*schema::reference_of(order, "quote"));
        CHECK(rules::totals_of(order).value() == rules::totals_of(quote).value());
        CHECK(rules::totals_of(order).value().incomplete == 0);
        CHECK(schema::text_of(quote, "status") == "accepted");
        const auto day = [&](const char* field) { return schema::text_of(order, field); };
        REQUIRE(schema::text_of(quote, "quoted_on") < day("ordered_on"));
        if (!day("shipped_on").empty()) REQUIRE(day("ordered_on") < day("shipped_on"));
        if (!day("delivered_on").empty()) REQUIRE(day("shipped_on") < day("delivered_on"));
        const auto status = day("status");
        CHECK((status == "delivered") == !day("delivered_on").empty());
        CHECK((status == "shipped" || status == "delivered") == !day("shipped_on").empty());
    }
}

TEST_CASE("both versions of the price lists are quoted from, each in its time", "[demo]")
{
    std::set<std::int64_t> versions;
    for (const auto& quote : of(make(small), "quote"))
        for (const auto* line : rules::children_of(quote, "lines")) {
            const auto version = rules::integer_in(line->fields, "price_list_version");
            versions.insert(version);
            REQUIRE((version == 2) == (schema::text_of(quote, "quoted_on") >= "2026-06-01"));
        }
    CHECK(versions == std::set<std::int64_t>{1, 2});
}

TEST_CASE("nobody checks in before the plan, out before in, or is in two places at once", "[demo]")
{
    const auto records = make(small);
    std::set<std::pair<RecordId, Time>> busy;
    for (const auto& visit : of(records, "visit")) {
        const auto planned = time_of(visit, "planned_at").value();
        CHECK(busy.insert({*schema::reference_of(visit, "owner"), planned}).second);
        const bool is_done = schema::text_of(visit, "status") == "done";
        REQUIRE(is_done == time_of(visit, "checked_in_at").has_value());
        if (!is_done) continue;
        REQUIRE(planned <= *time_of(visit, "checked_in_at"));
        REQUIRE(*time_of(visit, "checked_in_at") < time_of(visit, "checked_out_at").value());
    }
    for (const auto& order : of(records, "work_order")) {
        const auto start = time_of(order, "appointment_start").value();
        CHECK(busy.insert({*schema::reference_of(order, "assignee"), start}).second);
        const auto status = schema::text_of(order, "status");
        const bool is_done = status == "completed" || status == "closed";
        REQUIRE(is_done == time_of(order, "completed_at").has_value());
        if (!is_done) continue;
        REQUIRE(start <= time_of(order, "arrived_at").value());
        const auto worked = std::chrono::minutes{rules::integer_in(rules::children_of(order, "labour").front()->fields, "minutes")};
        REQUIRE(*time_of(order, "completed_at") - *time_of(order, "arrived_at") == worked);
    }
}

TEST_CASE("expense reports come to what was paid out, with nothing left to be told", "[demo]")
{
    const auto records = make(small);
    const auto all = by_id(records);
    int paid = 0;
    for (const auto& report : of(records, "expense_report")) {
        const auto policy = rules::expense_policy_from(all.at(*schema::reference_of(report, "policy")));
        const auto totals = rules::expense_totals(rules::expense_report_from(report), &policy).value();
        CHECK(totals.incomplete == 0);
        for (const auto& finding : totals.findings) CHECK(finding.rule == "over_limit");
        for (const auto* item : rules::children_of(report, "items")) {
            const auto day = rules::text_in(item->fields, "spent_on");
            REQUIRE(schema::text_of(report, "period_start") <= day);
            REQUIRE(day <= schema::text_of(report, "period_end"));
        }
        const auto payments = rules::children_of(report, "payments");
        REQUIRE((schema::text_of(report, "status") == "reimbursed") == !payments.empty());
        if (payments.empty()) continue;
        ++paid;
        CHECK(rules::value_in<Money>(payments.front()->fields, "amount") == totals.total);
    }
    CHECK(paid > 0);
}

TEST_CASE("numbers are given once each, and none looks like one that a device is leased", "[demo]")
{
    std::set<std::string> numbers;
    for (const auto& record : make(small)) {
        const auto* field = schema::find_kind(record.kind)->number_field();
        if (field == nullptr) continue;
        const auto number = schema::text_of(record, field->name);
        REQUIRE(numbers.insert(number).second);
        REQUIRE(number.front() == 'D');
        REQUIRE(!number.starts_with(field->number_prefix));
    }
}

TEST_CASE("demo books go into an empty store once, and a second time nothing changes", "[demo]")
{
    const testing::TempFolder folder;
    const auto hub = open(folder / "server");
    std::size_t told = 0;
    const auto first = import_demo(*hub, small, [&](std::size_t done, std::size_t) { told = done; }).value();
    const auto records = make(small);
    CHECK(told == records.size());
    CHECK(sum(first, &ImportCount::unchanged) == 0);
    for (const auto& record : records) REQUIRE(exchange::texts_of(hub->record(record.id).value()) == exchange::texts_of(record));
    const auto second = import_demo(*hub, small, {}).value();
    CHECK(sum(second, &ImportCount::created) == 0);
    CHECK(sum(second, &ImportCount::unchanged) == sum(first, &ImportCount::created));

    const auto other = import_demo(*hub, {small.accounts, small.seed + 1}, {});
    REQUIRE(!other);
    CHECK(other.error().code == Errc::bad_argument);
    CHECK(hub->count("account") == small.accounts);
}

TEST_CASE("demo books are refused where other records are", "[demo]")
{
    const testing::TempFolder folder;
    const auto hub = open(folder / "server");
    merge::Intent intent;
    intent.id = new_id<IntentId>(system_clock().now(), system_random());
    intent.record = new_id<RecordId>(system_clock().now(), system_random());
    intent.kind = "region";
    intent.create = true;
    intent.steps = {{{}, {}, false, {{"name", "South"}}}};
    REQUIRE(hub->apply(std::span{&intent, 1}, {}).front().has_value());
    const auto refused = import_demo(*hub, small, {});
    REQUIRE(!refused);
    CHECK(refused.error().message.find("never mixed") != std::string::npos);
    CHECK(hub->count("person") == 0);
}
