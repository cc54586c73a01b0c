// Edits that were refused, or handed over as data by a device: in one view, and what people decide about them. Each takes effect at most once: the
// state of an edit and the change that makes it true are one transaction.
#include "conflict/merge/gate_limits.hpp"
#include "conflict/merge/genesis.hpp"
#include "shared/base/log.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/system_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace roadbook::server {
namespace {

using store::EditState;
using store::Shelf;

constexpr std::string_view stranded = "stranded"; ///< why an edit was handed over: it builds on a refused one

Error no_such_edit(std::string_view number)
{
    return fail(Errc::not_found, Bilingual{fmt::format("there is no edit {} in quarantine, or it is not of your people", number),
                                           fmt::format("隔离区中没有修改 {}，或它不属于您的下属", number)});
}

std::optional<Shelf> shelf_of(std::string_view number)
{
    Shelf at;
    if (number.starts_with('s') || number.starts_with('S')) {
        at.kind = Shelf::Kind::surrendered;
        number.remove_prefix(1);
    }
    const auto [end, ec] = std::from_chars(number.data(), number.data() + number.size(), at.num);
    return ec == std::errc{} && end == number.data() + number.size() ? std::optional{at} : std::nullopt;
}

/// A refused change with what it builds on, as far as it is here.
struct Opened {
    const schema::Kind* kind = nullptr;
    bool creates = false;
    std::vector<merge::WrittenField> sets;
};

/// Through the gate, like every change: it may be anything.
Opened open(Hub::Inside& hub, const store::QuarantineRow& row, bool with_sets)
{
    Opened opened;
    const auto summary = automerge::inspect(row.change, merge::gate_limits());
    if (!summary) return opened;
    const auto document = hub.store.document(row.document);
    const auto* made = merge::kind_made_by(*summary);
    opened.kind = document ? schema::find_kind(document->kind) : made;
    opened.creates = made != nullptr;
    if (opened.kind == nullptr || !with_sets) return opened;
    const auto base = document ? hub.load(*document) : merge::new_document(*opened.kind);
    if (!base) return opened;
    const ByteView change{row.change};
    const auto admission = automerge::admit(*base, std::span{&change, 1}, nullptr, nullptr, merge::gate_limits());
    if (!admission || !admission->verdicts.front()) return opened;
    const auto& whole = admission->grown ? admission->document : *base;
    if (auto sets = merge::written_by(whole, *opened.kind, summary->hash, summary->deps)) opened.sets = std::move(*sets);
    return opened;
}

KeptEdit kept_of(Hub::Inside& hub, const store::QuarantineRow& row, bool with_sets)
{
    auto opened = open(hub, row, with_sets);
    return {{Shelf::Kind::quarantine, row.num}, row.person, row.device, row.intent, row.document.is_nil() ? std::nullopt : std::optional{row.document},
            opened.kind != nullptr ? opened.kind->name : std::string{}, opened.creates, "refused", row.state, row.why, std::move(opened.sets), row.edit_reason,
            row.device_time, row.received_at, hub.store.last_decision(row.device, row.intent)};
}

std::optional<merge::Intent> intent_of(const store::SurrenderedRow& row)
{
    if (!row.record) return std::nullopt;
    const auto intent = merge::read_intent(row.content);
    return intent ? std::optional{*intent} : std::nullopt;
}

KeptEdit kept_of(Hub::Inside& hub, const store::SurrenderedRow& row, bool with_sets)
{
    const auto intent = intent_of(row);
    return {{Shelf::Kind::surrendered, row.num}, row.person, row.device, row.intent, row.record, row.kind, intent && intent->create, row.why, row.state, Error{Errc::ok, {}, {}},
            intent && with_sets ? merge::written_by(*intent) : std::vector<merge::WrittenField>{}, intent ? intent->reason : std::string{}, row.device_time,
            row.received_at, hub.store.last_decision(row.device, row.intent)};
}

/// What can be taken out again: the row of one of the two tables.
struct Taken {
    Shelf at;
    RecordId person;
    DeviceId device;
    IntentId intent;
    EditState state = EditState::waiting;
    std::optional<store::QuarantineRow> refused;
    std::optional<store::SurrenderedRow> surrendered;
    [[nodiscard]] store::AuditItem item() const
    {
        return refused ? store::AuditItem{refused->document, refused->hash} : store::AuditItem{surrendered->record.value_or(RecordId{}), {}};
    }
};

Taken taken_of(store::QuarantineRow row)
{
    Taken taken{{Shelf::Kind::quarantine, row.num}, row.person, row.device, row.intent, row.state, {}, {}};
    taken.refused = std::move(row);
    return taken;
}
Taken taken_of(store::SurrenderedRow row)
{
    Taken taken{{Shelf::Kind::surrendered, row.num}, row.person, row.device, row.intent, row.state, {}, {}};
    taken.surrendered = std::move(row);
    return taken;
}

/// Was it refused, or handed over, because another edit of its device was refused?
bool is_stranded(Hub::Inside& hub, const Taken& taken)
{
    if (taken.surrendered) return taken.surrendered->why == stranded;
    const auto& row = *taken.refused;
    if (row.why.code == Errc::stranded) return true;
    const auto summary = automerge::inspect(row.change, merge::gate_limits());
    return summary && std::any_of(summary->deps.begin(), summary->deps.end(), [&](const auto& dep) { return hub.store.quarantined(row.document, dep, row.device).has_value(); });
}

/// Errors: not_found; not_allowed when somebody has decided about it.
Result<Taken> open_edit(Hub::Inside& hub, std::string_view number)
{
    const auto at = shelf_of(number);
    if (!at) return no_such_edit(number);
    std::optional<Taken> taken;
    const store::ShelfFilter which{true, {}, at->num};
    if (at->kind == Shelf::Kind::quarantine)
        for (auto& row : hub.store.quarantine_rows(which)) taken = taken_of(std::move(row));
    else
        for (auto& row : hub.store.surrendered(which)) taken = taken_of(std::move(row));
    if (!taken) return no_such_edit(number);
    if (!store::is_open(taken->state))
        return fail(Errc::not_allowed, Bilingual{fmt::format("it is settled: it was {}", taken->state == EditState::taken_back ? "taken back by its author" : store::name(taken->state)),
                                                 "该修改已处理完毕"});
    return std::move(*taken);
}

/// Why a change did not come through, for whoever wanted it to.
Error refusal_of(const protocol::v1::Answer& answer)
{
    if (answer.status() != protocol::v1::REFUSED)
        return fail(Errc::stranded, Bilingual{"it builds on a record or an edit that is not there: release that one first; this one stays in quarantine",
                                              "它依赖的记录或修改尚不存在：请先放行那一项；此项仍留在隔离区"});
    const auto code = errc_from_name(answer.code());
    if (code == Errc::not_found)
        return fail(code, Bilingual{"there is no such record, or it is not in the care of whoever releases this; the edit stays in quarantine",
                                    "没有这条记录，或它不在放行者的职责范围内；该修改仍留在隔离区"});
    return Error{code, answer.reason(), answer.field(), answer.reason_zh()};
}

class Releasing {
public:
    Releasing(Hub& hub, Hub::Inside& inside, const Decider& by) : hub_{hub}, inside_{inside}, by_{by} {}

    /// Judged as `author`'s own edit. Errors: why it is illegal still.
    Result<void> let_through(const Taken& taken, const merge::Author& author, bool follows)
    {
        const Hub::Release release{taken.at, taken.device, taken.intent, by_, author, follows};
        return taken.refused ? commit_as_it_was(*taken.refused, release) : make_again(*taken.surrendered, release);
    }

    /// What was stranded on edits of this device, its content judged as its author's: all that is legal now.
    std::vector<std::string> follow(const DeviceId& device)
    {
        std::vector<std::string> followed;
        for (bool any = true; any;) {
            any = false;
            for (const auto& taken : all_open(device)) {
                if (!is_stranded(inside_, taken) || !let_through(taken, author_of(taken.person), true)) continue;
                KeptEdit edit;
                edit.at = taken.at;
                followed.push_back(edit.number());
                any = true;
            }
        }
        return followed;
    }

    merge::Author author_of(const RecordId& id) const
    {
        const auto* person = inside_.organisation.person(id);
        return {id, person != nullptr ? person->role : schema::Role::rep}; // a person who left has no scope, so any role does
    }

private:
    std::vector<Taken> all_open(const DeviceId& device)
    {
        std::vector<Taken> all;
        const store::ShelfFilter which{false, device, {}};
        for (auto& row : inside_.store.quarantine_rows(which)) all.push_back(taken_of(std::move(row)));
        for (auto& row : inside_.store.surrendered(which)) all.push_back(taken_of(std::move(row)));
        return all;
    }

    Result<void> commit(const Hub::Batch& batch)
    {
        const auto committed = hub_.commit(std::span{&batch, 1});
        inside_.note(committed.news);
        for (const auto& answer : committed.answers.front().second.exceptions())
            if (answer.status() != protocol::v1::ACCEPTED) return refusal_of(answer);
        return {};
    }

    /// The very change that was refused: its actor, its place in the history and its author stay what they are.
    Result<void> commit_as_it_was(const store::QuarantineRow& row, const Hub::Release& release)
    {
        Hub::Batch batch;
        const auto device = inside_.store.device(row.device);
        batch.caller = {row.device, row.person, release.judged_as.role, device ? device->clock_offset : Duration{0}, false, false};
        batch.release = release;
        auto& pushed = *batch.changes.add_changes();
        pushed.set_document(protocol::to_field(row.document));
        pushed.set_change(protocol::to_field(ByteView{row.change}));
        pushed.set_intent(protocol::to_field(row.intent));
        pushed.set_device_time(row.device_time.time_since_epoch().count());
        pushed.set_reason(row.edit_reason);
        pushed.set_company_seq(static_cast<std::uint64_t>(INT64_MAX)); // whoever releases it knows all links of a tree
        return commit(batch);
    }

    /// An edit as data becomes a change of the server's own actor, on behalf of its author.
    Result<void> make_again(const store::SurrenderedRow& row, const Hub::Release& release)
    {
        const auto intent = intent_of(row);
        if (!intent) return fail(Errc::not_allowed, Bilingual{"this edit was sealed to the key of another server: it can be kept or discarded, not read",
                                                              "这项修改是为另一台服务器加密的：只能保留或舍弃，无法读取"});
        SystemEdits edits{inside_, row.person};
        const auto change = edits.make(*intent);
        if (!change) return change.error();
        if (!*change) { // the record says so already
            storage::Transaction transaction{inside_.store.db()};
            const auto now = inside_.options.clock->now();
            decide(inside_, row_shelf(row), {0, row.device, row.intent, EditState::released, by_.person, {}, now});
            inside_.audit.append({store::AuditKind::change_released, now, by_.person, by_.device, row.person, {{intent->record, {}}}, "the record said so already"});
            transaction.commit();
            return {};
        }
        auto batch = edits.batch();
        batch.release = release;
        edits.push(batch, *intent, **change);
        const auto device = inside_.store.device(row.device);
        batch.caller.clock_offset = device ? device->clock_offset : Duration{0};
        batch.changes.mutable_changes(0)->set_device_time(intent->device_time.time_since_epoch().count()); // when its author made it
        auto done = commit(batch);
        if (!done) edits.forget_actor();
        return done;
    }

    static Shelf row_shelf(const store::SurrenderedRow& row) { return {Shelf::Kind::surrendered, row.num}; }

    Hub& hub_;
    Hub::Inside& inside_;
    Decider by_;
};

Result<void> check_reason(const std::string& reason)
{
    if (reason.size() <= protocol::reason_bytes_max) return {};
    return fail(Errc::too_large, Bilingual{fmt::format("a reason holds at most {} bytes", protocol::reason_bytes_max), fmt::format("原因最多 {} 字节", protocol::reason_bytes_max)},
                "reason");
}

void settle(Hub::Inside& hub, const Taken& taken, EditState what, store::AuditKind kind, const Decider& by, const std::string& reason)
{
    storage::Transaction transaction{hub.store.db()};
    const auto now = hub.options.clock->now();
    decide(hub, taken.at, {0, taken.device, taken.intent, what, by.person, reason, now});
    hub.audit.append({kind, now, by.person, by.device, taken.person, {taken.item()}, reason});
    transaction.commit();
}

// ---- what a device says and hears of its refused edits when it greets

/// What is kept of it and not settled yet.
std::vector<store::ShelvedEdit> still_shelved(Hub::Inside& hub, const DeviceId& device, const IntentId& intent)
{
    auto edits = hub.store.shelved(device, intent);
    std::erase_if(edits, [](const auto& edit) { return !store::is_open(edit.state); });
    return edits;
}

/// The user gives it up. Of one that somebody has decided about meanwhile, that decision stands, and is among the news.
void drop(Hub::Inside& hub, const store::Device& device, const IntentId& intent)
{
    for (const auto& edit : still_shelved(hub, device.id, intent)) {
        hub.store.set_state(edit.at, EditState::discarded);
        hub.audit.append({store::AuditKind::change_discarded, hub.options.clock->now(), device.person, device.id, device.person, {{edit.record, edit.hash}}, "given up by its author"});
    }
}

/// False: there is no room for it, so it stays on the device.
bool keep_stranded(Hub::Inside& hub, const store::Device& device, const protocol::v1::Intent& frame)
{
    const auto bytes = to_bytes(as_bytes(frame.SerializeAsString()));
    const auto intent = merge::read_intent(bytes);
    if (!intent || intent->id.is_nil()) return false;
    if (hub.store.is_answered(device.id, intent->id, intent->record)) return true;
    if (hub.store.surrendered_count(device.id) >= protocol::quarantine_changes_max) return false;
    const auto now = hub.options.clock->now();
    const store::SurrenderedRow row{0, device.id, device.person, intent->id, intent->record, intent->kind, std::string{stranded}, merge::write(*intent), intent->device_time, now};
    if (!hub.store.put_surrendered(row)) return true; // it came before
    if (!intent->replaces.is_nil()) take_back(hub, device.person, device.id, intent->replaces);
    hub.audit.append({store::AuditKind::edits_surrendered, now, device.person, device.id, {}, {{intent->record, {}}}, std::string{stranded}});
    return true;
}

/// Who released what the stranded ones may have waited for.
std::optional<Decider> last_releaser(Hub::Inside& hub, const DeviceId& device)
{
    std::optional<Decider> found;
    for (const auto& decision : hub.store.decisions(device, 0, protocol::quarantine_changes_max))
        if (decision.what == EditState::released) found = Decider{decision.by, {}};
    return found;
}

} // namespace

std::string KeptEdit::number() const
{
    return fmt::format("{}{}", at.kind == Shelf::Kind::surrendered ? "s" : "", at.num);
}

void decide(Hub::Inside& hub, const Shelf& at, const store::Decision& decision)
{
    hub.store.set_state(at, decision.what);
    hub.store.put_decision(decision);
    hub.untold.decided = true;
}

protocol::v1::EditDecision frame_of(const Hub::Inside& hub, const store::Decision& decision)
{
    protocol::v1::EditDecision frame;
    frame.set_number(static_cast<std::uint64_t>(decision.num));
    frame.set_intent(protocol::to_field(decision.intent));
    frame.set_what(std::string{store::name(decision.what)});
    if (!decision.by.is_nil()) {
        frame.set_by(protocol::to_field(decision.by));
        if (const auto* person = hub.organisation.person(decision.by)) frame.set_by_name(person->name);
    }
    frame.set_reason(decision.reason);
    frame.set_at(decision.at.time_since_epoch().count());
    return frame;
}

void take_back(Hub::Inside& hub, const RecordId& author, const DeviceId& device, const IntentId& intent)
{
    for (const auto& edit : still_shelved(hub, device, intent)) {
        hub.store.set_state(edit.at, EditState::taken_back);
        hub.audit.append({store::AuditKind::change_taken_back, hub.options.clock->now(), author, device, {}, {{edit.record, edit.hash}}, {}});
    }
}

void note_brought_back(Hub::Inside& hub, const DeviceId& device, const IntentId& intent)
{
    for (const auto& edit : still_shelved(hub, device, intent)) {
        const auto now = hub.options.clock->now();
        decide(hub, edit.at, {0, device, intent, EditState::released, {}, "it had been accepted before the server was restored, and was brought back", now});
        hub.audit.append({store::AuditKind::change_released, now, {}, device, {}, {{edit.record, edit.hash}}, "brought back after a restore"});
    }
}

namespace {

void add_decisions(Hub::Inside& inside, const DeviceId& device, std::int64_t after, protocol::v1::RefusedNews& news)
{
    for (const auto& decision : inside.store.decisions(device, after, protocol::decisions_max)) *news.add_decisions() = frame_of(inside, decision);
}

} // namespace

protocol::v1::RefusedNews refused_news(Hub& hub, Hub::Inside& inside, const store::Device& device, const protocol::v1::Hello& hello)
{
    protocol::v1::RefusedNews news;
    const auto& report = hello.refused();
    if (report.dropped_size() + report.stranded_size() != 0) {
        storage::Transaction transaction{inside.store.db()};
        int room = protocol::decisions_max;
        for (const auto& field : report.dropped()) {
            const auto intent = IntentId::from(as_bytes(field));
            if (!intent || --room < 0) break;
            drop(inside, device, *intent);
            news.add_dropped(field);
        }
        auto bytes = protocol::stranded_bytes_max;
        for (const auto& frame : report.stranded()) {
            if (frame.ByteSizeLong() > bytes) break;
            bytes -= frame.ByteSizeLong();
            if (keep_stranded(inside, device, frame)) news.add_stranded_kept(frame.id());
        }
        transaction.commit();
    }
    if (news.stranded_kept_size() != 0) // what they wait for may have been released before they came
        if (const auto by = last_releaser(inside, device.id)) (void)Releasing{hub, inside, *by}.follow(device.id);
    const auto theirs = as_bytes(hello.server_epoch());
    const bool same_epoch = std::equal(theirs.begin(), theirs.end(), inside.epoch.begin(), inside.epoch.end());
    const auto heard = same_epoch ? static_cast<std::int64_t>(std::min<std::uint64_t>(report.decisions_heard(), INT64_MAX)) : 0;
    add_decisions(inside, device.id, heard, news);
    return news;
}

protocol::v1::RefusedNews Hub::decisions_about(const DeviceId& device, std::uint64_t after)
{
    protocol::v1::RefusedNews news;
    add_decisions(*inside_, device, static_cast<std::int64_t>(after), news);
    return news;
}

std::vector<KeptEdit> Hub::kept_edits(bool settled, bool with_sets)
{
    inside_->refresh();
    std::vector<KeptEdit> edits;
    const store::ShelfFilter which{settled, {}, {}};
    for (const auto& row : inside_->store.quarantine_rows(which)) edits.push_back(kept_of(*inside_, row, with_sets));
    for (const auto& row : inside_->store.surrendered(which)) edits.push_back(kept_of(*inside_, row, with_sets));
    std::stable_sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.received_at < b.received_at; });
    return edits;
}

Result<KeptEdit> Hub::kept_edit(std::string_view number)
{
    inside_->refresh();
    const auto at = shelf_of(number);
    if (!at) return no_such_edit(number);
    const store::ShelfFilter which{true, {}, at->num};
    if (at->kind == Shelf::Kind::quarantine)
        for (const auto& row : inside_->store.quarantine_rows(which)) return kept_of(*inside_, row, true);
    else
        for (const auto& row : inside_->store.surrendered(which)) return kept_of(*inside_, row, true);
    return no_such_edit(number);
}

Result<std::vector<std::string>> Hub::release(std::string_view number, const Decider& by)
{
    inside_->refresh();
    const auto taken = open_edit(*inside_, number);
    if (!taken) return taken.error();
    Releasing releasing{*this, *inside_, by};
    auto author = merge::Author{{}, schema::Role::admin};
    if (!by.person.is_nil()) {
        if (inside_->organisation.person(by.person) == nullptr || inside_->store.person_revoked(by.person))
            return fail(Errc::not_found, fmt::format("there is no person {}, or the access was ended: nothing was released", by.person.text()));
        author = releasing.author_of(by.person);
    }
    ROADBOOK_CHECK(releasing.let_through(*taken, author, false));
    return releasing.follow(taken->device);
}

Result<void> Hub::give_back(std::string_view number, const Decider& by, const std::string& reason)
{
    inside_->refresh();
    ROADBOOK_CHECK(check_reason(reason));
    const auto taken = open_edit(*inside_, number);
    if (!taken) return taken.error();
    const auto device = inside_->store.device(taken->device);
    if (!device || inside_->has_no_access(*device))
        return fail(Errc::not_allowed, Bilingual{"its device has no access any more and cannot be asked: release the edit, or discard it", "该设备已无访问权限，无法退回：请放行或舍弃此修改"});
    settle(*inside_, *taken, EditState::returned, store::AuditKind::change_returned, by, reason);
    return {};
}

Result<void> Hub::discard(std::string_view number, const Decider& by, const std::string& reason)
{
    inside_->refresh();
    ROADBOOK_CHECK(check_reason(reason));
    if (reason.empty()) return fail(Errc::bad_argument, Bilingual{"why? Its author is told the reason: nothing was discarded", "请说明原因，作者会看到；未舍弃任何内容"}, "reason");
    const auto taken = open_edit(*inside_, number);
    if (!taken) return taken.error();
    settle(*inside_, *taken, EditState::discarded, store::AuditKind::change_discarded, by, reason);
    return {};
}

} // namespace roadbook::server
