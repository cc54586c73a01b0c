#pragma once
// A conflict shown: both values, who wrote each, when and on which device. `show` and `conflicts` share it.
#include "mobile-app/headless/answer.hpp"

#include <span>

namespace roadbook::headless {

/// {record, kind, title, path, needs_person, candidates[{value, person, person_name, device, when, late, reason,
/// shown}]}
[[nodiscard]] Json json_of(const replica::NamedConflict& conflict, const schema::Record& record, Titles& titles);
/// "quantity of line Tofu in quote Q-17: a person must choose", how to settle it, and a table of the values. `record`
/// is the one that has it.
[[nodiscard]] std::string text_of(const replica::NamedConflict& conflict, const schema::Record& record, Titles& titles,
                                  const Form& form);

} // namespace roadbook::headless
