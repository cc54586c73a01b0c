#pragma once
// Does a record go over a limit that the company has set, so that one person's yes is not enough?
#include "shared/rules/expense_policy.hpp"
#include "shared/rules/price_check.hpp"

#include <functional>

namespace roadbook::rules {

/// Is any item over a limit of the policy, with no reason given? One that says why is for the manager to judge. Without a policy nothing is
/// limited. Errors: as expense_totals().
[[nodiscard]] Result<bool> is_over_policy(const schema::Record& report, const ExpensePolicy* policy);

/// Is any line's discount, with the discount on the whole, more than this role may give? `limits`: records of kind "discount_limit"; `lists`:
/// the price lists at hand: a low price typed in counts like a discount from the list's; `terms`: what was agreed with the quote's customer, records
/// of kind "account_terms": the lowest of their discount limits counts, too. Errors: too_large.
[[nodiscard]] Result<bool> is_over_discount(const schema::Record& quote, schema::Role role, std::span<const schema::Record> limits,
                                            std::span<const PriceList> lists, std::span<const schema::Record> terms = {});

/// Records as whoever asks has them: on a device those that are here, on the server all, now or as they were at a time.
struct Known {
    std::function<std::optional<schema::Record>(const RecordId& id, std::string_view kind)> record;
    std::function<std::vector<schema::Record>(std::string_view kind)> all; ///< of a kind that is few
    std::function<std::vector<schema::Record>(const RecordId& account)> terms_of; ///< account_terms
};
/// A quote by its discounts, a report by its policy; nothing else is limited. Errors: as above.
[[nodiscard]] Result<bool> is_over_limit(const schema::Record& record, const Known& known);

} // namespace roadbook::rules
