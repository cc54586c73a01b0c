// Lists: filters and order from the declaration, never from the caller's text.
#include "shared/schema/validation.hpp"
#include "shared/storage/read_model.hpp"
#include "shared/storage/read_record.hpp"
#include "shared/storage/read_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace roadbook::storage {
namespace {

constexpr int list_max = 100'000; // rows in memory at once; a screen asks for some hundreds

Error unknown_name(std::string_view what, std::string_view wrong, const std::vector<std::string>& names)
{
    const auto nearest = schema::nearest_name(wrong, names);
    auto message = nearest.empty() ? fmt::format("there is no {} '{}'; there is: {}", what, wrong, fmt::join(names, ", "))
                                   : fmt::format("there is no {} '{}': did you mean '{}'?", what, wrong, nearest);
    return fail(Errc::bad_argument, std::move(message), std::string{wrong});
}

Error unknown_kind(std::string_view wrong)
{
    std::vector<std::string> names;
    for (const auto& kind : schema::kinds()) names.push_back(kind.name);
    return unknown_name("record type", wrong, names);
}

Error unknown_field(const schema::Kind& kind, std::string_view wrong)
{
    std::vector<std::string> names{"id"};
    for (const auto& field : kind.fields) names.push_back(field.name);
    return unknown_name("field of " + kind.name, wrong, names);
}

/// The values of the filters in the order of their parameters.
using Values = std::vector<const schema::Value*>;

/// One AND of the query. A box that nobody ticked is not ticked, and a text filter does not mind capitals.
Result<std::string> condition_on(const schema::Kind& kind, const std::string& field_name, const schema::Value& value, Values& values, int& parameter)
{
    const auto* field = kind.field(field_name);
    if (!field && field_name != "id") return unknown_field(kind, field_name);
    const auto name = quoted_name(field_name);
    if (schema::is_empty(value)) return fmt::format(" AND {} IS NULL", name);
    if (!fits_type(field ? field->type : schema::Type::reference, value))
        return fail(Errc::bad_argument, fmt::format("the value asked for is of another type than the field '{}'", field_name), field_name);
    values.push_back(&value);
    const int first = parameter;
    parameter += field ? columns_of(*field) : 1;
    if (field && field->type == schema::Type::money)
        return fmt::format(" AND {} = ?{} AND {} = ?{}", name, first, quoted_name(field_name + "_currency"), first + 1);
    const bool is_unticked = std::holds_alternative<bool>(value) && !std::get<bool>(value);
    const auto equals = fmt::format("{} = ?{}", name, first);
    return is_unticked ? fmt::format(" AND ({} OR {} IS NULL)", equals, name) : " AND " + equals;
}

/// " AND one", or " AND (TRUE AND one OR TRUE AND other)".
Result<std::string> condition(const schema::Kind& kind, const Filter& filter, Values& values, int& parameter)
{
    auto all = condition_on(kind, filter.field, filter.value, values, parameter);
    if (!all || filter.or_else.empty()) return all;
    auto sql = " AND (TRUE" + *all;
    for (const auto& value : filter.or_else) {
        const auto one = condition_on(kind, filter.field, value, values, parameter);
        if (!one) return one.error();
        sql += " OR TRUE" + *one;
    }
    return sql + ")";
}

/// Which rows, in which order: `parameter` and the next one are how many and from where.
Result<std::string> order(const schema::Kind& kind, const Query& query, int parameter)
{
    const bool by_title = query.order.empty() || query.order == kind.title;
    if (!by_title && query.order != "id" && !kind.field(query.order)) return unknown_field(kind, query.order);
    const auto column = by_title ? std::string{"_title"} : quoted_name(query.order);
    return fmt::format(" ORDER BY {} {}, id LIMIT ?{} OFFSET ?{}", column, query.descending ? "DESC" : "ASC", parameter, parameter + 1);
}

} // namespace

Result<std::vector<schema::Record>> ReadModel::list(const Query& query)
{
    const auto* plan = find_plan(query.kind);
    if (!plan) return unknown_kind(query.kind);
    auto sql = plan->select_list;
    Values values;
    int parameter = 1;
    for (const auto& filter : query.filters) {
        const auto one = condition(*plan->kind, filter, values, parameter);
        if (!one) return one.error();
        sql += *one;
    }
    const auto last = order(*plan->kind, query, parameter);
    if (!last) return last.error();
    if (!db_.has_table(plan->table)) return std::vector<schema::Record>{};
    auto rows = db_.statement(sql + *last);
    rows.bind_at(parameter, std::int64_t{std::clamp(query.limit, 0, list_max)}).bind_at(parameter + 1, std::int64_t{std::max(query.offset, 0)});
    parameter = 1;
    for (const auto* value : values) {
        bind_value(rows, parameter, *value);
        parameter += std::holds_alternative<Money>(*value) ? money_columns : 1;
    }
    std::vector<schema::Record> found;
    while (rows.step()) found.push_back(read_record(db_, *plan, rows).record);
    return found;
}

} // namespace roadbook::storage
