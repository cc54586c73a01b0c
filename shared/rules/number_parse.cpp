#include "shared/rules/number_parse.hpp"

#include <fmt/format.h>

#include <charconv>

namespace roadbook::rules {
namespace {

std::size_t length_of(NumberRule::Period period) noexcept
{
    switch (period) {
    case NumberRule::Period::year: return 4;
    case NumberRule::Period::month: return 6;
    case NumberRule::Period::day: return 8;
    case NumberRule::Period::none: break;
    }
    return 0;
}

/// 202613 is as long as a month, but none.
bool exists(NumberRule::Period period, const std::string& text)
{
    if (text.size() != length_of(period)) return false;
    const auto first = fmt::format("{}-{}-{}", text.substr(0, 4), text.size() > 4 ? text.substr(4, 2) : "01",
                                   text.size() > 6 ? text.substr(6, 2) : "01");
    const auto day = time_from_text(first);
    return day && period_of(period, *day) == text;
}

/// Takes "2026-" off the front; nothing when no period of the rule stands there.
std::optional<std::string> take_period(NumberRule::Period period, std::string_view& text)
{
    if (period == NumberRule::Period::none) return std::string{};
    std::string found{text.substr(0, length_of(period))};
    text.remove_prefix(found.size());
    if (!exists(period, found) || !text.starts_with('-')) return std::nullopt;
    text.remove_prefix(1);
    return found;
}

template <class Integer>
bool take_number(std::string_view& text, Integer& number)
{
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return ec == std::errc{};
}

} // namespace

std::optional<NumberParts> parse_number(const NumberRule& rule, std::string_view text)
{
    auto rest = text;
    if (!rest.starts_with(rule.prefix)) return std::nullopt;
    rest.remove_prefix(rule.prefix.size());
    auto period = take_period(rule.period, rest);
    if (!period) return std::nullopt;
    NumberParts parts{std::move(*period), 0, 1};
    if (!take_number(rest, parts.count) || parts.count < 1) return std::nullopt;
    if (rest.starts_with('-')) {
        rest.remove_prefix(1);
        if (!take_number(rest, parts.nth) || parts.nth < 2) return std::nullopt;
    }
    // one number, one text: what the rule would write with other zeros (0042 for 000042) is not one of its numbers
    auto written = number_text(rule, parts.period, parts.count);
    if (parts.nth > 1) written = with_suffix(written, parts.nth);
    return written == text ? std::optional{std::move(parts)} : std::nullopt;
}

} // namespace roadbook::rules
