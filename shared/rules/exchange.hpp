#pragma once
// Amounts from one currency into another by a rate that somebody named, with its source and day.
#include "shared/schema/record.hpp"

#include <span>
#include <string>
#include <string_view>

namespace roadbook::rules {

/// A plain copy of a record of kind "exchange_rate": 1 `from` is rate_millionths / 1,000,000 `to`.
struct ExchangeRate {
    std::string from;
    std::string to;
    std::string rated_on; ///< "2026-07-31"
    std::int64_t rate_millionths = 0;
    std::string source;
};
[[nodiscard]] ExchangeRate exchange_rate_from(const schema::Record& record);

/// Rounded once, half away from zero, to the minor unit of `to`: yen have none, dinars have three. Errors: invalid_value
/// for an unknown currency or a rate that is not above zero; too_large.
[[nodiscard]] Result<Money> convert(const Money& amount, const std::string& to, std::int64_t rate_millionths);

/// The rate of the latest day up to `day`; of two for one day, the one whose source sorts first, then the lower. Null: none.
[[nodiscard]] const ExchangeRate* rate_on(std::span<const ExchangeRate> rates, std::string_view from, std::string_view to,
                                          std::string_view day) noexcept;

/// "0.2" for 200000.
[[nodiscard]] std::string rate_text(std::int64_t rate_millionths);
/// "86" for 86000, "12.5" for 12500: a decimal without the zeros that say nothing.
[[nodiscard]] std::string decimal_in_words(std::int64_t thousandths);

} // namespace roadbook::rules
