#include "sync-server/admin/northwind_row.hpp"

#include "shared/schema/validation.hpp"

#include <fmt/format.h>

namespace roadbook::server {
namespace {

constexpr std::string_view no_value = "NULL";
constexpr std::size_t date_size = 10; // "1996-07-04", before the time of day

} // namespace

std::optional<std::string> NorthwindRow::value_of(std::string_view column) const
{
    const auto& cell = file_.get().cell(row_, column);
    return cell.empty() || cell == no_value ? std::nullopt : std::optional{cell};
}

void NorthwindRow::break_it(std::string why)
{
    if (why_.empty()) why_ = std::move(why);
}

std::string NorthwindRow::key(std::string_view column)
{
    const auto value = value_of(column);
    if (!value) break_it(fmt::format("{} is missing", column));
    return value.value_or("");
}

std::string NorthwindRow::optional_key(std::string_view column)
{
    return value_of(column).value_or("");
}

schema::Value NorthwindRow::text(std::string_view column)
{
    const auto value = value_of(column);
    return value ? schema::Value{*value} : schema::Value{};
}

schema::Value NorthwindRow::date(std::string_view column)
{
    auto value = value_of(column);
    if (!value) return {};
    // "1996-07-04 00:00:00.000": the clock reads it with a T and a zone; of the day alone, it is the whole
    auto moment = *value;
    if (moment.size() > date_size && moment[date_size] == ' ') {
        moment[date_size] = 'T';
        moment += 'Z';
    }
    if (!time_from_text(moment)) {
        break_it(fmt::format("{} '{}' is no date: it is written as 1996-07-04 00:00:00.000", column, *value));
        return {};
    }
    return value->substr(0, date_size);
}

schema::Value NorthwindRow::scaled(std::string_view column, int digits)
{
    const auto value = value_of(column);
    if (!value) return {};
    const auto number = parse_decimal(*value, digits);
    if (!number) {
        break_it(digits == 0 ? fmt::format("{} '{}' is no whole number", column, *value)
                             : fmt::format("{} '{}' is no number with at most {} digits behind the point", column, *value, digits));
        return {};
    }
    return *number;
}

schema::Value NorthwindRow::number(std::string_view column)
{
    return scaled(column, 0);
}

schema::Value NorthwindRow::money(std::string_view column)
{
    const auto minor = scaled(column, currency_digits(northwind_currency).value());
    if (schema::is_empty(minor)) return {};
    return Money{std::get<std::int64_t>(minor), std::string{northwind_currency}};
}

schema::Value NorthwindRow::yes_or_no(std::string_view column)
{
    const auto value = value_of(column);
    if (!value) return {};
    if (*value != "0" && *value != "1") break_it(fmt::format("{} '{}' is neither 0 nor 1", column, *value));
    return *value == "1";
}

void set_fields(schema::Fields& fields, std::initializer_list<std::pair<const char*, schema::Value>> values)
{
    for (const auto& [name, value] : values)
        if (!schema::is_empty(value)) fields[name] = value;
}

std::string fault_of(const schema::Record& record)
{
    const auto breaches = schema::validate(record);
    return breaches.empty() ? std::string{} : breaches.front().en;
}

std::string fault_of(const schema::Child& child, std::string_view kind, std::string_view collection)
{
    for (const auto& field : schema::find_kind(kind)->collection(collection)->fields) {
        const auto value = child.fields.find(field.name);
        if (value == child.fields.end()) {
            if (field.is_required) return fmt::format("{} is missing", field.label.en);
        } else if (const auto fine = schema::check(field, value->second); !fine) {
            return fine.error().message;
        }
    }
    return {};
}

} // namespace roadbook::server
