// The part of a group commit that stores: documents, log, feeds; and new records that have no place yet.
#include "conflict/merge/gate_limits.hpp"
#include "conflict/merge/merged_record.hpp"
#include "shared/base/log.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/attachments.hpp"
#include "sync-server/session/group_commit.hpp"
#include "sync-server/session/limits.hpp"
#include "sync-server/session/notices.hpp"
#include "sync-server/session/numbering.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {

// ---- 4: into the log

void GroupCommit::store(Group& group)
{
    if (group.candidates.empty()) return;
    if (!group.admission) {
        // Not the device's fault: our copy does not load. It keeps its edits and comes again.
        log::error("document_unreadable", "document={} code={}", group.id.text(), name(group.admission.error().code));
        for (const auto& candidate : group.candidates) except(*candidate.batch, candidate.index, protocol::v1::WAITING);
        return;
    }
    auto& admission = *group.admission;
    std::vector<Candidate*> accepted;
    for (std::size_t i = 0; i < group.candidates.size(); ++i) {
        auto& candidate = group.candidates[i];
        if (admission.verdicts[i]) accepted.push_back(&candidate);
        else answer_failure(candidate, admission.verdicts[i].error());
    }
    if (!admission.grown) return keep_base(group);
    const auto merged = merge::read(*group.kind, group.id, admission.document).value();
    const auto placement = place(hub_.store, *group.kind, merged.record);
    if (!group.row && !may_place_new(accepted, placement)) return;
    const auto num = hub_.store.put_document(group.id, group.kind->name, admission.saved);
    std::vector<store::ChangeRow> changes;
    for (const auto* candidate : accepted) {
        store::ChangeRow change{0, candidate->summary.hash, candidate->summary.actor, candidate->summary.seq,
                                to_bytes(as_bytes(candidate->pushed->change())), attribution(*candidate)};
        if (candidate->late) except(*candidate->batch, candidate->index, protocol::v1::ACCEPTED).set_late(true);
        if (hub_.store.known_change(num, change.hash)) continue; // twice in one group
        change.num = hub_.store.append(num, change);
        take_back(*candidate->batch, IntentId::from(as_bytes(candidate->pushed->replaces())), change.by.intent);
        if (candidate->original) note_brought_back(hub_, change.by.device, change.by.intent);
        auto& kept = kept_.at(static_cast<std::size_t>(candidate->batch - batches_.data()));
        (candidate->original ? kept.recovered : candidate->late ? kept.late : kept.accepted).push_back({group.id, change.hash});
        changes.push_back(std::move(change));
    }
    const auto& by = *accepted.front();
    refer_to_attachments(hub_, num, merged.record, by.batch->release ? by.batch->release->device : attribution(by).device);
    if (!group.row && group.kind->name == "data_export") note_export(*accepted.front(), merged.record);
    const store::DocumentRow row{num, group.id, group.kind->name};
    note_agenda(hub_, row, *group.kind, merged.record);
    // A record whose deciding record is unknown stays where it is until that one comes.
    auto wanted = placement;
    if (placement.waiting_for) wanted.scopes = current_scopes(row);
    auto lost = places_of_lost_days(group, accepted); // mostly none
    if (!lost.empty())
        for (const auto& scope : current_scopes(row)) lost.erase(scope); // which it leaves now
    feeds_.spread(row, wanted, changes, !group.row);
    feeds_.depart(row, lost, wanted);
    const bool came_late = std::any_of(accepted.begin(), accepted.end(), [](const auto* candidate) { return candidate->late; });
    if (!group.row && came_late) feeds_.depart_with_parents(row, placement);
    for (auto& effect : notices_of_conflicts(hub_, row, admission.document, merged, now_)) effects_.push_back(std::move(effect));
    if (group.kind->is_authority) grant_as_in_lost_days(group, accepted);
    hub_.documents.put(group.id, std::move(admission.document));
    hub_.findings.put_later(merged);
    for (auto& effect : note_number(hub_, row, *group.kind, merged.record)) effects_.push_back(std::move(effect));
    if (group.kind->is_authority) {
        hub_.organisation.put(merged.record);
        authority_changed_by_ = &accepted.back()->batch->caller;
    }
}

std::set<schema::ScopeId> GroupCommit::current_scopes(const store::DocumentRow& row)
{
    const auto scopes = hub_.store.scopes_of(row.num);
    return {scopes.begin(), scopes.end()};
}

void GroupCommit::grant_as_in_lost_days(const Group& group, const std::vector<Candidate*>& accepted)
{
    for (const auto* candidate : accepted) {
        if (!candidate->original) continue;
        const auto then = merged_at(group, candidate->summary.hash);
        hub_.organisation.put(then);
        hub_.regrant(now_, candidate->batch->caller, result_.news);
    }
}

schema::Record GroupCommit::merged_at(const Group& group, const Hash& change) const
{
    const auto then = group.admission->document.read_at(std::span{&change, 1}).value();
    return merge::read(*group.kind, group.id, then).record;
}

std::set<schema::ScopeId> GroupCommit::places_of_lost_days(const Group& group, const std::vector<Candidate*>& accepted)
{
    std::set<schema::ScopeId> places;
    for (const auto* candidate : accepted) {
        if (!candidate->original) continue;
        places.merge(place(hub_.store, *group.kind, merged_at(group, candidate->summary.hash)).scopes);
    }
    return places;
}

void GroupCommit::keep_base(Group& group)
{
    if (group.row && group.base) hub_.documents.put(group.id, std::move(*group.base));
}

bool GroupCommit::may_place_new(const std::vector<Candidate*>& accepted, const Placement& placement)
{
    regrant_if_due();
    const std::vector<schema::ScopeId> scopes{placement.scopes.begin(), placement.scopes.end()};
    bool all = true;
    for (auto* candidate : accepted) all = authorise(*candidate, scopes, placement.hangs_on) && all;
    const bool is_placed = !placement.waiting_for && all;
    if (is_placed) return true;
    const auto& first = *accepted.front();
    const auto awaited = awaited_by(first, placement);
    if (awaited && is_refused(*awaited, first))
        refuse_new(accepted, fail(Errc::stranded, Bilingual{"the record that this one belongs to was refused; both are kept on the server for your manager",
                                                            "所属的记录已被拒绝；两者都保存在服务器上，等待您的经理处理"}));
    else if (awaited && may_wait(first, *awaited))
        for (const auto* candidate : accepted) wait(*candidate, *awaited);
    else
        refuse_new(accepted, no_such_record());
    return false;
}

std::optional<RecordId> GroupCommit::awaited_by(const Candidate& candidate, const Placement& placement)
{
    std::optional<RecordId> awaited;
    for (const auto& target : placement.hangs_on) {
        const auto row = hub_.store.document(target);
        if (!ever_saw(candidate.batch->caller.person, target, row) && (!candidate.batch->release || !row)) awaited = target;
    }
    return placement.waiting_for ? placement.waiting_for : awaited;
}

bool GroupCommit::may_wait(const Candidate& candidate, const RecordId& target)
{
    if (is_of_server(*candidate.batch) || candidate.batch->release) return true;
    return now_ - hub_.store.waits_since(candidate.batch->caller.device, candidate.summary.hash, target, now_) <= limits::waits_for_place;
}

void GroupCommit::wait(const Candidate& candidate, const RecordId& target)
{
    note_unplaced(candidate, target);
    except(*candidate.batch, candidate.index, protocol::v1::WAITING).set_waiting_for(protocol::to_field(target));
}

void GroupCommit::strand(const Candidate& candidate)
{
    note_unplaced(candidate, {});
    except(*candidate.batch, candidate.index, protocol::v1::STRANDED);
}

void GroupCommit::note_unplaced(const Candidate& candidate, const RecordId& target)
{
    if (is_of_server(*candidate.batch) || candidate.batch->release) return;
    hub_.store.waits_since(candidate.batch->caller.device, candidate.summary.hash, target, now_);
}

void GroupCommit::refuse_new(const std::vector<Candidate*>& accepted, const Error& why)
{
    for (const auto* candidate : accepted) {
        if (merge::kind_made_by(candidate->summary) != nullptr) refuse(*candidate, why);
        else strand(*candidate);
    }
}

bool GroupCommit::is_refused(const RecordId& record, const Candidate& waiting)
{
    constexpr int looked_at = 64;
    const auto kept = hub_.store.quarantined_of(record, waiting.batch->caller.device, looked_at);
    return std::any_of(kept.begin(), kept.end(), [](const auto& change) {
        const auto summary = automerge::inspect(change, merge::gate_limits());
        return !summary || merge::kind_made_by(*summary) != nullptr;
    });
}

void GroupCommit::answer_failure(const Candidate& candidate, const Error& why)
{
    if (why.code == Errc::stranded) {
        strand(candidate);
    } else if (why.code == Errc::missing_parents) {
        need(candidate, candidate.summary.deps);
    } else {
        refuse(candidate, why);
    }
}

void GroupCommit::need(const Candidate& candidate, const std::vector<Hash>& deps)
{
    const auto& group = groups_.at(candidate.document);
    std::vector<Hash> missing;
    for (const auto& dep : deps) {
        const bool is_refused = refused_.contains(dep) || hub_.store.quarantined(candidate.document, dep, candidate.batch->caller.device);
        if (is_refused) return strand(candidate);
        if (is_known(group, dep)) continue;
        if (const auto target = hub_.store.waits_for(candidate.batch->caller.device, dep)) return target->is_nil() ? strand(candidate) : wait(candidate, *target);
        if (static_cast<int>(missing.size()) < protocol::need_max) missing.push_back(dep);
    }
    auto& answer = except(*candidate.batch, candidate.index, protocol::v1::NEED);
    for (const auto& hash : missing) answer.add_need(protocol::to_field(hash));
}

merge::Attribution GroupCommit::attribution(const Candidate& candidate) const
{
    if (candidate.original) return *candidate.original;
    const auto& caller = candidate.batch->caller;
    merge::Attribution by{caller.person, caller.device, merge::time_from_frame(candidate.pushed->device_time()), caller.clock_offset, now_,
                          IntentId::from(as_bytes(candidate.pushed->intent())).value_or(IntentId{}), candidate.pushed->reason(), candidate.late};
    if (const auto& release = candidate.batch->release) by.released_by = release->by.person;
    return by;
}

void GroupCommit::note_export(const Candidate& candidate, const schema::Record& exported)
{
    const auto by = attribution(candidate);
    const auto* records = std::get_if<std::int64_t>(&exported["records"]);
    const auto* at = std::get_if<Time>(&exported["exported_at"]);
    hub_.audit.append({store::AuditKind::exported, now_, by.person, by.device, {}, {{exported.id, candidate.summary.hash}},
                       fmt::format("{} {}: {} records on the device, {}{}", schema::text_of(exported, "format"), schema::text_of(exported, "record_type"),
                                   records != nullptr ? *records : 0, schema::text_of(exported, "outcome"), at != nullptr ? ", " + to_text(*at) : "")});
}

} // namespace roadbook::server
