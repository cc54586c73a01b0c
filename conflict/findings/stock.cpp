// CONFLICT: two engineers take parts from one van apart, or two reps sell the last units. RESOLUTION: every movement, report and order stands,
// the sum shows what is missing; a van is counted again, an order waits or is bought for.
#include "conflict/findings/rule.hpp"
#include "shared/rules/exchange.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace roadbook::findings {
namespace {

using schema::Record;

constexpr std::int64_t thousandths = 1'000;
constexpr std::int64_t quantity_max = 1'000'000'000'000; // of one mark: a hundred thousand of them still add up
constexpr std::size_t records_named = 20;

std::int64_t bounded(std::int64_t quantity)
{
    return std::clamp(quantity, -quantity_max, quantity_max);
}

// ---- a van

void mark_movement(const Record& record, Marks& marks)
{
    const auto van = schema::reference_of(record, "van");
    const auto product = schema::reference_of(record, "product");
    if (!van || !product) return;
    marks.push_back({key({"stock", van->text(), product->text()}), record.kind, {}, bounded(rules::integer_in(record.fields, "quantity")), 0,
                     schema::reference_of(record, "work_order"), schema::reference_of(record, "moved_by")});
}

/// A part that a report takes from the van counts, unless a movement was entered for this work order: parts are deducted once.
void mark_parts(const Record& record, Marks& marks)
{
    const auto van = schema::reference_of(record, "assignee");
    std::map<RecordId, std::int64_t> used;
    for (const auto* part : rules::children_of(record, "parts_used")) {
        const auto product = rules::value_in<RecordId>(part->fields, "product");
        if (product && rules::value_in<RecordId>(part->fields, "van_stock")) used[*product] += rules::integer_in(part->fields, "quantity");
    }
    for (const auto& [product, quantity] : used)
        if (van) marks.push_back({key({"stock", van->text(), product.text()}), record.kind, {}, bounded(-quantity), 0, record.id, van, true});
}

void mark_van(const merge::Merged& merged, Marks& marks)
{
    if (merged.record.kind == "stock_movement") mark_movement(merged.record, marks);
    if (merged.record.kind == "work_order") mark_parts(merged.record, marks);
}

/// The latest that took something: what anybody would look at first.
std::vector<RecordId> takers(const Group& group)
{
    std::vector<RecordId> records;
    for (auto member = group.members.rbegin(); member != group.members.rend() && records.size() < records_named; ++member)
        if (member->mark.low < 0 && std::find(records.begin(), records.end(), member->record) == records.end()) records.push_back(member->record);
    std::sort(records.begin(), records.end());
    return records;
}

std::vector<Found> judge_van(const Group& group, const Rate&)
{
    if (group.sum() >= 0) return {};
    return {{key({"overdrawn_stock", group.word(1), group.word(2)}), takers(group)}};
}

void explain_van(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& group = groups.front();
    const auto van = group.id(1).value();
    const auto product = here.source.title(group.id(2).value(), "product");
    const auto holder = here.source.title(van, "person");
    const auto sum = rules::decimal_in_words(group.sum());
    if (std::find(finding.people.begin(), finding.people.end(), van) == finding.people.end()) finding.people.push_back(van);
    finding.quantity = -group.sum();
    finding.words = {fmt::format("the van of {} would hold {} of {}: more was used than was there", holder, sum, product),
                     fmt::format("{} 的车载库存中 {} 为 {}：领用数量超过库存", holder, product, sum)};
    finding.way_out = {fmt::format("count {} in the van and enter the difference as counted; every report stays as it is", product),
                       fmt::format("清点车上的 {} 并录入盘点差额；各服务报告保持不变", product)};
}

// ---- the warehouse

/// What is promised and has not left. A quote that was accepted counts until an order was made from it.
void mark_lines(const Record& record, Marks& marks)
{
    const auto status = schema::text_of(record, "status");
    const bool is_order = record.kind == "order";
    const bool is_promise = is_order ? status == "open" || status == "confirmed" || status.empty() : status == "accepted";
    const auto quote = is_order ? schema::reference_of(record, "quote") : std::optional{record.id};
    if (!is_promise && !(is_order && quote)) return;
    std::map<RecordId, std::int64_t> wanted;
    for (const auto* line : rules::children_of(record, "lines"))
        if (const auto product = rules::value_in<RecordId>(line->fields, "product"))
            wanted[*product] += std::max<std::int64_t>(rules::integer_in(line->fields, "quantity") - rules::integer_in(line->fields, "delivered"), 0);
    for (const auto& [product, quantity] : wanted)
        marks.push_back({key({"sold", product.text()}), record.kind, {}, is_promise ? bounded(-quantity) : 0, 0, quote, schema::reference_of(record, "owner"), !is_order});
}

void mark_sold(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind == "order" || record.kind == "quote") mark_lines(record, marks);
    const auto stock = record.kind == "product" ? rules::value_in<std::int64_t>(record.fields, "units_in_stock") : std::nullopt;
    if (!stock) return;
    const auto units = std::clamp<std::int64_t>(*stock, 0, quantity_max / thousandths) +
                       std::clamp<std::int64_t>(rules::integer_in(record.fields, "units_on_order"), 0, quantity_max / thousandths);
    marks.push_back({key({"sold", record.id.text()}), record.kind, {}, units * thousandths, 0, {}, {}});
}

/// A product without a stock is not kept in one: nothing can be oversold.
bool is_stocked(const Group& group)
{
    return group.sums.contains("product");
}

std::vector<Found> judge_sold(const Group& group, const Rate&)
{
    if (group.sum() >= 0 || !is_stocked(group)) return {};
    auto records = takers(group);
    records.insert(records.begin(), group.id(1).value());
    return {{key({"oversold", group.word(1)}), std::move(records)}};
}

void explain_sold(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& group = groups.front();
    const auto product = here.source.title(group.id(1).value(), "product");
    const auto missing = rules::decimal_in_words(-group.sum());
    finding.quantity = -group.sum();
    finding.words = {fmt::format("open orders ask for {} more of {} than are in stock and on their way", missing, product),
                     fmt::format("未发货订单所需的 {} 比库存与在途合计多 {}", product, missing)};
    finding.way_out = {fmt::format("buy {} more, or agree on a later delivery with one of the customers", missing), fmt::format("再采购 {}，或与其中一位客户约定延后交货", missing)};
}

} // namespace

constinit const Rule overdrawn_stock{"stock/", mark_van, judge_van, explain_van, true};
constinit const Rule oversold{"sold/", mark_sold, judge_sold, explain_sold, true};

} // namespace roadbook::findings
