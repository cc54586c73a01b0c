// CONFLICT: two colleagues quote one product to one customer at two prices. RESOLUTION: neither quote changes by itself, and what was sent stays as
// it was sent; the rule says which list holds from when, and the line that was priced by a superseded one offers to be priced anew.
#include "conflict/findings/rule.hpp"
#include "shared/rules/exchange.hpp"
#include "shared/rules/price_check.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace roadbook::findings {
namespace {

using schema::Record;

std::string first_day(const Record& quote)
{
    const auto day = schema::text_of(quote, "quoted_on");
    return day.empty() ? day_text(made_at(quote.id)) : day;
}

/// `tag`: the first and last day on which the offer stands; `ref`: its list; `high`: the quantity.
void mark(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    const auto account = record.kind == "quote" ? schema::reference_of(record, "account") : std::nullopt;
    const auto status = schema::text_of(record, "status");
    if (!account || status == "accepted" || status == "rejected") return; // what was agreed is agreed
    const auto until = schema::text_of(record, "valid_until");
    const auto days = first_day(record) + " " + (until.empty() ? "9999-12-31" : until);
    for (const auto& line : rules::quoted_lines_of(record))
        if (line.product)
            marks.push_back({key({"price", account->text(), line.product->text()}), days, line.unit_price.currency, line.unit_price.minor, line.quantity, line.list,
                             schema::reference_of(record, "owner")});
}

bool stand_together(const Mark& a, const Mark& b)
{
    constexpr std::size_t day_letters = 10;
    const auto from = [](const Mark& mark) { return std::string_view{mark.tag}.substr(0, day_letters); };
    const auto until = [](const Mark& mark) { return std::string_view{mark.tag}.substr(day_letters + 1); };
    return from(a) <= until(b) && from(b) <= until(a);
}

/// Another quantity of one list may reach another tier: that is its price, and no contradiction.
bool contradict(const Member& a, const Member& b)
{
    if (a.record == b.record || a.mark.unit != b.mark.unit || a.mark.low == b.mark.low || !stand_together(a.mark, b.mark)) return false;
    const bool is_tier = a.mark.ref && a.mark.ref == b.mark.ref && a.mark.high != b.mark.high;
    return !is_tier;
}

std::vector<Found> judge(const Group& group, const Rate&)
{
    if (group.is_crowded()) return {};
    std::set<RecordId> quotes;
    for (const auto& a : group.members)
        if (std::any_of(group.members.begin(), group.members.end(), [&](const auto& b) { return contradict(a, b); })) quotes.insert(a.record);
    if (quotes.empty()) return {};
    std::vector<RecordId> records{group.id(1).value()}; // the alert stands on the customer, too
    records.insert(records.end(), quotes.begin(), quotes.end());
    return {{key({"two_prices", group.word(1), group.word(2)}), std::move(records)}};
}

struct Offer {
    Record quote;
    rules::QuotedLine line;
};

std::vector<Offer> offers_of(const Finding& finding, const RecordId& product, const Source& source)
{
    std::vector<Offer> offers;
    for (const auto& id : finding.records)
        if (const auto quote = source.record(id, "quote"))
            for (const auto& line : rules::quoted_lines_of(*quote))
                if (line.product == product) offers.push_back({*quote, line});
    return offers;
}

/// "quote Q-17: 100.00 EUR by v12, valid until 2026-07-01"
Words offer_words(const Offer& offer, const Source& source)
{
    const auto number = source.title(offer.quote.id, "quote");
    const auto list = offer.line.list ? source.record(*offer.line.list, "price_list") : std::nullopt;
    const auto title = list ? rules::price_list_from(*list).title() : offer.line.version != 0 ? fmt::format("v{}", offer.line.version) : std::string{};
    const auto until = schema::text_of(offer.quote, "valid_until");
    const auto price = offer.line.unit_price.text();
    return {fmt::format("quote {}: {}{}{}", number, price, title.empty() ? "" : " by " + title, until.empty() ? "" : ", valid until " + until),
            fmt::format("报价单 {}：{}{}{}", number, price, title.empty() ? "" : "，依据 " + title, until.empty() ? "" : "，有效期至 " + until)};
}

void join(Words& all, const Words& more, const char* en, const char* zh)
{
    all.en += (all.en.empty() ? "" : en) + more.en;
    all.zh += (all.zh.empty() ? "" : zh) + more.zh;
}

void explain(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& source = here.source;
    const auto account = groups.front().id(1).value();
    const auto product = groups.front().id(2).value();
    const auto customer = source.record(account, "account");
    const auto offers = offers_of(finding, product, source);
    std::vector<rules::PriceList> lists;
    for (const auto& list : source.all("price_list")) lists.push_back(rules::price_list_from(list));
    std::string day; // the latest on which one was quoted: what holds then is asked, not what a clock says
    for (const auto& offer : offers) day = std::max(day, first_day(offer.quote));

    Words all, why, offered;
    std::optional<std::int64_t> least, most;
    for (const auto& offer : offers) {
        const auto& price = offer.line.unit_price;
        least = std::min(least.value_or(price.minor), price.minor);
        most = std::max(most.value_or(price.minor), price.minor);
        join(all, offer_words(offer, source), "; ", "；");
        const auto answer = rules::resolve_price({product, offer.line.quantity, day, account, customer ? schema::text_of(*customer, "customer_group") : "", price.currency}, lists);
        if (!answer.price) continue;
        if (why.en.empty()) why = answer.why;
        const auto check = rules::compare(offer.line, answer);
        if (!check.reprice_to) continue;
        const auto number = source.title(offer.quote.id, "quote");
        const bool is_superseded = check.standing == rules::Standing::superseded;
        const auto to = check.reprice_to->text();
        join(offered,
             {fmt::format("{}: {}re-price to {}?", number, is_superseded ? "list superseded, " : "", to), fmt::format("{}：{}是否改为 {}？", number, is_superseded ? "价目表已被取代，" : "", to)},
             "; ", "；");
        finding.proposals.push_back({"set", offer.quote.id, fmt::format("lines/{}/unit_price", offer.line.id.text()), *check.reprice_to});
    }
    if (least && most) finding.money = Money{*most - *least, groups.front().members.front().mark.unit};
    const auto title = source.title(product, "product");
    const auto name = source.title(account, "account");
    finding.words = {fmt::format("{} is offered to {} at two prices: {}", title, name, all.en), fmt::format("{} 对 {} 有两个报价：{}", title, name, all.zh)};
    if (!why.en.empty()) join(finding.words, why, ". What holds: ", "。有效价格：");
    finding.way_out = offered.en.empty() ? Words{"agree with your colleague on one price before the customer compares them", "请在客户比价之前与同事统一价格"} : offered;
}

} // namespace

constinit const Rule two_prices{"price/", mark, judge, explain};

} // namespace roadbook::findings
