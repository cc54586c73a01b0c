// The part of a group commit that decides: may this person write here, and was the edit legal where it was made?
#include "conflict/merge/circle.hpp"
#include "conflict/merge/endorsement_rules.hpp"
#include "conflict/merge/gate_limits.hpp"
#include "conflict/merge/merged_record.hpp"
#include "sync-server/session/approval_limits.hpp"
#include "sync-server/session/group_commit.hpp"

#include <algorithm>
#include <future>

namespace roadbook::server {

// ---- 2: may this person write here at all?

void GroupCommit::prepare(Group& group)
{
    if (group.candidates.empty()) return;
    if (!group.row && begins_here(group)) return;
    keep_authorised(group);
    if (group.candidates.empty()) return;
    group.kind = schema::find_kind(group.row->kind);
    if (group.kind == nullptr) { // after a downgrade of the server
        for (const auto& candidate : std::exchange(group.candidates, {}))
            except(*candidate.batch, candidate.index, protocol::v1::WAITING).set_code(std::string{name(Errc::unsupported_version)});
        return;
    }
    if (auto cached = hub_.documents.take(group.id)) group.base = std::move(*cached);
    else snapshots_[group.id] = hub_.snapshot(*group.row);
}

bool GroupCommit::is_authority(const Group& group)
{
    const auto* kind = group.row ? schema::find_kind(group.row->kind) : kind_begun(group);
    return kind != nullptr && kind->is_authority;
}

const schema::Kind* GroupCommit::kind_begun(const Group& group)
{
    for (const auto& candidate : group.candidates)
        if (const auto* kind = merge::kind_made_by(candidate.summary); kind != nullptr) return kind;
    return nullptr;
}

bool GroupCommit::begins_here(Group& group)
{
    group.kind = kind_begun(group);
    if (group.kind != nullptr) group.base = merge::new_document(*group.kind);
    return group.kind != nullptr;
}

void GroupCommit::keep_authorised(Group& group)
{
    const auto scopes = hub_.store.scopes_of(num_of(group));
    std::erase_if(group.candidates, [&](Candidate& candidate) {
        const bool may_write = authorise(candidate, scopes, std::span{&group.id, 1});
        if (may_write && group.row) return false;
        const auto& deps = candidate.summary.deps;
        if (std::all_of(deps.begin(), deps.end(), [&](const auto& dep) { return is_known(group, dep); })) refuse(candidate, no_such_record());
        else need(candidate, deps);
        return true;
    });
}

Error GroupCommit::no_such_record()
{
    return fail(Errc::not_found, Bilingual{"there is no such record, or it is not yours; the edit is kept on the server for your manager",
                                           "没有这条记录，或它不归您负责；该修改已保存在服务器上，等待您的经理处理"});
}

bool GroupCommit::authorise(Candidate& candidate, std::span<const schema::ScopeId> scopes, std::span<const RecordId> records)
{
    const auto& caller = candidate.batch->caller;
    if (is_of_server(*candidate.batch) || candidate.original) return true;
    // Whoever releases an edit answers for where it goes.
    const auto& granted = hub_.grants(candidate.batch->release ? candidate.batch->release->by.person : caller.person);
    if (std::any_of(scopes.begin(), scopes.end(), [&](const auto& scope) { return granted.contains(scope); })) return true;
    if (candidate.batch->release) return false;
    const auto rows = hub_.store.grants(caller.person);
    const auto device = hub_.store.device(caller.device);
    std::vector<access::Departure> departures;
    for (const auto& record : records)
        for (auto& departure : hub_.store.departures(record, caller.device)) departures.push_back(departure);
    const auto access = access::judge({scopes, departures, rows, candidate.pushed->grant_epoch(), device ? device->confirmed_epoch : 0, now_});
    candidate.late = access == access::Access::late;
    return access != access::Access::none;
}

// ---- 3: the gate; documents are independent, so they are checked side by side

void GroupCommit::pass_gate(std::span<Group*> groups)
{
    std::vector<Group*> open, trees;
    for (auto* group : groups)
        if (!group->candidates.empty()) (merge::has_shared_tree(*group->kind) ? trees : open).push_back(group);
    const auto workers = std::min<std::size_t>(static_cast<std::size_t>(hub_.options.gate_threads), open.size() / 4 + 1);
    const auto work = [&](std::size_t first) {
        for (auto i = first; i < open.size(); i += workers) judge(*open[i]);
    };
    std::vector<std::future<void>> running;
    for (std::size_t i = 1; i < workers; ++i) running.push_back(std::async(std::launch::async, work, i));
    if (workers > 0) work(0);
    for (auto& one : running) one.get();
    // Records of a shared tree one after the other: what one edit links, the next may close to a circle.
    for (auto* group : trees) {
        judge(*group);
        if (group->admission && group->admission->grown) note_links(*group);
    }
}

void GroupCommit::note_links(const Group& group)
{
    const auto merged = merge::read(*group.kind, group.id, group.admission->document.read().value()).record;
    for (std::size_t i = 0; i < group.candidates.size(); ++i)
        if (group.admission->verdicts[i]) circles_.note(*group.kind, merged, group.candidates[i].batch->caller.device);
}

void GroupCommit::judge(Group& group)
{
    if (!group.base) {
        auto loaded = automerge::Document::load(snapshots_.at(group.id));
        const auto whole = loaded ? merge::complete(*loaded, *group.kind) : Result<void>{loaded.error()};
        if (!whole) {
            group.admission = whole.error();
            return;
        }
        group.base = std::move(*loaded);
    }
    std::vector<ByteView> bytes;
    std::map<Hash, const Candidate*> by_hash;
    for (const auto& candidate : group.candidates) {
        bytes.push_back(as_bytes(candidate.pushed->change()));
        by_hash[candidate.summary.hash] = &candidate;
    }
    std::optional<Hash> creation; ///< of a new record; the gate may ask about one change twice
    const auto legality = [&](const automerge::Document& merged, const automerge::Summary& summary) -> Result<void> {
        if (by_hash.at(summary.hash)->original) {
            if (merge::kind_made_by(summary) != nullptr) creation = summary.hash;
            return {};
        }
        const auto before = merged.read_at(summary.deps);
        const auto after = merged.read_at(std::span{&summary.hash, 1});
        if (!before || !after) return !before ? before.error() : after.error();
        // Building on the genesis alone makes the author a creator, who may set any field: once for each record.
        const bool creates = before->root.find("id") == nullptr;
        if (creates && (group.row || creation.value_or(summary.hash) != summary.hash))
            return fail(Errc::bad_change, Bilingual{"a record is created once", "一条记录只能新建一次"}, "id");
        const auto& batch = *by_hash.at(summary.hash)->batch;
        const auto& caller = batch.caller;
        const auto author = author_of(batch);
        auto checked = merge::check_change(*group.kind, group.id, *before, *after, author,
                                           [&](std::string_view kind, const RecordId& id) { return may_exist(kind, id, batch, author.role); });
        const auto needed = [&](const schema::Record& seen) { return steps_needed_by(*by_hash.at(summary.hash), *group.kind, seen); };
        if (checked) checked = merge::check_endorsements(*group.kind, group.id, {merged, summary.deps, *before, *after}, author, caller.is_system, needed);
        if (checked && merge::has_shared_tree(*group.kind))
            checked = circles_.check(*group.kind, merge::read(*group.kind, group.id, *before).record, merge::read(*group.kind, group.id, *after).record, caller,
                                     by_hash.at(summary.hash)->pushed->company_seq());
        if (creates && checked) creation = summary.hash;
        return checked;
    };
    group.admission = automerge::admit(*group.base, bytes, nullptr, legality, merge::gate_limits());
}

Result<int> GroupCommit::steps_needed_by(const Candidate& candidate, const schema::Kind& kind, const schema::Record& seen) const
{
    const std::lock_guard lock{store_};
    return steps_needed(hub_, kind, seen, merge::time_from_frame(candidate.pushed->device_time()) - candidate.batch->caller.clock_offset, now_);
}

bool GroupCommit::may_exist(std::string_view kind, const RecordId& id, const Hub::Batch& batch, schema::Role author) const
{
    const auto group = groups_.find(id);
    if (group != groups_.end() && !group->second.row && group->second.kind != nullptr && is_made_by(group->second, batch.caller.device)) return group->second.kind->name == kind;
    const std::lock_guard lock{store_};
    const auto row = hub_.store.document(id);
    const bool is_seen = is_of_server(batch) || ever_saw(batch.release ? batch.release->by.person : batch.caller.person, id, row);
    return row && is_seen ? row->kind == kind : schema::find_kind(kind)->creators.has(author);
}

bool GroupCommit::is_made_by(const Group& group, const DeviceId& device)
{
    return std::any_of(group.candidates.begin(), group.candidates.end(), [&](const auto& candidate) { return candidate.batch->caller.device == device; });
}

schema::Role GroupCommit::role_of(const Caller& caller) const
{
    const auto* person = hub_.organisation.person(caller.person);
    return caller.is_system ? schema::Role::admin : person != nullptr ? person->role : schema::Role::rep;
}

merge::Author GroupCommit::author_of(const Hub::Batch& batch) const
{
    if (batch.release) return batch.release->judged_as;
    return {batch.caller.person, role_of(batch.caller)};
}

bool GroupCommit::ever_saw(const RecordId& person, const RecordId& record, const std::optional<store::DocumentRow>& row) const
{
    auto [granted, is_new] = ever_granted_.try_emplace(person);
    if (is_new)
        for (const auto& grant : hub_.store.grants(person)) granted->second.insert(grant.scope);
    const auto has_been = [&](const schema::ScopeId& scope) { return granted->second.contains(scope) || hub_.grants(person).contains(scope); };
    const auto scopes = hub_.store.scopes_of(row ? row->num : 0);
    if (std::any_of(scopes.begin(), scopes.end(), has_been)) return true;
    const auto departures = hub_.store.departures(record, DeviceId{});
    return std::any_of(departures.begin(), departures.end(), [&](const auto& departure) { return has_been(departure.scope); });
}

} // namespace roadbook::server
