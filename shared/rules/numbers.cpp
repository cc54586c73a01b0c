#include "shared/rules/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::rules {
namespace {

constexpr std::string_view provisional_mark = "TEMP-";

std::string text_of_day(NumberRule::Period period, std::chrono::sys_days day)
{
    const std::chrono::year_month_day date{day};
    const auto year = static_cast<int>(date.year());
    const auto month = static_cast<unsigned>(date.month());
    switch (period) {
    case NumberRule::Period::none: return {};
    case NumberRule::Period::year: return fmt::format("{:04}", year);
    case NumberRule::Period::month: return fmt::format("{:04}{:02}", year, month);
    case NumberRule::Period::day: return fmt::format("{:04}{:02}{:02}", year, month, static_cast<unsigned>(date.day()));
    }
    return {};
}

std::optional<NumberRule::Period> period_from_name(std::string_view name)
{
    if (name == "none") return NumberRule::Period::none;
    if (name == "year") return NumberRule::Period::year;
    if (name == "month") return NumberRule::Period::month;
    if (name == "day") return NumberRule::Period::day;
    return std::nullopt;
}

} // namespace

NumberRule number_rule_from(const schema::Record& record, NumberRule fallback)
{
    auto rule = std::move(fallback);
    if (auto prefix = schema::text_of(record, "prefix"); !prefix.empty()) rule.prefix = std::move(prefix);
    if (const auto period = period_from_name(schema::text_of(record, "period"))) rule.period = *period;
    const auto number = [&](std::string_view field, std::int64_t otherwise, std::int64_t greatest) {
        const auto* set = std::get_if<std::int64_t>(&record[field]);
        return set == nullptr ? otherwise : std::clamp<std::int64_t>(*set, 1, greatest);
    };
    rule.width = static_cast<int>(number("width", rule.width, number_width_max));
    rule.block = number("block", rule.block, number_block_max);
    return rule;
}

std::string period_of(NumberRule::Period period, Time moment)
{
    return text_of_day(period, std::chrono::floor<std::chrono::days>(moment));
}

std::string next_period(NumberRule::Period period, Time moment)
{
    using namespace std::chrono;
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    switch (period) {
    case NumberRule::Period::none: return {};
    case NumberRule::Period::year: return text_of_day(period, sys_days{(date.year() + years{1}) / January / 1});
    case NumberRule::Period::month: return text_of_day(period, sys_days{(date.year() / date.month() + months{1}) / 1});
    case NumberRule::Period::day: return text_of_day(period, day + days{1});
    }
    return {};
}

std::string number_text(const NumberRule& rule, std::string_view period, std::int64_t count)
{
    return fmt::format("{}{}{}{:0{}}", rule.prefix, period, period.empty() ? "" : "-", count, rule.width);
}

std::string provisional_number(const NumberRule& rule, const RecordId& record)
{
    const auto hex = record.text(); // its last characters are random
    auto tail = hex.substr(hex.size() - 8);
    std::transform(tail.begin(), tail.end(), tail.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return fmt::format("{}{}{}", rule.prefix, provisional_mark, tail);
}

bool is_provisional(std::string_view number) noexcept
{
    return number.find(provisional_mark) != std::string_view::npos;
}

std::string with_suffix(std::string_view number, int nth)
{
    return fmt::format("{}-{}", number, nth);
}

} // namespace roadbook::rules
