#include "shared/rules/numbers.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using rules::NumberRule;

namespace {

Time at(int year, unsigned month, unsigned day)
{
    return Time{std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)}} + std::chrono::hours{23};
}

} // namespace

TEST_CASE("numbers read as their rule says", "[numbers]")
{
    struct Case {
        NumberRule rule;
        Time moment;
        std::int64_t count;
        std::string now, next, text;
    };
    using Period = NumberRule::Period;
    const auto golden = std::vector<Case>{
        // prefix, period, width           moment              count     period      next        number
        {{"Q-", Period::year, 6, 50},       at(2026, 11, 22),   12,       "2026",     "2027",     "Q-2026-000012"},
        {{"WO", Period::month, 4, 50},      at(2026, 12, 31),   7,        "202612",   "202701",   "WO202612-0007"},
        {{"A", Period::day, 3, 50},         at(2024, 2, 29),    1,        "20240229", "20240301", "A20240229-001"},
        {{"", Period::none, 8, 50},         at(2026, 1, 1),     99,       "",         "",         "00000099"},
        {{"Q-", Period::year, 2, 50},       at(2026, 1, 1),     12'345,   "2026",     "2027",     "Q-2026-12345"},
        {{"报价", Period::year, 4, 50},     at(2026, 1, 1),     5,        "2026",     "2027",     "报价2026-0005"},
    };
    for (const auto& [rule, moment, count, now, next, text] : golden) {
        CHECK(rules::period_of(rule.period, moment) == now);
        CHECK(rules::next_period(rule.period, moment) == next);
        CHECK(rules::number_text(rule, now, count) == text);
    }
    CHECK(rules::with_suffix("Q-2026-000012", 2) == "Q-2026-000012-2");
}

TEST_CASE("a provisional number is unlike any other and says that it is one", "[numbers]")
{
    const NumberRule rule{"Q-", NumberRule::Period::year, 6, 50};
    const auto id = RecordId::parse("01a204bb-b9a8-7d06-979d-760e24b2829f").value();
    CHECK(rules::provisional_number(rule, id) == "Q-TEMP-24B2829F");
    CHECK(rules::is_provisional("Q-TEMP-24B2829F"));
    CHECK_FALSE(rules::is_provisional("Q-2026-000012"));
}

TEST_CASE("a numbering rule is read from its record and kept within bounds", "[numbers]")
{
    const NumberRule standard{"Q-", NumberRule::Period::year, 6, 50};
    schema::Record record;
    CHECK(rules::number_rule_from(record, standard) == standard);
    record.fields = {{"prefix", std::string{"AN"}}, {"period", std::string{"month"}}, {"width", std::int64_t{99}}, {"block", std::int64_t{-5}}};
    CHECK(rules::number_rule_from(record, standard) == NumberRule{"AN", NumberRule::Period::month, rules::number_width_max, 1});
}
