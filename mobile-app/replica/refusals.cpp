// Edits that the server refused: what their user can do about them, and what the two ends tell each other of them when they greet.
#include "mobile-app/replica/inside.hpp"
#include "shared/base/article.hpp"
#include "shared/protocol/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace roadbook::replica {
namespace {

using State = RefusedEdit::State;

constexpr std::array<std::string_view, 6> names{"kept", "here", "returned", "dropping", "released", "discarded"};
static_assert(names.size() == static_cast<std::size_t>(State::discarded) + 1, "each state has a name");

constexpr auto select_refused = R"sql(
    SELECT intent_id, record, intent, code, field, reason, reason_zh, state, decided_by, decided_why, decided_at FROM refused ORDER BY intent_id)sql";
constexpr auto select_one = "SELECT intent, state FROM refused WHERE intent_id = :intent";
constexpr auto select_by_state = "SELECT intent_id, intent FROM refused WHERE state = :state ORDER BY intent_id";
constexpr auto update_state = "UPDATE refused SET state = :state WHERE intent_id = :intent";
constexpr auto update_decided = R"sql(
    UPDATE refused SET state = :state, decided_by = :by, decided_why = :why, decided_at = :at
     WHERE intent_id = :intent AND NOT (state = 'dropping' AND :state = 'returned'))sql";
constexpr auto delete_in_state = "DELETE FROM refused WHERE intent_id = :intent AND state = :state";
constexpr auto heard_setting = "decisions_heard";

State state_from(std::string_view text)
{
    const auto found = std::find(names.begin(), names.end(), text);
    return found == names.end() ? State::kept : static_cast<State>(found - names.begin());
}

bool is_settled(State state)
{
    return state == State::released || state == State::discarded;
}

Error no_such_edit(const IntentId& id)
{
    return fail(Errc::not_found, Bilingual{fmt::format("no refused edit {} is on this device", id.text()), fmt::format("此设备上没有被拒绝的修改 {}", id.text())});
}

/// The step of an edit that a path leads to, and the field's name in it.
struct Place {
    merge::Intent::Step* step = nullptr;
    std::string field;
};
std::optional<Place> place_in(merge::Intent& intent, const std::string& path)
{
    const auto slash = path.find('/'), last = path.rfind('/');
    const auto collection = slash == std::string::npos ? std::string{} : path.substr(0, slash);
    const auto child = slash == std::string::npos || slash == last ? std::optional{ChildId{}} : ChildId::parse(std::string_view{path}.substr(slash + 1, last - slash - 1));
    if (!child || (slash != std::string::npos && slash == last)) return std::nullopt;
    const auto field = slash == std::string::npos ? path : path.substr(last + 1);
    const auto fits = [&](const auto& step) { return step.collection == collection && step.child == *child; };
    auto found = std::find_if(intent.steps.begin(), intent.steps.end(), [&](const auto& step) { return fits(step) && step.values.contains(field); });
    if (found == intent.steps.end()) found = std::find_if(intent.steps.begin(), intent.steps.end(), fits);
    if (found == intent.steps.end()) {
        intent.steps.push_back({collection, *child, false, {}});
        found = std::prev(intent.steps.end());
    }
    return Place{&*found, field};
}

Error no_such_path(const merge::Intent& intent, const std::string& path)
{
    return fail(Errc::bad_argument, Bilingual{fmt::format("the edit sets no '{}' of {}", path, with_article(intent.kind)), fmt::format("该修改未设置“{}”", path)}, path);
}

Result<void> mend(merge::Intent& intent, const Mending& mending)
{
    for (const auto& [path, value] : mending.values) {
        const auto place = place_in(intent, path);
        if (!place) return no_such_path(intent, path);
        place->step->values[place->field] = value;
    }
    for (const auto& path : mending.without) {
        const auto place = place_in(intent, path);
        if (!place || place->step->values.erase(place->field) == 0) return no_such_path(intent, path);
    }
    std::erase_if(intent.steps, [](const auto& step) { return !step.add && step.values.empty(); });
    if (!intent.steps.empty() || intent.create) return {};
    return fail(Errc::bad_argument, Bilingual{"nothing would be left of the edit: drop it instead", "该修改已不含任何内容：请直接放弃它"});
}

} // namespace

std::string_view name(RefusedEdit::State state) noexcept
{
    return names.at(static_cast<std::size_t>(state));
}

std::vector<RefusedEdit> Replica::refused()
{
    std::vector<RefusedEdit> found;
    if (inside_->is_locked()) return found;
    auto rows = inside_->db.statement(select_refused);
    while (rows.step()) {
        const auto kept = rows.blob(2);
        const auto intent = merge::read_intent(kept);
        RefusedEdit edit{rows.id<IntentId>(0), rows.id<RecordId>(1), intent ? intent->kind : "", errc_from_name(rows.text(3)), rows.text(4), rows.text(5), rows.text(6),
                         intent ? intent->device_time : Time{}, state_from(rows.text_view(7)), intent && intent->create, {}, rows.text(8), rows.text(9), {}};
        if (intent) edit.sets = merge::written_by(*intent);
        if (!rows.is_null(10)) edit.decided_at = rows.time(10);
        found.push_back(std::move(edit));
    }
    return found;
}

Result<Saved> Replica::resend(const IntentId& refused, const Mending& mending)
{
    ROADBOOK_CHECK(inside_->may_read());
    auto intent = Result<merge::Intent>{no_such_edit(refused)};
    auto state = State::kept;
    {
        auto rows = inside_->db.statement(select_one);
        rows.bind(":intent", refused);
        if (!rows.step()) return no_such_edit(refused);
        const auto kept = rows.blob(0);
        intent = merge::read_intent(kept);
        state = state_from(rows.text_view(1));
    }
    if (!intent) return intent.error();
    if (is_settled(state))
        return fail(Errc::not_allowed, Bilingual{fmt::format("this edit was {}: look at the record, and make another edit if one is needed", name(state)),
                                                 state == State::released ? "这项修改已被放行：请查看记录，需要时再作修改" : "这项修改已被舍弃：需要时请重新修改"});
    if (intent->record.is_nil())
        return fail(Errc::not_found, Bilingual{"its record was handed over to a colleague: your manager decides about the edit", "该记录已移交给同事：由您的经理决定如何处理此修改"});
    ROADBOOK_CHECK(mend(*intent, mending));
    intent->id = {}; // a new edit: what was refused stays what it is, wherever it is kept
    intent->replaces = refused;
    intent->device_time = {};
    auto saved = inside_->save(std::move(*intent));
    if (!saved) return saved;
    if (!saved->changed)
        return fail(Errc::bad_argument, Bilingual{"the record says so already: there is nothing to send, so drop the edit", "记录已是如此：无需发送，请放弃该修改"});
    if (inside_->options.vault) inside_->options.vault->forget(std::span{&refused, 1}); // last: the new one is sealed
    return saved;
}

Result<bool> Replica::drop(const IntentId& refused)
{
    ROADBOOK_CHECK(inside_->may_read());
    storage::Transaction transaction{inside_->db};
    auto state = State::kept;
    {
        auto rows = inside_->db.statement(select_one);
        rows.bind(":intent", refused);
        if (!rows.step()) return no_such_edit(refused);
        state = state_from(rows.text_view(1));
    }
    if (is_settled(state)) inside_->db.statement(delete_in_state).bind(":intent", refused).bind(":state", name(state)).run();
    else inside_->db.statement(update_state).bind(":state", name(State::dropping)).bind(":intent", refused).run();
    transaction.commit();
    return is_settled(state);
}

void Replica::Inside::forget_content_of_refused(const RecordId& record)
{
    std::vector<merge::Intent> intents;
    {
        auto rows = db.statement("SELECT intent FROM refused WHERE record = :record");
        rows.bind(":record", record);
        while (rows.step()) {
            const auto kept = rows.blob(0);
            if (auto intent = merge::read_intent(kept)) intents.push_back(std::move(*intent));
        }
    }
    for (const auto& intent : intents) {
        merge::Intent bare;
        bare.id = intent.id;
        bare.kind = intent.kind;
        bare.device_time = intent.device_time;
        const auto bytes = merge::write(bare);
        db.statement("UPDATE refused SET record = :nothing, intent = :bare, field = '', reason = '', reason_zh = '' WHERE intent_id = :intent")
            .bind(":nothing", RecordId{})
            .bind(":bare", ByteView{bytes})
            .bind(":intent", intent.id)
            .run();
    }
}

void Replica::Inside::report_refused(protocol::v1::RefusedReport& report)
{
    report.set_decisions_heard(static_cast<std::uint64_t>(setting_number(heard_setting)));
    {
        auto dropping = db.statement(select_by_state);
        dropping.bind(":state", name(State::dropping));
        while (report.dropped_size() < protocol::decisions_max && dropping.step()) report.add_dropped(protocol::to_field(dropping.id<IntentId>(0)));
    }
    auto here = db.statement(select_by_state);
    here.bind(":state", name(State::here));
    std::size_t bytes = 0;
    while (here.step()) {
        protocol::v1::Intent intent;
        const auto kept = here.blob(1);
        bytes += kept.size();
        if (bytes > protocol::stranded_bytes_max) break;
        if (intent.ParseFromArray(kept.data(), static_cast<int>(kept.size()))) *report.add_stranded() = std::move(intent);
    }
}

std::optional<RecordId> Replica::Inside::record_of_refused(const IntentId& intent)
{
    auto rows = db.statement("SELECT record FROM refused WHERE intent_id = :intent");
    rows.bind(":intent", intent);
    return rows.step() ? std::optional{rows.id<RecordId>(0)} : std::nullopt;
}

void Replica::Inside::adopt_refused(const protocol::v1::RefusedNews& news)
{
    std::vector<IntentId> kept;
    std::set<RecordId> concerned; ///< one of them may have been handed over, and wait here only for such an edit
    storage::Transaction transaction{db};
    const auto let_go = [&](const IntentId& intent) {
        kept.push_back(intent);
        if (const auto record = record_of_refused(intent)) concerned.insert(*record);
    };
    for (const auto& field : news.stranded_kept()) {
        const auto intent = IntentId::from(as_bytes(field));
        if (!intent) continue;
        db.statement("UPDATE refused SET state = 'kept' WHERE intent_id = :intent AND state = 'here'").bind(":intent", *intent).run();
        let_go(*intent);
    }
    for (const auto& decision : news.decisions()) {
        const auto intent = IntentId::from(as_bytes(decision.intent()));
        const auto state = state_from(decision.what());
        set_setting(heard_setting, std::to_string(decision.number()));
        if (!intent || (state != State::returned && !is_settled(state))) continue; // of a newer server
        db.statement(update_decided)
            .bind(":state", name(state))
            .bind(":by", std::string_view{decision.by_name()})
            .bind(":why", std::string_view{decision.reason()})
            .bind(":at", Time{Duration{decision.at()}})
            .bind(":intent", *intent)
            .run();
    }
    for (const auto& field : news.dropped())
        if (const auto intent = IntentId::from(as_bytes(field))) {
            let_go(*intent);
            db.statement(delete_in_state).bind(":intent", *intent).bind(":state", name(State::dropping)).run();
        }
    for (const auto& record : concerned)
        if (const auto row = documents.find(record)) erase_if_orphan(row->num);
    transaction.commit();
    if (options.vault && !kept.empty()) options.vault->forget(kept); // last: until here they are in both
}

} // namespace roadbook::replica
