// What became of a record: every change with who, when and why, and the record as of any moment.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/written.hpp"
#include "mobile-app/replica/inside.hpp"

#include <algorithm>
#include <set>

namespace roadbook::replica {

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
        HistoryEntry entry{change.hash, inside_->people.find((*held)->num, change.actor, change.seq), {}, {}, {}};
        if (entry.by) entry.person_name = title_of(entry.by->person);
        if (entry.by && entry.by->released_by && !entry.by->released_by->is_nil()) entry.released_by_name = title_of(*entry.by->released_by);
        auto sets = merge::written_by(document, *(*held)->kind, change.hash, change.deps);
        if (!sets) return sets.error();
        entry.sets = std::move(*sets);
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
