#include "shared/rules/totals.hpp"

#include <fmt/format.h>

#include <map>

namespace roadbook::rules {
namespace {

constexpr std::int64_t whole = 10'000;   // 100 %, in hundredths of a percent
constexpr std::int64_t thousand = 1'000; // a quantity counts thousandths

using Sums = std::map<std::string, Sum, std::less<>>;

template <class T>
const T* find(const schema::Fields& fields, std::string_view name)
{
    const auto found = fields.find(name);
    return found == fields.end() ? nullptr : std::get_if<T>(&found->second);
}

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

Sum& sum_of(Sums& sums, const std::string& currency)
{
    auto& sum = sums[currency];
    sum.currency = currency;
    return sum;
}

Result<void> add(std::int64_t& sum, std::int64_t amount)
{
    const auto added = checked_add(sum, amount);
    if (!added) return too_large();
    sum = *added;
    return {};
}

Result<void> add_lines(const std::vector<schema::Child>& lines, Sums& sums, int& incomplete)
{
    for (const auto& line : lines) {
        if (line.removed) continue;
        const auto amount = amount_of(line.fields);
        if (!amount) return amount.error();
        if (amount->currency.empty()) {
            ++incomplete;
            continue;
        }
        ROADBOOK_CHECK(add(sum_of(sums, amount->currency).lines, amount->minor));
    }
    return {};
}

Result<void> discount(std::int64_t percent, Sums& sums)
{
    for (auto& [currency, sum] : sums) {
        const auto off = multiply_divide(sum.lines, percent, whole);
        if (!off) return too_large();
        sum.discount = *off;
    }
    return {};
}

/// The total itself must fit, so that Sum::total() cannot overflow.
bool fits(const Sum& sum)
{
    const auto discounted = checked_add(sum.lines, -sum.discount);
    return discounted && checked_add(*discounted, sum.freight);
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
    const auto* percent = find<std::int64_t>(line, "discount");
    const auto share = checked_multiply(*quantity, whole - (percent ? *percent : 0));
    const auto minor = share ? multiply_divide(price->minor, *share, thousand * whole) : std::nullopt;
    if (!minor) return too_large();
    return Money{*minor, price->currency};
}

Result<Totals> totals_of(const schema::Record& record)
{
    const auto name = collection_of(record.kind);
    if (name.empty()) return fail(Errc::bad_argument, fmt::format("a record of kind '{}' has no total", record.kind));
    Totals totals;
    Sums sums;
    if (const auto lines = record.collections.find(name); lines != record.collections.end())
        ROADBOOK_CHECK(add_lines(lines->second, sums, totals.incomplete));
    if (const auto* percent = find<std::int64_t>(record.fields, "discount")) ROADBOOK_CHECK(discount(*percent, sums));
    if (const auto* freight = find<Money>(record.fields, "freight"))
        ROADBOOK_CHECK(add(sum_of(sums, freight->currency).freight, freight->minor));
    for (auto& [currency, sum] : sums) {
        if (!fits(sum)) return too_large();
        totals.sums.push_back(std::move(sum));
    }
    return totals;
}

} // namespace roadbook::rules
