#pragma once
// The rules of this room in words that a rep would use, for the page of all rules: conflict/RULES.md.
#include "conflict/merge/catalogue.hpp"

namespace roadbook::findings {

/// One for each name that a finding may have as its rule; findings_test looks for the words of every finding that it sees.
[[nodiscard]] std::span<const merge::Rule> catalogue();

} // namespace roadbook::findings
