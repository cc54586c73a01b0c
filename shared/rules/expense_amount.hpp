#pragma once
// What one item comes to in the home currency. Inside this room: others use expense_totals().
#include "shared/rules/expenses.hpp"

namespace roadbook::rules {

/// "items/0190..."
[[nodiscard]] std::string path_of(const ExpenseItem& item);

/// Adds to `findings` what keeps the amount from being known or sound. `policy` may be null; only its rates in `home` count.
/// Errors: too_large.
[[nodiscard]] Result<ItemAmount> home_amount(const ExpenseItem& item, const ExpensePolicy* policy, const std::string& home,
                                             std::vector<Finding>& findings);

} // namespace roadbook::rules
