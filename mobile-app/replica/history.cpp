// What became of a record: every change with who, when and why, and the record as of any moment.
#include "conflict/merge/as_of.hpp"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/written.hpp"
#include "mobile-app/replica/inside.hpp"

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
    auto then = merge::as_of(*(*held)->kind, id, (*held)->document, [&](const automerge::Change& change) {
        const auto by = inside_->people.find((*held)->num, change.actor, change.seq);
        return !by || by->when() <= moment;
    });
    if (!then) return then.error();
    if (!*then) return fail(Errc::not_found, Bilingual{"this record was not there yet at that moment", "当时还没有这条记录"});
    return std::move(**then);
}

} // namespace roadbook::replica
