// How a group commit begins and ends: what each change says of itself, and what is answered, audited and done because of it.
#include "conflict/merge/gate_limits.hpp"
#include "shared/base/log.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/finding_effects.hpp"
#include "sync-server/session/group_commit.hpp"
#include "sync-server/session/recovery.hpp"
#include "sync-server/session/system_edits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {

Hub::Committed GroupCommit::run()
{
    storage::Transaction transaction{hub_.store.db()};
    hub_.refresh();
    process();
    transaction.commit();
    return std::move(result_);
}

void GroupCommit::process()
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
    // Who leads what comes first: one push may bring a hand-over back, and what its new holder has written since.
    const auto others = std::stable_partition(order_.begin(), order_.end(), [](const auto* group) { return is_authority(*group); });
    carry_through({order_.begin(), others});
    regrant_if_due();
    carry_through({others, order_.end()});
    for (auto one = whole_too; one != unreadable_.end(); ++one) refuse(*one->batch, one->index, one->why, std::nullopt);
    note_kept();
    regrant_if_due();
    result_.news.grown = feeds_.grown();
    hub_.findings.settle();
    for (auto& effect : effects_of_findings(hub_, now_)) effects_.push_back(std::move(effect));
    carry_out_effects();
}

void GroupCommit::carry_through(std::span<Group*> groups)
{
    for (auto* group : groups) prepare(*group);
    pass_gate(groups);
    for (auto* group : groups) store(*group);
}

void GroupCommit::regrant_if_due()
{
    if (authority_changed_by_ != nullptr) hub_.regrant(now_, *std::exchange(authority_changed_by_, nullptr), result_.news);
}

void GroupCommit::carry_out_effects()
{
    if (effects_.empty()) return;
    SystemEdits edits{hub_, RecordId{}};
    auto batch = edits.batch();
    for (const auto& intent : effects_)
        if (const auto change = edits.make(intent); change && *change) edits.push(batch, intent, **change);
    GroupCommit second{hub_, std::span{&batch, 1}};
    second.process();
    for (const auto& head : second.result_.news.grown) result_.news.grown.push_back(head);
    if (second.result_.answers.front().second.exceptions_size() == 0) return;
    edits.forget_actor();
    log::error("effect_refused", "exceptions={}", second.result_.answers.front().second.exceptions_size());
}

protocol::v1::Answer& GroupCommit::except(const Hub::Batch& batch, std::uint32_t index, protocol::v1::Status status)
{
    auto& answer = *answers_to(batch).add_exceptions();
    answer.set_index(index);
    answer.set_status(status);
    return answer;
}

bool GroupCommit::must_stop(const Hub::Batch& batch)
{
    const bool is_full = !batch.caller.is_system && !batch.release && hub_.store.quarantine_count(batch.caller.device) >= protocol::quarantine_changes_max;
    if (!is_full && batch.put_off.count() == 0) return false;
    answers_to(batch).set_retry_after_seconds(static_cast<std::uint32_t>(batch.put_off.count()));
    for (int i = 0; i < batch.changes.changes_size(); ++i)
        except(batch, static_cast<std::uint32_t>(i), protocol::v1::WAITING).set_code(std::string{name(Errc::server_busy)});
    return true;
}

void GroupCommit::refuse(const Hub::Batch& batch, std::uint32_t index, const Error& why, const std::optional<automerge::Summary>& summary)
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

std::optional<bool> GroupCommit::accepted_before(const Hub::Batch& batch, const protocol::v1::PushedChange& pushed, const std::optional<automerge::Summary>& summary)
{
    if (batch.caller.is_system || batch.release) return std::nullopt;
    if (summary) return hub_.store.accepted(batch.caller.device, summary->hash); // under the id of another record
    const auto document = RecordId::from(as_bytes(pushed.document()));
    const auto intent = IntentId::from(as_bytes(pushed.intent()));
    return document && intent && !intent->is_nil() ? hub_.store.accepted(batch.caller.device, *document, *intent) : std::nullopt;
}

// ---- 1: what each change says of itself

void GroupCommit::sort_in(const Hub::Batch& batch, std::uint32_t index)
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
        if (const auto decided = decided_meanwhile(batch, pushed)) {
            refuse(batch, index, *decided, *summary);
            return settle_as_decided(batch, IntentId::from(as_bytes(pushed.intent())));
        }
    }
    auto original = sealed_attribution(hub_, pushed, *id, summary->hash);
    if (const auto forbidden = check_actor(summary->actor, original ? original->device : batch.caller.device)) return refuse(batch, index, *forbidden, *summary);
    group.candidates.push_back({&batch, index, &pushed, *id, *summary, original && original->late, std::move(original)});
}

bool GroupCommit::comes_whole(const Unreadable& one) const
{
    const auto& pushed = one.batch->changes.changes(static_cast<int>(one.index));
    const auto id = RecordId::from(as_bytes(pushed.document()));
    const auto found = id ? groups_.find(*id) : groups_.end();
    return found != groups_.end() && std::any_of(found->second.candidates.begin(), found->second.candidates.end(), [&](const auto& other) {
        return other.batch->caller.device == one.batch->caller.device && other.pushed->intent() == pushed.intent();
    });
}

Group& GroupCommit::group_of(const RecordId& id)
{
    const auto [found, is_new] = groups_.try_emplace(id);
    if (is_new) {
        found->second.id = id;
        found->second.row = hub_.store.document(id);
        order_.push_back(&found->second);
    }
    return found->second;
}

std::optional<Error> GroupCommit::check_actor(const ActorId& actor, const DeviceId& device)
{
    if (actor == merge::genesis_actor()) return fail(Errc::actor_forbidden, Bilingual{"a genesis change is never sent", "初始结构不可上传"});
    auto [bound, is_new] = actors_.try_emplace(actor, device);
    if (is_new) bound->second = hub_.store.device_of_actor(actor).value_or(device);
    if (bound->second != device) return fail(Errc::actor_forbidden, Bilingual{"the change is written under the name of another device", "该修改以另一台设备的名义写成"});
    return std::nullopt;
}

// ---- edits that are in quarantine, or were: each takes effect once

std::optional<Error> GroupCommit::decided_meanwhile(const Hub::Batch& batch, const protocol::v1::PushedChange& pushed)
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

void GroupCommit::settle_as_decided(const Hub::Batch& batch, const std::optional<IntentId>& intent)
{
    const auto kept = shelved(batch, intent);
    const auto settled = std::find_if(kept.begin(), kept.end(), [](const auto& edit) { return edit.state == store::EditState::released || edit.state == store::EditState::discarded; });
    if (settled == kept.end()) return; // it replaces one that was: nobody has decided about this one
    auto decision = hub_.store.last_decision(batch.caller.device, *intent).value_or(store::Decision{0, batch.caller.device, *intent, settled->state, {}, {}, now_});
    decision.what = settled->state;
    for (const auto& edit : kept)
        if (store::is_open(edit.state)) decide(hub_, edit.at, decision);
}

std::vector<store::ShelvedEdit> GroupCommit::shelved(const Hub::Batch& batch, const std::optional<IntentId>& intent)
{
    if (batch.caller.is_system || batch.release || !intent || intent->is_nil()) return {};
    const auto [has, is_new] = has_shelved_.try_emplace(batch.caller.device);
    if (is_new) has->second = hub_.store.has_shelved(batch.caller.device);
    return has->second ? hub_.store.shelved(batch.caller.device, *intent) : std::vector<store::ShelvedEdit>{};
}

void GroupCommit::take_back(const Hub::Batch& batch, const std::optional<IntentId>& replaces, const std::optional<IntentId>& intent)
{
    for (const auto& id : {replaces, intent})
        if (!shelved(batch, id).empty()) server::take_back(hub_, batch.caller.person, batch.caller.device, *id);
}

// ---- 5: the audit log

void GroupCommit::note(store::AuditKind kind, const Caller& by, std::vector<store::AuditItem> items, std::string detail, const RecordId& subject)
{
    hub_.audit.append({kind, now_, by.person, by.device, subject, std::move(items), std::move(detail)});
}

void GroupCommit::note_kept()
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

void GroupCommit::note_released(const Hub::Batch& batch, const protocol::v1::Answers& answers)
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

Hub::Committed Hub::commit(std::span<const Batch> batches)
{
    keep_calendar();
    try {
        return GroupCommit{*inside_, batches}.run();
    } catch (...) {
        inside_->findings.forget();
        inside_->forget_memory(); // rolled back: nothing in memory may be ahead of the file
        throw;
    }
}

} // namespace roadbook::server
