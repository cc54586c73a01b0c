#include "conflict/merge/merged_record.hpp"

#include "conflict/merge/field_policy.hpp"
#include "conflict/merge/gathering.hpp"
#include "conflict/merge/scalars.hpp"

#include <algorithm>

namespace roadbook::merge {
namespace {

using automerge::Content;
using automerge::Node;
using schema::Field;
using schema::Value;

enum class Sets { united, as_entered };

class Reader {
public:
    Reader(const schema::Kind& kind, const RecordId& id, const Content& content, Sets sets) : kind_{kind}, content_{content}, sets_{sets}
    {
        merged_.record.id = id;
        merged_.record.kind = kind.name;
    }

    Merged read() &&
    {
        for (const auto& [key, node] : content_.root.children) read_root(key, node);
        for (auto& [name, children] : merged_.record.collections) sort(children);
        std::sort(merged_.conflicts.begin(), merged_.conflicts.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
        return std::move(merged_);
    }

private:
    void read_root(const std::string& key, const Node& node)
    {
        if (key == "id" || key == "kind") return;
        if (key == "deleted_at") {
            for (const auto& written : node.values) // whether a deletion met an edit made apart, only the history tells: apart.cpp
                if (const auto value = from_scalar(schema::Type::time, written.value); value && std::holds_alternative<Time>(*value) && !merged_.record.deleted_at)
                    merged_.record.deleted_at = std::get<Time>(*value);
            return;
        }
        if (const auto* collection = kind_.collection(key); collection != nullptr && node.kind == Node::Kind::map)
            return read_collection(*collection, node);
        if (const auto* field = kind_.field(key); field != nullptr && read_field(*field, key, node, merged_.record.fields)) return;
        keep_unknown(key, node);
    }

    void read_collection(const schema::Collection& collection, const Node& node)
    {
        auto& children = merged_.record.collections[collection.name];
        std::vector<std::pair<ChildId, const Node*>> entries;
        for (const auto& [key, child_node] : node.children) {
            const auto id = ChildId::parse(key);
            if (id && child_node.kind == Node::Kind::map) entries.emplace_back(*id, &child_node);
            else keep_unknown(collection.name + "/" + key, child_node);
        }
        if (sets_ == Sets::as_entered) {
            for (const auto& [id, entry] : entries) children.push_back(read_child(collection, id, *entry));
            return;
        }
        for (const auto& group : groups_of(collection, entries)) {
            if (group.size() == 1) {
                children.push_back(read_child(collection, group.front().first, *group.front().second));
                continue;
            }
            children.push_back(read_child(collection, group.front().first, united(group, content_.actors)));
            auto& united = merged_.united.emplace_back(Twins{collection.name, {}});
            for (const auto& [id, entry] : group) united.ids.push_back(id);
        }
        if (collection.gathers == schema::Gathering::sum)
            for (auto& total : totals_of(collection, children)) merged_.sums.push_back({collection.name, collection.counted, std::move(total)});
    }

    schema::Child read_child(const schema::Collection& collection, const ChildId& id, const Node& node)
    {
        static const Field position = schema::text("position", {"Position", "位置"});
        const auto path = collection.name + "/" + id.text();
        schema::Child child{id, {}, false};
        for (const auto& [key, value] : node.children) {
            if (key == "removed") {
                child.removed = read_removed(path + "/" + key, value);
                continue;
            }
            const auto* field = key == position.name ? &position : collection.field(key);
            if (field == nullptr || !read_field(*field, path + "/" + key, value, child.fields)) keep_unknown(path + "/" + key, value);
        }
        return child;
    }

    // CONFLICT: one took the entry out, another edited it or brought it back, neither knowing of the other.
    // RESOLUTION: it stays, so that the edit is seen, and a person decides. (Each edit of an entry touches its `removed`: intent.cpp.)
    bool read_removed(const std::string& path, const Node& node)
    {
        std::vector<Candidate> candidates; // the latest of those who edited, then of those who took it out
        for (const bool out : {false, true})
            for (const auto& written : node.values)
                if ((written.value == automerge::Scalar{true}) == out) {
                    candidates.push_back({out ? Value{true} : Value{}, content_.actors.at(written.actor), written.counter});
                    break;
                }
        if (candidates.size() == 2) merged_.conflicts.push_back({path, schema::Policy::ask, candidates, Clash::removed});
        return candidates.size() == 1 && candidates.front().value == Value{true};
    }

    /// False: nothing in the node fits the field.
    bool read_field(const Field& field, const std::string& path, const Node& node, schema::Fields& into)
    {
        if (field.type == schema::Type::note && node.kind == Node::Kind::text) {
            if (!node.text.empty()) into[field.name] = node.text;
            return true;
        }
        if (node.kind != Node::Kind::reg) return false;
        auto candidates = distinct(field, node);
        if (candidates.empty()) return false;
        const auto first = candidates.begin() + static_cast<std::ptrdiff_t>(shown(field, candidates)); // field_policy.hpp
        std::rotate(candidates.begin(), first, first + 1);
        if (!schema::is_empty(candidates.front().value)) into[field.name] = candidates.front().value;
        if (candidates.size() > 1) merged_.conflicts.push_back({path, field.merge, std::move(candidates), Clash::values});
        return true;
    }

    /// The same value written twice is agreement, not conflict.
    std::vector<Candidate> distinct(const Field& field, const Node& node) const
    {
        std::vector<Candidate> found;
        for (const auto& written : node.values) {
            auto value = from_scalar(field.type, written.value);
            if (!value) continue;
            const bool known = std::any_of(found.begin(), found.end(), [&](const auto& c) { return c.value == *value; });
            if (!known) found.push_back({std::move(*value), content_.actors.at(written.actor), written.counter});
        }
        return found;
    }

    void keep_unknown(const std::string& path, const Node& node)
    {
        auto& text = merged_.record.unknown[path];
        if (node.kind == Node::Kind::text) text = node.text;
        else if (!node.values.empty()) text = text_of(node.values.front().value);
    }

    static void sort(std::vector<schema::Child>& children)
    {
        const auto place = [](const schema::Child& child) {
            const auto found = child.fields.find("position");
            const auto* text = found == child.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
            return std::pair{text == nullptr ? std::string_view{} : std::string_view{*text}, child.id};
        };
        std::sort(children.begin(), children.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
    }

    const schema::Kind& kind_;
    const Content& content_;
    const Sets sets_;
    Merged merged_;
};

} // namespace

schema::Record if_chosen(const schema::Record& record, std::string_view path, const Value& value)
{
    auto changed = record;
    const auto put = [&](schema::Fields& fields, std::string_view name) {
        if (schema::is_empty(value)) fields.erase(std::string{name});
        else fields[std::string{name}] = value;
    };
    const auto slash = path.find('/'), last = path.rfind('/');
    if (slash == std::string_view::npos) {
        if (path == "deleted_at") changed.deleted_at = std::holds_alternative<Time>(value) ? std::optional{std::get<Time>(value)} : std::nullopt;
        else put(changed.fields, path);
        return changed;
    }
    const auto children = changed.collections.find(path.substr(0, slash));
    if (children == changed.collections.end() || last == slash) return changed;
    for (auto& child : children->second) {
        if (child.id.text() != path.substr(slash + 1, last - slash - 1)) continue;
        if (path.substr(last + 1) == "removed") child.removed = value == Value{true};
        else put(child.fields, path.substr(last + 1));
    }
    return changed;
}

Merged read(const schema::Kind& kind, const RecordId& id, const Content& content)
{
    return Reader{kind, id, content, Sets::united}.read();
}

schema::Record read_as_entered(const schema::Kind& kind, const RecordId& id, const Content& content)
{
    return Reader{kind, id, content, Sets::as_entered}.read().record;
}

} // namespace roadbook::merge
