#include "mobile-app/headless/schema_words.hpp"

#include "shared/schema/validation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

std::string seen_by(const schema::ScopeRule& rule)
{
    using How = schema::ScopeRule::How;
    const auto field = rule.field.empty() ? "it" : "its " + rule.field;
    switch (rule.how) {
    case How::company:
        return "everybody";
    case How::territory:
        return "who holds " + field;
    case How::person:
        return field;
    case How::with:
        return "who sees " + field;
    }
    return {};
}

/// What the type alone allows, to tell what a declaration adds.
schema::Field plain(schema::Type type)
{
    using schema::Type;
    switch (type) {
    case Type::text:
        return schema::text({}, {});
    case Type::note:
        return schema::note({}, {});
    case Type::integer:
        return schema::integer({}, {});
    case Type::decimal:
        return schema::decimal({}, {});
    case Type::percent:
        return schema::percent({}, {});
    case Type::money:
        return schema::money({}, {});
    default:
        return {};
    }
}

/// Amounts are bounded in the smallest unit of whatever currency they are in, so only zero reads the same in all.
std::string number_text(const schema::Field& field, std::int64_t value)
{
    if (field.type == schema::Type::money) return value == 0 ? "0" : std::to_string(value) + " minor units";
    return schema::format(field, value) + (field.type == schema::Type::percent ? " %" : "");
}

} // namespace

std::string_view type_name(schema::Type type) noexcept
{
    using schema::Type;
    switch (type) {
    case Type::text:
        return "text";
    case Type::note:
        return "note";
    case Type::integer:
        return "integer";
    case Type::decimal:
        return "decimal";
    case Type::percent:
        return "percent";
    case Type::money:
        return "money";
    case Type::date:
        return "date";
    case Type::time:
        return "time";
    case Type::boolean:
        return "boolean";
    case Type::choice:
        return "choice";
    case Type::reference:
        return "reference";
    }
    return {};
}

std::string_view policy_name(schema::Policy policy) noexcept
{
    using schema::Policy;
    switch (policy) {
    case Policy::latest:
        return "latest";
    case Policy::ask:
        return "ask";
    case Policy::furthest:
        return "furthest";
    case Policy::highest:
        return "highest";
    case Policy::lowest:
        return "lowest";
    case Policy::first:
        return "first";
    case Policy::text:
        return "text";
    }
    return {};
}

schema::Policy policy_of(const schema::Field& field) noexcept
{
    return field.type == schema::Type::note ? schema::Policy::text : field.merge;
}

std::vector<std::string> roles_of(schema::Roles roles)
{
    std::vector<std::string> names;
    for (int i = 0; i < schema::role_count; ++i)
        if (roles.has(static_cast<schema::Role>(i))) names.emplace_back(schema::name(static_cast<schema::Role>(i)));
    return names;
}

std::string_view how_name(schema::ScopeRule::How how) noexcept
{
    using How = schema::ScopeRule::How;
    switch (how) {
    case How::company:
        return "company";
    case How::territory:
        return "territory";
    case How::person:
        return "person";
    case How::with:
        return "with";
    }
    return {};
}

std::string readers_text(const schema::Kind& kind)
{
    std::vector<std::string> readers;
    for (const auto& rule : kind.scopes) readers.push_back(seen_by(rule));
    return fmt::format("{}", fmt::join(readers, ", "));
}

std::string roles_text(schema::Roles roles)
{
    return roles == schema::everyone ? "everybody" : fmt::format("{}", fmt::join(roles_of(roles), ", "));
}

std::string bounds_text(const schema::Field& field)
{
    const auto open = plain(field.type);
    if (!field.number_prefix.empty()) return fmt::format("numbered {}...", field.number_prefix);
    if (field.length_max != open.length_max) return fmt::format("at most {} bytes", field.length_max);
    const bool is_bounded_below = field.least != open.least;
    const bool is_bounded_above = field.greatest != open.greatest;
    if (is_bounded_below && is_bounded_above)
        return fmt::format("{} to {}", number_text(field, field.least), number_text(field, field.greatest));
    if (is_bounded_below) return "at least " + number_text(field, field.least);
    if (is_bounded_above) return "at most " + number_text(field, field.greatest);
    return {};
}

std::string finding_text(const schema::Field& field)
{
    if (field.is_searched && field.is_indexed) return "search, lists";
    if (field.is_searched) return "search";
    return field.is_indexed ? "lists" : "";
}

} // namespace roadbook::headless
