#pragma once
// How the entries of a collection that several people added apart come together. Entries are keyed by their own ids, so all are there.
#include "conflict/merge/merged_record.hpp"

namespace roadbook::merge {

using Entry = std::pair<ChildId, const automerge::Node*>;

/// Of a set: entries that agree in the collection's key, least id first; removed ones stand alone. Of the others: each alone.
[[nodiscard]] std::vector<std::vector<Entry>> groups_of(const schema::Collection& collection, std::span<const Entry> entries);

// CONFLICT: two people put the same thing into a set: one skill, one competitor.
// RESOLUTION: it is there once, with what both said of it; where they said different things, the field's own rule holds.
/// The entry that stands for the group: the first one, with the values of all in each field.
[[nodiscard]] automerge::Node united(std::span<const Entry> group, std::span<const ActorId> actors);

// CONFLICT: several people add what they used or worked. RESOLUTION: each entry counts.
/// Of the entries that are not removed; one for each currency, in the currency's order. One that overflows is left out.
[[nodiscard]] std::vector<schema::Value> totals_of(const schema::Collection& collection, std::span<const schema::Child> children);

} // namespace roadbook::merge
