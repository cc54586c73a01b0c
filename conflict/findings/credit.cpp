// CONFLICT: orders and accepted quotes made apart take more of a customer's credit than there is. RESOLUTION: all of them stand; who leads the
// account decides: a higher limit, payment in advance, or one of them waits.
#include "conflict/findings/rule.hpp"
#include "shared/rules/credit.hpp"
#include "shared/rules/fields.hpp"
#include "shared/rules/totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace roadbook::findings {
namespace {

using schema::Record;

constexpr auto any_day = "9999-12-31"; // judged by the latest rate known: no clock decides here

void mark_limit(const Record& record, std::string_view tag, const RecordId& account, Marks& marks)
{
    if (const auto limit = rules::value_in<Money>(record.fields, "credit_limit"))
        marks.push_back({key({"credit", account.text()}), std::string{tag}, limit->currency, limit->minor, 0, {}, {}});
}

/// What is promised and not finished; an order in any state takes the place of its quote.
void mark_promise(const Record& record, Marks& marks)
{
    const auto account = schema::reference_of(record, "account");
    const auto status = schema::text_of(record, "status");
    const bool is_order = record.kind == "order";
    const bool is_open = is_order ? status != "delivered" && status != "cancelled" : status == "accepted";
    const auto quote = is_order ? schema::reference_of(record, "quote") : std::optional{record.id};
    if (!account || (!is_order && !is_open) || (is_order && !is_open && !quote)) return;
    const Mark promise{key({"credit", account->text()}), record.kind, {}, 0, 0, quote, schema::reference_of(record, "owner"), !is_order};
    if (!is_open) {
        marks.push_back(promise);
        return;
    }
    const auto totals = rules::totals_of(record);
    if (!totals) return;
    for (const auto& sum : totals->sums) {
        auto& one = marks.emplace_back(promise);
        one.unit = sum.currency;
        one.low = std::clamp(sum.total().minor, -money_minor_max, money_minor_max);
    }
}

void mark(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind == "account") mark_limit(record, "account", record.id, marks);
    if (record.kind == "account_terms")
        if (const auto account = schema::reference_of(record, "account")) mark_limit(record, "account_terms", *account, marks);
    if (record.kind == "order" || record.kind == "quote") mark_promise(record, marks);
}

/// The terms go before what the account itself says.
const Member* limit_in(const Group& group)
{
    for (const auto* tag : {"account_terms", "account"})
        for (const auto& member : group.members)
            if (member.mark.tag == tag) return &member;
    return nullptr;
}

std::optional<rules::CreditExposure> exposure_of(const Group& group, const Rate& rate)
{
    const auto* said = limit_in(group);
    if (said == nullptr || group.is_crowded()) return std::nullopt;
    const Money limit{said->mark.low, said->mark.unit};
    std::vector<rules::OpenAmount> open;
    std::set<std::string> currencies;
    for (const auto& member : counting(group.members)) {
        const auto& mark = member.mark;
        if ((mark.tag != "order" && mark.tag != "quote") || mark.unit.empty()) continue;
        open.push_back({member.record, mark.tag, {}, {mark.low, mark.unit}});
        currencies.insert(mark.unit);
    }
    std::vector<rules::ExchangeRate> rates;
    for (const auto& currency : currencies)
        if (const auto known = rate(currency, limit.currency)) rates.push_back({currency, limit.currency, any_day, *known, {}});
    auto exposure = rules::credit_exposure(limit, std::move(open), rates, any_day);
    return exposure ? std::optional{std::move(*exposure)} : std::nullopt;
}

const rules::Finding* over(const rules::CreditExposure& exposure)
{
    const auto& all = exposure.findings;
    const auto found = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.rule == "over_credit_limit"; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<Found> judge(const Group& group, const Rate& rate)
{
    const auto exposure = exposure_of(group, rate);
    if (!exposure || over(*exposure) == nullptr) return {};
    std::vector<RecordId> records{group.id(1).value()};
    if (const auto limit = limit_in(group)->record; limit != records.front()) records.push_back(limit); // who may not see the terms is not told of them
    for (const auto& part : exposure->parts)
        if (std::find(records.begin(), records.end(), part.record) == records.end()) records.push_back(part.record);
    return {{key({"over_credit", group.word(1)}), std::move(records)}};
}

void explain(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& source = here.source;
    const auto exposure = exposure_of(groups.front(), here.rate);
    const auto* why = exposure ? over(*exposure) : nullptr;
    if (why == nullptr) return;
    const auto account = source.title(groups.front().id(1).value(), "account");
    finding.money = why->over;
    finding.words = {fmt::format("{}: {}", account, why->words.en), fmt::format("{}：{}", account, why->words.zh)};
    finding.way_out = {"ask for a higher limit, agree on payment in advance, or let the latest order wait", "申请提高额度、约定预付款，或暂缓最近的订单"};
}

void mark_rate(const merge::Merged& merged, Marks& marks)
{
    if (merged.record.kind != "exchange_rate") return;
    const auto rate = rules::exchange_rate_from(merged.record);
    if (!rate.from.empty() && !rate.to.empty() && rate.rate_millionths > 0)
        marks.push_back({key({"rate", rate.from, rate.to}), "exchange_rate", rate.rated_on + " " + rate.source, rate.rate_millionths, 0, {}, {}});
}

std::vector<Found> judge_nothing(const Group&, const Rate&)
{
    return {};
}

void explain_nothing(Finding&, std::span<const Group>, const Here&) {}

} // namespace

constinit const Rule over_credit{"credit/", mark, judge, explain};
constinit const Rule exchange_rates{"rate/", mark_rate, judge_nothing, explain_nothing};

} // namespace roadbook::findings
