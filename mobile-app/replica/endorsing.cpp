// Approvals, signatures and payments: made over what the record says on this device, as one change each. What they are over is filled in here;
// whether it is right is judged where every edit is, by merge::check_endorsements().
#include "conflict/merge/endorsement_rules.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/rules/approval_need.hpp"
#include "shared/schema/attachment.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::replica {
namespace {

Error has_none(const schema::Kind& kind, const Bilingual& what)
{
    return fail(Errc::bad_argument, Bilingual{fmt::format("a {} is not {}", kind.label.en, what.en), fmt::format("{}无需{}", kind.label.zh, what.zh)});
}

/// The record as it is looked at.
struct Looked {
    RecordId id;
    const schema::Kind* kind = nullptr;
    std::vector<Hash> heads;
    automerge::Content content;
    merge::Merged merged;
    merge::Endorsements endorsements;
};

Result<Looked> look(Replica::Inside& replica, const RecordId& id)
{
    const auto held = replica.hold_shown(id);
    if (!held) return held.error();
    const auto& document = (*held)->document;
    auto heads = document.heads();
    auto content = document.read();
    if (!heads || !content) return !heads ? heads.error() : content.error();
    auto endorsements = merge::endorsements_of(document, *(*held)->kind, *content);
    if (!endorsements) return endorsements.error();
    auto merged = merge::read(*(*held)->kind, id, *content);
    return Looked{id, (*held)->kind, std::move(*heads), std::move(*content), std::move(merged), std::move(*endorsements)};
}

merge::Intent intent_of(const Looked& looked, std::string_view reason)
{
    merge::Intent intent;
    intent.record = looked.id;
    intent.kind = looked.kind->name;
    intent.reason = reason;
    return intent;
}

bool is_by(const merge::Endorsed& approval, const RecordId& person)
{
    const auto found = approval.fields.find("approver");
    return found != approval.fields.end() && found->second == schema::Value{person};
}

/// Approvals of just what the record says now.
std::vector<const merge::Endorsed*> standing(const Looked& looked)
{
    std::vector<const merge::Endorsed*> found;
    for (const auto& entry : looked.endorsements.entries)
        if (entry.step > 0 && !entry.rejects && entry.standing == merge::Endorsed::Standing::holds) found.push_back(&entry);
    return found;
}

/// The first step that is open and that this role may take; one that it may not take is refused in words later.
int step_for(const Looked& looked, const schema::Endorsement& approval, schema::Role role, int needed)
{
    const auto approved = standing(looked);
    const auto is_taken = [&](int step) { return std::any_of(approved.begin(), approved.end(), [&](const auto* one) { return one->step == step; }); };
    int open = 0;
    for (int step = 1; step <= needed; ++step) {
        if (is_taken(step)) continue;
        if (open == 0) open = step;
        if (approval.steps.at(static_cast<std::size_t>(step - 1)).roles.has(role)) return step;
    }
    return std::max(open, 1);
}

/// Will all have approved, once this person has taken `step`?
bool completes(const Looked& looked, int step, int needed)
{
    const auto approved = standing(looked);
    for (int other = 1; other <= needed; ++other)
        if (other != step && std::none_of(approved.begin(), approved.end(), [&](const auto* one) { return one->step == other; })) return false;
    return true;
}

std::ptrdiff_t rank(const schema::Field& field, const std::string& state)
{
    return std::find_if(field.choices.begin(), field.choices.end(), [&](const auto& one) { return one.value == state; }) - field.choices.begin();
}

/// "" where the record has come to the state already, or beyond it: then it stays there.
std::string state_to_reach(const Looked& looked, const std::string& wanted)
{
    const auto* field = looked.kind->field(looked.kind->state);
    const auto now = schema::text_of(looked.merged.record, field->name);
    const bool is_there = now == wanted || (!now.empty() && field->merge == schema::Policy::furthest && rank(*field, now) > rank(*field, wanted));
    return is_there ? std::string{} : wanted;
}

/// A draft of a report is not approved, nor what the customer has already: also where others have to approve first.
Result<void> check_ready(const Looked& looked, const std::string& state)
{
    const auto* field = looked.kind->field(looked.kind->state);
    const auto now = schema::text_of(looked.merged.record, field->name);
    const bool leads_there = std::any_of(field->steps.begin(), field->steps.end(), [&](const auto& step) {
        return step.to == state && std::find(step.from.begin(), step.from.end(), now) != step.from.end();
    });
    if (leads_there) return {};
    const auto choice = std::find_if(field->choices.begin(), field->choices.end(), [&](const auto& one) { return one.value == now; });
    const auto is = choice == field->choices.end() ? schema::Label{"none yet", "未设置"} : choice->label;
    return fail(Errc::not_allowed,
                Bilingual{fmt::format("this {} cannot be approved now: its state is “{}”", looked.kind->label.en, is.en),
                          fmt::format("该{}现在不能审批：其状态为“{}”", looked.kind->label.zh, is.zh)},
                field->name);
}

} // namespace

std::optional<rules::ExpensePolicy> Replica::Inside::policy_of(const schema::Record& report)
{
    const auto id = schema::reference_of(report, "policy");
    const auto record = id ? read_model.get(*id, "expense_policy") : std::nullopt;
    return record ? std::optional{rules::expense_policy_from(*record)} : std::nullopt;
}

/// By the limits that are on this device.
Result<bool> Replica::Inside::is_over_limit(const schema::Record& record)
{
    const auto listed = [this](const storage::Query& query) {
        auto found = read_model.list(query);
        return found ? std::move(*found) : std::vector<schema::Record>{};
    };
    return rules::is_over_limit(record, {[this](const RecordId& id, std::string_view kind) { return read_model.get(id, kind); },
                                         [&](std::string_view kind) { return listed({std::string{kind}, {}, {}, false, 1'000, 0}); },
                                         [&](const RecordId& account) { return listed({"account_terms", {{"account", account}}, {}, false, 1'000, 0}); }});
}

void Replica::Inside::show_endorsed(const Held& held, const automerge::Content& content, Shown& shown)
{
    auto read = merge::endorsements_of(held.document, *held.kind, content);
    if (!read) return; // a document that cannot be read has said so before
    if (held.kind->payout) {
        const auto policy = policy_of(shown.merged.record);
        if (auto payout = merge::payout_of(held.document, *held.kind, held.id, content, *read, policy ? &*policy : nullptr)) shown.payout = std::move(*payout);
    }
    for (auto& entry : std::exchange(read->entries, {})) {
        NamedEndorsed named;
        for (const auto& moved : entry.moved) {
            NamedEndorsed::Move move{moved.path, merge::words_of(*held.kind, moved.path, moved.then), merge::words_of(*held.kind, moved.path, moved.now), std::nullopt, {}};
            const auto hash = moved.by ? held.document.change_of(moved.by->actor, moved.by->counter) : Result<std::optional<Hash>>{std::nullopt};
            const auto change = hash && *hash ? held.document.change(**hash) : Result<std::optional<automerge::Change>>{std::nullopt};
            if (change && *change) move.by = people.find(held.num, (*change)->actor, (*change)->seq);
            named.moves.push_back(std::move(move));
        }
        named.read = std::move(entry);
        shown.endorsed.push_back(std::move(named));
    }
    shown.approval = std::move(*read);
}

Result<Decided> Replica::approve(const RecordId& id, Decision decision, std::string_view reason)
{
    const auto me = inside_->identity();
    if (!me) return fail(Errc::not_enrolled, "this device is not enrolled yet: enrol it with a code from your administrator");
    const auto looked = look(*inside_, id);
    if (!looked) return looked.error();
    const auto* approval = looked->kind->approval();
    if (approval == nullptr) return has_none(*looked->kind, {"approved", "审批"});
    const bool approves = decision == Decision::approved;
    if (approves) ROADBOOK_CHECK(merge::check_no_open_conflict(*looked->kind, id, looked->content, *approval));

    const auto over = inside_->is_over_limit(looked->merged.record);
    if (!over) return over.error();
    const auto last = static_cast<int>(approval->steps.size());
    const auto needed = *over ? last : std::max(looked->endorsements.steps_needed, 1);
    Decided decided{{}, true, step_for(*looked, *approval, me->role, needed), needed, false};
    for (const auto* mine : standing(*looked)) {
        if (!approves || !is_by(*mine, me->person) || looked->endorsements.next_step != 0) continue;
        return Decided{mine->id, false, mine->step, needed, true}; // all have, and this person, too
    }
    const auto state = approves ? state_to_reach(*looked, approval->state) : std::string{};
    if (!state.empty()) ROADBOOK_CHECK(check_ready(*looked, state));
    decided.complete = approves && completes(*looked, decided.step, needed);

    auto intent = intent_of(*looked, reason);
    decided.entry = new_id<ChildId>(inside_->options.clock->now(), *inside_->options.random);
    schema::Fields entry{{"approver", me->person}, {"decision", std::string{approves ? "approved" : "rejected"}}, {"decided_at", inside_->corrected_now()},
                         {"step", std::int64_t{decided.step}}, {"steps_needed", std::int64_t{needed}},
                         {"position", Inside::position_in(looked->merged.record, approval->collection)}};
    if (!reason.empty()) entry["reason"] = std::string{reason};
    merge::write(merge::seal_of(looked->content, looked->heads, *approval), entry);
    if (approves && looked->kind->payout) {
        const auto policy = inside_->policy_of(looked->merged.record);
        const auto amounts = merge::amounts_of(looked->merged.record, policy ? &*policy : nullptr);
        if (!amounts) return amounts.error();
        merge::write(*amounts, entry);
    }
    intent.steps.push_back({approval->collection, decided.entry, true, std::move(entry)});
    if (decided.complete && !state.empty()) intent.steps.push_back({{}, {}, false, {{looked->kind->state, state}}});
    const auto saved = save(std::move(intent));
    if (!saved) return saved.error();
    return decided;
}

Result<ChildId> Replica::sign(const RecordId& id, const Signer& signer)
{
    const auto looked = look(*inside_, id);
    if (!looked) return looked.error();
    const auto& all = looked->kind->endorsements;
    const auto signing = std::find_if(all.begin(), all.end(), [](const auto& one) { return !one.is_approval(); });
    if (signing == all.end()) return has_none(*looked->kind, {"signed", "签名"});
    const bool has_image = !signer.image.empty();
    if (has_image && looked->kind->collection(schema::attachments_collection) == nullptr)
        return fail(Errc::bad_argument, Bilingual{fmt::format("a {} has no files: sign it without an image", looked->kind->label.en),
                                                  fmt::format("{}不支持附件，请不带图片签名", looked->kind->label.zh)}, "image");
    if (static_cast<std::int64_t>(signer.image.size()) > schema::attachment_bytes_max)
        return fail(Errc::too_large, Bilingual{fmt::format("the image has {} bytes: at most {} MiB", signer.image.size(), schema::attachment_bytes_max >> 20),
                                               fmt::format("图片有 {} 字节，最多 {} MiB", signer.image.size(), schema::attachment_bytes_max >> 20)}, "image");
    ROADBOOK_CHECK(merge::check_no_open_conflict(*looked->kind, id, looked->content, *signing));

    auto intent = intent_of(*looked, {});
    const auto now = inside_->options.clock->now();
    const auto entry_id = new_id<ChildId>(now, *inside_->options.random);
    schema::Fields entry{{"signer", signer.name}, {"signed_at", inside_->corrected_now()}, {"position", Inside::position_in(looked->merged.record, signing->collection)}};
    if (!signer.title.empty()) entry["title"] = signer.title;
    merge::write(merge::seal_of(looked->content, looked->heads, *signing), entry);
    const auto document = inside_->documents.find(id)->num;
    std::optional<Hash> file;
    if (has_image) {
        file = inside_->keep_file(document, signer.image);
        entry["image"] = signer.file_name;
        auto attachment = inside_->file_entry(signer.file_name, signer.media_type, signer.image, *file);
        attachment["entry"] = entry_id.text();
        attachment["position"] = Inside::position_in(looked->merged.record, schema::attachments_collection);
        intent.steps.push_back({std::string{schema::attachments_collection}, new_id<ChildId>(now, *inside_->options.random), true, std::move(attachment)});
    }
    intent.steps.push_back({signing->collection, entry_id, true, std::move(entry)});
    const auto saved = save(std::move(intent));
    if (!saved && file) inside_->drop_file(document, *file);
    if (!saved) return saved.error();
    return entry_id;
}

Result<PaidOut> Replica::pay(const RecordId& id, std::string_view reference)
{
    const auto looked = look(*inside_, id);
    if (!looked) return looked.error();
    if (!looked->kind->payout) return has_none(*looked->kind, {"paid out", "付款"});
    const auto held = inside_->hold_shown(id);
    if (!held) return held.error();
    const auto state = merge::payout_of((*held)->document, *looked->kind, id, looked->content, looked->endorsements, nullptr);
    if (!state) return state.error();
    const auto day = to_text(inside_->corrected_now()).substr(0, std::string_view{"2026-12-01"}.size());
    const auto due = merge::payments_due(*state, day, reference);
    PaidOut paid{{state->due, state->currency}, static_cast<std::int64_t>(due.size()), false};
    const auto position = Inside::position_in(looked->merged.record, looked->kind->payout->payments);
    for (std::size_t at = 0; at < due.size(); at += merge::payments_in_change_max) {
        auto intent = intent_of(*looked, {});
        for (auto i = at; i < std::min(due.size(), at + merge::payments_in_change_max); ++i) {
            auto payment = due[i];
            payment["position"] = position;
            intent.steps.push_back({looked->kind->payout->payments, new_id<ChildId>(inside_->options.clock->now(), *inside_->options.random), true, std::move(payment)});
        }
        const auto next = at + merge::payments_in_change_max >= due.size() && state->holds ? merge::state_when_paid(*looked->kind, looked->merged.record) : std::string{};
        paid.settled = !next.empty();
        if (paid.settled) intent.steps.push_back({{}, {}, false, {{looked->kind->state, next}}});
        const auto saved = save(std::move(intent));
        if (!saved) return saved.error();
    }
    return paid;
}

Result<schema::Record> Replica::as_endorsed(const RecordId& id, const ChildId& entry)
{
    const auto looked = look(*inside_, id);
    if (!looked) return looked.error();
    const auto held = inside_->hold_shown(id);
    if (!held) return held.error();
    for (const auto& endorsed : looked->endorsements.entries) {
        if (endorsed.id != entry) continue;
        const auto then = endorsed.heads.empty() ? Result<automerge::Content>{fail(Errc::not_found, endorsed.why)} : (*held)->document.read_at(endorsed.heads);
        if (!then) return fail(Errc::not_found, Bilingual{fmt::format("what this is over cannot be shown: {}", endorsed.why.en), fmt::format("无法显示其所依据的内容：{}", endorsed.why.zh)});
        return merge::read(*looked->kind, id, *then).record;
    }
    return fail(Errc::not_found, Bilingual{fmt::format("record {} has no approval or signature {}", id.text(), entry.text()),
                                           fmt::format("记录 {} 没有审批或签名 {}", id.text(), entry.text())});
}

} // namespace roadbook::replica
