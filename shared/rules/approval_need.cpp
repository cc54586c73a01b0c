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

Result<bool> is_over_discount(const schema::Record& quote, schema::Role role, std::span<const schema::Record> limits, std::span<const PriceList> lists,
                              std::span<const schema::Record> terms)
{
    std::optional<std::int64_t> of_account;
    for (const auto& agreed : terms) {
        const auto* limit = agreed.deleted_at ? nullptr : std::get_if<std::int64_t>(&agreed["discount_limit"]);
        if (limit != nullptr) of_account = std::min(of_account.value_or(*limit), *limit);
    }
    const auto on_whole = integer_in(quote.fields, "discount");
    for (const auto& line : quoted_lines_of(quote)) {
        auto allowed = discount_limits_from(limits, line.list, line.unit_price.currency);
        allowed.of_account = of_account;
        const auto findings = check_limits(line, on_whole, list_price(line, lists), role, allowed);
        if (!findings) return findings.error();
        if (std::any_of(findings->begin(), findings->end(), [](const auto& finding) { return finding.rule == "discount_over_limit"; })) return true;
    }
    return false;
}

Result<bool> is_over_limit(const schema::Record& record, const Known& known)
{
    if (record.kind == "expense_report") {
        const auto id = schema::reference_of(record, "policy");
        const auto found = id ? known.record(*id, "expense_policy") : std::nullopt;
        const auto policy = found ? std::optional{expense_policy_from(*found)} : std::nullopt;
        return is_over_policy(record, policy ? &*policy : nullptr);
    }
    if (record.kind != "quote") return false;
    std::vector<PriceList> prices;
    for (const auto& list : known.all("price_list")) prices.push_back(price_list_from(list));
    const auto owner = schema::reference_of(record, "owner");
    const auto person = owner ? known.record(*owner, "person") : std::nullopt;
    const auto role = person ? schema::role_from_name(schema::text_of(*person, "role")) : std::nullopt;
    const auto account = schema::reference_of(record, "account");
    const auto terms = account ? known.terms_of(*account) : std::vector<schema::Record>{};
    return is_over_discount(record, role.value_or(schema::Role::rep), known.all("discount_limit"), prices, terms);
}

} // namespace roadbook::rules
