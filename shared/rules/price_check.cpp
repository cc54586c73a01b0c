#include "shared/rules/price_check.hpp"

#include "shared/rules/exact.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::rules {
namespace {

constexpr Wide per_unit = Wide{whole} * whole; ///< the scale of net_price()

std::string path_of(const QuotedLine& line)
{
    return "lines/" + line.id.text();
}

Error too_large()
{
    return fail(Errc::too_large, "a price or discount of this line is too large to compare exactly: look for a slip of the keys", "unit_price");
}

/// Each version of a list is a record of its own: the answer says to which list the line's version belongs.
Standing standing_of(const QuotedLine& line, const PriceAnswer& answer)
{
    const auto& now = *answer.price;
    if (line.unit_price == now.unit_price) return Standing::holds;
    if (!line.list) return Standing::other_price;
    if (line.list == now.list) return line.version == 0 || line.version == now.version ? Standing::other_price : Standing::superseded;
    const auto was = std::find_if(answer.left_out.begin(), answer.left_out.end(), [&](const auto& out) { return out.list == line.list; });
    return was != answer.left_out.end() && was->code == now.code ? Standing::superseded : Standing::other_list;
}

Words reprice_words(Standing standing, const QuotedLine& line, const Price& now, const Words& why)
{
    const auto was = line.unit_price.text();
    const auto is = now.unit_price.text();
    switch (standing) {
    case Standing::superseded:
        return {fmt::format("the line was priced {} by v{} of its list, which is superseded: {}; re-price to {}?", was, line.version, why.en, is),
                fmt::format("该行按价目表 v{} 报价 {}，该价目表已被取代：{}；是否改为 {}？", line.version, was, why.zh, is)};
    case Standing::other_list:
        return {fmt::format("the line was priced {} by a list that no longer goes first: {}; re-price to {}?", was, why.en, is),
                fmt::format("该行报价 {} 所依据的价目表不再优先：{}；是否改为 {}？", was, why.zh, is)};
    default:
        return {fmt::format("the line's price {} is not the list's: {}; re-price to {}?", was, why.en, is),
                fmt::format("该行价格 {} 与价目表不符：{}；是否改为 {}？", was, why.zh, is)};
    }
}

/// The unit price after both discounts, times per_unit.
std::optional<Wide> net_price(const QuotedLine& line, std::int64_t discount_on_whole)
{
    return times(times(Wide{line.unit_price.minor}, whole - Wide{line.discount}), whole - Wide{discount_on_whole});
}

std::string percent_text(std::int64_t hundredths)
{
    return decimal_text(hundredths, 2) + " %";
}

Finding below_floor(const QuotedLine& line, const Money& floor, std::int64_t net, std::int64_t lacks)
{
    const auto net_text = Money{net, floor.currency}.text();
    return {"below_floor",
            path_of(line),
            {fmt::format("after discounts one unit sells for {}, below the floor of {}: needs approval", net_text, floor.text()),
             fmt::format("折后单价 {} 低于底价 {}，需要审批", net_text, floor.text())},
            Money{lacks, floor.currency}};
}

Words role_words(schema::Role role)
{
    switch (role) {
    case schema::Role::rep: return {"a rep", "销售代表"};
    case schema::Role::engineer: return {"an engineer", "工程师"};
    case schema::Role::dispatcher: return {"a dispatcher", "调度员"};
    case schema::Role::manager: return {"a manager", "经理"};
    case schema::Role::finance: return {"finance", "财务"};
    case schema::Role::product_manager: return {"a product manager", "产品经理"};
    case schema::Role::admin: break;
    }
    return {"an administrator", "管理员"};
}

Finding discount_over(const QuotedLine& line, std::int64_t given, std::int64_t limit, schema::Role role)
{
    const auto who = role_words(role);
    return {"discount_over_limit",
            path_of(line),
            {fmt::format("{} off the list price; {} may give {} here: needs approval", percent_text(given), who.en, percent_text(limit)),
             fmt::format("较价目表价低 {}，{}在此最多可给 {}，需要审批", percent_text(given), who.zh, percent_text(limit))},
            std::nullopt};
}

} // namespace

std::vector<QuotedLine> quoted_lines_of(const schema::Record& quote)
{
    std::vector<QuotedLine> lines;
    for (const auto* child : children_of(quote, "lines")) {
        const auto& fields = child->fields;
        auto price = value_in<Money>(fields, "unit_price");
        if (!price) continue;
        auto list = value_in<RecordId>(fields, "price_list");
        if (!list) list = schema::reference_of(quote, "price_list");
        lines.push_back({child->id, value_in<RecordId>(fields, "product"), integer_in(fields, "quantity"), std::move(*price),
                         integer_in(fields, "discount"), list, integer_in(fields, "price_list_version")});
    }
    return lines;
}

PriceCheck compare(const QuotedLine& line, const PriceAnswer& answer)
{
    if (!answer.price) return {Standing::no_price, std::nullopt, answer.why};
    const auto standing = standing_of(line, answer);
    if (standing == Standing::holds) return {standing, std::nullopt, answer.why};
    return {standing, answer.price->unit_price, reprice_words(standing, line, *answer.price, answer.why)};
}

DiscountLimits discount_limits_from(std::span<const schema::Record> limits, const std::optional<RecordId>& price_list, std::string_view currency)
{
    DiscountLimits made;
    std::array<int, schema::role_count> taken{}; // how special the limit is that counts so far
    for (const auto& record : limits) {
        const auto role = schema::role_from_name(text_in(record.fields, "role"));
        const auto limit = value_in<std::int64_t>(record.fields, "limit");
        if (!role || !limit || record.deleted_at) continue;
        const auto list = value_in<RecordId>(record.fields, "price_list");
        const auto of_currency = text_in(record.fields, "currency");
        if ((list && list != price_list) || (!of_currency.empty() && of_currency != currency)) continue;
        const int special = (list ? 2 : 0) + (of_currency.empty() ? 0 : 1);
        const auto at = static_cast<std::size_t>(*role);
        auto& counts = made.by_role[at];
        if (counts && (special < taken[at] || (special == taken[at] && *limit >= *counts))) continue;
        counts = *limit;
        taken[at] = special;
    }
    return made;
}

std::optional<std::int64_t> DiscountLimits::of(schema::Role role) const noexcept
{
    const auto of_role = by_role[static_cast<std::size_t>(role)];
    if (!of_role || !of_account) return of_role ? of_role : of_account;
    return std::min(*of_role, *of_account);
}

Result<std::vector<Finding>> check_limits(const QuotedLine& line, std::int64_t discount_on_whole, const Price& price,
                                          schema::Role role, const DiscountLimits& limits)
{
    std::vector<Finding> findings;
    const auto net = net_price(line, discount_on_whole);
    if (!net) return too_large();
    if (price.floor_price && price.floor_price->currency == line.unit_price.currency) {
        const auto lacking = minus(times(Wide{price.floor_price->minor}, per_unit), net);
        const auto lacks = lacking && *lacking > 0 ? rounded_up(lacking, per_unit) : std::optional<std::int64_t>{0};
        const auto shown = rounded(net, per_unit);
        if (!lacking || !lacks || !shown) return too_large();
        if (*lacks > 0) findings.push_back(below_floor(line, *price.floor_price, *shown, *lacks));
    }
    const auto limit = limits.of(role);
    if (!limit || price.unit_price.currency != line.unit_price.currency || price.unit_price.minor <= 0) return findings;
    const auto off = minus(times(Wide{price.unit_price.minor}, per_unit), net);
    const auto allowed = times(times(Wide{price.unit_price.minor}, *limit), whole);
    const auto given = off && *off > 0 ? rounded_up(off, Wide{price.unit_price.minor} * whole) : std::optional<std::int64_t>{0};
    if (!off || !allowed || !given) return too_large();
    if (*off > *allowed && *off > 0) findings.push_back(discount_over(line, *given, *limit, role));
    return findings;
}

} // namespace roadbook::rules
