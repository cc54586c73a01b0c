#include "mobile-app/viewmodels/account_view_model.hpp"

#include "mobile-app/viewmodels/formats.hpp"
#include "mobile-app/viewmodels/text.hpp"
#include "shared/rules/totals.hpp"

#include <algorithm>
#include <array>

namespace roadbook::viewmodels {
namespace {

QString joined(std::initializer_list<QString> parts, const QString& between = QStringLiteral(" · "))
{
    QStringList present;
    for (const auto& part : parts)
        if (!part.isEmpty()) present.push_back(part);
    return present.join(between);
}

QString text(const schema::Record& record, std::string_view field)
{
    return to_qt(schema::text_of(record, field));
}

/// What the record comes to, one sum a currency. A total that leaves 64 bits is shown as none rather than wrong.
QString total_text(const schema::Record& record)
{
    const auto totals = rules::totals_of(record);
    if (!totals) return {};
    QStringList sums;
    for (const auto& sum : totals->sums) sums.push_back(money(sum.total()));
    return sums.join(QStringLiteral(" + "));
}

int lines_of(const schema::Record& record)
{
    const auto lines = record.collections.find("lines");
    if (lines == record.collections.end()) return 0;
    return static_cast<int>(std::ranges::count(lines->second, false, &schema::Child::removed));
}

/// A state's place on the way from planned to done, the same for visits, quotes and orders.
Tone::Value tone_of(const std::string& status)
{
    constexpr std::array good{"done", "accepted", "delivered"};
    constexpr std::array under_way{"in_progress", "sent", "approved", "shipped", "confirmed"};
    if (std::ranges::find(good, status) != good.end()) return Tone::Good;
    if (std::ranges::find(under_way, status) != under_way.end()) return Tone::Hint;
    return status == "rejected" ? Tone::Bad : Tone::Plain;
}

} // namespace

AccountViewModel::AccountViewModel(const RecordId& id, Records& records, Preferences& preferences, Clock& clock)
    : id_{id}, records_{records}, preferences_{preferences}, clock_{clock}
{
    connect(&records_, &Records::changed, this, &AccountViewModel::refresh);
    connect(&preferences_, &Preferences::languageChanged, this, &AccountViewModel::refresh);
    refresh();
}

QString AccountViewModel::accountId() const { return to_qt(id_.text()); }
QString AccountViewModel::name() const { return text(account_, "name"); }
QString AccountViewModel::phone() const { return text(account_, "phone"); }

QString AccountViewModel::address() const
{
    const auto town = joined({text(account_, "postal_code"), text(account_, "city")}, QStringLiteral(" "));
    return joined({text(account_, "street"), town, text(account_, "country")}, QStringLiteral(", "));
}

void AccountViewModel::refresh()
{
    auto found = records_.source().get(id_, "account");
    state_ = !found ? Failed : !*found || (*found)->deleted_at ? Gone : Ready;
    if (state_ == Ready) {
        account_ = std::move(**found);
        read_facts();
        fill(contacts_, "contact", "name", &AccountViewModel::contact_row);
        fill(visits_, "visit", "planned_at", &AccountViewModel::visit_row);
        fill(quotes_, "quote", "number", &AccountViewModel::quote_row);
        fill(orders_, "order", "ordered_on", &AccountViewModel::order_row);
    }
    emit changed();
}

/// Facts that have a value, under the schema's own labels; name, address and phone stand above them.
void AccountViewModel::read_facts()
{
    constexpr std::array shown{"code", "tier", "territory", "industry", "tax_number", "credit_limit", "website", "fax", "notes"};
    const auto& kind = *schema::find_kind("account");
    std::vector<Row> rows;
    for (const auto* name : shown) {
        const auto* field = kind.field(name);
        const auto& kept = account_[name];
        if (schema::is_empty(kept)) continue;
        const auto* reference = std::get_if<RecordId>(&kept);
        const auto words = reference != nullptr ? records_.title_of(field->target, *reference)
                                                : value(*field, kept, clock_.now(), preferences_);
        if (!words.isEmpty()) rows.push_back({.id = name, .title = preferences_.label(field->label), .detail = words, .trailing = {}, .chip = {}});
    }
    facts_.show(std::move(rows));
}

void AccountViewModel::fill(Section& section, const char* kind, const char* order, Row (AccountViewModel::*make)(const schema::Record&))
{
    const auto found = records_.source().list({.kind = kind,
                                               .filters = {{"account", id_}},
                                               .order = order,
                                               .descending = make != &AccountViewModel::contact_row, // the newest first
                                               .limit = section_rows_max});
    if (!found) {
        state_ = Failed;
        return;
    }
    std::vector<Row> rows;
    for (const auto& record : *found) rows.push_back((this->*make)(record));
    section.show(std::move(rows));
}

Row AccountViewModel::row_of(const schema::Record& record) const
{
    Row row;
    row.id = to_qt(record.id.text());
    row.title = text(record, schema::find_kind(record.kind)->title);
    row.unsent = records_.unsent(record.id);
    row.conflict = records_.conflict(record.id);
    const auto* status = schema::find_kind(record.kind)->field("status");
    const auto chosen = schema::text_of(record, "status");
    if (status != nullptr && !chosen.empty()) {
        row.chip = choice(*status, chosen, preferences_);
        row.tone = tone_of(chosen);
    }
    return row;
}

Row AccountViewModel::contact_row(const schema::Record& contact)
{
    auto row = row_of(contact);
    row.detail = joined({text(contact, "title"), text(contact, "phone"), text(contact, "email")});
    return row;
}

Row AccountViewModel::visit_row(const schema::Record& visit)
{
    auto row = row_of(visit);
    const auto* planned = std::get_if<Time>(&visit["planned_at"]);
    row.detail = joined({planned != nullptr ? moment(*planned, clock_.now(), preferences_.locale()) : QString{}, text(visit, "outcome")});
    return row;
}

Row AccountViewModel::quote_row(const schema::Record& quote)
{
    auto row = row_of(quote);
    if (row.title.isEmpty()) row.title = tr("Quote without a number");
    const auto valid = schema::text_of(quote, "valid_until");
    row.detail = joined({tr("%n line(s)", nullptr, lines_of(quote)),
                         valid.empty() ? QString{} : tr("valid until %1").arg(day(valid, clock_.now(), preferences_.locale()))});
    row.trailing = total_text(quote);
    return row;
}

Row AccountViewModel::order_row(const schema::Record& order)
{
    auto row = row_of(order);
    if (row.title.isEmpty()) row.title = tr("Order without a number");
    const auto ordered = schema::text_of(order, "ordered_on");
    row.detail = joined({ordered.empty() ? QString{} : day(ordered, clock_.now(), preferences_.locale()),
                         tr("%n line(s)", nullptr, lines_of(order))});
    row.trailing = total_text(order);
    return row;
}

} // namespace roadbook::viewmodels
