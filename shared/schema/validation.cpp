// The rules of a whole record.
#include "shared/schema/value_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::schema {
namespace {

using Breaches = std::vector<Breach>;

bool is_missing(const Value& value)
{
    const auto* text = std::get_if<std::string>(&value);
    return is_empty(value) || (text && text->find_first_not_of(" \t\n") == std::string::npos);
}

void check_fields(const std::vector<Field>& declared, const Fields& values, const std::string& prefix, Breaches& found)
{
    for (const auto& field : declared) {
        const auto at = values.find(field.name);
        if (at == values.end() || is_missing(at->second)) {
            if (field.is_required)
                found.push_back({prefix + field.name, "required", fmt::format("{}: must be filled in", field.label.en),
                                 fmt::format("{}：必须填写", field.label.zh)});
            continue;
        }
        if (auto broken = broken_rule(field, at->second)) {
            broken->path = prefix + field.name;
            found.push_back(std::move(*broken));
        }
    }
}

/// What orders siblings: every child has it beside its declared fields.
const std::vector<Field>& common_child_fields()
{
    constexpr std::size_t position_bytes_max = 256; // grows by a byte when an item is put between the same two some 5 times
    static const std::vector<Field> fields{text("position", {"Position", "位置"}).at_most_bytes(position_bytes_max)};
    return fields;
}

void check_children(const Collection& collection, const std::vector<Child>& children, Breaches& found)
{
    const auto present = std::count_if(children.begin(), children.end(), [](const Child& child) { return !child.removed; });
    if (static_cast<std::size_t>(present) > children_max)
        found.push_back({collection.name, "count",
                         fmt::format("{}: {} are too many, at most {} fit in one record", collection.label.en, present, children_max),
                         fmt::format("{}：共 {} 条，每条记录最多 {} 条", collection.label.zh, present, children_max)});
    for (const auto& child : children) {
        if (child.removed) continue;
        const auto prefix = fmt::format("{}/{}/", collection.name, child.id.text());
        check_fields(collection.fields, child.fields, prefix, found);
        check_fields(common_child_fields(), child.fields, prefix, found);
    }
}

} // namespace

Error error_of(Breach breach)
{
    return fail(Errc::invalid_value, Bilingual{std::move(breach.en), std::move(breach.zh)}, std::move(breach.path));
}

std::vector<Breach> validate(const Record& record)
{
    const auto* kind = find_kind(record.kind);
    if (!kind)
        return {{"kind", "unknown_kind", fmt::format("'{}' is no record type of this version", record.kind),
                 fmt::format("此版本没有记录类型“{}”", record.kind)}};
    if (record.deleted_at) return {};
    Breaches found;
    check_fields(kind->fields, record.fields, {}, found);
    for (const auto& collection : kind->collections)
        if (const auto at = record.collections.find(collection.name); at != record.collections.end())
            check_children(collection, at->second, found);
    std::sort(found.begin(), found.end(), [](const Breach& a, const Breach& b) { return a.path < b.path; });
    return found;
}

} // namespace roadbook::schema
