#include "conflict/merge/handover.hpp"

#include "conflict/merge/genesis.hpp"
#include "conflict/merge/merged_record.hpp"

#include <algorithm>

namespace roadbook::merge {
namespace {

using schema::Fields;
using schema::Value;

/// One change that gave the territory from one holder to another, or took such a one back.
struct Handover {
    automerge::Change change;
    std::optional<RecordId> from, to;
    bool is_undo = false;
};

constexpr auto undone_at = "handover_undone_at";

Error nothing_to_take_back()
{
    return fail(Errc::not_allowed, Bilingual{"there is no hand-over of this territory to take back: it was never handed over, or the last hand-over was taken back already; nothing was changed",
                                             "该区域没有可撤销的移交：从未移交过，或上次移交已撤销；未做任何更改"}, "holder");
}

Value value_of(const std::optional<RecordId>& person)
{
    return person ? Value{*person} : Value{};
}

/// Fields that name a hand-over for a later day, emptied where they are filled.
void cancel_agreed(const schema::Record& territory, Fields& fields)
{
    for (const auto* field : {"next_holder", "next_holder_from"})
        if (!schema::is_empty(territory[field])) fields[field] = {};
}

/// The last in causal order. Making the territory is none.
Result<std::optional<Handover>> last_handover(const automerge::Document& territory, const schema::Kind& kind, const RecordId& id)
{
    auto changes = territory.changes_since({});
    if (!changes) return changes.error();
    for (auto change = changes->rbegin(); change != changes->rend(); ++change) {
        if (change->actor == genesis_actor()) continue;
        const auto before = territory.read_at(change->deps);
        const auto after = territory.read_at(std::span{&change->hash, 1});
        if (!before || !after) return !before ? before.error() : after.error();
        if (before->root.find("id") == nullptr) continue;
        const auto old = read(kind, id, *before).record, made = read(kind, id, *after).record;
        const auto from = schema::reference_of(old, "holder"), to = schema::reference_of(made, "holder");
        const bool is_undo = old[undone_at] != made[undone_at];
        if (from != to || is_undo) return std::optional{Handover{std::move(*change), from, to, is_undo}};
    }
    return std::optional<Handover>{};
}

} // namespace

Fields handover(const schema::Record& territory, const RecordId& to, std::string_view on)
{
    if (!on.empty()) return {{"next_holder", to}, {"next_holder_from", std::string{on}}};
    Fields fields{{"holder", to}};
    cancel_agreed(territory, fields);
    return fields;
}

Result<Fields> undo_of_handover(const automerge::Document& territory, const RecordId& id, const ReceivedAt& received_at, Time now)
{
    const auto& kind = *schema::find_kind("territory");
    const auto content = territory.read();
    if (!content) return content.error();
    const auto merged = read(kind, id, *content);
    Fields agreed;
    cancel_agreed(merged.record, agreed);
    if (!agreed.empty()) {
        agreed[undone_at] = now;
        return agreed;
    }
    if (std::any_of(merged.conflicts.begin(), merged.conflicts.end(), [](const auto& conflict) { return conflict.path == "holder"; }))
        return fail(Errc::not_allowed, Bilingual{"two people handed this territory over apart: settle the conflict on its holder instead; nothing was changed",
                                                 "有两人分别移交了该区域：请先解决负责人的冲突；未做任何更改"}, "holder");
    const auto last = last_handover(territory, kind, id);
    if (!last) return last.error();
    if (!*last || (*last)->is_undo) return nothing_to_take_back();
    if ((*last)->to != schema::reference_of(merged.record, "holder"))
        return fail(Errc::not_allowed, Bilingual{"this territory is not held by whom the last hand-over named: hand it over anew; nothing was changed",
                                                 "该区域的现任负责人不是上次移交的对象：请重新移交；未做任何更改"}, "holder");
    if (now - received_at((*last)->change).value_or(now) > handover_undo_within)
        return fail(Errc::not_allowed, Bilingual{"the last hand-over is more than 24 hours old: hand the territory over anew; nothing was changed",
                                                 "上次移交已超过 24 小时：请重新移交；未做任何更改"}, "holder");
    return Fields{{"holder", value_of((*last)->from)}, {undone_at, now}};
}

} // namespace roadbook::merge
