#pragma once
// What a rule has to say to people, in both languages. A finding never refuses anything: it stands beside the record.
#include "shared/base/money.hpp"
#include "shared/base/result.hpp"

#include <optional>
#include <string>

namespace roadbook::rules {

using Words = Bilingual;

/// One rule of the trade that a record does not keep. `rule` is stable: tests, filters and exports read it.
struct Finding {
    std::string rule; ///< such as "over_limit", "receipt_missing"
    std::string path; ///< what it is about: "items/0190...", "lines/0190...", empty for the whole record
    Words words;
    std::optional<Money> over; ///< by how much, where the rule is about an amount
    bool operator==(const Finding&) const = default;
};

} // namespace roadbook::rules
