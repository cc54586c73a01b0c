#include "sync-server/admin/payments.hpp"

#include "shared/rules/fields.hpp"

#include <algorithm>

namespace roadbook::server {
namespace {

/// Every live report that has something to be paid out.
template <class Use>
void for_each_payable(Hub& hub, PaymentRun& run, const Use& use)
{
    for (const auto& kind : schema::kinds()) {
        if (!kind.payout) continue;
        for (const auto& id : hub.records_of(kind.name)) {
            const auto payable = hub.payable(id);
            if (!payable) run.left.push_back({id, {}, payable.error()});
            else if (!payable->record.deleted_at) use(kind, *payable);
        }
    }
}

const schema::Fields& item_of(const schema::Record& record, const std::string& collection, const ChildId& id)
{
    static const schema::Fields none;
    const auto all = record.collections.find(collection);
    if (all == record.collections.end()) return none;
    const auto found = std::find_if(all->second.begin(), all->second.end(), [&](const auto& child) { return child.id == id; });
    return found == all->second.end() ? none : found->fields;
}

std::string number_of(const schema::Kind& kind, const schema::Record& record)
{
    return kind.number_field() != nullptr ? schema::text_of(record, kind.number_field()->name) : std::string{};
}

PaymentRow row_of(const schema::Kind& kind, const schema::Record& record, const schema::Fields& payment)
{
    const auto item = ChildId::parse(rules::text_in(payment, "item")).value_or(ChildId{});
    const auto& fields = item_of(record, kind.payout->items, item);
    return {record.id, number_of(kind, record), schema::reference_of(record, kind.owner).value_or(RecordId{}), item,
            rules::text_in(fields, "spent_on"), rules::text_in(fields, "category"), rules::text_in(fields, "description"),
            rules::value_in<Money>(payment, "amount").value_or(Money{}), rules::text_in(payment, "approval"), rules::text_in(payment, "paid_on"), rules::text_in(payment, "reference")};
}

/// At most payments_in_change_max of a record's payments, and with its last ones its state.
merge::Intent intent_of(const schema::Kind& kind, const Hub::Payable& payable, std::span<const schema::Fields> due, bool is_last)
{
    merge::Intent intent;
    intent.record = payable.record.id;
    intent.kind = kind.name;
    for (const auto& payment : due) {
        const auto id = merge::server_payment_id(payable.record.id, rules::text_in(payment, "item"), rules::text_in(payment, "approval"));
        auto values = payment;
        values["position"] = std::string{"aa"};
        intent.steps.push_back({kind.payout->payments, id, true, std::move(values)});
    }
    const auto next = is_last && payable.state.holds ? merge::state_when_paid(kind, payable.record) : std::string{};
    if (!next.empty()) intent.steps.push_back({{}, {}, false, {{kind.state, next}}});
    return intent;
}

void sort(PaymentRun& run)
{
    std::stable_sort(run.rows.begin(), run.rows.end(), [](const auto& a, const auto& b) { return std::tie(a.number, a.report, a.spent_on, a.item) < std::tie(b.number, b.report, b.spent_on, b.item); });
}

} // namespace

PaymentRun pay_due(Hub& hub, const PaymentOptions& options)
{
    PaymentRun run;
    for_each_payable(hub, run, [&](const schema::Kind& kind, const Hub::Payable& payable) {
        const auto due = merge::payments_due(payable.state, options.paid_on, options.reference);
        for (std::size_t at = 0; at < due.size(); at += merge::payments_in_change_max) {
            const auto part = std::span{due}.subspan(at, std::min(merge::payments_in_change_max, due.size() - at));
            const auto intent = intent_of(kind, payable, part, at + part.size() == due.size());
            const auto done = options.dry_run ? Result<void>{} : hub.apply(std::span{&intent, 1}, options.by).front();
            if (!done) run.left.push_back({payable.record.id, number_of(kind, payable.record), done.error()});
            else for (const auto& payment : part) run.rows.push_back(row_of(kind, payable.record, payment));
        }
    });
    sort(run);
    return run;
}

PaymentRun payments_of(Hub& hub, std::string_view day)
{
    PaymentRun run;
    for_each_payable(hub, run, [&](const schema::Kind& kind, const Hub::Payable& payable) {
        for (const auto* payment : rules::children_of(payable.record, kind.payout->payments))
            if (rules::text_in(payment->fields, "paid_on") == day) run.rows.push_back(row_of(kind, payable.record, payment->fields));
    });
    sort(run);
    return run;
}

} // namespace roadbook::server
