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
    case How::along:
        return "who sees " + field + ", also for open work there";
    case How::roles:
        return fmt::format("every {}", fmt::join(roles_of(rule.roles), " and "));
    case How::office:
        return "who leads " + field;
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
    case How::along:
        return "along";
    case How::roles:
        return "roles";
    case How::office:
        return "office";
    }
    return {};
}

std::string readers_text(const schema::Kind& kind)
{
    std::vector<std::string> readers;
    for (const auto& rule : kind.scopes) readers.push_back(seen_by(rule));
    for (const auto& one : schema::kinds())
        for (const auto& companion : one.brings)
            if (one.field(companion.field)->target == kind.name) readers.push_back(fmt::format("who has an open {} there", one.name));
    return fmt::format("{}", fmt::join(readers, ", "));
}

std::string roles_text(schema::Roles roles)
{
    return roles == schema::everyone ? "everybody" : fmt::format("{}", fmt::join(roles_of(roles), ", "));
}

std::string writers_text(const schema::Field& field)
{
    using schema::Who;
    std::vector<std::string> parts;
    if (field.writers != schema::everyone) parts.push_back(roles_text(field.writers));
    if (field.writers != schema::everyone && field.is_set_by_creator) parts.emplace_back("while adding, whoever adds it");
    if (field.who == Who::owner)
        parts.push_back(field.besides_owner == schema::nobody ? "only its owner" : fmt::format("its owner, {}", roles_text(field.besides_owner)));
    if (field.who == Who::others) parts.emplace_back("never its owner");
    if (field.may_name_others) parts.push_back(fmt::format("names another than oneself: {}", roles_text(*field.may_name_others)));
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::vector<std::string> steps_of(const schema::Field& field)
{
    using schema::Who;
    std::vector<std::string> steps;
    for (const auto& step : field.steps) {
        std::vector<std::string_view> from;
        for (const auto& state : step.from) from.push_back(state.empty() ? "(new)" : std::string_view{state});
        const auto who = step.who == Who::owner ? ", only its owner" : step.who == Who::others ? ", never its owner" : "";
        steps.push_back(fmt::format("{} > {}: {}{}", fmt::join(from, ", "), step.to, roles_text(step.roles), who));
    }
    return steps;
}

std::vector<std::string> locks_of(const schema::Kind& kind)
{
    std::vector<std::string> locks;
    for (const auto& lock : kind.locks) {
        auto open = lock.open;
        open.insert(open.begin(), kind.state);
        locks.push_back(fmt::format("{}: only {} write more than {}", fmt::join(lock.states, ", "), roles_text(lock.except), fmt::join(open, ", ")));
    }
    return locks;
}

std::vector<std::string> endorsements_of(const schema::Kind& kind)
{
    std::vector<std::string> all;
    for (const auto& one : kind.endorsements) {
        std::vector<std::string> steps;
        for (const auto& step : one.steps) steps.push_back(fmt::format("{} by {}{}", step.label.en, roles_text(step.roles), step.only_over_limit ? " where it is over a limit" : ""));
        auto text = fmt::format("{} cover all but {}", one.collection, fmt::join(one.leaves_out, ", "));
        if (one.is_approval()) text += fmt::format("; {}: then {} may be {}", fmt::join(steps, ", and "), kind.state, one.state);
        all.push_back(std::move(text));
    }
    return all;
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
