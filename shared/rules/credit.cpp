#include "shared/rules/credit.hpp"

#include "shared/rules/exact.hpp"
#include "shared/rules/totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace roadbook::rules {
namespace {

bool is_open(const schema::Record& record, const std::set<RecordId>& ordered_quotes)
{
    const auto status = schema::text_of(record, "status");
    if (record.kind == "order") return status != "delivered" && status != "cancelled";
    return record.kind == "quote" && status == "accepted" && !ordered_quotes.contains(record.id);
}

bool is_of(const schema::Record& record, RecordId account)
{
    return !record.deleted_at && schema::reference_of(record, "account") == account;
}

/// A quote counts once: as the order that was made from it, even when that is cancelled or delivered by now.
std::set<RecordId> quotes_with_order(RecordId account, std::span<const schema::Record> records)
{
    std::set<RecordId> quotes;
    for (const auto& record : records)
        if (record.kind == "order" && is_of(record, account))
            if (const auto quote = schema::reference_of(record, "quote")) quotes.insert(*quote);
    return quotes;
}

Error too_large()
{
    return fail(Errc::too_large, "the open amounts are larger than the greatest amount that can be added up exactly: look for a slip of the "
                                 "keys in the customer's quotes and orders");
}

Finding over_limit(const Money& limit, const Money& total, const Money& over)
{
    return {"over_credit_limit",
            "",
            {fmt::format("open orders and accepted quotes come to {}, {} over the credit limit of {}", total.text(), over.text(), limit.text()),
             fmt::format("未结订单与已接受报价合计 {}，超出信用额度 {} 共 {}", total.text(), limit.text(), over.text())},
            over};
}

Finding rate_missing(const OpenAmount& open, const Money& limit)
{
    return {"rate_missing",
            "",
            {fmt::format("{} {} of {} is not counted: no exchange rate into {} is known", open.kind, open.number, open.amount.text(), limit.currency),
             fmt::format("{} {} 的 {} 未计入：没有兑 {} 的汇率", open.kind == "order" ? "订单" : "报价单", open.number, open.amount.text(),
                         limit.currency)},
            std::nullopt};
}

} // namespace

Result<std::vector<OpenAmount>> open_amounts_of(RecordId account, std::span<const schema::Record> records)
{
    const auto ordered = quotes_with_order(account, records);
    std::vector<OpenAmount> open;
    for (const auto& record : records) {
        if (!is_of(record, account) || !is_open(record, ordered)) continue;
        const auto totals = totals_of(record);
        if (!totals) return totals.error();
        for (const auto& sum : totals->sums) open.push_back({record.id, record.kind, schema::text_of(record, "number"), sum.total()});
    }
    return open;
}

Result<CreditExposure> credit_exposure(const Money& limit, std::vector<OpenAmount> open, std::span<const ExchangeRate> rates,
                                       std::string_view day)
{
    if (!currency_digits(limit.currency))
        return fail(Errc::invalid_value, fmt::format("'{}' is no known currency code", limit.currency), "credit_limit");
    std::sort(open.begin(), open.end(), [](const auto& a, const auto& b) {
        return std::tie(a.kind, a.number, a.record, a.amount.currency, a.amount.minor) <
               std::tie(b.kind, b.number, b.record, b.amount.currency, b.amount.minor);
    });
    CreditExposure exposure;
    Wide total = 0;
    for (const auto& part : open) {
        const bool is_foreign = part.amount.currency != limit.currency;
        const auto* rate = is_foreign ? rate_on(rates, part.amount.currency, limit.currency, day) : nullptr;
        if (is_foreign && !rate) {
            exposure.findings.push_back(rate_missing(part, limit));
            exposure.unconverted.push_back(part);
            continue;
        }
        const auto amount = rate ? convert(part.amount, limit.currency, rate->rate_millionths) : Result<Money>{part.amount};
        if (!amount) return amount.error();
        total += amount->minor;
    }
    const auto minor = narrow(total);
    const auto over = narrow(total - limit.minor);
    if (!minor || !over) return too_large();
    exposure.total = {*minor, limit.currency};
    exposure.parts = std::move(open);
    if (*over > 0) exposure.findings.insert(exposure.findings.begin(), over_limit(limit, exposure.total, {*over, limit.currency}));
    return exposure;
}

} // namespace roadbook::rules
