#include "sync-server/app/payment_commands.hpp"

#include "shared/exchange/csv_export.hpp"
#include "shared/schema/validation.hpp"
#include "shared/storage/durable_file.hpp"
#include "sync-server/admin/directory.hpp"
#include "sync-server/admin/payments.hpp"

#include <fmt/format.h>

#include <map>

namespace roadbook::server {
namespace {

std::string csv_of(const PaymentRun& run, Directory& directory)
{
    auto text = exchange::csv_row({"report", "number", "person", "name", "item", "spent_on", "category", "description", "amount", "currency", "approval", "paid_on", "reference"});
    for (const auto& row : run.rows)
        text += exchange::csv_row({row.report.text(), row.number, row.person.text(), directory.name_of(row.person), row.item.text(), row.spent_on, row.category, row.description,
                                   decimal_text(row.amount.minor, currency_digits(row.amount.currency).value_or(0)), row.amount.currency, row.approval, row.paid_on, row.reference});
    return text;
}

/// "1873.20 CNY, 12.00 USD"; a sum beyond what can be added up exactly is said so.
std::string totals_text(const std::map<std::string, std::optional<std::int64_t>>& totals)
{
    std::string text;
    for (const auto& [currency, minor] : totals) text += (text.empty() ? "" : ", ") + (minor ? Money{*minor, currency}.text() : "more than can be added up in " + currency);
    return text;
}

std::map<std::string, std::optional<std::int64_t>> totals_of(const PaymentRun& run)
{
    std::map<std::string, std::optional<std::int64_t>> totals;
    for (const auto& row : run.rows) {
        auto& sum = totals.try_emplace(row.amount.currency, 0).first->second;
        if (sum) sum = checked_add(*sum, row.amount.minor);
    }
    return totals;
}

Json json_of(const PaymentRun& run, Directory& directory)
{
    Json rows = Json::array(), left = Json::array(), totals = Json::array();
    for (const auto& row : run.rows)
        rows.push_back({{"report", row.report.text()}, {"number", row.number}, {"person", row.person.text()}, {"name", directory.name_of(row.person)}, {"item", row.item.text()},
                        {"spent_on", row.spent_on}, {"category", row.category}, {"amount", row.amount.text()}, {"minor", row.amount.minor}, {"currency", row.amount.currency},
                        {"approval", row.approval}, {"paid_on", row.paid_on}, {"reference", row.reference}});
    for (const auto& one : run.left)
        left.push_back({{"report", one.report.text()}, {"number", one.number}, {"code", name(one.why.code)}, {"why", one.why.message}, {"why_zh", one.why.message_zh}});
    for (const auto& [currency, minor] : totals_of(run)) totals.push_back({{"currency", currency}, {"minor", minor ? Json(*minor) : Json(nullptr)}});
    return {{"payments", std::move(rows)}, {"totals", std::move(totals)}, {"left", std::move(left)}};
}

bool is_day(const std::string& word)
{
    static const auto field = schema::date("day", {"Day", "日期"});
    return schema::parse(field, word).has_value() && !word.empty();
}

} // namespace

Result<Answer> export_payments(Hub& hub, const ExportPaymentsCall& call)
{
    Directory directory{hub};
    PaymentOptions options{call.on.empty() ? to_text(system_clock().now()).substr(0, 10) : call.on, call.reference, {}, call.dry_run};
    for (const auto& day : {options.paid_on, call.again.empty() ? options.paid_on : call.again})
        if (!is_day(day)) return fail(Errc::bad_argument, fmt::format("'{}' is no day: write it as 2026-12-01", day), "on");
    if (!call.by.empty()) {
        const auto person = directory.find_person(call.by);
        if (!person) return person.error();
        options.by = *person;
        if (!call.dry_run && call.again.empty()) hub.note({.kind = store::AuditKind::acted_for, .subject = *person, .detail = "export payments"});
    }
    const auto run = call.again.empty() ? pay_due(hub, options) : payments_of(hub, call.again);
    const auto csv = csv_of(run, directory);
    auto json = json_of(run, directory);
    json["dry_run"] = call.dry_run;
    hub.note({.kind = store::AuditKind::exported, .detail = fmt::format("payments: {} to {}", run.rows.size(), call.out.empty() ? "standard output" : call.out)});
    std::string text = call.out.empty() ? csv : std::string{};
    if (!call.out.empty()) {
        const auto written = storage::write_durably(call.out, as_bytes(csv));
        if (!written) {
            auto error = written.error();
            if (!call.dry_run && call.again.empty()) error.message += fmt::format("; the payments are noted all the same: list them with --again {}", options.paid_on);
            return error;
        }
        json["file"] = call.out;
        const auto totals = totals_text(totals_of(run));
        text = fmt::format("{} {}{}{}: {}\n", run.rows.size(), run.rows.size() == 1 ? "payment" : "payments", call.dry_run ? " would be made" : "", totals.empty() ? "" : " of " + totals, call.out);
    }
    for (const auto& one : run.left) text += fmt::format("left: {} {}: {}\n", one.number, one.report.text(), one.why.message);
    return Answer{std::move(json), std::move(text)};
}

} // namespace roadbook::server
