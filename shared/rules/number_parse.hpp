#pragma once
// A number back into its parts, by the rule that wrote it: for imports, for telling what a duplicate duplicates, and for
// leasing above every number that is already in use.
#include "shared/rules/numbers.hpp"

namespace roadbook::rules {

struct NumberParts {
    std::string period; ///< as period_of() writes it; empty without periods
    std::int64_t count = 0; ///< from 1 on
    int nth = 1;            ///< 2, 3 ... for one told apart by with_suffix()
    bool operator==(const NumberParts&) const = default;
};

/// Nothing for a text that this rule does not write: another prefix, a period that does not exist, a provisional number, a
/// count with other zeros than the rule's width gives.
[[nodiscard]] std::optional<NumberParts> parse_number(const NumberRule& rule, std::string_view text);

} // namespace roadbook::rules
