// Expense reports in the home currency, their limits and findings: golden cases, and what holds for any report.
#include "golden_table.hpp"
#include "shared/rules/exchange.hpp"
#include "shared/rules/expenses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace roadbook;

namespace {

schema::Child a_child(schema::Fields fields)
{
    return {{}, std::move(fields), false};
}

Money cny(std::int64_t minor)
{
    return {minor, "CNY"};
}

rules::ExpensePolicy the_policy()
{
    schema::Record record;
    record.kind = "expense_policy";
    record.fields = {{"name", "Travel"}, {"currency", "CNY"}, {"valid_from", "2026-01-01"}, {"receipt_from", cny(10'000)}};
    record.collections["limits"] = {
        a_child({{"category", "hotel"}, {"amount", cny(30'000)}, {"per", "night"}}),
        a_child({{"category", "hotel"}, {"place", "Bangkok"}, {"amount", cny(50'000)}, {"per", "night"}}),
        a_child({{"category", "meal"}, {"amount", cny(15'000)}, {"per", "day"}}),
        a_child({{"category", "entertainment"}, {"amount", cny(80'000)}, {"per", "item"}}),
    };
    record.collections["mileage"] = {a_child({{"per_km", cny(120)}}), a_child({{"vehicle", "motorbike"}, {"per_km", cny(50)}})};
    record.collections["per_diems"] = {
        a_child({{"full_day", cny(15'000)}, {"half_day", cny(7'500)}, {"half_day_hours", std::int64_t{8'000}}}),
        a_child({{"place", "Hongkong"}, {"full_day", cny(30'000)}, {"half_day", cny(20'000)}, {"half_day_hours", std::int64_t{6'000}}}),
    };
    return rules::expense_policy_from(record);
}

/// "05-04 hotel 5400.00 THB 3 nights at Bangkok rate 0.20 receipt because fair"
schema::Child an_item(const std::string& text, int number)
{
    std::istringstream words{text};
    std::string day, category;
    words >> day >> category;
    auto item = a_child({{"spent_on", day.size() == 5 ? "2026-" + day : day}, {"category", category}});
    item.id = id_from_name<ChildId>("expense rules", std::to_string(number));
    auto& fields = item.fields;
    for (std::string word, next; words >> word;) {
        if (word == "receipt") {
            fields["receipt"] = "sha256:1";
            continue;
        }
        words >> next;
        if (word == "at") fields["place"] = next;
        else if (word == "by") fields["vehicle"] = next;
        else if (word == "because") fields["reason"] = next;
        else if (word.ends_with("rate")) fields["rate_millionths"] = parse_decimal(next, 6).value();
        else if (next == "km") fields["distance"] = parse_decimal(word, 3).value();
        else if (next == "h") fields["hours"] = parse_decimal(word, 3).value();
        else if (next == "nights") fields["nights"] = std::int64_t{std::stoi(word)};
        else fields["amount"] = Money::parse(word + " " + next).value();
        if (word == "rate") {
            fields["rate_source"] = "ECB";
            fields["rate_date"] = "2026-05-04";
        }
    }
    return item;
}

rules::ExpenseReport a_report(const std::string& items)
{
    schema::Record record;
    record.kind = "expense_report";
    record.fields["currency"] = "CNY";
    int number = 0;
    for (const auto& item : test::split(items, ';')) record.collections["items"].push_back(an_item(item, ++number));
    return rules::expense_report_from(record);
}

/// "1 over_limit +180.00 CNY, 2 receipt_missing; 1 item incomplete"
std::string shown(const rules::ExpenseTotals& totals)
{
    std::map<std::string, int> counts;
    for (const auto& finding : totals.findings) ++counts[finding.rule + (finding.over ? " +" + finding.over->text() : "")];
    std::string text;
    for (const auto& [rule, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, rule);
    return totals.incomplete > 0 ? fmt::format("{}; {} item incomplete", text, totals.incomplete) : text;
}

rules::ExpenseItem random_item(std::mt19937& random)
{
    const auto pick = [&](unsigned count) { return static_cast<std::int64_t>(random() % count); };
    static const std::vector<std::string> categories{"hotel", "meal", "taxi", "mileage", "per_diem", "entertainment", "other"};
    static const std::vector<std::string> currencies{"CNY", "THB", "JPY", "KWD"};
    rules::ExpenseItem item;
    item.id = id_from_name<ChildId>("random item", std::to_string(random()));
    item.spent_on = fmt::format("2026-05-{:02}", 1 + pick(5));
    item.category = categories[static_cast<std::size_t>(pick(7))];
    if (pick(8)) item.amount = Money{pick(2'000'000) - 100'000, currencies[static_cast<std::size_t>(pick(4))]};
    if (pick(5)) item.rate_millionths = pick(30'000'000);
    if (pick(2)) item.rate_source = "ECB";
    if (pick(2)) item.rate_date = "2026-05-01";
    if (pick(2)) item.place = "Bangkok";
    if (pick(2)) item.receipt = "sha256:1";
    if (pick(2)) item.reason = "fair";
    item.distance = pick(900'000);
    item.nights = pick(4);
    item.hours = pick(100'000);
    return item;
}

} // namespace

TEST_CASE("expense reports come to what the table says, with its findings", "[rules]")
{
    const auto policy = the_policy();
    for (const auto& row : test::golden("expenses.md", "reports")) {
        CAPTURE(row.at("case"));
        const auto totals = rules::expense_totals(a_report(row.at("items")), &policy).value();
        CHECK(totals.total.text() == row.at("total"));
        CHECK(shown(totals) == row.at("findings"));
    }
}

TEST_CASE("each amount of a trip says how it came about, and each finding speaks both languages", "[rules]")
{
    const auto policy = the_policy();
    const auto report = a_report("05-04 hotel 5400.00 THB 3 nights rate 0.20 receipt; 05-05 taxi 240.00 CNY receipt; 05-06 per_diem 80 h; 05-07 mileage 86 km");
    const auto totals = rules::expense_totals(report, &policy).value();
    REQUIRE(totals.items.size() == 4);
    CHECK(totals.items[0].home == cny(108'000));
    CHECK(totals.items[0].how.en == "5400.00 THB x 0.2 (ECB, 2026-05-04)");
    CHECK(totals.items[1].how == rules::Words{"as spent", "按实际支出"});
    CHECK(totals.items[2].how == rules::Words{"80 h: 3 x 150.00 CNY + half a day 75.00 CNY", "80 小时：3 天 x 150.00 CNY + 半天 75.00 CNY"});
    CHECK(totals.items[3].how.en == "86 km x 1.20 CNY");
    REQUIRE(totals.findings.size() == 2);
    CHECK(totals.findings[0].words == rules::Words{"1080.00 CNY for 3 nights is 180.00 CNY over the limit of 300.00 CNY a night",
                                                   "3 晚共 1080.00 CNY，超出每晚限额 300.00 CNY 共 180.00 CNY"});
    CHECK(totals.findings[0].path == "items/" + report.items[0].id.text());
    CHECK(totals.findings[1].words.zh == "超出限额，请说明原因");
}

TEST_CASE("without a policy, or with one in another currency, what was spent counts and nothing is limited", "[rules]")
{
    const auto report = a_report("05-04 hotel 5000.00 CNY 1 nights; 05-04 mileage 86 km 110.00 CNY; 05-04 per_diem 24 h");
    const auto totals = rules::expense_totals(report, nullptr).value();
    CHECK(totals.total == cny(511'000));
    CHECK(shown(totals) == "1 amount_missing; 1 item incomplete");
    auto policy = the_policy();
    policy.currency = "EUR";
    for (auto& limit : policy.limits) limit.amount.currency = "EUR";
    for (auto& rate : policy.mileage) rate.per_km.currency = "EUR";
    for (auto& rate : policy.per_diems) rate.full_day.currency = "EUR";
    policy.receipt_from.reset();
    const auto abroad = rules::expense_totals(report, &policy).value();
    CHECK(abroad.total == totals.total);
    CHECK(shown(abroad) == "1 amount_missing, 1 policy_currency; 1 item incomplete");
    CHECK(rules::expense_totals({}, nullptr).error() ==
          fail(Errc::invalid_value, "the report needs the currency in which it is paid out, such as CNY", "currency"));
}

TEST_CASE("the rate of a day is the latest one known by then", "[rules]")
{
    const std::vector<rules::ExchangeRate> rates{{"THB", "CNY", "2026-05-01", 200'000, "ECB"},
                                                 {"THB", "CNY", "2026-05-03", 210'000, "ECB"},
                                                 {"THB", "CNY", "2026-05-03", 205'000, "BOC"},
                                                 {"EUR", "CNY", "2026-05-02", 7'800'000, "ECB"}};
    CHECK(rules::rate_on(rates, "THB", "CNY", "2026-05-02")->rate_millionths == 200'000);
    CHECK(rules::rate_on(rates, "THB", "CNY", "2026-06-01")->source == "BOC");
    CHECK(rules::rate_on(rates, "THB", "CNY", "2026-04-30") == nullptr);
    CHECK(rules::rate_on(rates, "CNY", "THB", "2026-06-01") == nullptr);
}

TEST_CASE("whatever the items: their order decides nothing, and the amounts add up to the total", "[rules]")
{
    std::mt19937 random{20260504}; // a fixed seed: a failure can be looked at again
    const auto policy = the_policy();
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        rules::ExpenseReport report{"CNY", {}};
        for (auto count = random() % 30; count > 0; --count) report.items.push_back(random_item(random));
        const auto totals = rules::expense_totals(report, &policy).value();
        std::int64_t sum = 0;
        int missing = 0;
        for (const auto& item : totals.items) {
            sum += item.home ? item.home->minor : 0;
            missing += item.home ? 0 : 1;
        }
        REQUIRE(totals.total == cny(sum));
        REQUIRE(totals.incomplete == missing);
        REQUIRE(totals.items.size() == report.items.size());
        for (const auto& finding : totals.findings) REQUIRE((!finding.words.en.empty() && !finding.words.zh.empty()));
        std::shuffle(report.items.begin(), report.items.end(), random);
        REQUIRE(rules::expense_totals(report, &policy).value() == totals);
    }
}

TEST_CASE("an expense that leaves 64 bits is too large and never wraps", "[rules]")
{
    const auto policy = the_policy();
    rules::ExpenseReport report{"CNY", {{}, {}}};
    report.items[0].amount = report.items[1].amount = cny(INT64_MAX);
    CHECK(rules::expense_totals(report, &policy).error().code == Errc::too_large);
    report.items[1].amount = cny(-INT64_MAX); // the order in which the items are added does not matter
    CHECK(rules::expense_totals(report, &policy).value().total == cny(0));
    report.items.pop_back();
    report.items[0].amount = Money{INT64_MAX, "JPY"};
    report.items[0].rate_millionths = INT64_MAX;
    CHECK(rules::expense_totals(report, &policy).error().code == Errc::too_large);
    report.items[0] = {};
    report.items[0].category = "mileage";
    report.items[0].distance = INT64_MAX;
    auto dear = policy;
    dear.mileage[0].per_km.minor = INT64_MAX;
    CHECK(rules::expense_totals(report, &dear).error().code == Errc::too_large);
    report.items[0].category = "per_diem";
    report.items[0].hours = INT64_MAX;
    dear.per_diems[0].full_day.minor = INT64_MAX;
    CHECK(rules::expense_totals(report, &dear).error().code == Errc::too_large);
}
