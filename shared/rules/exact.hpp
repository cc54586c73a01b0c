#pragma once
// Exact arithmetic of this room: sums and products are kept in 128 bits and come back to 64 once, at the end. So a sum
// does not depend on the order of its parts, and what does not fit is told, never wrapped.
#include <cstdint>
#include <limits>
#include <optional>

namespace roadbook::rules {

__extension__ using Wide = __int128; ///< holds any sum of 2^63 64-bit integers

inline constexpr std::int64_t whole = 10'000;       ///< 100 %, in hundredths of a percent
inline constexpr std::int64_t thousand = 1'000;     ///< a decimal counts thousandths
inline constexpr std::int64_t million = 1'000'000;  ///< an exchange rate counts millionths

[[nodiscard]] constexpr std::optional<std::int64_t> narrow(Wide value) noexcept
{
    if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min()) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

[[nodiscard]] constexpr std::optional<Wide> times(std::optional<Wide> a, Wide b) noexcept
{
    Wide product = 0;
    if (!a || __builtin_mul_overflow(*a, b, &product)) return std::nullopt;
    return product;
}

[[nodiscard]] constexpr std::optional<Wide> minus(std::optional<Wide> a, std::optional<Wide> b) noexcept
{
    Wide difference = 0;
    if (!a || !b || __builtin_sub_overflow(*a, *b, &difference)) return std::nullopt;
    return difference;
}

/// value / divisor, rounded half away from zero. `divisor` > 0.
[[nodiscard]] constexpr std::optional<std::int64_t> rounded(std::optional<Wide> value, Wide divisor) noexcept
{
    if (!value) return std::nullopt;
    const Wide quotient = *value / divisor;
    const Wide rest = *value % divisor < 0 ? -(*value % divisor) : *value % divisor;
    const Wide step = rest >= divisor - rest ? (*value < 0 ? -1 : 1) : 0;
    return narrow(quotient + step);
}

/// value / divisor, rounded up: what is over a limit by a little never reads like the limit. value >= 0, `divisor` > 0.
[[nodiscard]] constexpr std::optional<std::int64_t> rounded_up(std::optional<Wide> value, Wide divisor) noexcept
{
    return value ? narrow(*value / divisor + (*value % divisor > 0 ? 1 : 0)) : std::nullopt;
}

} // namespace roadbook::rules
