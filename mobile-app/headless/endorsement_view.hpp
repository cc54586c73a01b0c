#pragma once
// Approvals, signatures and what is paid of a record, as `show` tells them.
#include "mobile-app/headless/answer.hpp"
#include "mobile-app/headless/titles.hpp"

namespace roadbook::headless {

/// Adds `endorsements`, and where they belong to the kind, `approval` and `payout`.
void add_endorsements(Json& json, const replica::Shown& shown, const schema::Kind& kind, Titles& titles);

/// "" for a kind without any.
[[nodiscard]] std::string endorsements_text(const replica::Shown& shown, const schema::Kind& kind, Titles& titles, const Form& form);

} // namespace roadbook::headless
