#include "shared/base/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace roadbook {
namespace {

struct Currency {
    std::string_view code;
    int digits;
};

// ISO 4217 codes in use where the product is sold, sorted by code.
constexpr std::array currencies{
    Currency{"AED", 2}, Currency{"ARS", 2}, Currency{"AUD", 2}, Currency{"BHD", 3}, Currency{"BRL", 2},
    Currency{"CAD", 2}, Currency{"CHF", 2}, Currency{"CLP", 0}, Currency{"CNY", 2}, Currency{"COP", 2},
    Currency{"CZK", 2}, Currency{"DKK", 2}, Currency{"EGP", 2}, Currency{"EUR", 2}, Currency{"GBP", 2},
    Currency{"HKD", 2}, Currency{"HUF", 2}, Currency{"IDR", 2}, Currency{"ILS", 2}, Currency{"INR", 2},
    Currency{"JPY", 0}, Currency{"KRW", 0}, Currency{"KWD", 3}, Currency{"MOP", 2}, Currency{"MXN", 2},
    Currency{"MYR", 2}, Currency{"NOK", 2}, Currency{"NZD", 2}, Currency{"PHP", 2}, Currency{"PLN", 2},
    Currency{"RON", 2}, Currency{"RUB", 2}, Currency{"SAR", 2}, Currency{"SEK", 2}, Currency{"SGD", 2},
    Currency{"THB", 2}, Currency{"TND", 3}, Currency{"TRY", 2}, Currency{"TWD", 2}, Currency{"UAH", 2},
    Currency{"USD", 2}, Currency{"VND", 0}, Currency{"ZAR", 2},
};

bool is_code(std::string_view word)
{
    return word.size() == 3 && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

} // namespace

std::optional<int> currency_digits(std::string_view code) noexcept
{
    const auto found = std::find_if(currencies.begin(), currencies.end(), [&](const Currency& c) { return c.code == code; });
    return found == currencies.end() ? std::nullopt : std::optional{found->digits};
}

std::string Money::text() const
{
    return decimal_text(minor, currency_digits(currency).value_or(2)) + " " + currency;
}

Result<Money> Money::parse(std::string_view text)
{
    const auto space = text.find(' ');
    if (space == std::string_view::npos)
        return fail(Errc::invalid_value, fmt::format("'{}' is no amount: write a number and a currency, such as 12.50 EUR", text));
    auto number = text.substr(0, space);
    auto code = text.substr(space + 1);
    if (is_code(number)) std::swap(number, code);
    const auto digits = currency_digits(code);
    if (!digits) return fail(Errc::invalid_value, fmt::format("'{}' is no known currency code", code));
    const auto minor = parse_decimal(number, *digits);
    if (!minor)
        return fail(Errc::invalid_value, fmt::format("'{}' is no amount in {}: a number of at most {}, with at most {} digits behind the point", number, code,
                                                     decimal_text(money_minor_max, *digits), *digits));
    if (*minor > money_minor_max || *minor < -money_minor_max)
        return fail(Errc::invalid_value, fmt::format("{} is over the greatest amount", text));
    return Money{*minor, std::string{code}};
}

std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) noexcept
{
    std::int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? std::nullopt : std::optional{sum};
}

std::optional<std::int64_t> checked_multiply(std::int64_t a, std::int64_t b) noexcept
{
    std::int64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? std::nullopt : std::optional{product};
}

std::optional<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b, std::int64_t divisor) noexcept
{
    __extension__ using Wide = __int128; // exact for any two 64-bit factors
    const Wide product = static_cast<Wide>(a) * b;
    const Wide half = divisor / 2;
    const Wide rounded = (product >= 0 ? product + half : product - half) / divisor;
    if (rounded > std::numeric_limits<std::int64_t>::max() || rounded < std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return static_cast<std::int64_t>(rounded);
}

std::optional<std::int64_t> parse_decimal(std::string_view text, int digits) noexcept
{
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    std::int64_t value = 0;
    int behind_point = -1;
    bool any = false;
    for (const char c : text) {
        if (c == '.' && behind_point < 0) {
            behind_point = 0;
            continue;
        }
        if (c < '0' || c > '9') return std::nullopt;
        if (behind_point >= 0 && ++behind_point > digits) {
            if (c != '0') return std::nullopt; // 14.0000 EUR is 14.00 EUR; 14.001 EUR is a mistake
            continue;
        }
        any = true;
        const auto shifted = checked_multiply(value, 10);
        const auto next = shifted ? checked_add(*shifted, c - '0') : std::nullopt;
        if (!next) return std::nullopt;
        value = *next;
    }
    if (!any) return std::nullopt;
    for (int i = std::clamp(behind_point, 0, digits); i < digits; ++i) {
        const auto shifted = checked_multiply(value, 10);
        if (!shifted) return std::nullopt;
        value = *shifted;
    }
    return negative ? -value : value;
}

std::string decimal_text(std::int64_t value, int digits)
{
    auto text = fmt::format("{}", value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
    if (digits > 0) {
        const auto places = static_cast<std::size_t>(digits);
        if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
        text.insert(text.size() - places, ".");
    }
    return value < 0 ? "-" + text : text;
}

} // namespace roadbook
