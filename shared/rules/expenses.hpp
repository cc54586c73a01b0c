#pragma once
// What an expense report comes to in the home currency, how each item came to its amount, and where it does not keep the
// policy. Pure and exact: the same offline on the device and on the server, whatever the order of the items.
//
// Mileage and per diem are computed by the policy, other items are what was spent; a foreign amount is converted by the
// item's own rate, which needs its source and day. A limit cuts nothing off: it is a finding for whoever approves.
#include "shared/rules/expense_policy.hpp"
#include "shared/rules/finding.hpp"

namespace roadbook::rules {

/// A plain copy of an item; decimals count thousandths.
struct ExpenseItem {
    ChildId id;
    std::string spent_on;
    std::string category;
    std::optional<Money> amount; ///< as spent
    std::optional<std::int64_t> rate_millionths;
    std::string rate_source;
    std::string rate_date;
    std::string place;
    std::string vehicle;
    std::int64_t distance = 0; ///< km
    std::int64_t nights = 0;   ///< whole nights
    std::int64_t hours = 0;
    std::string receipt;
    std::string reason;
};

struct ExpenseReport {
    std::string currency; ///< home currency; empty: the policy's
    std::vector<ExpenseItem> items;
};
/// Removed items are left out.
[[nodiscard]] ExpenseReport expense_report_from(const schema::Record& record);

struct ItemAmount {
    ChildId id;
    std::optional<Money> home; ///< nothing: it cannot be told yet; a finding says why
    Words how;                 ///< "5400.00 THB x 0.2 (ECB, 2026-05-04)"
    bool operator==(const ItemAmount&) const = default;
};

/// Findings: rate_missing, rate_source_missing, rate_date_missing, amount_missing, distance_missing, hours_missing,
/// differs_from_policy, nights_missing, over_limit, reason_missing, receipt_missing, not_in_force, policy_currency.
struct ExpenseTotals {
    Money total;                    ///< of the items that have an amount
    std::vector<ItemAmount> items;  ///< by day, then id
    int incomplete = 0;             ///< items without an amount in the home currency
    std::vector<Finding> findings;  ///< by path, then rule
    bool operator==(const ExpenseTotals&) const = default;
};

/// `policy` may be null: then nothing is limited, and mileage and per diem are what was typed in. Errors: invalid_value when
/// no home currency is known; too_large.
[[nodiscard]] Result<ExpenseTotals> expense_totals(const ExpenseReport& report, const ExpensePolicy* policy);

} // namespace roadbook::rules
