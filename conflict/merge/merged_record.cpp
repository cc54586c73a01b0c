#include "conflict/merge/merged_record.hpp"

#include "conflict/merge/scalars.hpp"

#include <algorithm>

namespace roadbook::merge {
namespace {

using automerge::Content;
using automerge::Node;
using schema::Field;
using schema::Policy;
using schema::Value;

std::size_t rank_of(const Field& field, const Value& value)
{
    const auto* text = std::get_if<std::string>(&value);
    const auto at = text == nullptr ? field.choices.end()
                                    : std::find_if(field.choices.begin(), field.choices.end(), [&](const auto& c) { return c.value == *text; });
    return static_cast<std::size_t>(at - field.choices.begin()) + 1; // a choice of a newer version ranks beyond all known
}

/// Empty values lose against any other: "nobody said" is no answer.
std::int64_t amount_of(const Value& value, std::int64_t when_empty)
{
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    if (const auto* money = std::get_if<Money>(&value)) return money->minor;
    if (const auto* time = std::get_if<Time>(&value)) return time->time_since_epoch().count();
    return when_empty;
}

/// Which of the candidates shows. They come causal winner first; equal ones keep that order, so every replica agrees.
std::size_t shown(const Field& field, const std::vector<Candidate>& candidates)
{
    const auto best = [&](auto better) {
        std::size_t chosen = 0;
        for (std::size_t i = 1; i < candidates.size(); ++i)
            if (better(candidates[i], candidates[chosen])) chosen = i;
        return chosen;
    };
    switch (field.merge) {
    // CONFLICT: two people set the field without seeing each other's value.
    // RESOLUTION: the edit that Automerge ranks higher shows; the other stays listed in the history.
    case Policy::latest: return 0;
    // CONFLICT: two people set a field that is money, quantity or ownership.
    // RESOLUTION: one shows, both are listed, and a person chooses.
    case Policy::ask: return 0;
    // CONFLICT: one moved the record further than the other.
    // RESOLUTION: work that was done stays done: the further state shows, and what it overrode is told.
    case Policy::furthest:
        return best([&](const auto& a, const auto& b) { return rank_of(field, a.value) >
                                                               rank_of(field, b.value); });
    // CONFLICT: two people wrote different numbers. RESOLUTION: the greater (or lesser) one counts by the field's rule.
    case Policy::highest: return best([](const auto& a, const auto& b) { return amount_of(a.value, INT64_MIN) > amount_of(b.value, INT64_MIN); });
    case Policy::lowest: return best([](const auto& a, const auto& b) { return amount_of(a.value, INT64_MAX) < amount_of(b.value, INT64_MAX); });
    // CONFLICT: two people filled a field that counts once. RESOLUTION: the earlier operation stays.
    case Policy::first:
        return best([](const auto& a, const auto& b) { return std::tie(a.counter, a.actor) < std::tie(b.counter, b.actor); });
    // Notes have no concurrent values: their texts are joined.
    case Policy::text: return 0;
    }
    return 0;
}

class Reader {
public:
    Reader(const schema::Kind& kind, const RecordId& id, const Content& content) : kind_{kind}, content_{content}
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
            if (const auto value = first_value(schema::Type::time, node); value && std::holds_alternative<Time>(*value))
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
        for (const auto& [key, child_node] : node.children) {
            const auto id = ChildId::parse(key);
            const auto path = collection.name + "/" + key;
            if (!id || child_node.kind != Node::Kind::map) {
                keep_unknown(path, child_node);
                continue;
            }
            children.push_back(read_child(collection, *id, path, child_node));
        }
    }

    schema::Child read_child(const schema::Collection& collection, const ChildId& id, const std::string& path, const Node& node)
    {
        static const Field position = schema::text("position", {"Position", "位置"});
        schema::Child child{id, {}, false};
        for (const auto& [key, value] : node.children) {
            if (key == "removed") {
                // CONFLICT: one removed the child, another brought it back or edited it. RESOLUTION: any `true` among the values
                // marks it removed; the edit is in the record and a person may bring it back.
                child.removed = std::any_of(value.values.begin(), value.values.end(),
                                            [](const auto& w) { return w.value == automerge::Scalar{true}; });
                continue;
            }
            const auto* field = key == position.name ? &position : collection.field(key);
            if (field == nullptr || !read_field(*field, path + "/" + key, value, child.fields)) keep_unknown(path + "/" + key, value);
        }
        return child;
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
        const auto first = candidates.begin() + static_cast<std::ptrdiff_t>(shown(field, candidates));
        std::rotate(candidates.begin(), first, first + 1);
        if (!schema::is_empty(candidates.front().value)) into[field.name] = candidates.front().value;
        if (candidates.size() > 1) merged_.conflicts.push_back({path, field.merge, std::move(candidates)});
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

    static std::optional<Value> first_value(schema::Type type, const Node& node)
    {
        return node.values.empty() ? std::nullopt : from_scalar(type, node.values.front().value);
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
    Merged merged_;
};

} // namespace

Merged read(const schema::Kind& kind, const RecordId& id, const Content& content)
{
    return Reader{kind, id, content}.read();
}

} // namespace roadbook::merge
