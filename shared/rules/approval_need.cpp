#include "shared/rules/approval_need.hpp"

#include "shared/rules/expenses.hpp"
#include "shared/rules/fields.hpp"

#include <algorithm>

namespace roadbook::rules {
namespace {

/// What the line's list asks for its product and quantity; the line's own price where that list is not at hand or does not name it.
Price list_price(const QuotedLine& line, std::span<const PriceList> lists)
{
    Price price;
    price.unit_price = line.unit_price;
    const auto list = std::find_if(lists.begin(), lists.end(), [&](const auto& one) { return line.list == one.id; });
    if (list == lists.end()) return price;
    const PriceEntry* best = nullptr;
    for (const auto& entry : list->entries) {
        const bool fits = line.product == entry.product && entry.minimum_quantity <= line.quantity && entry.unit_price.currency == line.unit_price.currency;
        if (fits && (best == nullptr || entry.minimum_quantity > best->minimum_quantity)) best = &entry;
    }
    if (best != nullptr) price.unit_price = best->unit_price;
    return price;
}

} // namespace

Result<bool> is_over_policy(const schema::Record& report, const ExpensePolicy* policy)
{
    if (policy == nullptr) return false;
    const auto totals = expense_totals(expense_report_from(report), policy);
    if (!totals) return totals.error();
    return std::any_of(totals->findings.begin(), totals->findings.end(), [](const auto& finding) { return finding.rule == "reason_missing"; });
}

Result<bool> is_over_discount(const schema::Record& quote, schema::Role role, std::span<const schema::Record> limits, std::span<const PriceList> lists)
{
    const auto on_whole = integer_in(quote.fields, "discount");
    for (const auto& line : quoted_lines_of(quote)) {
        const auto allowed = discount_limits_from(limits, line.list, line.unit_price.currency);
        const auto findings = check_limits(line, on_whole, list_price(line, lists), role, allowed);
        if (!findings) return findings.error();
        if (std::any_of(findings->begin(), findings->end(), [](const auto& finding) { return finding.rule == "discount_over_limit"; })) return true;
    }
    return false;
}

} // namespace roadbook::rules
