#include "shared/exchange/edit.hpp"

#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::exchange {
namespace {

using schema::Fields;

void add_texts(Texts& texts, const std::vector<schema::Field>& declared, const Fields& fields, const std::string& prefix)
{
    for (const auto& field : declared)
        if (const auto value = fields.find(field.name); value != fields.end()) texts[prefix + field.name] = schema::format(field, value->second);
}

std::string prefix_of(const std::string& collection, const schema::Child& child)
{
    return fmt::format("{}/{}/", collection, child.id.text());
}

const schema::Child* find(const schema::Record& record, const std::string& collection, const ChildId& id)
{
    const auto children = record.collections.find(collection);
    if (children == record.collections.end()) return nullptr;
    const auto found = std::find_if(children->second.begin(), children->second.end(), [&](const schema::Child& child) { return child.id == id; });
    return found == children->second.end() ? nullptr : &*found;
}

Fields without_position(Fields fields)
{
    fields.erase("position"); // where people put it stays
    return fields;
}

Fields without_empty(Fields fields)
{
    std::erase_if(fields, [](const auto& one) { return schema::is_empty(one.second); });
    return fields;
}

class Comparison {
public:
    Comparison(const Texts& before, Texts now, Absent absent, bool empty_clears)
        : before_{before}, now_{std::move(now)}, absent_{absent}, empty_clears_{empty_clears}
    {
    }

    [[nodiscard]] Fields between(const Fields& is, const Fields& wanted, const std::string& prefix) const
    {
        Fields values;
        for (const auto& [name, value] : wanted) {
            const auto current = is.find(name);
            const bool is_there = current != is.end() && !schema::is_empty(current->second);
            if (schema::is_empty(value)) {
                if (is_there && (empty_clears_ || was_written(prefix + name))) values[name] = {};
            } else if (!(is_there && current->second == value) && !is_remembered(prefix + name)) {
                values[name] = value;
            }
        }
        for (const auto& [name, value] : is)
            if (absent_ == Absent::clears && !wanted.contains(name) && was_written(prefix + name)) values[name] = {};
        return values;
    }

    /// The import made this child, its file has it no longer, and nobody has written in it since.
    [[nodiscard]] bool is_to_go(const std::vector<schema::Field>& declared, const schema::Child& child, const std::string& prefix) const
    {
        if (child.removed || absent_ == Absent::clears) return false; // an import of whole records never took children away
        Texts now;
        add_texts(now, declared, child.fields, prefix);
        bool any = false;
        for (auto at = before_.lower_bound(prefix); at != before_.end() && at->first.starts_with(prefix); ++at) any = true;
        return any && std::all_of(now.begin(), now.end(), [&](const auto& one) {
                   const auto before = before_.find(one.first);
                   return before != before_.end() && before->second == one.second;
               });
    }

private:
    /// The file says what it said last time: what the record says since is people's.
    [[nodiscard]] bool is_remembered(const std::string& path) const
    {
        const auto before = before_.find(path);
        const auto now = now_.find(path);
        return before != before_.end() && now != now_.end() && before->second == now->second;
    }
    [[nodiscard]] bool was_written(const std::string& path) const
    {
        const auto before = before_.find(path);
        return before != before_.end() && !before->second.empty();
    }

    const Texts& before_;
    Texts now_;
    Absent absent_;
    bool empty_clears_;
};

void compare_children(Difference& made, const Comparison& comparison, const schema::Record& is, const std::string& name,
                      const std::vector<schema::Child>& children)
{
    for (const auto& child : children) {
        const auto* existing = find(is, name, child.id);
        if (existing == nullptr) {
            made.edit.steps.push_back({name, child.id, true, without_empty(child.fields)});
            ++made.children_created;
            continue;
        }
        auto values = comparison.between(without_position(existing->fields), without_position(child.fields), prefix_of(name, child));
        ++(values.empty() ? made.children_unchanged : made.children_changed);
        if (!values.empty()) made.edit.steps.push_back({name, child.id, false, std::move(values)});
    }
}

void remove_children(Difference& made, const Comparison& comparison, const schema::Record& is, const schema::Record& wanted, const schema::Collection& collection)
{
    const auto there = is.collections.find(collection.name);
    if (there == is.collections.end() || !wanted.collections.contains(collection.name)) return;
    for (const auto& child : there->second) {
        if (find(wanted, collection.name, child.id) != nullptr || !comparison.is_to_go(collection.fields, child, prefix_of(collection.name, child))) continue;
        made.edit.steps.push_back({collection.name, child.id, false, {{"removed", true}}});
        ++made.children_removed;
    }
}

} // namespace

Texts texts_of(const schema::Record& record)
{
    Texts texts;
    const auto* kind = schema::find_kind(record.kind);
    add_texts(texts, kind->fields, record.fields, {});
    for (const auto& collection : kind->collections) {
        const auto children = record.collections.find(collection.name);
        if (children == record.collections.end()) continue;
        for (const auto& child : children->second)
            if (!child.removed) add_texts(texts, collection.fields, child.fields, prefix_of(collection.name, child));
    }
    return texts;
}

Difference creation(const schema::Record& wanted)
{
    Difference made{{wanted.id, wanted.kind, true, {}}};
    made.edit.steps.push_back({{}, {}, false, without_empty(wanted.fields)});
    for (const auto& [name, children] : wanted.collections)
        for (const auto& child : children) {
            made.edit.steps.push_back({name, child.id, true, without_empty(child.fields)});
            ++made.children_created;
        }
    return made;
}

Difference change(const schema::Record& is, const schema::Record& wanted, const Texts& remembered, Absent absent, bool empty_clears)
{
    Difference made{{wanted.id, wanted.kind, false, {}}};
    const Comparison comparison{remembered, texts_of(wanted), absent, empty_clears};
    if (auto values = comparison.between(is.fields, wanted.fields, {}); !values.empty()) made.edit.steps.push_back({{}, {}, false, std::move(values)});
    for (const auto& [name, children] : wanted.collections) compare_children(made, comparison, is, name, children);
    for (const auto& collection : schema::find_kind(wanted.kind)->collections) remove_children(made, comparison, is, wanted, collection);
    return made;
}

} // namespace roadbook::exchange
