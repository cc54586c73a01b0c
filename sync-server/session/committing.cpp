// One group commit: every change passes the gate and is judged in its own past, the accepted ones go into the log, their scopes' feeds
// and the snapshots, the refused ones into quarantine. Nothing is answered before the transaction is on disk.
#include "conflict/merge/endorsement_rules.hpp"
#include "conflict/merge/gate_limits.hpp"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/legality.hpp"
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/circle.hpp"
#include "shared/base/log.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/approval_limits.hpp"
#include "sync-server/session/attachments.hpp"
#include "sync-server/session/circles.hpp"
#include "sync-server/session/finding_effects.hpp"
#include "sync-server/session/limits.hpp"
#include "sync-server/session/notices.hpp"
#include "sync-server/session/numbering.hpp"
#include "sync-server/session/recovery.hpp"
#include "sync-server/session/system_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <mutex>

namespace roadbook::server {
namespace {

using protocol::v1::Answer;

/// One pushed change on its way through.
struct Candidate {
    const Hub::Batch* batch = nullptr;
    std::uint32_t index = 0;
    const protocol::v1::PushedChange* pushed = nullptr;
    RecordId document;
    automerge::Summary summary;
    bool late = false;
    std::optional<merge::Attribution> original; ///< accepted before, and lost with the server: judged then, and not judged again
};

/// One that is no change.
struct Unreadable {
    const Hub::Batch* batch = nullptr;
    std::uint32_t index = 0;
    Error why;
};

/// All candidates of one document, from all batches, in the order in which they came.
struct Group {
    RecordId id;
    std::optional<store::DocumentRow> row;
    const schema::Kind* kind = nullptr;
    std::vector<Candidate> candidates;
    std::optional<automerge::Document> base;
    Result<automerge::Admission> admission = fail(Errc::internal, "not judged");
};

/// The same answer by the same path for a record that does not exist and one that this person may not see.
Error no_such_record()
{
    return fail(Errc::not_found, Bilingual{"there is no such record, or it is not yours; the edit is kept on the server for your manager",
                                           "没有这条记录，或它不归您负责；该修改已保存在服务器上，等待您的经理处理"});
}

class Commit {
public:
    Commit(Hub::Inside& hub, std::span<const Hub::Batch> batches) : hub_{hub}, batches_{batches}, feeds_{hub}, circles_{hub} {}

    Hub::Committed run()
    {
        storage::Transaction transaction{hub_.store.db()};
        hub_.refresh();
        process();
        transaction.commit();
        return std::move(result_);
    }

private:
    void process()
    {
        now_ = hub_.options.clock->now();
        for (const auto& batch : batches_) {
            auto& answers = result_.answers.emplace_back(batch.ticket, protocol::v1::Answers{}).second;
            answers.set_count(static_cast<std::uint32_t>(batch.changes.changes_size()));
            kept_.emplace_back();
            if (must_stop(batch)) continue;
            for (int i = 0; i < batch.changes.changes_size(); ++i) sort_in(batch, static_cast<std::uint32_t>(i));
        }
        const auto whole_too = std::partition(unreadable_.begin(), unreadable_.end(), [&](const auto& one) { return !comes_whole(one); });
        for (auto one = unreadable_.begin(); one != whole_too; ++one) refuse(*one->batch, one->index, one->why, std::nullopt); // what hangs on it hears of it
        for (auto* group : order_) prepare(*group);
        pass_gate();
        for (auto* group : order_) store(*group);
        for (auto one = whole_too; one != unreadable_.end(); ++one) refuse(*one->batch, one->index, one->why, std::nullopt);
        note_kept();
        regrant_if_due();
        result_.news.grown = feeds_.grown();
        hub_.findings.settle();
        for (auto& effect : effects_of_findings(hub_, now_)) effects_.push_back(std::move(effect));
        carry_out_effects();
    }

    /// Also between two records of one push: the account of a territory that came right before it.
    void regrant_if_due()
    {
        if (authority_changed_by_ != nullptr) hub_.regrant(now_, *std::exchange(authority_changed_by_, nullptr), result_.news);
    }

    /// What the server writes itself because of what it has just stored, in the same transaction.
    void carry_out_effects()
    {
        if (effects_.empty()) return;
        SystemEdits edits{hub_, RecordId{}};
        auto batch = edits.batch();
        for (const auto& intent : effects_)
            if (const auto change = edits.make(intent); change && *change) edits.push(batch, intent, **change);
        Commit second{hub_, std::span{&batch, 1}};
        second.process();
        for (const auto& head : second.result_.news.grown) result_.news.grown.push_back(head);
        if (second.result_.answers.front().second.exceptions_size() == 0) return;
        edits.forget_actor();
        log::error("effect_refused", "exceptions={}", second.result_.answers.front().second.exceptions_size());
    }

    // ---- answers

    protocol::v1::Answers& answers_to(const Hub::Batch& batch) { return result_.answers.at(static_cast<std::size_t>(&batch - batches_.data())).second; }

    Answer& except(const Hub::Batch& batch, std::uint32_t index, protocol::v1::Status status)
    {
        auto& answer = *answers_to(batch).add_exceptions();
        answer.set_index(index);
        answer.set_status(status);
        return answer;
    }

    /// What is refused is kept, and what is kept is bounded: a device that has filled its quarantine keeps its edits itself. So does one that
    /// pushes faster than it may; that one is told when to come again.
    bool must_stop(const Hub::Batch& batch)
    {
        const bool is_full = !batch.caller.is_system && !batch.release && hub_.store.quarantine_count(batch.caller.device) >= protocol::quarantine_changes_max;
        if (!is_full && batch.put_off.count() == 0) return false;
        answers_to(batch).set_retry_after_seconds(static_cast<std::uint32_t>(batch.put_off.count()));
        for (int i = 0; i < batch.changes.changes_size(); ++i)
            except(batch, static_cast<std::uint32_t>(i), protocol::v1::WAITING).set_code(std::string{name(Errc::server_busy)});
        return true;
    }

    void refuse(const Hub::Batch& batch, std::uint32_t index, const Error& why, const std::optional<automerge::Summary>& summary)
    {
        const auto& pushed = batch.changes.changes(static_cast<int>(index));
        if (const auto late = accepted_before(batch, pushed, summary)) {
            if (*late) except(batch, index, protocol::v1::ACCEPTED).set_late(true);
            return;
        }
        auto& answer = except(batch, index, protocol::v1::REFUSED);
        answer.set_code(std::string{name(why.code)});
        answer.set_field(why.field);
        answer.set_reason(why.message);
        answer.set_reason_zh(why.message_zh);
        const auto hash = summary ? summary->hash : sha256(as_bytes(pushed.change()));
        refused_.insert(hash);
        if (batch.caller.is_system || batch.release) return; // the one stays with its maker, the other one where it is
        hub_.store.quarantine({0, batch.caller.device, batch.caller.person, RecordId::from(as_bytes(pushed.document())).value_or(RecordId{}), hash,
                               to_bytes(as_bytes(pushed.change())), IntentId::from(as_bytes(pushed.intent())).value_or(IntentId{}),
                               merge::time_from_frame(pushed.device_time()), pushed.reason(), why, now_});
        if (hub_.store.db().changes() == 0) return; // it came before: the same answer, no second entry
        note(store::AuditKind::change_refused, batch.caller, {{RecordId::from(as_bytes(pushed.document())).value_or(RecordId{}), hash}},
             fmt::format("{} {}", name(why.code), why.field));
        log::info("change_refused", "device={} code={} field={}", batch.caller.device.text(), name(why.code), why.field);
        take_back(batch, IntentId::from(as_bytes(pushed.replaces())), {});
    }
    void refuse(const Candidate& candidate, const Error& why) { refuse(*candidate.batch, candidate.index, why, candidate.summary); }

    /// An edit that comes again because its answer was lost may be damaged this time. It is in the log all the same, and its device, told
    /// that it was refused, would take it out of a record of which the feed has brought it already. Says whether it was late.
    std::optional<bool> accepted_before(const Hub::Batch& batch, const protocol::v1::PushedChange& pushed, const std::optional<automerge::Summary>& summary)
    {
        if (batch.caller.is_system || batch.release) return std::nullopt;
        if (summary) return hub_.store.accepted(batch.caller.device, summary->hash); // under the id of another record
        const auto document = RecordId::from(as_bytes(pushed.document()));
        const auto intent = IntentId::from(as_bytes(pushed.intent()));
        return document && intent && !intent->is_nil() ? hub_.store.accepted(batch.caller.device, *document, *intent) : std::nullopt;
    }

    // ---- 1: what each change says of itself

    void sort_in(const Hub::Batch& batch, std::uint32_t index)
    {
        const auto& pushed = batch.changes.changes(static_cast<int>(index));
        const auto id = RecordId::from(as_bytes(pushed.document()));
        if (!id) return refuse(batch, index, fail(Errc::bad_frame, Bilingual{"the change names no record", "该修改未指明记录"}), std::nullopt);
        if (pushed.reason().size() > protocol::reason_bytes_max)
            return refuse(batch, index, fail(Errc::too_large, Bilingual{"the reason is too long", "原因过长"}, "reason"), std::nullopt);
        const auto summary = automerge::inspect(as_bytes(pushed.change()), merge::gate_limits());
        if (!summary) return unreadable_.push_back({&batch, index, summary.error()});
        auto& group = group_of(*id);
        if (const auto late = hub_.store.known_change(num_of(group), summary->hash)) {
            if (*late) except(batch, index, protocol::v1::ACCEPTED).set_late(true);
            return; // came before: the same answer, no effect
        }
        if (!batch.release) {
            if (const auto before = hub_.store.quarantined(*id, summary->hash, batch.caller.device)) return refuse(batch, index, *before, *summary);
            if (const auto decided = decided_meanwhile(batch, pushed)) return refuse(batch, index, *decided, *summary);
        }
        auto original = sealed_attribution(hub_, pushed, *id, summary->hash);
        if (const auto forbidden = check_actor(summary->actor, original ? original->device : batch.caller.device)) return refuse(batch, index, *forbidden, *summary);
        group.candidates.push_back({&batch, index, &pushed, *id, *summary, original && original->late, std::move(original)});
    }

    /// Does the same edit come undamaged in this very group? Then it is answered as that one, once that is stored.
    bool comes_whole(const Unreadable& one) const
    {
        const auto& pushed = one.batch->changes.changes(static_cast<int>(one.index));
        const auto id = RecordId::from(as_bytes(pushed.document()));
        const auto found = id ? groups_.find(*id) : groups_.end();
        return found != groups_.end() && std::any_of(found->second.candidates.begin(), found->second.candidates.end(), [&](const auto& other) {
            return other.batch->caller.device == one.batch->caller.device && other.pushed->intent() == pushed.intent();
        });
    }

    Group& group_of(const RecordId& id)
    {
        const auto [found, is_new] = groups_.try_emplace(id);
        if (is_new) {
            found->second.id = id;
            found->second.row = hub_.store.document(id);
            order_.push_back(&found->second);
        }
        return found->second;
    }

    std::optional<Error> check_actor(const ActorId& actor, const DeviceId& device)
    {
        if (actor == merge::genesis_actor()) return fail(Errc::actor_forbidden, Bilingual{"a genesis change is never sent", "初始结构不可上传"});
        auto [bound, is_new] = actors_.try_emplace(actor, device);
        if (is_new) bound->second = hub_.store.device_of_actor(actor).value_or(device);
        if (bound->second != device) return fail(Errc::actor_forbidden, Bilingual{"the change is written under the name of another device", "该修改以另一台设备的名义写成"});
        return std::nullopt;
    }

    // ---- 2: may this person write here at all?

    void prepare(Group& group)
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

    /// A record that nobody has sent yet: one of these changes creates it.
    bool begins_here(Group& group)
    {
        for (const auto& candidate : group.candidates)
            if (candidate.summary.deps.size() == 1 && group.kind == nullptr) group.kind = merge::kind_of_genesis(candidate.summary.deps.front());
        if (group.kind != nullptr) group.base = merge::new_document(*group.kind);
        return group.kind != nullptr;
    }

    /// A record that is not there and one that this person may not see take the same statements and get the same answers.
    void keep_authorised(Group& group)
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

    /// 0: no document has it.
    static std::int64_t num_of(const Group& group) { return group.row ? group.row->num : 0; }
    bool is_known(const Group& group, const Hash& change) { return hub_.store.known_change(num_of(group), change) || merge::kind_of_genesis(change) != nullptr; }

    /// `records`: whose former scopes count, too.
    bool authorise(Candidate& candidate, std::span<const schema::ScopeId> scopes, std::span<const RecordId> records)
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

    void pass_gate()
    {
        std::vector<Group*> open, trees;
        for (auto* group : order_)
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

    void note_links(const Group& group)
    {
        const auto merged = merge::read(*group.kind, group.id, group.admission->document.read().value()).record;
        for (std::size_t i = 0; i < group.candidates.size(); ++i)
            if (group.admission->verdicts[i]) circles_.note(*group.kind, merged, group.candidates[i].batch->caller.device);
    }

    void judge(Group& group)
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
                if (summary.deps.size() == 1 && merge::kind_of_genesis(summary.deps.front()) != nullptr) creation = summary.hash;
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

    /// Asked from the gate's threads.
    Result<int> steps_needed_by(const Candidate& candidate, const schema::Kind& kind, const schema::Record& seen) const
    {
        const std::lock_guard lock{store_};
        return steps_needed(hub_, kind, seen, merge::time_from_frame(candidate.pushed->device_time()) - candidate.batch->caller.clock_offset, now_);
    }

    /// What is not here may still be on its way, from this device or another: but not a record that nobody could have known before the
    /// server did, such as a product in a rep's quote. So the order of arrival decides nothing. A record that the author never saw counts as one that
    /// is not here, by the same statements. Asked from the gate's threads.
    bool may_exist(std::string_view kind, const RecordId& id, const Hub::Batch& batch, schema::Role author) const
    {
        const auto group = groups_.find(id);
        if (group != groups_.end() && !group->second.row && group->second.kind != nullptr && is_made_by(group->second, batch.caller.device)) return group->second.kind->name == kind;
        const std::lock_guard lock{store_};
        const auto row = hub_.store.document(id);
        const bool is_seen = is_of_server(batch) || ever_saw(batch.release ? batch.release->by.person : batch.caller.person, id, row);
        return row && is_seen ? row->kind == kind : schema::find_kind(kind)->creators.has(author);
    }
    static bool is_made_by(const Group& group, const DeviceId& device)
    {
        return std::any_of(group.candidates.begin(), group.candidates.end(), [&](const auto& candidate) { return candidate.batch->caller.device == device; });
    }

    /// As it is now: a connection may be older than its person's demotion.
    schema::Role role_of(const Caller& caller) const
    {
        const auto* person = hub_.organisation.person(caller.person);
        return caller.is_system ? schema::Role::admin : person != nullptr ? person->role : schema::Role::rep;
    }

    /// Whose authority a batch has.
    merge::Author author_of(const Hub::Batch& batch) const
    {
        if (batch.release) return batch.release->judged_as;
        return {batch.caller.person, role_of(batch.caller)};
    }
    /// The server's own, or let through by an administrator at its console: no scope is out of reach.
    static bool is_of_server(const Hub::Batch& batch) { return batch.release ? batch.release->by.person.is_nil() : batch.caller.is_system; }

    // ---- edits that are in quarantine, or were: each takes effect once

    /// What its author sends again, changed or not, does not count any more once somebody has decided about it.
    std::optional<Error> decided_meanwhile(const Hub::Batch& batch, const protocol::v1::PushedChange& pushed)
    {
        for (const auto* field : {&pushed.intent(), &pushed.replaces()})
            for (const auto& edit : shelved(batch, IntentId::from(as_bytes(*field)))) {
                if (edit.state == store::EditState::released)
                    return fail(Errc::not_allowed, Bilingual{"this edit was released meanwhile, as it was: look at the record before you change it again; what you sent is kept on the server",
                                                             "这项修改此前已按原样放行：请先查看记录再作修改；您发送的内容保存在服务器上"});
                if (edit.state == store::EditState::discarded)
                    return fail(Errc::not_allowed, Bilingual{"this edit was discarded meanwhile by somebody who may decide that; what you sent is kept on the server",
                                                             "这项修改此前已被有权决定的人舍弃；您发送的内容保存在服务器上"});
            }
        return std::nullopt;
    }

    std::vector<store::ShelvedEdit> shelved(const Hub::Batch& batch, const std::optional<IntentId>& intent)
    {
        if (batch.caller.is_system || batch.release || !intent || intent->is_nil()) return {};
        const auto [has, is_new] = has_shelved_.try_emplace(batch.caller.device);
        if (is_new) has->second = hub_.store.has_shelved(batch.caller.device);
        return has->second ? hub_.store.shelved(batch.caller.device, *intent) : std::vector<store::ShelvedEdit>{};
    }

    /// The edit is in one place: in the log or in quarantine anew, so no longer where it was kept before. `intent`: one that a locked device had
    /// handed over, and that its user has sent all the same.
    void take_back(const Hub::Batch& batch, const std::optional<IntentId>& replaces, const std::optional<IntentId>& intent)
    {
        for (const auto& id : {replaces, intent})
            if (!shelved(batch, id).empty()) server::take_back(hub_, batch.caller.person, batch.caller.device, *id);
    }

    // ---- 4: into the log

    void store(Group& group)
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
        refer_to_attachments(hub_, num, merged.record);
        if (!group.row && group.kind->name == "data_export") note_export(*accepted.front(), merged.record);
        const store::DocumentRow row{num, group.id, group.kind->name};
        note_agenda(hub_, row, *group.kind, merged.record);
        // A record whose deciding record is unknown stays where it is until that one comes.
        auto wanted = placement;
        if (placement.waiting_for) wanted.scopes = current_scopes(row);
        feeds_.spread(row, wanted, changes, !group.row);
        const bool came_late = std::any_of(accepted.begin(), accepted.end(), [](const auto* candidate) { return candidate->late; });
        if (!group.row && came_late) feeds_.depart_with_parents(row, placement);
        for (auto& effect : notices_of_conflicts(hub_, row, admission.document, merged, now_)) effects_.push_back(std::move(effect));
        hub_.documents.put(group.id, std::move(admission.document));
        hub_.findings.put_later(merged);
        for (auto& effect : note_number(hub_, row, *group.kind, merged.record)) effects_.push_back(std::move(effect));
        if (group.kind->is_authority) {
            hub_.organisation.put(merged.record);
            authority_changed_by_ = &accepted.back()->batch->caller;
        }
    }

    std::set<schema::ScopeId> current_scopes(const store::DocumentRow& row)
    {
        const auto scopes = hub_.store.scopes_of(row.num);
        return {scopes.begin(), scopes.end()};
    }

    void keep_base(Group& group)
    {
        if (group.row && group.base) hub_.documents.put(group.id, std::move(*group.base));
    }

    /// A new record has no scopes yet: where it will be decides whether its author may put it there. One that belongs to a record which is not here and
    /// one that belongs to a record which its author never saw take the same statements and get the same answers: they wait, and not for ever.
    bool may_place_new(const std::vector<Candidate*>& accepted, const Placement& placement)
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

    /// The record for which a new one waits: it decides where the new one belongs, and as far as its author can know it may be on its way still.
    std::optional<RecordId> awaited_by(const Candidate& candidate, const Placement& placement)
    {
        std::optional<RecordId> awaited;
        for (const auto& target : placement.hangs_on) {
            const auto row = hub_.store.document(target);
            if (!ever_saw(candidate.batch->caller.person, target, row) && (!candidate.batch->release || !row)) awaited = target;
        }
        return placement.waiting_for ? placement.waiting_for : awaited;
    }

    bool may_wait(const Candidate& candidate, const RecordId& target)
    {
        if (is_of_server(*candidate.batch) || candidate.batch->release) return true;
        return now_ - hub_.store.waits_since(candidate.batch->caller.device, candidate.summary.hash, target, now_) <= limits::waits_for_place;
    }

    void wait(const Candidate& candidate, const RecordId& target)
    {
        note_unplaced(candidate, target);
        except(*candidate.batch, candidate.index, protocol::v1::WAITING).set_waiting_for(protocol::to_field(target));
    }

    void strand(const Candidate& candidate)
    {
        note_unplaced(candidate, {});
        except(*candidate.batch, candidate.index, protocol::v1::STRANDED);
    }
    /// What builds on it is told the same, also when it comes alone.
    void note_unplaced(const Candidate& candidate, const RecordId& target)
    {
        if (is_of_server(*candidate.batch) || candidate.batch->release) return;
        hub_.store.waits_since(candidate.batch->caller.device, candidate.summary.hash, target, now_);
    }

    /// The creation is refused; what builds on it is stranded, whether it came with it or comes later.
    void refuse_new(const std::vector<Candidate*>& accepted, const Error& why)
    {
        for (const auto* candidate : accepted) {
            if (is_creation(candidate->summary)) refuse(*candidate, why);
            else strand(*candidate);
        }
    }

    /// Was the person ever granted a scope in which this record is, or was? `row`: nothing for one that is not here; asked all the same.
    bool ever_saw(const RecordId& person, const RecordId& record, const std::optional<store::DocumentRow>& row) const
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

    /// A record that is not here because this device's own creation of it is in quarantine: waiting for it would have no end. What came damaged counts as
    /// the creation, which comes before all edits of a record.
    bool is_refused(const RecordId& record, const Candidate& waiting)
    {
        constexpr int looked_at = 64;
        const auto kept = hub_.store.quarantined_of(record, waiting.batch->caller.device, looked_at);
        return std::any_of(kept.begin(), kept.end(), [](const auto& change) {
            const auto summary = automerge::inspect(change, merge::gate_limits());
            return !summary || is_creation(*summary);
        });
    }
    static bool is_creation(const automerge::Summary& change) { return change.deps.size() == 1 && merge::kind_of_genesis(change.deps.front()) != nullptr; }

    void answer_failure(const Candidate& candidate, const Error& why)
    {
        if (why.code == Errc::stranded) {
            strand(candidate);
        } else if (why.code == Errc::missing_parents) {
            need(candidate, candidate.summary.deps);
        } else {
            refuse(candidate, why);
        }
    }

    /// Names what is missing; a change on top of a refused one is stranded, since that one never comes.
    void need(const Candidate& candidate, const std::vector<Hash>& deps)
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

    merge::Attribution attribution(const Candidate& candidate) const
    {
        if (candidate.original) return *candidate.original;
        const auto& caller = candidate.batch->caller;
        merge::Attribution by{caller.person, caller.device, merge::time_from_frame(candidate.pushed->device_time()), caller.clock_offset, now_,
                              IntentId::from(as_bytes(candidate.pushed->intent())).value_or(IntentId{}), candidate.pushed->reason(), candidate.late};
        if (const auto& release = candidate.batch->release) by.released_by = release->by.person;
        return by;
    }

    // ---- 5: the audit log

    void note(store::AuditKind kind, const Caller& by, std::vector<store::AuditItem> items, std::string detail = {}, const RecordId& subject = {})
    {
        hub_.audit.append({kind, now_, by.person, by.device, subject, std::move(items), std::move(detail)});
    }

    /// Somebody took records out of a device as a file, perhaps days ago: the log says so beside the exports that were made here.
    void note_export(const Candidate& candidate, const schema::Record& exported)
    {
        const auto by = attribution(candidate);
        const auto* records = std::get_if<std::int64_t>(&exported["records"]);
        const auto* at = std::get_if<Time>(&exported["exported_at"]);
        hub_.audit.append({store::AuditKind::exported, now_, by.person, by.device, {}, {{exported.id, candidate.summary.hash}},
                           fmt::format("{} {}: {} records on the device, {}{}", schema::text_of(exported, "format"), schema::text_of(exported, "record_type"),
                                       records != nullptr ? *records : 0, schema::text_of(exported, "outcome"), at != nullptr ? ", " + to_text(*at) : "")});
    }

    void note_kept()
    {
        for (std::size_t i = 0; i < kept_.size(); ++i) {
            if (batches_[i].release) {
                note_released(batches_[i], result_.answers[i].second);
                continue;
            }
            auto& [accepted, late, recovered] = kept_[i];
            if (!accepted.empty()) note(store::AuditKind::change_accepted, batches_[i].caller, std::move(accepted));
            if (!late.empty()) note(store::AuditKind::change_late, batches_[i].caller, std::move(late));
            if (!recovered.empty()) note(store::AuditKind::change_recovered, batches_[i].caller, std::move(recovered));
            note_pushed(hub_, batches_[i], result_.answers[i].second, now_);
        }
    }

    void note_released(const Hub::Batch& batch, const protocol::v1::Answers& answers)
    {
        const bool is_accepted = std::all_of(answers.exceptions().begin(), answers.exceptions().end(), [](const auto& one) { return one.status() == protocol::v1::ACCEPTED; });
        if (!is_accepted) return;
        const auto& release = *batch.release;
        const auto& pushed = batch.changes.changes(0);
        const auto hash = automerge::inspect(as_bytes(pushed.change()), merge::gate_limits()).value().hash;
        decide(hub_, release.from, {0, release.device, release.intent, store::EditState::released, release.by.person, {}, now_});
        hub_.audit.append({store::AuditKind::change_released, now_, release.by.person, release.by.device, batch.caller.person,
                           {{RecordId::from(as_bytes(pushed.document())).value(), hash}}, release.follows ? "followed the one that it built on" : ""});
    }

    /// What one batch brought into the log.
    struct Kept {
        std::vector<store::AuditItem> accepted, late, recovered;
    };

    Hub::Inside& hub_;
    std::span<const Hub::Batch> batches_;
    Feeds feeds_;
    Circles circles_;
    Hub::Committed result_;
    Time now_;
    std::map<RecordId, Group> groups_;
    std::vector<Group*> order_; ///< by first appearance: a customer comes before its first visit
    std::map<RecordId, Bytes> snapshots_;
    std::map<ActorId, DeviceId> actors_;
    std::set<Hash> refused_;
    std::vector<Unreadable> unreadable_;
    mutable std::mutex store_; ///< while the gate's threads run
    std::vector<merge::Intent> effects_;
    std::vector<Kept> kept_; ///< by batch
    std::map<DeviceId, bool> has_shelved_;
    mutable std::map<RecordId, std::set<schema::ScopeId>> ever_granted_; ///< by person
    const Caller* authority_changed_by_ = nullptr; ///< until grants follow
};

} // namespace

Hub::Committed Hub::commit(std::span<const Batch> batches)
{
    keep_calendar();
    try {
        return Commit{*inside_, batches}.run();
    } catch (...) {
        inside_->findings.forget();
        inside_->forget_memory(); // rolled back: nothing in memory may be ahead of the file
        throw;
    }
}

} // namespace roadbook::server
