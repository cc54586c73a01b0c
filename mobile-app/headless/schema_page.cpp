#include "mobile-app/headless/schema_page.hpp"

#include "mobile-app/headless/schema_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

constexpr auto head = R"(# Record types
Made by `roadbook-device schema --markdown` from the declarations in `kinds/`; a test fails when the two differ. In short:

- **Type**: `text` is one line, `note` is long text that several people may write in, `decimal` has three digits behind the
  point, a `time` is UTC, `-> account` is the id of an account. A choice lists its values in rank order.
- **Rules**: what a value must be, beside its type. "search": found by its words. "lists": lists sort and filter by it.
- **Merge**: what happens to values written apart. Nothing said: the causally later one holds, and the other stays in the
  history. `ask`: a person chooses. `furthest`: the choice further down its list. Notes merge letter by letter.
- **Written by**: the roles that may say it, and what they must be to the record. Nothing said: everybody who sees the record. An
  administrator may also say what only the owner says, and make any step of a state, but never one that is not for the owner on his own.
)";

/// A cell must not end early.
std::string cell(std::string_view text)
{
    std::string safe;
    for (const char c : text) {
        if (c == '|') safe += '\\';
        safe += c;
    }
    return safe;
}

std::string type_cell(const schema::Field& field)
{
    if (field.type == schema::Type::reference) return "-> " + field.target;
    std::string text{type_name(field.type)};
    if (field.type != schema::Type::choice) return text;
    std::vector<std::string> choices;
    for (const auto& choice : field.choices)
        choices.push_back(fmt::format("`{}` {} {}", choice.value, cell(choice.label.en), cell(choice.label.zh)));
    return fmt::format("{}", fmt::join(choices, "<br>"));
}

std::string rules_cell(const schema::Field& field)
{
    std::vector<std::string> rules;
    if (field.is_required) rules.emplace_back("required");
    for (auto& more : {bounds_text(field), finding_text(field)})
        if (!more.empty()) rules.push_back(more);
    return fmt::format("{}", fmt::join(rules, "; "));
}

std::string merge_cell(const schema::Field& field)
{
    const auto policy = policy_of(field);
    const bool is_plain = policy == schema::Policy::latest || policy == schema::Policy::text;
    return is_plain ? "" : fmt::format("{}", policy_name(policy));
}

std::string fields_table(const std::vector<schema::Field>& fields)
{
    std::string text = "| Field | English | 中文 | Type | Rules | Merge | Written by |\n|---|---|---|---|---|---|---|\n";
    for (const auto& field : fields)
        text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", field.name, cell(field.label.en),
                            cell(field.label.zh), type_cell(field), rules_cell(field), merge_cell(field),
                            writers_text(field));
    return text;
}

/// Which moves of its states are whose, and when it is settled.
std::string states_list(const schema::Kind& kind)
{
    std::string text;
    for (const auto& field : kind.fields)
        for (const auto& step : steps_of(field)) text += fmt::format("- `{}` {}\n", field.name, step);
    for (const auto& lock : locks_of(kind)) text += fmt::format("- settled when {}\n", lock);
    for (const auto& endorsement : endorsements_of(kind)) text += fmt::format("- {}\n", endorsement);
    return text.empty() ? text : "\n" + text;
}

std::string kind_section(const schema::Kind& kind)
{
    auto text = fmt::format("\n## {}\n{}, {}. Seen by {}; added and deleted by {}; titled by `{}`.{}\n\n{}", kind.name,
                            kind.label.en, kind.label.zh, readers_text(kind), roles_text(kind.creators), kind.title,
                            kind.is_authority ? " Decides who may do what, so a change of it is judged at arrival." : "",
                            fields_table(kind.fields) + states_list(kind));
    for (const auto& one : kind.collections)
        text += fmt::format("\n### {}.{}\n{}, {}; one of them: {}, {}.\n\n{}", kind.name, one.name, one.label.en,
                            one.label.zh, one.item.en, one.item.zh, fields_table(one.fields));
    return text;
}

std::string contents()
{
    std::string text = "\n| Record type | English | 中文 | Collections |\n|---|---|---|---|\n";
    for (const auto& kind : schema::kinds()) {
        std::vector<std::string> collections;
        for (const auto& one : kind.collections) collections.push_back(one.name);
        text += fmt::format("| [{0}](#{0}) | {1} | {2} | {3} |\n", kind.name, cell(kind.plural.en), cell(kind.plural.zh),
                            fmt::join(collections, ", "));
    }
    return text;
}

} // namespace

std::string schema_page()
{
    std::string text = head + contents();
    for (const auto& kind : schema::kinds()) text += kind_section(kind);
    return text;
}

} // namespace roadbook::headless
