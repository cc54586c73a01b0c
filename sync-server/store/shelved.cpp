// What becomes of edits that were refused or handed over as data: states, and the decisions of which their devices hear.
#include "sync-server/store/store.hpp"

#include <array>

namespace roadbook::store {
namespace {

constexpr std::array<std::string_view, 5> names{"waiting", "returned", "released", "discarded", "taken_back"};
static_assert(names.size() == static_cast<std::size_t>(EditState::taken_back) + 1, "each state has a name");

constexpr auto select_any = R"sql(
    SELECT 1 WHERE EXISTS (SELECT 1 FROM quarantine WHERE device = :device) OR EXISTS (SELECT 1 FROM surrendered WHERE device = :device))sql";
constexpr auto select_shelved = R"sql(
    SELECT 0, num, state, document, hash FROM quarantine WHERE device = :device AND intent = :intent
    UNION ALL
    SELECT 1, num, state, document, NULL FROM surrendered WHERE device = :device AND intent = :intent)sql";
constexpr auto update_quarantine = "UPDATE quarantine SET state = :state WHERE num = :num";
constexpr auto update_surrendered = "UPDATE surrendered SET state = :state WHERE num = :num";
constexpr auto insert_decision = R"sql(
    INSERT INTO edit_decision (device, intent, what, person, reason, at) VALUES (:device, :intent, :what, :person, :reason, :at))sql";
constexpr auto select_decisions = R"sql(
    SELECT num, device, intent, what, person, reason, at FROM edit_decision WHERE device = :device AND num > :after ORDER BY num LIMIT :count_max)sql";
constexpr auto select_last = R"sql(
    SELECT num, device, intent, what, person, reason, at FROM edit_decision WHERE device = :device AND intent = :intent ORDER BY num DESC LIMIT 1)sql";

Decision read_decision(const storage::Statement& rows)
{
    return {rows.integer(0), rows.id<DeviceId>(1), rows.id<IntentId>(2), edit_state(rows.text_view(3)), rows.id<RecordId>(4), rows.text(5), rows.time(6)};
}

} // namespace

std::string_view name(EditState state) noexcept
{
    return names.at(static_cast<std::size_t>(state));
}

EditState edit_state(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == name) return static_cast<EditState>(i);
    return EditState::waiting;
}

bool Store::has_shelved(const DeviceId& device)
{
    auto rows = db_.statement(select_any);
    rows.bind(":device", device);
    return rows.step();
}

std::vector<ShelvedEdit> Store::shelved(const DeviceId& device, const IntentId& intent)
{
    auto rows = db_.statement(select_shelved);
    rows.bind(":device", device).bind(":intent", intent);
    std::vector<ShelvedEdit> found;
    while (rows.step()) {
        ShelvedEdit edit{{rows.integer(0) == 0 ? Shelf::Kind::quarantine : Shelf::Kind::surrendered, rows.integer(1)}, edit_state(rows.text_view(2)), {}, {}};
        if (!rows.is_null(3)) edit.record = rows.id<RecordId>(3);
        if (!rows.is_null(4)) edit.hash = rows.hash(4);
        found.push_back(edit);
    }
    return found;
}

void Store::set_state(const Shelf& at, EditState state)
{
    db_.statement(at.kind == Shelf::Kind::quarantine ? update_quarantine : update_surrendered).bind(":state", name(state)).bind(":num", at.num).run();
}

std::int64_t Store::put_decision(const Decision& decision)
{
    db_.statement(insert_decision)
        .bind(":device", decision.device)
        .bind(":intent", decision.intent)
        .bind(":what", name(decision.what))
        .bind(":person", decision.by)
        .bind(":reason", std::string_view{decision.reason})
        .bind(":at", decision.at)
        .run();
    return db_.last_row();
}

std::vector<Decision> Store::decisions(const DeviceId& device, std::int64_t after, int count_max)
{
    auto rows = db_.statement(select_decisions);
    rows.bind(":device", device).bind(":after", after).bind(":count_max", std::int64_t{count_max});
    std::vector<Decision> found;
    while (rows.step()) found.push_back(read_decision(rows));
    return found;
}

std::optional<Decision> Store::last_decision(const DeviceId& device, const IntentId& intent)
{
    auto rows = db_.statement(select_last);
    rows.bind(":device", device).bind(":intent", intent);
    if (!rows.step()) return std::nullopt;
    return read_decision(rows);
}

} // namespace roadbook::store
