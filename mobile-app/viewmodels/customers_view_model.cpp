#include "mobile-app/viewmodels/customers_view_model.hpp"

#include "mobile-app/viewmodels/text.hpp"

namespace roadbook::viewmodels {
namespace {

/// "Berlin · 030-0074321", without a dot that joins nothing.
QString joined(const QString& first, const QString& second)
{
    return first.isEmpty() || second.isEmpty() ? first + second : first + QStringLiteral(" · ") + second;
}

} // namespace

CustomersViewModel::CustomersViewModel(Records& records, QObject* parent) : QObject{parent}, records_{records}
{
    connect(&records_, &Records::changed, this, &CustomersViewModel::refresh);
    connect(&rows_, &RowsModel::moreWanted, this, [this] {
        wanted_ += page;
        refresh();
    });
    refresh();
}

void CustomersViewModel::setQuery(const QString& query)
{
    if (query == query_) return;
    query_ = query;
    wanted_ = page;
    emit queryChanged();
    refresh();
}

void CustomersViewModel::refresh()
{
    state_ = read();
    if (state_ != Ready) rows_.show({});
    emit changed();
}

CustomersViewModel::State CustomersViewModel::read()
{
    if (records_.source().state() == RecordSource::State::opening) return Loading;
    const auto count = records_.source().count("account");
    if (!count) return Failed;
    total_ = static_cast<int>(*count);
    if (total_ == 0) return NothingHere;
    const auto text = to_std(query_.trimmed());
    return text.empty() ? read_page() : read_hits(text);
}

CustomersViewModel::State CustomersViewModel::read_page()
{
    const auto accounts =
        records_.source().list({.kind = "account", .filters = {}, .order = "name", .limit = wanted_ + 1});
    if (!accounts) return Failed;
    std::vector<Row> rows;
    for (const auto& account : *accounts)
        if (rows.size() < static_cast<std::size_t>(wanted_)) rows.push_back(row(account));
    const auto more = accounts->size() > rows.size();
    rows_.show(std::move(rows), more);
    return Ready;
}

CustomersViewModel::State CustomersViewModel::read_hits(const std::string& text)
{
    const auto found = records_.source().search(text, "account", hits);
    if (!found) return Failed;
    std::vector<Row> rows;
    for (const auto& hit : *found) {
        const auto account = records_.source().get(hit.id, hit.kind);
        if (account && *account) rows.push_back(row(**account));
    }
    if (rows.empty()) return NoMatch;
    rows_.show(std::move(rows));
    return Ready;
}

Row CustomersViewModel::row(const schema::Record& account) const
{
    return {.id = to_qt(account.id.text()),
            .title = to_qt(schema::text_of(account, "name")),
            .detail = joined(to_qt(schema::text_of(account, "city")), to_qt(schema::text_of(account, "phone"))),
            .trailing = {},
            .chip = {},
            .unsent = records_.unsent(account.id),
            .conflict = records_.conflict(account.id)};
}

} // namespace roadbook::viewmodels
