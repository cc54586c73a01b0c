#include "conflict/merge/payout.hpp"

#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/scalars.hpp"
#include "shared/rules/expenses.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace roadbook::merge {
namespace {

using automerge::Content;

/// What it pays is a rate times days or kilometres; everything else is what was spent.
bool is_by_policy(const rules::ExpenseItem& item)
{
    return item.category == "mileage" || item.category == "per_diem";
}

/// Zero or less is no amount, and a number has no sign before it: one amount is written in one way.
std::optional<std::map<ChildId, std::int64_t>> amounts_from(std::string_view text)
{
    constexpr std::size_t id_length = 36;
    std::map<ChildId, std::int64_t> found;
    while (!text.empty()) {
        const auto one = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        if (one.size() < id_length + 2 || one[id_length] != '=') return std::nullopt;
        const auto id = ChildId::parse(one.substr(0, id_length));
        std::int64_t minor = 0;
        const auto [end, ec] = std::from_chars(one.data() + id_length + 1, one.data() + one.size(), minor);
        if (!id || ec != std::errc{} || end != one.data() + one.size() || minor < 0 || minor > money_minor_max) return std::nullopt;
        if (!found.emplace(*id, minor).second) return std::nullopt;
    }
    return found;
}

std::string text_of(const std::map<ChildId, std::int64_t>& amounts)
{
    std::string text;
    for (const auto& [id, minor] : amounts) text += fmt::format("{}{}={}", text.empty() ? "" : " ", id.text(), minor);
    return text;
}

std::map<ChildId, Money> home_amounts(const rules::ExpenseTotals& totals)
{
    std::map<ChildId, Money> found;
    for (const auto& item : totals.items)
        if (item.home) found.emplace(item.id, *item.home);
    return found;
}

/// One payment as it stands in the document.
struct Payment {
    ChildId id, item, approval;
    std::int64_t minor = 0;
    std::string currency;
    Moved::Writer written;
};

std::vector<Payment> payments_in(const Content& content, std::string_view collection)
{
    std::vector<Payment> found;
    const auto* entries = content.root.find(collection);
    if (entries == nullptr) return found;
    for (const auto& [key, node] : entries->children) {
        const auto first = [&](std::string_view name) -> std::string {
            const auto* value = node.find(name);
            const auto* text = value != nullptr && !value->values.empty() ? std::get_if<std::string>(&value->values.front().value) : nullptr;
            return text != nullptr ? *text : std::string{};
        };
        const auto id = ChildId::parse(key), item = ChildId::parse(first("item")), approval = ChildId::parse(first("approval"));
        const auto amount = from_scalar(schema::Type::money, first("amount"));
        if (!id || !item || !approval || !amount) continue; // one that names no item is of the time before items were paid
        const auto& money = std::get<Money>(*amount);
        const auto& by = node.find("item")->values.front();
        found.push_back({*id, *item, *approval, money.minor, money.currency, {content.actors.at(by.actor), by.counter}});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return std::tie(a.written.counter, a.written.actor, a.id) < std::tie(b.written.counter, b.written.actor, b.id);
    });
    return found;
}

bool is_one_of(const std::vector<ChildId>& entries, const ChildId& one)
{
    return std::find(entries.begin(), entries.end(), one) != entries.end();
}

/// Items that moved since, by the paths of what moved; all, when something moved that every amount depends on.
struct MovedItems {
    std::set<std::string, std::less<>> ids;
    bool all = false;
    [[nodiscard]] bool has(const ChildId& item) const { return all || ids.contains(item.text()); }
};
MovedItems moved_items(const std::vector<Moved>& moved, const std::string& collection)
{
    MovedItems found;
    for (const auto& one : moved) {
        if (one.path.starts_with(collection + "/")) found.ids.insert(one.path.substr(collection.size() + 1, 36));
        else if (one.path == "currency" || one.path == "policy") found.all = true;
    }
    return found;
}

/// What the items come to now. What did not move is what was approved, also when the policy has changed meanwhile.
Result<std::map<ChildId, Money>> amounts_now(const schema::Record& record, const std::string& currency, const rules::ExpensePolicy* policy,
                                             const std::map<ChildId, Money>& approved, const MovedItems& moved)
{
    auto report = rules::expense_report_from(record);
    if (report.currency.empty()) report.currency = currency;
    const auto totals = rules::expense_totals(report, policy);
    if (!totals) return totals.error();
    auto now = home_amounts(*totals);
    for (const auto& item : report.items)
        if (const auto was = approved.find(item.id); was != approved.end() && !moved.has(item.id)) now.insert_or_assign(item.id, was->second);
    return now;
}

} // namespace

Result<ApprovedAmounts> amounts_of(const schema::Record& record, const rules::ExpensePolicy* policy)
{
    const auto report = rules::expense_report_from(record);
    auto totals = rules::expense_totals(report, policy);
    if (!totals) return totals.error();
    const auto home = home_amounts(*totals);
    ApprovedAmounts made{totals->total, {}};
    for (const auto& item : report.items) {
        const auto amount = home.find(item.id);
        if (amount == home.end())
            return fail(Errc::invalid_value,
                        Bilingual{fmt::format("{} {} has no amount in {} yet: it cannot be approved before it has", item.spent_on, item.category, totals->total.currency),
                                  fmt::format("{} 的 {} 尚无 {} 金额，补齐后才能批准", item.spent_on, item.category, totals->total.currency)},
                        "items/" + item.id.text());
        if (is_by_policy(item)) made.by_policy.emplace(item.id, amount->second.minor);
    }
    if (text_of(made.by_policy).size() > schema::text_bytes_max)
        return fail(Errc::too_large, Bilingual{"this is too much mileage and per diem for one approval: split the report",
                                               "一张报销单中的里程与补贴条目过多，请拆分后再审批"}, "items");
    return made;
}

void write(const ApprovedAmounts& amounts, schema::Fields& entry)
{
    entry["total"] = amounts.total;
    if (!amounts.by_policy.empty()) entry["amounts"] = text_of(amounts.by_policy);
}

std::optional<std::map<ChildId, Money>> approved_items(const schema::Record& record, std::string_view total_text, std::string_view amounts_text)
{
    const auto total_value = from_scalar(schema::Type::money, std::string{total_text});
    const auto by_policy = amounts_from(amounts_text);
    if (!total_value || !by_policy) return std::nullopt;
    const auto& total = std::get<Money>(*total_value);
    auto report = rules::expense_report_from(record);
    if (report.currency.empty()) report.currency = total.currency;
    const auto totals = rules::expense_totals(report, nullptr);
    if (!totals || totals->total.currency != total.currency) return std::nullopt;
    auto items = home_amounts(*totals);
    std::size_t used = 0;
    for (const auto& item : report.items) {
        const auto found = by_policy->find(item.id);
        if (found == by_policy->end()) continue;
        if (!is_by_policy(item)) return std::nullopt;
        items.insert_or_assign(item.id, Money{found->second, total.currency});
        ++used;
    }
    if (used != by_policy->size() || items.size() != report.items.size()) return std::nullopt;
    std::int64_t sum = 0;
    for (const auto& [id, amount] : items) {
        const auto more = checked_add(sum, amount.minor);
        if (!more) return std::nullopt;
        sum = *more;
    }
    return sum == total.minor ? std::optional{std::move(items)} : std::nullopt;
}

Result<PayoutState> payout_of(const automerge::Document& document, const schema::Kind& kind, const RecordId& id, const Content& content,
                              const Endorsements& endorsements, const rules::ExpensePolicy* policy)
{
    PayoutState state;
    if (!kind.payout) return state;
    std::map<ChildId, Money> approved;
    MovedItems moved;
    if (!endorsements.approved.empty()) {
        const auto& last = endorsements.approved.front();
        const auto then = document.read_at(last.heads);
        if (!then) return then.error();
        if (auto items = approved_items(read(kind, id, *then).record, last.total, last.amounts)) {
            approved = std::move(*items);
            state.approval = last.entries.front();
            state.holds = last.holds;
            state.currency = std::get<Money>(*from_scalar(schema::Type::money, last.total)).currency;
        }
        for (const auto& entry : endorsements.entries)
            if (entry.id == last.entries.front()) moved = moved_items(entry.moved, kind.payout->items);
    }
    const auto record = read(kind, id, content).record;
    const auto now = amounts_now(record, state.currency, policy, approved, moved);
    if (!now && now.error().code == Errc::too_large) return now.error();
    if (state.currency.empty() && now && !now->empty()) state.currency = now->begin()->second.currency;

    std::map<ChildId, ItemPayout> items;
    const auto item = [&](const ChildId& which) -> ItemPayout& {
        auto& found = items[which];
        found.item = which;
        return found;
    };
    for (const auto& [which, amount] : approved) item(which).approved = amount;
    if (now)
        for (const auto& [which, amount] : *now) item(which).now = amount;
    std::set<std::pair<ChildId, ChildId>> seen;
    for (const auto& payment : payments_in(content, kind.payout->payments)) {
        auto& of = item(payment.item);
        if (!seen.emplace(payment.item, payment.approval).second) {
            of.paid_again.push_back(payment.id);
            continue;
        }
        of.payments.push_back(payment.id);
        of.is_settled = of.is_settled || (state.approval && is_one_of(endorsements.approved.front().entries, payment.approval));
        const auto sum = payment.currency == state.currency ? checked_add(of.paid, payment.minor) : std::nullopt;
        if (sum) of.paid = *sum;
    }
    for (auto& [which, one] : items) {
        state.approved += one.approved ? one.approved->minor : 0;
        state.paid += one.paid;
        state.due += one.due();
        state.after_approval += one.after_approval();
        state.items.push_back(std::move(one));
    }
    return state;
}

ChildId server_payment_id(const RecordId& record, std::string_view item, std::string_view approval)
{
    return id_from_name<ChildId>("roadbook-payment", fmt::format("{} {} {}", record.text(), item, approval));
}

std::string state_when_paid(const schema::Kind& kind, const schema::Record& record)
{
    const auto* field = kind.field(kind.state);
    const auto& approved = kind.approval()->state;
    if (schema::text_of(record, field->name) != approved) return {};
    const auto rank = [&](const std::string& value) {
        return std::find_if(field->choices.begin(), field->choices.end(), [&](const auto& one) { return one.value == value; }) - field->choices.begin();
    };
    for (const auto& step : field->steps)
        if (std::find(step.from.begin(), step.from.end(), approved) != step.from.end() && rank(step.to) > rank(approved)) return step.to;
    return {};
}

std::vector<schema::Fields> payments_due(const PayoutState& state, std::string_view paid_on, std::string_view reference)
{
    std::vector<schema::Fields> due;
    for (const auto& item : state.items) {
        if (item.due() == 0) continue;
        schema::Fields payment{{"paid_on", std::string{paid_on}}, {"amount", Money{item.due(), state.currency}}, {"item", item.item.text()}, {"approval", state.approval->text()}};
        if (!reference.empty()) payment["reference"] = std::string{reference};
        due.push_back(std::move(payment));
    }
    return due;
}

} // namespace roadbook::merge
