#include "tests/simulation/described.hpp"

#include "shared/rules/totals.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <sstream>

namespace roadbook::simulation {
namespace {

/// Nothing for what is no field: that an entry is out, or the record deleted.
const schema::Field* field_at(std::string_view kind, std::string_view path)
{
    const auto* described = schema::find_kind(kind);
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return described->field(path);
    return described->collection(path.substr(0, slash))->field(path.substr(path.rfind('/') + 1));
}

std::string text_of(const schema::Field* field, const schema::Value& value)
{
    if (field == nullptr) return schema::is_empty(value) ? "stays" : "out";
    return schema::format(*field, value);
}

} // namespace

std::set<std::string> readable(const merge::Merged& merged, const std::string& path)
{
    const auto* field = field_at(merged.record.kind, path);
    for (const auto& conflict : merged.conflicts)
        if (conflict.path == path) {
            std::set<std::string> values;
            for (const auto& candidate : conflict.candidates) values.insert(text_of(field, candidate.value));
            return values;
        }
    const auto slash = path.find('/');
    if (slash == std::string::npos) {
        const auto& value = merged.record[path];
        return schema::is_empty(value) ? std::set<std::string>{} : std::set{text_of(field, value)};
    }
    const auto last = path.rfind('/');
    const auto id = ChildId::parse(path.substr(slash + 1, last - slash - 1));
    const auto collection = merged.record.collections.find(path.substr(0, slash));
    if (collection == merged.record.collections.end()) return {};
    for (const auto& child : collection->second)
        if (child.id == id && child.fields.contains(path.substr(last + 1))) return {text_of(field, child.fields.find(path.substr(last + 1))->second)};
    return {};
}

std::string joined(const std::set<std::string>& values)
{
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : " | ") + value;
    return "{" + text + "}";
}

std::string describe(const merge::Merged& merged, bool with_winners)
{
    const auto& record = merged.record;
    const auto* kind = schema::find_kind(record.kind);
    std::set<std::string> contested;
    for (const auto& conflict : merged.conflicts) contested.insert(conflict.path);
    std::string text = record.kind + "\n";
    for (const auto& [name, value] : record.fields)
        if (with_winners || !contested.contains(name)) text += fmt::format("  {} = {}\n", name, text_of(kind->field(name), value));
    for (const auto& [name, children] : record.collections) {
        for (const auto& child : children) {
            text += fmt::format("  {} {}{}\n", name, child.id.text(), child.removed ? " removed" : "");
            for (const auto& [field, value] : child.fields) {
                const auto* described = kind->collection(name)->field(field);
                const auto path = fmt::format("{}/{}/{}", name, child.id.text(), field);
                if (described != nullptr && (with_winners || !contested.contains(path))) text += fmt::format("    {} = {}\n", field, text_of(described, value));
            }
        }
    }
    for (const auto& conflict : merged.conflicts) text += fmt::format("  conflict {} {}\n", conflict.path, joined(readable(merged, conflict.path)));
    if (rules::has_totals(record.kind)) {
        const auto totals = rules::totals_of(record);
        if (!totals) text += fmt::format("  total {}\n", name(totals.error().code)); // quantities beyond what can be added up
        else
            for (const auto& sum : totals->sums) text += fmt::format("  total {}\n", sum.total().text());
    }
    return text;
}

std::string without_numbers(const std::string& text)
{
    std::string rest;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with("  number = ")) rest += line + "\n";
    return rest;
}

bool is_notice(const std::string& text)
{
    return text.starts_with("task\n") && text.find("\n  finding = ") != std::string::npos;
}

} // namespace roadbook::simulation
