// What only a document's history tells: was the one made in sight of the other?
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/scalars.hpp"

#include <algorithm>
#include <set>

namespace roadbook::merge {
namespace {

using automerge::Content;
using automerge::Document;
using automerge::Node;

struct Operation {
    ActorId actor;
    std::uint64_t counter = 0;
    auto operator<=>(const Operation& other) const { return std::tie(counter, actor) <=> std::tie(other.counter, other.actor); }
    bool operator==(const Operation&) const = default;
};

/// The latest operation below `node`.
void find_latest(const Node& node, const Content& content, std::optional<Operation>& latest)
{
    for (const auto& written : node.values) latest = std::max(latest, std::optional{Operation{content.actors.at(written.actor), written.counter}});
    for (const auto& [name, child] : node.children) find_latest(child, content, latest);
}

/// The latest operation of `now` that was not there `then`. A text that differs counts as one without an author.
void find_unseen(const Node& now, const Content& content, const Node* then, const Content& before, std::optional<Operation>& latest)
{
    const auto was_there = [&](const Operation& one) {
        return then != nullptr && std::any_of(then->values.begin(), then->values.end(), [&](const auto& written) {
                   return written.counter == one.counter && before.actors.at(written.actor) == one.actor;
               });
    };
    for (const auto& written : now.values)
        if (const Operation one{content.actors.at(written.actor), written.counter}; !was_there(one)) latest = std::max(latest, std::optional{one});
    if (now.kind == Node::Kind::text && now.text != (then != nullptr ? then->text : "")) latest = std::max(latest, std::optional{Operation{}});
    for (const auto& [name, child] : now.children)
        if (name != "deleted_at") find_unseen(child, content, then != nullptr ? then->find(name) : nullptr, before, latest);
}

/// The record as the author of this operation left it.
Result<Content> seen_by(const Document& document, const Operation& operation)
{
    const auto change = document.change_of(operation.actor, operation.counter);
    if (!change) return change.error();
    if (!*change) return fail(Errc::document_damaged, "an operation belongs to no change");
    return document.read_at(std::span{&**change, 1});
}

// CONFLICT: one deleted the record, another edited it, neither knowing of the other.
// RESOLUTION: it stays, so that the edit is seen, and a person decides. A deletion by somebody who saw every edit holds.
Result<void> look_at_deletion(const Document& document, const Content& content, Merged& merged)
{
    const auto* node = content.root.find("deleted_at");
    if (!merged.record.deleted_at || node == nullptr) return {};
    Conflict conflict{"deleted_at", schema::Policy::ask, {}, Clash::deleted};
    std::optional<Operation> edited;
    Node restored; // who brought it back apart from the deletion has edited it, too
    for (const auto& written : node->values)
        if (written.value == automerge::Scalar{}) restored.values.push_back(written);
    for (const auto& written : node->values) {
        const auto value = from_scalar(schema::Type::time, written.value);
        if (!value || schema::is_empty(*value)) continue;
        const Operation deletion{content.actors.at(written.actor), written.counter};
        const auto seen = seen_by(document, deletion);
        if (!seen) return seen.error();
        std::optional<Operation> unseen;
        find_unseen(content.root, content, &seen->root, *seen, unseen);
        find_unseen(restored, content, seen->root.find("deleted_at"), *seen, unseen);
        if (!unseen) return {};
        edited = std::max(edited, unseen);
        conflict.candidates.push_back({*value, deletion.actor, deletion.counter});
    }
    if (!edited) return {};
    conflict.candidates.insert(conflict.candidates.begin(), Candidate{{}, edited->actor, edited->counter});
    merged.record.deleted_at.reset();
    merged.conflicts.push_back(std::move(conflict));
    std::sort(merged.conflicts.begin(), merged.conflicts.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return {};
}

/// Those of a group that were added, and last edited, by people who did not see each other's.
Result<std::vector<ChildId>> apart(const Document& document, const Content& content, const Node& collection, const std::string& name, const std::vector<ChildId>& group)
{
    std::vector<std::set<ChildId>> seen;
    for (const auto& id : group) {
        auto& others = seen.emplace_back();
        std::optional<Operation> last;
        if (const auto* entry = collection.find(id.text())) find_latest(*entry, content, last);
        if (!last) continue;
        const auto then = seen_by(document, *last);
        if (!then) return then.error();
        if (const auto* entries = then->root.find(name))
            for (const auto& other : group)
                if (entries->find(other.text()) != nullptr) others.insert(other);
    }
    std::set<ChildId> found;
    for (std::size_t i = 0; i < group.size(); ++i)
        for (std::size_t j = i + 1; j < group.size(); ++j)
            if (!seen[i].contains(group[j]) && !seen[j].contains(group[i])) found.insert({group[i], group[j]});
    return std::vector<ChildId>{found.begin(), found.end()};
}

// CONFLICT: two people put the same product on one list, neither knowing of the other.
// RESOLUTION: both lines are there and count. They are offered to be joined, until somebody who saw both edits one of them.
Result<void> look_for_twins(const schema::Collection& collection, const Document& document, const Content& content, Merged& merged)
{
    const auto children = merged.record.collections.find(collection.name);
    const auto* node = content.root.find(collection.name);
    if (collection.key.empty() || collection.gathers != schema::Gathering::entries || children == merged.record.collections.end() || node == nullptr) return {};
    std::vector<std::pair<schema::Value, std::vector<ChildId>>> groups;
    for (const auto& child : children->second) {
        const auto key = child.fields.find(collection.key);
        if (child.removed || key == child.fields.end()) continue;
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == key->second; });
        if (same == groups.end()) groups.push_back({key->second, {child.id}});
        else same->second.push_back(child.id);
    }
    for (auto& [key, group] : groups) {
        if (group.size() < 2) continue;
        std::sort(group.begin(), group.end());
        auto twins = apart(document, content, *node, collection.name, group);
        if (!twins) return twins.error();
        if (!twins->empty()) merged.twins.push_back({collection.name, std::move(*twins)});
    }
    return {};
}

} // namespace

Result<Merged> read(const schema::Kind& kind, const RecordId& id, const Document& document, const Content& content)
{
    auto merged = read(kind, id, content);
    ROADBOOK_CHECK(look_at_deletion(document, content, merged));
    for (const auto& collection : kind.collections) ROADBOOK_CHECK(look_for_twins(collection, document, content, merged));
    return merged;
}

Result<Merged> read(const schema::Kind& kind, const RecordId& id, const Document& document)
{
    const auto content = document.read();
    return content ? read(kind, id, document, *content) : content.error();
}

} // namespace roadbook::merge
