#pragma once
// Does a record go over a limit that the company has set, so that one person's yes is not enough?
#include "shared/rules/expense_policy.hpp"
#include "shared/rules/price_check.hpp"

namespace roadbook::rules {

/// Is any item over a limit of the policy, with no reason given? One that says why is for the manager to judge. Without a policy nothing is
/// limited. Errors: as expense_totals().
[[nodiscard]] Result<bool> is_over_policy(const schema::Record& report, const ExpensePolicy* policy);

/// Is any line's discount, with the discount on the whole, more than this role may give? `limits`: records of kind "discount_limit"; `lists`:
/// the price lists at hand: a low price typed in counts like a discount from the list's. Errors: too_large.
[[nodiscard]] Result<bool> is_over_discount(const schema::Record& quote, schema::Role role, std::span<const schema::Record> limits,
                                            std::span<const PriceList> lists);

} // namespace roadbook::rules
