// `schema`: what record types there are, from the one description that everything else is derived from. Needs no
// replica.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

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

/// A note merges character by character, whatever its declaration leaves out.
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

std::string readers_text(const schema::Kind& kind)
{
    std::vector<std::string> readers;
    for (const auto& rule : kind.scopes) readers.push_back(seen_by(rule));
    return fmt::format("{}", fmt::join(readers, ", "));
}

// ---- JSON

Json label_json(const schema::Label& label)
{
    return {{"en", label.en}, {"zh", label.zh}};
}

Json field_json(const schema::Field& field)
{
    Json json{{"name", field.name},
              {"type", type_name(field.type)},
              {"label", label_json(field.label)},
              {"required", field.is_required},
              {"searched", field.is_searched},
              {"indexed", field.is_indexed},
              {"merge", policy_name(policy_of(field))},
              {"written_by", roles_of(field.writers)}};
    if (field.type == schema::Type::reference) json["target"] = field.target;
    if (field.length_max > 0) json["bytes_max"] = field.length_max;
    if (field.type == schema::Type::choice) {
        auto& choices = json["choices"] = Json::array();
        for (const auto& choice : field.choices)
            choices.push_back({{"value", choice.value}, {"label", label_json(choice.label)}});
    }
    return json;
}

Json fields_json(const std::vector<schema::Field>& fields)
{
    auto json = Json::array();
    for (const auto& field : fields) json.push_back(field_json(field));
    return json;
}

Json kind_json(const schema::Kind& kind)
{
    Json json{{"name", kind.name},
              {"label", label_json(kind.label)},
              {"plural", label_json(kind.plural)},
              {"title", kind.title},
              {"created_by", roles_of(kind.creators)},
              {"is_authority", kind.is_authority},
              {"fields", fields_json(kind.fields)}};
    auto& collections = json["collections"] = Json::array();
    for (const auto& one : kind.collections)
        collections.push_back({{"name", one.name},
                               {"label", label_json(one.label)},
                               {"item", label_json(one.item)},
                               {"fields", fields_json(one.fields)}});
    auto& scopes = json["scopes"] = Json::array();
    for (const auto& rule : kind.scopes) scopes.push_back({{"how", how_name(rule.how)}, {"field", rule.field}});
    return json;
}

// ---- text

std::string type_text(const schema::Field& field)
{
    if (field.type == schema::Type::reference) return field.target + " id";
    return std::string{type_name(field.type)};
}

std::string choices_text(const schema::Field& field)
{
    std::vector<std::string_view> values;
    for (const auto& choice : field.choices) values.push_back(choice.value);
    return fmt::format("{}", fmt::join(values, " | "));
}

/// What goes without saying is not said: the causal winner, and text that merges by itself.
std::string merge_text(const schema::Field& field)
{
    const auto policy = policy_of(field);
    return policy == schema::Policy::latest || policy == schema::Policy::text ? "" : std::string{policy_name(policy)};
}

std::string writers_text(const schema::Field& field)
{
    return field.writers == schema::everyone ? "" : fmt::format("{}", fmt::join(roles_of(field.writers), ", "));
}

std::string fields_text(const std::vector<schema::Field>& fields)
{
    Table table;
    table.column("field")
        .column("type")
        .column("required")
        .column("merge")
        .column("written by")
        .column("English")
        .column("Chinese")
        .column("choices");
    for (const auto& field : fields)
        table.row({field.name, type_text(field), field.is_required ? "yes" : "", merge_text(field), writers_text(field),
                   std::string{field.label.en}, std::string{field.label.zh}, choices_text(field)});
    return table.text();
}

std::string kind_text(const schema::Kind& kind)
{
    auto text = fmt::format("{}: {}, {}\nseen by: {}; titled by: {}\n\n{}", kind.name, kind.label.en, kind.label.zh,
                            readers_text(kind), kind.title, fields_text(kind.fields));
    for (const auto& one : kind.collections)
        text += fmt::format("\n{}: {}, {}\n\n{}", one.name, one.label.en, one.label.zh, fields_text(one.fields));
    return text;
}

std::string kinds_text()
{
    Table table;
    table.column("kind")
        .column("English")
        .column("Chinese")
        .column("fields", Table::Align::right)
        .column("collections")
        .column("title")
        .column("seen by");
    for (const auto& kind : schema::kinds()) {
        std::vector<std::string> collections;
        for (const auto& one : kind.collections) collections.push_back(one.name);
        table.row({kind.name, std::string{kind.plural.en}, std::string{kind.plural.zh},
                   std::to_string(kind.fields.size()), fmt::format("{}", fmt::join(collections, ", ")), kind.title,
                   readers_text(kind)});
    }
    return table.text();
}

} // namespace

Result<Answer> run(const SchemaCall& call, const Form& form)
{
    if (!call.kind.empty()) {
        const auto kind = kind_named(call.kind);
        if (!kind) return kind.error();
        return form.json ? Answer{kind_json(**kind)} : Answer{kind_text(**kind)};
    }
    if (!form.json) return Answer{kinds_text()};
    Json json{{"kinds", Json::array()}};
    for (const auto& kind : schema::kinds()) json["kinds"].push_back(kind_json(kind));
    return Answer{std::move(json)};
}

} // namespace roadbook::headless
