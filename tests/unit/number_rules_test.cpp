// Numbers back into their parts: golden cases, and what holds for any.
#include "golden_table.hpp"
#include "shared/rules/number_parse.hpp"

#include <fmt/format.h>

#include <random>

using namespace roadbook;
using rules::NumberRule;

namespace {

NumberRule a_rule(const std::string& prefix, const std::string& period, int width)
{
    static const std::map<std::string, NumberRule::Period> periods{
        {"none", NumberRule::Period::none}, {"year", NumberRule::Period::year}, {"month", NumberRule::Period::month}, {"day", NumberRule::Period::day}};
    return {prefix, periods.at(period), width, 50};
}

std::string written(const NumberRule& rule, const rules::NumberParts& parts)
{
    const auto text = rules::number_text(rule, parts.period, parts.count);
    return parts.nth == 1 ? text : rules::with_suffix(text, parts.nth);
}

} // namespace

TEST_CASE("numbers are written as the table says, and read back", "[rules]")
{
    for (const auto& row : test::golden("numbers.md", "numbers")) {
        CAPTURE(row.at("number"));
        const auto rule = a_rule(row.at("prefix"), row.at("period"), std::stoi(row.at("width")));
        const rules::NumberParts parts{row.at("counted in"), std::stoi(row.at("count")), std::stoi(row.at("nth"))};
        CHECK(written(rule, parts) == row.at("number"));
        CHECK(rules::parse_number(rule, row.at("number")) == parts);
    }
    const auto rule = a_rule("Q-", "year", 6);
    for (const auto& row : test::golden("numbers.md", "not numbers")) {
        CAPTURE(row.at("text"));
        CHECK_FALSE(rules::parse_number(rule, row.at("text")));
    }
    for (const auto* text : {"WO202613-0007", "WO202600-0007", "WO2026-0007"})
        CHECK_FALSE(rules::parse_number(a_rule("WO", "month", 4), text));
}

TEST_CASE("any number reads back as itself, two different ones never share a text, and no provisional one is read", "[rules]")
{
    std::mt19937_64 random{20260731}; // a fixed seed: a failure can be looked at again
    const std::vector<std::string> periods{"none", "year", "month", "day"};
    const std::vector<std::string> prefixes{"", "Q", "Q-", "2026", "TEMP"};
    for (int round = 0; round < 100; ++round) {
        const auto rule = a_rule(prefixes[random() % 5], periods[random() % 4], 1 + static_cast<int>(random() % 12));
        std::map<std::string, rules::NumberParts> texts;
        for (int i = 0; i < 100; ++i) {
            const Time moment{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1} + std::chrono::days{random() % 36'500}};
            const rules::NumberParts parts{rules::period_of(rule.period, moment), 1 + static_cast<std::int64_t>((random() >> 2) >> (random() % 61)),
                                           1 + static_cast<int>(random() % 3 ? 0 : random() % 1'000)};
            const auto text = written(rule, parts);
            CAPTURE(text);
            REQUIRE(rules::parse_number(rule, text) == parts);
            REQUIRE(texts.try_emplace(text, parts).first->second == parts);
            REQUIRE_FALSE(rules::parse_number(rule, rules::provisional_number(rule, id_from_name<RecordId>("numbers", text))));
        }
    }
}
