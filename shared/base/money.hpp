#pragma once
// Money is an integer of minor units and an ISO 4217 code. No floating point anywhere.
#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace roadbook {

/// How many digits stand behind the point in this currency (2 for EUR, 0 for JPY, 3 for KWD). Nothing for an unknown code.
[[nodiscard]] std::optional<int> currency_digits(std::string_view code) noexcept;

struct Money {
    std::int64_t minor = 0;
    std::string currency; ///< ISO 4217, three capital letters

    /// "1280.00 CNY"
    [[nodiscard]] std::string text() const;
    /// Reads "1280 CNY", "1280.00 CNY", "CNY 1280.5", "-3.10 EUR". Errors: invalid_value with the reason (unknown
    /// currency, too many digits, over the greatest amount).
    [[nodiscard]] static Result<Money> parse(std::string_view text);
    bool operator==(const Money&) const = default;
};

/// One amount may be at most this, so that a sum of 100,000 of them still fits in 64 bits.
inline constexpr std::int64_t money_minor_max = 90'000'000'000'000;

/// a + b and a * b, or nothing on overflow: totals are exact or they are an error.
[[nodiscard]] std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) noexcept;
[[nodiscard]] std::optional<std::int64_t> checked_multiply(std::int64_t a, std::int64_t b) noexcept;
/// a * b / divisor, rounded half away from zero, exact in between (128 bits). `divisor` > 0.
[[nodiscard]] std::optional<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b, std::int64_t divisor) noexcept;

/// A decimal number without its point: "12.5" with 3 digits is 12500. Nothing if it has more digits or does not fit.
[[nodiscard]] std::optional<std::int64_t> parse_decimal(std::string_view text, int digits) noexcept;
/// The reverse; "12.500" with 3 digits.
[[nodiscard]] std::string decimal_text(std::int64_t value, int digits);

} // namespace roadbook
