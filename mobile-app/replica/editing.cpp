// One edit becomes one change, durable before anybody is told that it is saved.
#include "conflict/merge/circle.hpp"
#include "conflict/merge/endorsement_rules.hpp"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/gate_limits.hpp"
#include "conflict/merge/legality.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::replica {
namespace {

constexpr auto count_outbox = "SELECT count(*) FROM outbox";
constexpr auto insert_outbox = R"sql(
    INSERT INTO outbox (document, hash, change, intent, grant_epoch, company_seq)
        VALUES (:document, :hash, :change, :intent, :grant_epoch, :company_seq))sql";

constexpr auto delete_refused = "DELETE FROM refused WHERE intent_id = :intent";

Error gone(const RecordId& id)
{
    return fail(Errc::not_found, Bilingual{fmt::format("there is no record {} on this device", id.text()), fmt::format("此设备上没有记录 {}", id.text())});
}

/// A fresh document for a new record, the held one for the others.
Result<Held*> base_of(Documents& documents, Held& fresh, const merge::Intent& intent)
{
    if (!intent.create) return documents.hold_known(intent.record);
    if (documents.find(intent.record))
        return fail(Errc::bad_argument, Bilingual{fmt::format("there is a record {} already", intent.record.text()),
                                                  fmt::format("记录 {} 已存在", intent.record.text())}, "id");
    fresh.id = intent.record;
    fresh.kind = schema::find_kind(intent.kind);
    if (fresh.kind == nullptr) return fail(Errc::bad_argument, Bilingual{fmt::format("there is no record type '{}'", intent.kind), fmt::format("没有记录类型“{}”", intent.kind)}, "kind");
    fresh.document = merge::new_document(*fresh.kind);
    return &fresh;
}

std::size_t size_of(const schema::Value& value)
{
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? 0 : text->size();
}

/// The server would refuse it, and only after it was said to be saved.
Result<void> check_size(const automerge::Change& change, const merge::Intent& intent)
{
    if (automerge::inspect(change.bytes, merge::gate_limits())) return {};
    std::pair<std::size_t, std::string> largest;
    for (const auto& step : intent.steps)
        for (const auto& [name, value] : step.values) largest = std::max(largest, {size_of(value), name});
    return fail(Errc::too_large, Bilingual{"this is too much for one edit; nothing was saved. Save a long text in parts",
                                           "一次修改的内容过多，未保存任何内容。请分几次保存长文本"}, largest.second);
}

} // namespace

const ActorId& Replica::Inside::actor()
{
    if (!actor_) {
        ActorId made;
        options.random->fill(made.bytes);
        actor_ = made;
    }
    return *actor_;
}

Result<std::optional<automerge::Change>> Replica::Inside::commit_beside(automerge::Document& document, const std::vector<Hash>& heads, std::span<const automerge::Edit> edits)
{
    ActorId author; // edits of two branches must not share a sequence
    options.random->fill(author.bytes);
    auto seen = document.fork_at(heads);
    if (!seen) return seen.error();
    auto change = seen->commit(author, edits);
    if (!change || !*change) return change;
    const ByteView bytes{(*change)->bytes};
    ROADBOOK_CHECK(document.apply(std::span{&bytes, 1}));
    return change;
}

/// What no change could hold is looked at before it becomes operations of a document, of which there is one for each letter.
Result<void> Replica::Inside::check_lengths(const merge::Intent& intent, const schema::Kind& kind)
{
    for (const auto& step : intent.steps) {
        const auto* collection = step.collection.empty() ? nullptr : kind.collection(step.collection);
        for (const auto& [name, value] : step.values) {
            const auto* field = collection != nullptr ? collection->field(name) : kind.field(name);
            if (field == nullptr || size_of(value) <= protocol::change_bytes_max) continue;
            const auto checked = schema::check(*field, value);
            if (checked) continue;
            auto too_long = checked.error();
            if (collection != nullptr) too_long.field = fmt::format("{}/{}/{}", collection->name, step.child.text(), name);
            return too_long;
        }
    }
    return {};
}

/// A reference must lead to a record that is here: a line with an unknown product is refused before it is saved.
bool Replica::Inside::is_here(std::string_view kind, const RecordId& id)
{
    const auto row = documents.find(id);
    return row && row->kind == kind && !scopes.is_withdrawn(row->num);
}

Result<void> Replica::Inside::check_circles(const merge::Intent& intent, const schema::Kind& kind)
{
    for (const auto& step : intent.steps) {
        if (!step.collection.empty()) continue;
        for (const auto& [name, value] : step.values) {
            const auto* target = std::get_if<RecordId>(&value);
            const auto* field = kind.field(name);
            if (target == nullptr || field == nullptr || field->target != kind.name) continue;
            const auto next = [&](const RecordId& at) -> std::optional<RecordId> {
                const auto record = read_model.get(at, kind.name);
                return record ? schema::reference_of(*record, field->name) : std::nullopt;
            };
            if (!merge::circle_through(intent.record, *target, next).empty()) return merge::closes_circle(kind, *field);
        }
    }
    return {};
}

/// What the author of an edit knew of a shared tree; the server asks for it when the edit closes a circle there.
std::int64_t Replica::Inside::company_seq(const schema::Kind& kind)
{
    if (!merge::has_shared_tree(kind)) return 0;
    const auto company = scopes.find(schema::ScopeId::company());
    return company && company->ready ? static_cast<std::int64_t>(company->seq) : 0;
}

/// The scopes of one rule that this device has. Nothing: the rule does not say, since what it follows is empty or has no scope here.
std::optional<std::vector<ScopeRow>> Replica::Inside::scopes_by(const schema::ScopeRule& rule, const schema::Kind& kind, const schema::Record& record)
{
    using How = schema::ScopeRule::How;
    const auto one = [&](const schema::ScopeId& id) {
        const auto row = scopes.find(id);
        return row ? std::vector{*row} : std::vector<ScopeRow>{};
    };
    if (rule.how == How::company) return std::vector{scopes.ensure(schema::ScopeId::company())};
    if (rule.how == How::roles) return one(schema::ScopeId::of_roles(rule.roles));
    const auto target = rule.field.empty() ? std::optional{record.id} : schema::reference_of(record, rule.field);
    if (!target) return std::nullopt;
    const auto* field = kind.field(rule.field);
    const bool is_direct = field == nullptr || field->target == "territory" || field->target == "person";
    if (rule.how == How::territory) return one(schema::ScopeId::territory(*target));
    if (rule.how == How::person) return one(schema::ScopeId::person(*target));
    if (rule.how == How::office && is_direct) return one(schema::ScopeId::office(*target));

    const auto parent = documents.find(*target);
    const auto all = parent ? scopes.scopes_of(parent->num) : std::vector<ScopeRow>{};
    if (all.empty()) return std::nullopt;
    std::vector<ScopeRow> found;
    for (const auto& row : all) {
        if (row.id.kind == schema::ScopeId::Kind::roles) continue;
        // What only came along with open work is not the work's: a visit there belongs to those who have the customer.
        const bool came_along = row.id.kind == schema::ScopeId::Kind::person && schema::is_brought(*schema::find_kind(parent->kind));
        if (rule.how == How::along || (rule.how == How::with && !came_along)) found.push_back(row);
        if (rule.how == How::office && row.id.kind == schema::ScopeId::Kind::territory)
            if (const auto office = scopes.find(schema::ScopeId::office(row.id.id))) found.push_back(*office);
    }
    return found;
}

/// A new record must belong where this person still is: a territory that was handed over a moment ago takes no new account, even while the
/// territory's own record still shows the old holder.
Result<void> Replica::Inside::check_scopes(const schema::Record& record, const schema::Kind& kind)
{
    if (setting_number("grant_epoch") == 0) return {}; // never synced: the server will say
    std::string field;
    for (const auto& rule : kind.scopes) {
        const auto where = scopes_by(rule, kind, record);
        using How = schema::ScopeRule::How;
        const bool follows = rule.how == How::with || rule.how == How::along || rule.how == How::office;
        if (!where && follows) return {}; // nothing is known here of where that is: the server will say
        if (!where) continue;
        if (where->empty() && (rule.how == How::territory || rule.how == How::person)) return {}; // one that this device never had is for the server to judge
        if (std::any_of(where->begin(), where->end(), [](const auto& scope) { return !scope.withdrawn; })) return {};
        if (!rule.field.empty()) field = rule.field;
    }
    return fail(Errc::not_allowed,
                Bilingual{fmt::format("a new {} cannot go there: it is not yours, or was handed over to a colleague; nothing was saved", kind.label.en),
                          fmt::format("不能在此新建{}：此处不归您负责，或已移交给同事。未保存任何内容", kind.label.zh)},
                field);
}

/// Where a record made here will be seen, as far as this device knows. The server decides: until its feeds have come this keeps a purge exact.
void Replica::Inside::join_scopes(std::int64_t num, const RecordId& id, const schema::Kind& kind)
{
    const auto record = read_model.get(id, kind.name);
    if (!record) return;
    scopes.await_scope(num);
    for (const auto& rule : kind.scopes)
        if (const auto where = scopes_by(rule, kind, *record))
            for (const auto& scope : *where) scopes.guess(num, scope.num);
}

/// Whose a new record is, when its author does not say: his own.
void Replica::Inside::name_owner(merge::Intent& intent, const schema::Kind& kind, const RecordId& me)
{
    const auto* owner = kind.field(kind.owner);
    if (owner == nullptr || !owner->may_name_others || !documents.find(me)) return; // not synced yet: nobody is known here
    schema::Fields* fields = nullptr;
    for (auto& step : intent.steps) {
        if (!step.collection.empty()) continue;
        fields = &step.values;
        if (step.values.contains(owner->name)) return;
    }
    if (fields == nullptr) fields = &intent.steps.emplace_back().values;
    (*fields)[owner->name] = me;
}

Time Replica::Inside::corrected_now()
{
    return options.clock->now() - Duration{setting_number("clock_offset")};
}

std::optional<Numbers::Given> Replica::Inside::number(merge::Intent& intent, const schema::Kind& kind)
{
    const auto* field = kind.number_field();
    if (field == nullptr) return std::nullopt;
    schema::Fields* fields = nullptr;
    for (auto& step : intent.steps) {
        if (!step.collection.empty()) continue;
        fields = &step.values;
        if (const auto set = step.values.find(field->name); set != step.values.end() && !schema::is_empty(set->second)) return std::nullopt;
    }
    if (fields == nullptr) fields = &intent.steps.emplace_back().values;
    auto given = numbers.next(kind, intent.record, corrected_now());
    (*fields)[field->name] = given.text;
    return given;
}

void Replica::Inside::number_provisional()
{
    for (const auto& [id, kind] : numbers.provisional()) {
        const auto record = kind != nullptr ? read_model.get(id, kind->name) : std::nullopt;
        if (!record || !rules::is_provisional(schema::text_of(*record, kind->number_field()->name))) {
            storage::Transaction transaction{db};
            numbers.settle(id); // gone, or somebody has numbered it
            transaction.commit();
            continue;
        }
        auto given = numbers.next(*kind, id, corrected_now());
        if (given.count == 0) continue; // no lease yet
        merge::Intent intent;
        intent.record = id;
        intent.kind = kind->name;
        intent.steps.push_back({{}, {}, false, {{kind->number_field()->name, given.text}}});
        (void)save(std::move(intent), std::move(given)); // one that may not be written any more goes on saying that it is provisional
    }
}

Result<Saved> Replica::Inside::save(merge::Intent intent, std::optional<Numbers::Given> final_number, const std::vector<Hash>& beside)
{
    ROADBOOK_CHECK(may_read());
    const auto me = identity();
    if (!me) return fail(Errc::not_enrolled, "this device is not enrolled yet: enrol it with a code from your administrator");
    if (count(count_outbox) >= outbox_max)
        return fail(Errc::outbox_full, Bilingual{fmt::format("{} edits wait for the server; all are safe: connect to a network before making more", outbox_max),
                                                 fmt::format("有 {} 项修改等待上传，均已妥善保存；请先联网再继续修改", outbox_max)});
    Held fresh;
    const auto base = base_of(documents, fresh, intent);
    if (!base) return base.error();
    auto& held = **base;
    if (held.num != 0 && scopes.is_withdrawn(held.num)) return gone(intent.record);
    intent.kind = held.kind->name;
    if (intent.id.is_nil()) intent.id = new_id<IntentId>(options.clock->now(), *options.random);
    if (intent.device_time == Time{}) intent.device_time = options.clock->now();
    if (intent.reason.size() > protocol::reason_bytes_max)
        return fail(Errc::too_large, Bilingual{fmt::format("a reason holds at most {} bytes; nothing was saved", protocol::reason_bytes_max),
                                               fmt::format("原因最多 {} 字节，未保存任何内容", protocol::reason_bytes_max)}, "reason");
    ROADBOOK_CHECK(check_lengths(intent, *held.kind));
    if (intent.create) name_owner(intent, *held.kind, me->person);
    const auto given = intent.create ? number(intent, *held.kind) : std::move(final_number);
    const auto edits = merge::edits_of(intent);
    if (!edits) return edits.error();
    const auto heads = beside.empty() ? held.document.heads() : beside;
    const auto before = beside.empty() ? held.document.read() : held.document.read_at(beside);
    if (!heads || !before) {
        documents.drop(intent.record);
        return !heads ? heads.error() : before.error();
    }
    intent.base_heads = *heads;

    auto change = beside.empty() ? held.document.commit(actor(), *edits) : commit_beside(held.document, beside, *edits);
    if (!change) {
        documents.drop(intent.record);
        return change.error();
    }
    if (!*change) return Saved{intent.record, false};
    const auto after = beside.empty() ? held.document.read() : held.document.read_at(std::span{&(*change)->hash, 1});
    const auto here = [this](std::string_view kind, const RecordId& id) { return is_here(kind, id); };
    const merge::Author author{me->person, me->role};
    auto legal = after ? merge::check_change(*held.kind, intent.record, *before, *after, author, here) : Result<void>{after.error()};
    if (legal) legal = merge::check_endorsements(*held.kind, intent.record, {held.document, intent.base_heads, *before, *after}, author, false);
    if (legal) legal = check_circles(intent, *held.kind);
    if (legal) legal = check_size(**change, intent);
    if (legal && intent.create) legal = check_scopes(merge::read(*held.kind, intent.record, *after).record, *held.kind);
    if (!legal) {
        documents.drop(intent.record); // the refused change is only in memory
        return legal.error();
    }
    try {
        const auto kept_intent = merge::write(intent);
        // First: an edit that only the vault knows was never said to be saved, and is forgotten when the replica is opened; the other way
        // round, one that was saved would lie behind the PIN alone.
        if (options.vault) options.vault->seal(intent.id, kept_intent);
        storage::Transaction transaction{db};
        auto num = held.num;
        if (intent.create) {
            const auto saved = held.document.save();
            if (!saved) return saved.error();
            num = documents.store_base(intent.record, held.kind->name, *saved);
        } else {
            documents.append_tail(held, (*change)->bytes);
        }
        merge::Attribution by{me->person, me->device, intent.device_time, Duration{setting_number("clock_offset")}, std::nullopt, intent.id, intent.reason, false};
        people.attribute(num, (*change)->actor, (*change)->seq, by);
        db.statement(insert_outbox)
            .bind(":document", num)
            .bind(":hash", (*change)->hash)
            .bind(":change", ByteView{(*change)->bytes})
            .bind(":intent", ByteView{kept_intent})
            .bind(":grant_epoch", setting_number("grant_epoch"))
            .bind(":company_seq", company_seq(*held.kind))
            .run();
        if (!intent.replaces.is_nil()) db.statement(delete_refused).bind(":intent", intent.replaces).run();
        project(num, (beside.empty() ? merge::read(*held.kind, intent.record, held.document, *after) : merge::read(*held.kind, intent.record, held.document)).value());
        if (given) numbers.use(*held.kind, intent.record, *given);
        if (intent.create) join_scopes(num, intent.record, *held.kind);
        transaction.commit();
    } catch (const Fault& fault) {
        forget_memory();
        return fault.error(); // rolled back: nothing of this edit is saved, everything before it is
    }
    return Saved{intent.record, true};
}

} // namespace roadbook::replica
