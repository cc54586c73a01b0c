// `schema`: what record types there are, from the one description that everything else is derived from. Needs no
// replica.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/rules_page.hpp"
#include "mobile-app/headless/schema_page.hpp"
#include "mobile-app/headless/schema_words.hpp"
#include "mobile-app/headless/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

// ---- JSON

Json label_json(const schema::Label& label)
{
    return {{"en", label.en}, {"zh", label.zh}};
}

bool is_number(const schema::Field& field)
{
    using schema::Type;
    return field.type == Type::integer || field.type == Type::decimal || field.type == Type::percent || field.type == Type::money;
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
    if (field.is_set_by_creator) json["set_by_creator"] = true;
    if (field.who != schema::Who::anyone) json["relation"] = field.who == schema::Who::owner ? "owner" : "others";
    if (field.besides_owner != schema::nobody) json["besides_owner"] = roles_of(field.besides_owner);
    if (field.may_name_others) json["may_name_others"] = roles_of(*field.may_name_others);
    if (!field.steps.empty()) json["steps"] = steps_of(field);
    if (field.type == schema::Type::reference) json["target"] = field.target;
    if (!field.number_prefix.empty()) json["number_prefix"] = field.number_prefix;
    if (field.length_max > 0) json["bytes_max"] = field.length_max;
    if (is_number(field)) { // in the smallest units, as they are stored
        json["least"] = field.least;
        json["greatest"] = field.greatest;
    }
    if (field.since > 0) json["since"] = field.since;
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
                               {"since", one.since},
                               {"fields", fields_json(one.fields)}});
    auto& scopes = json["scopes"] = Json::array();
    for (const auto& rule : kind.scopes) scopes.push_back({{"how", how_name(rule.how)}, {"field", rule.field}, {"roles", roles_of(rule.roles)}});
    for (const auto& companion : kind.brings) json["brings"].push_back({{"field", companion.field}, {"until", companion.closed}});
    if (!kind.owner.empty()) json["owner"] = kind.owner;
    if (!kind.state.empty()) json["state"] = kind.state;
    if (!kind.locks.empty()) json["locks"] = locks_of(kind);
    if (!kind.endorsements.empty()) json["endorsements"] = endorsements_of(kind);
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

std::string fields_text(const std::vector<schema::Field>& fields)
{
    Table table;
    table.column("field")
        .column("type")
        .column("required")
        .column("bounds")
        .column("found by")
        .column("merge")
        .column("written by")
        .column("English")
        .column("Chinese")
        .column("choices");
    for (const auto& field : fields)
        table.row({field.name, type_text(field), field.is_required ? "yes" : "", bounds_text(field), finding_text(field),
                   merge_text(field), writers_text(field),
                   std::string{field.label.en}, std::string{field.label.zh}, choices_text(field)});
    return table.text();
}

std::string kind_text(const schema::Kind& kind)
{
    auto text = fmt::format("{}: {}, {}\nseen by: {}; added and deleted by: {}; titled by: {}{}\n\n{}", kind.name, kind.label.en,
                            kind.label.zh, readers_text(kind), roles_text(kind.creators), kind.title,
                            kind.is_authority ? "; decides who may do what, so it is judged at arrival" : "",
                            fields_text(kind.fields));
    for (const auto& field : kind.fields)
        if (!field.steps.empty()) text += fmt::format("\nsteps of {}:\n  {}\n", field.name, fmt::join(steps_of(field), "\n  "));
    if (!kind.locks.empty()) text += fmt::format("\nsettled when:\n  {}\n", fmt::join(locks_of(kind), "\n  "));
    if (!kind.endorsements.empty()) text += fmt::format("\napproved and signed:\n  {}\n", fmt::join(endorsements_of(kind), "\n  "));
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
    if (call.markdown) return Answer{schema_page()};
    if (call.rules) return Answer{rules_page()};
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
