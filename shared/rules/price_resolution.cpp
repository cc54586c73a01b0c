#include "shared/rules/price_resolution.hpp"

#include "shared/rules/exact.hpp"
#include "shared/rules/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace roadbook::rules {
namespace {

struct Candidate {
    const PriceList* list = nullptr;
    const PriceEntry* entry = nullptr;
};

PriceLevel level_of(const PriceList& list)
{
    if (list.account) return PriceLevel::customer;
    return list.customer_group.empty() ? PriceLevel::standard : PriceLevel::group;
}

/// The greatest goes first. Ids only settle what people left undecided, alike everywhere.
auto rank(const PriceList& list)
{
    return std::tie(list.priority, list.valid_from, list.version, list.code, list.id);
}

/// Higher version first; two records that claim one version are told apart by the day they came into force, then by id.
bool is_newer(const PriceList& a, const PriceList& b)
{
    return std::tie(a.version, a.valid_from, a.id) > std::tie(b.version, b.valid_from, b.id);
}

bool is_better(const Candidate& a, const Candidate& b)
{
    const auto levels = std::pair{level_of(*a.list), level_of(*b.list)};
    return levels.first != levels.second ? levels.first > levels.second : rank(*a.list) > rank(*b.list);
}

/// Why this list is none for the query, by itself; nothing: it may be.
std::optional<std::pair<LeftOut, Words>> unfit(const PriceList& list, const PriceQuery& query)
{
    using Reason = std::pair<LeftOut, Words>;
    if (list.deleted) return Reason{LeftOut::deleted, {"the list was deleted", "价目表已删除"}};
    if (!query.currency.empty() && !list.currency.empty() && list.currency != query.currency)
        return Reason{LeftOut::other_currency,
                      {fmt::format("it is in {}, not in {}", list.currency, query.currency),
                       fmt::format("币种为 {}，而非 {}", list.currency, query.currency)}};
    if (list.account && *list.account != query.account)
        return Reason{LeftOut::other_customer, {"it is for another customer", "仅适用于其他客户"}};
    if (!list.customer_group.empty() && list.customer_group != query.customer_group)
        return Reason{LeftOut::other_group,
                      {fmt::format("it is for customers of group {}", list.customer_group),
                       fmt::format("仅适用于客户组“{}”", list.customer_group)}};
    if (!list.valid_from.empty() && query.day < list.valid_from)
        return Reason{LeftOut::not_yet,
                      {fmt::format("it comes into force on {}", list.valid_from), fmt::format("自 {} 起生效", list.valid_from)}};
    if (!list.valid_until.empty() && query.day > list.valid_until)
        return Reason{LeftOut::expired,
                      {fmt::format("it was in force until {}", list.valid_until), fmt::format("已于 {} 到期", list.valid_until)}};
    return std::nullopt;
}

bool names(const PriceEntry& entry, const PriceQuery& query)
{
    return entry.product == query.product && (query.currency.empty() || entry.unit_price.currency == query.currency);
}

/// The highest tier that the quantity reaches. Of two entries for one tier the lower price holds: the customer may insist on it.
const PriceEntry* entry_for(const PriceList& list, const PriceQuery& query)
{
    const PriceEntry* best = nullptr;
    const auto order = [](const PriceEntry& entry) {
        const auto floor = entry.floor_price ? std::optional{entry.floor_price->minor} : std::nullopt;
        return std::tuple{-static_cast<Wide>(entry.minimum_quantity), entry.unit_price.minor, entry.unit_price.currency, floor};
    };
    for (const auto& entry : list.entries) {
        if (!names(entry, query) || entry.minimum_quantity > query.quantity) continue;
        if (!best || order(entry) < order(*best)) best = &entry;
    }
    return best;
}

/// Why a list in force has no price: the product is not on it, or only from a greater quantity on.
std::pair<LeftOut, Words> no_entry(const PriceList& list, const PriceQuery& query)
{
    std::optional<std::int64_t> least;
    for (const auto& entry : list.entries)
        if (names(entry, query)) least = std::min(least.value_or(entry.minimum_quantity), entry.minimum_quantity);
    if (!least) return {LeftOut::not_listed, {"the product is not on it", "未包含该产品"}};
    const auto from = decimal_in_words(*least);
    return {LeftOut::below_tier, {fmt::format("it starts at a quantity of {}", from), fmt::format("起订量为 {}", from)}};
}

Words superseded_by(const PriceList& newer)
{
    if (newer.valid_from.empty())
        return {fmt::format("v{} of the list is in force", newer.version), fmt::format("v{} 已生效", newer.version)};
    return {fmt::format("v{} of the list is in force since {}", newer.version, newer.valid_from),
            fmt::format("自 {} 起由 v{} 取代", newer.valid_from, newer.version)};
}

Words behind(const PriceList& list, const PriceList& winner)
{
    const auto title = winner.title();
    if (level_of(winner) == PriceLevel::customer && level_of(list) != PriceLevel::customer)
        return {fmt::format("the customer's own price ({}) goes first", title), fmt::format("客户专价（{}）优先", title)};
    if (level_of(winner) != level_of(list))
        return {fmt::format("the price of the customer's group ({}) goes first", title), fmt::format("客户组价格（{}）优先", title)};
    if (winner.priority != list.priority)
        return {fmt::format("{} has the higher priority ({} over {})", title, winner.priority, list.priority),
                fmt::format("{} 的优先级更高（{} 高于 {}）", title, winner.priority, list.priority)};
    return {fmt::format("{} came into force later", title), fmt::format("{} 生效更晚", title)};
}

Words level_words(PriceLevel level)
{
    if (level == PriceLevel::customer) return {"the customer's own price", "客户专价"};
    if (level == PriceLevel::group) return {"the price of the customer's group", "客户组价格"};
    return {"the standard price", "标准价"};
}

Words why_it_holds(const Candidate& winner)
{
    const auto& list = *winner.list;
    auto words = level_words(level_of(list));
    words.en += fmt::format(", list {}", list.title());
    words.zh += fmt::format("，价目表 {}", list.title());
    if (!list.valid_from.empty()) {
        words.en += fmt::format(", in force since {}", list.valid_from);
        words.zh += fmt::format("，自 {} 起生效", list.valid_from);
    }
    if (winner.entry->minimum_quantity > 0) {
        const auto from = decimal_in_words(winner.entry->minimum_quantity);
        words.en += fmt::format(", from a quantity of {}", from);
        words.zh += fmt::format("，数量满 {} 起", from);
    }
    return words;
}

Price price_of(const Candidate& winner)
{
    const auto& list = *winner.list;
    return {list.id, list.code, list.version, list.valid_from, level_of(list), winner.entry->minimum_quantity,
            winner.entry->unit_price, winner.entry->floor_price};
}

/// Takes the lists through the rules, one rule after the other, and notes why each one that falls out does.
class Resolution {
public:
    Resolution(const PriceQuery& query, std::span<const PriceList> lists) : query_{query}
    {
        for (const auto& list : lists) {
            if (auto reason = unfit(list, query_))
                leave_out(list, reason->first, std::move(reason->second));
            else
                in_force_.push_back(&list);
        }
        keep_newest();
        keep_priced();
    }

    PriceAnswer answer() &&
    {
        PriceAnswer answer;
        if (const auto best = std::max_element(priced_.begin(), priced_.end(), [](const auto& a, const auto& b) { return is_better(b, a); });
            best != priced_.end()) {
            answer.price = price_of(*best);
            answer.why = why_it_holds(*best);
            for (const auto& other : priced_)
                if (other.list != best->list) leave_out(*other.list, LeftOut::behind_another, behind(*other.list, *best->list));
        } else {
            answer.why = {"no price list in force names a price for this", "没有生效的价目表包含该价格"};
        }
        std::sort(left_out_.begin(), left_out_.end(),
                  [](const auto& a, const auto& b) { return std::tie(a.title, a.list) < std::tie(b.title, b.list); });
        answer.left_out = std::move(left_out_);
        return answer;
    }

private:
    void leave_out(const PriceList& list, LeftOut reason, Words why)
    {
        left_out_.push_back({list.id, list.code, list.title(), reason, std::move(why)});
    }

    void keep_newest()
    {
        std::map<std::string, const PriceList*> newest;
        for (const auto* list : in_force_) {
            auto& known = newest[list->code];
            if (!known || is_newer(*list, *known)) known = list;
        }
        std::erase_if(in_force_, [&](const PriceList* list) {
            const auto* newer = newest[list->code];
            if (newer != list) leave_out(*list, LeftOut::superseded, superseded_by(*newer));
            return newer != list;
        });
    }

    void keep_priced()
    {
        for (const auto* list : in_force_) {
            if (const auto* entry = entry_for(*list, query_)) {
                priced_.push_back({list, entry});
                continue;
            }
            auto [reason, why] = no_entry(*list, query_);
            leave_out(*list, reason, std::move(why));
        }
    }

    const PriceQuery& query_;
    std::vector<const PriceList*> in_force_;
    std::vector<Candidate> priced_;
    std::vector<ListLeftOut> left_out_;
};

} // namespace

std::string_view name(LeftOut reason) noexcept
{
    switch (reason) {
    case LeftOut::deleted: return "deleted";
    case LeftOut::other_currency: return "other_currency";
    case LeftOut::other_customer: return "other_customer";
    case LeftOut::other_group: return "other_group";
    case LeftOut::not_yet: return "not_yet";
    case LeftOut::expired: return "expired";
    case LeftOut::superseded: return "superseded";
    case LeftOut::not_listed: return "not_listed";
    case LeftOut::below_tier: return "below_tier";
    case LeftOut::behind_another: break;
    }
    return "behind_another";
}

PriceAnswer resolve_price(const PriceQuery& query, std::span<const PriceList> lists)
{
    return Resolution{query, lists}.answer();
}

} // namespace roadbook::rules
