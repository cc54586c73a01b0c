// What became of a record: every change with who, when and why, and the record as of any moment.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/scalars.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/schema/validation.hpp"

#include <algorithm>
#include <set>

namespace roadbook::replica {
namespace {

/// The field that a path of a conflict or a history leads to.
const schema::Field* field_at(const schema::Kind& kind, std::string_view path)
{
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return kind.field(path);
    const auto* collection = kind.collection(path.substr(0, slash));
    const auto last = path.rfind('/');
    return collection == nullptr || last == slash ? nullptr : collection->field(path.substr(last + 1));
}

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const auto& part : path) text += (text.empty() ? "" : "/") + part;
    return text;
}

} // namespace

Result<std::vector<HistoryEntry>> Replica::history(const RecordId& id)
{
    const auto held = inside_->hold_shown(id);
    if (!held) return held.error();
    const auto& document = (*held)->document;
    const auto changes = document.changes_since({});
    if (!changes) return changes.error();
    std::vector<HistoryEntry> entries;
    for (const auto& change : *changes) {
        if (change.actor == merge::genesis_actor()) continue;
        HistoryEntry entry{change.hash, inside_->people.find((*held)->num, change.actor, change.seq), {}, {}};
        if (entry.by) entry.person_name = title_of(entry.by->person);
        const auto patches = document.patches(change.deps, std::span{&change.hash, 1});
        const auto after = document.read_at(std::span{&change.hash, 1});
        if (!patches || !after) return !patches ? patches.error() : after.error();
        for (const auto& patch : *patches) {
            const auto path = joined(patch.path);
            if (path == "id") continue;
            if (patch.path.back() == "removed") {
                const auto before = document.read_at(change.deps);
                if (before && merge::is_touch(patch.path, *before, *after)) continue;
            }
            const automerge::Node* node = &after->root;
            for (const auto& part : patch.path)
                if (node != nullptr) node = node->find(part);
            std::string value;
            if (node != nullptr && node->kind == automerge::Node::Kind::text) value = node->text;
            if (node != nullptr && !node->values.empty()) {
                const auto* field = field_at(*(*held)->kind, path);
                const auto typed = field != nullptr ? merge::from_scalar(field->type, node->values.front().value) : std::nullopt;
                value = typed ? schema::format(*field, *typed) : merge::text_of(node->values.front().value);
            }
            const bool repeated = !entry.sets.empty() && entry.sets.back().path == path;
            if (!repeated) entry.sets.push_back({path, value});
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

Result<schema::Record> Replica::as_of(const RecordId& id, Time moment)
{
    const auto held = inside_->hold_shown(id);
    if (!held) return held.error();
    const auto& document = (*held)->document;
    const auto changes = document.changes_since({});
    if (!changes) return changes.error();
    std::set<Hash> until;
    std::set<Hash> heads;
    for (const auto& change : *changes) { // causal order: what one builds on came before it
        const bool builds_on_later = std::any_of(change.deps.begin(), change.deps.end(), [&](const auto& dep) { return !until.contains(dep); });
        const auto by = inside_->people.find((*held)->num, change.actor, change.seq);
        if (builds_on_later || (by && by->when() > moment)) continue;
        until.insert(change.hash);
        heads.insert(change.hash);
        for (const auto& dep : change.deps) heads.erase(dep);
    }
    const auto content = document.read_at(std::vector<Hash>{heads.begin(), heads.end()});
    if (!content) return content.error();
    if (content->root.find("id") == nullptr) return fail(Errc::not_found, Bilingual{"this record was not there yet at that moment", "当时还没有这条记录"});
    return merge::read(*(*held)->kind, id, *content).record;
}

} // namespace roadbook::replica
