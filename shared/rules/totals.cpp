#include "shared/rules/totals.hpp"

#include "shared/rules/exact.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <map>

namespace roadbook::rules {
namespace {

/// The lines of one currency by tax rate; nothing: lines that name no rate. Nothing sorts before any rate.
using LinesByRate = std::map<std::optional<std::int64_t>, Wide>;

struct Parts {
    LinesByRate lines;
    Wide freight = 0;
};
using PartsByCurrency = std::map<std::string, Parts, std::less<>>;

Error too_large()
{
    return fail(Errc::too_large,
                "the total is larger than the greatest amount that can be added up exactly: look for a slip of "
                "the keys in quantities and prices");
}

std::string_view collection_of(std::string_view kind) noexcept
{
    if (kind == "quote" || kind == "order") return "lines";
    if (kind == "expense_report") return "items";
    return {};
}

Result<void> add_lines(const schema::Record& record, PartsByCurrency& parts, int& incomplete)
{
    for (const auto* line : children_of(record, collection_of(record.kind))) {
        const auto amount = amount_of(line->fields);
        if (!amount) return amount.error();
        if (amount->currency.empty())
            ++incomplete;
        else
            parts[amount->currency].lines[value_in<std::int64_t>(line->fields, "tax_rate")] += amount->minor;
    }
    return {};
}

/// Rate by rate over a running sum: the shares of the discount differ from exact ones by less than one minor unit, and
/// always add up to the discount on the whole.
std::optional<Sum> sum_of(const std::string& currency, const Parts& parts, std::int64_t discount)
{
    Sum sum{.currency = currency};
    Wide lines = 0;
    Wide tax = 0;
    for (const auto& [rate, amount] : parts.lines) {
        lines += amount;
        const auto off = rounded(times(lines, discount), whole);
        if (!off) return std::nullopt;
        const auto net = narrow(amount - (Wide{*off} - sum.discount));
        sum.discount = *off;
        if (!net) return std::nullopt;
        if (!rate) continue;
        const auto of_rate = rounded(times(times(amount, whole - Wide{discount}), *rate), Wide{whole} * whole);
        if (!of_rate) return std::nullopt;
        tax += *of_rate;
        sum.taxes.push_back({*rate, *net, *of_rate});
    }
    // each step of Sum::total() must fit, not only the last
    const auto all_lines = narrow(lines);
    const auto discounted = narrow(lines - sum.discount);
    const auto freight = narrow(parts.freight);
    const auto delivered = narrow(lines - sum.discount + parts.freight);
    const auto all_tax = narrow(tax);
    if (!all_lines || !discounted || !freight || !delivered || !all_tax) return std::nullopt;
    sum.lines = *all_lines;
    sum.freight = *freight;
    sum.tax = *all_tax;
    return narrow(Wide{*delivered} + *all_tax) ? std::optional{std::move(sum)} : std::nullopt;
}

} // namespace

bool has_totals(std::string_view kind) noexcept
{
    return !collection_of(kind).empty();
}

Result<Money> amount_of(const schema::Fields& line)
{
    if (const auto* amount = find<Money>(line, "amount")) return *amount;
    const auto* quantity = find<std::int64_t>(line, "quantity");
    const auto* price = find<Money>(line, "unit_price");
    if (!quantity || !price) return Money{};
    const auto share = times(Wide{*quantity}, whole - Wide{integer_in(line, "discount")});
    const auto minor = rounded(times(share, price->minor), Wide{thousand} * whole);
    if (!minor) return too_large();
    return Money{*minor, price->currency};
}

Result<Totals> totals_of(const schema::Record& record)
{
    if (!has_totals(record.kind)) return fail(Errc::bad_argument, fmt::format("a record of kind '{}' has no total", record.kind));
    Totals totals;
    PartsByCurrency parts;
    ROADBOOK_CHECK(add_lines(record, parts, totals.incomplete));
    if (const auto* freight = find<Money>(record.fields, "freight")) parts[freight->currency].freight = freight->minor;
    const auto discount = integer_in(record.fields, "discount");
    for (const auto& [currency, of_currency] : parts) {
        auto sum = sum_of(currency, of_currency, discount);
        if (!sum) return too_large();
        totals.sums.push_back(std::move(*sum));
    }
    return totals;
}

} // namespace roadbook::rules
