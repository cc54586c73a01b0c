#pragma once
// Two accounts that are one customer: the other one names, in `merged_into`, the one that is kept. Nothing moves: what hangs on the other is
// shown with the kept one, by reading, and clearing the field undoes it.
//
// CONFLICT: two people merge the same two apart, each into the other. RESOLUTION: the circle is cut at its oldest account, which is kept.
#include "conflict/findings/index.hpp"

namespace roadbook::findings {

/// Which account stands for this one: itself, unless it was merged. `next`: what merged_into of an account says; nothing for one not here.
[[nodiscard]] RecordId standing_for(const RecordId& account, const std::function<std::optional<RecordId>(const RecordId&)>& next);
/// All that were merged into this account, directly or by way of another, by id; without itself.
[[nodiscard]] std::vector<RecordId> aliases_of(const RecordId& account, Index& index);

} // namespace roadbook::findings
