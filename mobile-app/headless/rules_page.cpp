#include "mobile-app/headless/rules_page.hpp"

#include "conflict/findings/catalogue.hpp"
#include "conflict/merge/catalogue.hpp"
#include "mobile-app/headless/schema_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

constexpr auto head = R"(# What becomes of edits made apart
Made by `roadbook-device schema --rules` from the declarations; a test fails when the two differ. Each rule in English and in Chinese: what people did
without seeing each other, and what the record says then. Every device that has the same edits says the same, whatever the order in which they came.
)";

std::string section(std::string_view name, const schema::Label& conflict, const schema::Label& resolution)
{
    return fmt::format("\n### {}\n- CONFLICT: {}\n- RESOLUTION: {}\n- 冲突：{}\n- 处理：{}\n", name, conflict.en, resolution.en, conflict.zh, resolution.zh);
}

void collect(const schema::MergeRule& rule, const std::string& owner, const std::vector<schema::Field>& fields, std::vector<std::string>& names)
{
    for (const auto& field : fields)
        if (field.type == rule.type && policy_of(field) == rule.policy) names.push_back("`" + owner + "." + field.name + "`");
}

/// "`quote.discount`, `quote.lines.quantity`"; where the rule is what holds unless something else is said, their number.
std::string fields_text(const schema::MergeRule& rule)
{
    std::vector<std::string> names;
    for (const auto& kind : schema::kinds()) {
        collect(rule, kind.name, kind.fields, names);
        for (const auto& collection : kind.collections) collect(rule, kind.name + "." + collection.name, collection.fields, names);
    }
    if (names.empty()) return "- Holds for: no field yet\n";
    if (rule.policy == schema::Policy::latest || rule.policy == schema::Policy::text) return fmt::format("- Holds for: {} of this type, for which nothing else is said\n", names.size() == 1 ? "1 field" : fmt::format("{} fields", names.size()));
    return fmt::format("- Holds for: {}\n", fmt::join(names, ", "));
}

std::string collections_text(schema::Gathering gathers)
{
    std::vector<std::string> names;
    for (const auto& kind : schema::kinds())
        for (const auto& collection : kind.collections)
            if (collection.gathers == gathers && (gathers != schema::Gathering::entries || !collection.key.empty()))
                names.push_back("`" + kind.name + "." + collection.name + "`");
    return fmt::format("- Holds for: {}\n", fmt::join(names, ", "));
}

} // namespace

std::string rules_page()
{
    std::string text = head;
    text += "\n## One field\n";
    for (const auto& rule : schema::merge_rules)
        text += section(fmt::format("{}, {}", type_name(rule.type), policy_name(rule.policy)), rule.conflict, rule.resolution) + fields_text(rule);
    text += "\n## Entries, and whole records\n";
    for (const auto& rule : merge::record_rules()) {
        text += section(rule.name, rule.conflict, rule.resolution);
        if (rule.name == "added_twice") text += collections_text(schema::Gathering::entries);
        if (rule.name == "same_in_a_set") text += collections_text(schema::Gathering::set);
        if (rule.name == "each_counts") text += collections_text(schema::Gathering::sum);
        if (rule.name == "never_rewritten") text += collections_text(schema::Gathering::append_only);
    }
    text += "\n## Records together\nFound on every device that holds the records, and by the server; nothing is changed or refused because of it.\n";
    for (const auto& rule : findings::catalogue()) text += section(rule.name, rule.conflict, rule.resolution);
    return text;
}

} // namespace roadbook::headless
