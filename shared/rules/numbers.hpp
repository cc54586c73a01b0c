#pragma once
// The numbers that people read out: "Q-2026-000012". Each device has blocks of them leased ahead, so that two never give out the same
// one offline. Pure.
#include "shared/schema/record.hpp"

#include <optional>
#include <string>

namespace roadbook::rules {

/// How the records of one type are numbered; from a numbering_rule record, or the default of the type.
struct NumberRule {
    enum class Period { none, year, month, day }; ///< counting starts anew with each
    std::string prefix;                           ///< "Q-"
    Period period = Period::year;
    int width = 6;           ///< digits at least; more when the count needs them
    std::int64_t block = 50; ///< numbers in one lease
    bool operator==(const NumberRule&) const = default;
};
inline constexpr int number_width_max = 12;
inline constexpr std::int64_t number_block_max = 10'000;

/// By field names of numbering_rule: prefix, period, width, block; what is not set stays as in `fallback`.
[[nodiscard]] NumberRule number_rule_from(const schema::Record& record, NumberRule fallback);

/// "2026", "202611", "20261122" or "": of the moment's day in UTC.
[[nodiscard]] std::string period_of(NumberRule::Period period, Time moment);
/// The period that follows, so that its numbers can be leased before it begins. Of none: "".
[[nodiscard]] std::string next_period(NumberRule::Period period, Time moment);

[[nodiscard]] std::string number_text(const NumberRule& rule, std::string_view period, std::int64_t count);
/// For a record made without a lease: unlike any other, and plainly not final ("Q-TEMP-9C1E44B2"); a final one replaces it.
[[nodiscard]] std::string provisional_number(const NumberRule& rule, const RecordId& record);
[[nodiscard]] bool is_provisional(std::string_view number) noexcept;
/// For the `nth` record (2, 3 ...) that got the same number, after a device was cloned or restored: "Q-2026-000012-2".
[[nodiscard]] std::string with_suffix(std::string_view number, int nth);

} // namespace roadbook::rules
