// `list` and `search`: many records, one line each.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/fields.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace roadbook::headless {
namespace {

constexpr std::size_t columns_usual = 5; // beside the id: what fits a wide terminal
constexpr std::string_view id_name = "id";

using Columns = std::vector<const schema::Field*>;

bool has(const Columns& columns, const schema::Field& field)
{
    return std::find(columns.begin(), columns.end(), &field) != columns.end();
}

/// A key by which the server finds its own tasks again says nothing to a reader; --column shows it.
bool is_of_server(const schema::Field& field)
{
    return field.type == schema::Type::text && field.writers == schema::Roles{schema::Role::admin};
}

/// The title, what lists filter and sort by, then other fields in the schema's order until there are enough.
Columns usual_columns(const schema::Kind& kind)
{
    Columns columns{kind.field(kind.title)};
    for (const auto& field : kind.fields)
        if (field.is_indexed && !is_of_server(field) && !has(columns, field)) columns.push_back(&field);
    for (const auto& field : kind.fields)
        if (columns.size() < columns_usual && field.type != schema::Type::note && !is_of_server(field) && !has(columns, field))
            columns.push_back(&field);
    return columns;
}

Result<Columns> columns_of(const schema::Kind& kind, const Words& names)
{
    if (names.empty()) return usual_columns(kind);
    Columns columns;
    for (const auto& name : names) {
        if (name == id_name) continue; // stands first anyway
        const auto field = field_named(kind.fields, kind.name, name);
        if (!field) return field.error();
        columns.push_back(*field);
    }
    return columns;
}

Result<storage::Filter> id_filter(std::string_view text)
{
    const auto id = record_id(text);
    if (!id) return id.error();
    return storage::Filter{std::string{id_name}, *id};
}

Result<std::vector<storage::Filter>> filters_of(const schema::Kind& kind, const Words& where, const Reading& reading)
{
    std::vector<storage::Filter> filters;
    for (const auto& word : where) {
        if (word.starts_with("id=")) {
            auto filter = id_filter(std::string_view{word}.substr(id_name.size() + 1));
            if (!filter) return filter.error();
            filters.push_back(std::move(*filter));
            continue;
        }
        auto values = fields_of(kind.fields, {word}, reading);
        if (!values) return values.error();
        for (auto& [name, value] : *values) filters.push_back({name, std::move(value)});
    }
    return filters;
}

Result<storage::Query> query_of(const schema::Kind& kind, const ListCall& call, replica::Replica& replica)
{
    if (!call.order.empty()) ROADBOOK_CHECK(field_named(kind.fields, kind.name, call.order));
    const auto me = replica.identity();
    auto filters = filters_of(kind, call.where, {kind.name, me ? std::optional{me->person} : std::nullopt});
    if (!filters) return filters.error();
    const auto limit = call.limit > 0 ? call.limit : std::numeric_limits<int>::max();
    return storage::Query{kind.name, std::move(*filters), call.order, call.descending, limit, call.offset};
}

std::string ids_text(const std::vector<std::string>& ids)
{
    std::string text;
    for (const auto& id : ids) text += id + "\n";
    return text;
}

template <class Found>
std::vector<std::string> ids_of(const std::vector<Found>& all)
{
    std::vector<std::string> ids;
    for (const auto& one : all) ids.push_back(one.id.text());
    return ids;
}

std::string table_of(const std::vector<schema::Record>& records, const Columns& columns, Titles& titles,
                     const Form& form)
{
    Table table;
    table.column(std::string{id_name});
    for (const auto* field : columns) table.column(field->name, align_of(*field));
    for (const auto& record : records) {
        std::vector<std::string> cells{record.id.text()};
        for (const auto* field : columns) cells.push_back(cell_of(record[field->name], *field, titles));
        table.row(std::move(cells));
    }
    return table.text(form.cell_max);
}

} // namespace

Result<Answer> run(const ListCall& call, replica::Replica& replica, const Form& form)
{
    const auto kind = kind_named(call.kind);
    if (!kind) return kind.error();
    const auto columns = columns_of(**kind, call.columns);
    if (!columns) return columns.error();
    const auto query = query_of(**kind, call, replica);
    if (!query) return query.error();
    const auto records = replica.list(*query);
    if (!records) return records.error();

    Titles titles{replica};
    if (form.json) {
        Json json{{"kind", (*kind)->name}, {"count", records->size()}};
        if (call.ids_only) return Answer{(json["ids"] = ids_of(*records), json)};
        auto& all = json["records"] = Json::array();
        for (const auto& record : *records) all.push_back(json_of(record, **kind, titles));
        return Answer{std::move(json)};
    }
    if (call.ids_only) return Answer{ids_text(ids_of(*records))};
    if (records->empty())
        return Answer{fmt::format("no {} {}\n", (*kind)->name, call.where.empty() ? "on this device" : "matches")};
    return Answer{table_of(*records, *columns, titles, form)};
}

Result<Answer> run(const SearchCall& call, replica::Replica& replica, const Form& form)
{
    if (!call.kind.empty()) ROADBOOK_CHECK(kind_named(call.kind));
    std::string text;
    for (const auto& word : call.text) text += (text.empty() ? "" : " ") + word;
    const auto hits = replica.search(text, call.kind, call.limit > 0 ? call.limit : std::numeric_limits<int>::max());

    if (form.json) {
        Json json{{"text", text}, {"count", hits.size()}};
        if (call.ids_only) return Answer{(json["ids"] = ids_of(hits), json)};
        auto& all = json["hits"] = Json::array();
        for (const auto& hit : hits)
            all.push_back({{"id", hit.id.text()}, {"kind", hit.kind}, {"title", hit.title}, {"detail", hit.detail}});
        return Answer{std::move(json)};
    }
    if (call.ids_only) return Answer{ids_text(ids_of(hits))};
    if (hits.empty()) return std::string{"nothing found on this device\n"};
    Table table;
    table.column("id").column("kind").column("title").column("detail");
    for (const auto& hit : hits) table.row({hit.id.text(), hit.kind, hit.title, hit.detail});
    return Answer{table.text(form.cell_max)};
}

} // namespace roadbook::headless
