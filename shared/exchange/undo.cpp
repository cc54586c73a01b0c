#include "shared/exchange/undo.hpp"

#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::exchange {
namespace {

using schema::Child;
using schema::Record;

constexpr std::string_view deleted_at = "deleted_at";
constexpr std::string_view removed = "removed";

const schema::Field* field_of(const schema::Kind& kind, const std::string& collection, std::string_view name)
{
    return collection.empty() ? kind.field(name) : kind.collection(collection)->field(name);
}

const Child* child_of(const Record& record, const std::string& collection, const ChildId& id)
{
    const auto children = record.collections.find(collection);
    if (children == record.collections.end()) return nullptr;
    const auto found = std::find_if(children->second.begin(), children->second.end(), [&](const Child& child) { return child.id == id; });
    return found == children->second.end() ? nullptr : &*found;
}

std::string text_at(const schema::Kind& kind, const std::string& collection, const schema::Fields& fields, std::string_view name)
{
    const auto* field = field_of(kind, collection, name);
    const auto value = fields.find(name);
    return field == nullptr || value == fields.end() ? std::string{} : schema::format(*field, value->second);
}

void add_step(Written& written, const schema::Kind& kind, const Edit::Step& step, const Record* is)
{
    const auto prefix = step.collection.empty() ? std::string{} : fmt::format("{}/{}/", step.collection, step.child.text());
    static const schema::Fields none;
    const auto* child = is != nullptr && !step.collection.empty() ? child_of(*is, step.collection, step.child) : nullptr;
    const auto& before = step.collection.empty() ? (is != nullptr ? is->fields : none) : child != nullptr ? child->fields : none;
    if (step.add) written.after[prefix] = "made";
    for (const auto& [name, value] : step.values) {
        if (name == deleted_at) {
            written.created = true; // it came back: to take that back is to delete it again
        } else if (name == removed) {
            written.after[prefix + name] = "true";
        } else if (const auto* field = field_of(kind, step.collection, name)) {
            written.before[prefix + name] = text_at(kind, step.collection, before, name);
            written.after[prefix + name] = schema::format(*field, value);
        }
    }
}

/// "lines", its id and "quantity" of a path; a field of the record itself has the last alone.
struct Place {
    std::string collection;
    ChildId child;
    std::string name;
};

Place place_of(const std::string& path)
{
    const auto first = path.find('/');
    if (first == std::string::npos) return {{}, {}, path};
    const auto second = path.find('/', first + 1);
    return {path.substr(0, first), ChildId::parse(path.substr(first + 1, second - first - 1)).value(), path.substr(second + 1)};
}

class Undoing {
public:
    Undoing(const Written& written, const Record& is) : written_{written}, is_{is}, kind_{*schema::find_kind(written.kind)}
    {
        made_.edit = {written.record, written.kind, false, {}};
    }

    Undo delete_whole(Time now)
    {
        if (is_.deleted_at) return made_;
        const auto texts = texts_of(is_);
        for (const auto& [path, text] : texts)
            if (text != text_after(path)) made_.kept.push_back(path);
        for (const auto& [path, text] : written_.after)
            if (!path.ends_with('/') && !text.empty() && !texts.contains(path)) made_.kept.push_back(path); // emptied since
        if (made_.kept.empty()) made_.edit.steps.push_back({{}, {}, false, {{std::string{deleted_at}, now}}});
        return made_;
    }

    Undo put_back()
    {
        for (const auto& [path, after] : written_.after) take_back(path, after);
        return made_;
    }

private:
    [[nodiscard]] std::string text_after(const std::string& path) const
    {
        const auto after = written_.after.find(path);
        return after == written_.after.end() ? std::string{} : after->second;
    }

    void take_back(const std::string& path, const std::string& after)
    {
        const auto at = place_of(path);
        if (at.collection.empty()) return put_back(path, at, after, is_.fields);
        if (kind_.collection(at.collection) == nullptr) return made_.kept.push_back(path);
        const auto* child = child_of(is_, at.collection, at.child);
        if (child == nullptr) return made_.kept.push_back(path);
        if (at.name == removed) {
            if (child->removed) step(at).values[std::string{removed}] = false;
            return;
        }
        if (child->removed) return;
        const auto prefix = fmt::format("{}/{}/", at.collection, at.child.text());
        if (!at.name.empty()) {
            if (!written_.after.contains(prefix)) put_back(path, at, after, child->fields);
            return;
        }
        if (is_as_made(*child, at.collection, prefix)) step(at).values[std::string{removed}] = true;
        else made_.kept.push_back(path.substr(0, path.size() - 1));
    }

    [[nodiscard]] bool is_as_made(const Child& child, const std::string& collection, const std::string& prefix) const
    {
        const auto& declared = kind_.collection(collection)->fields;
        return std::all_of(declared.begin(), declared.end(), [&](const schema::Field& field) {
            return text_at(kind_, collection, child.fields, field.name) == text_after(prefix + field.name);
        });
    }

    void put_back(const std::string& path, const Place& at, const std::string& after, const schema::Fields& fields)
    {
        const auto* field = field_of(kind_, at.collection, at.name);
        if (field == nullptr || text_at(kind_, at.collection, fields, at.name) != after) return made_.kept.push_back(path);
        const auto before = written_.before.find(path);
        const auto value = schema::parse(*field, before == written_.before.end() ? std::string_view{} : before->second);
        if (!value) return made_.kept.push_back(path); // a newer rule forbids what was there
        step(at).values[at.name] = *value;
    }

    Edit::Step& step(const Place& at)
    {
        for (auto& one : made_.edit.steps)
            if (one.collection == at.collection && one.child == at.child) return one;
        return made_.edit.steps.emplace_back(Edit::Step{at.collection, at.child, false, {}});
    }

    const Written& written_;
    const Record& is_;
    const schema::Kind& kind_;
    Undo made_;
};

} // namespace

Written written_by(const Edit& edit, const Record* is)
{
    Written written{edit.record, edit.kind, edit.create, {}, {}};
    const auto& kind = *schema::find_kind(edit.kind);
    for (const auto& step : edit.steps) add_step(written, kind, step, is);
    if (written.created && is != nullptr) { // it came back with what it had, which is to go with it
        for (const auto& [path, text] : texts_of(*is)) written.after.emplace(path, text);
    }
    return written;
}

Undo undo_of(const Written& written, const Record& is, Time now)
{
    Undoing undoing{written, is};
    return written.created ? undoing.delete_whole(now) : undoing.put_back();
}

} // namespace roadbook::exchange
