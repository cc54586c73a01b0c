#pragma once
// A finding shown: what it is, whom it concerns, what one may do. `show` and `findings` share it.
#include "conflict/findings/finding.hpp"
#include "mobile-app/headless/answer.hpp"

namespace roadbook::headless {

/// {name, rule, words, words_zh, way_out, way_out_zh, records[{id, kind, title}], people[{id, title}], money, minutes, quantity,
/// proposals[{act, record, path, value}]}
[[nodiscard]] Json json_of(const findings::Finding& finding, Titles& titles);
/// In one of the two languages; the commands that carry a proposal out stand beside it.
[[nodiscard]] std::string text_of(const findings::Finding& finding, Titles& titles, const Form& form);

} // namespace roadbook::headless
