// CONFLICT: a work order is cancelled while its engineer, who has not heard of it, completes it. RESOLUTION: the work stays done, with its parts
// and hours; the invoice waits until a dispatcher says what the customer pays.
#include "conflict/findings/rule.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::findings {
namespace {

bool is_done(const schema::Value& status)
{
    const auto* text = std::get_if<std::string>(&status);
    return text != nullptr && (*text == "completed" || *text == "closed");
}

/// Done by one and cancelled by another who had not seen each other.
bool cancel_was_not_seen(const merge::Merged& merged)
{
    if (!is_done(merged.record["status"])) return false;
    return std::any_of(merged.conflicts.begin(), merged.conflicts.end(), [](const auto& conflict) {
        return conflict.path == "status" && std::any_of(conflict.candidates.begin(), conflict.candidates.end(),
                                                        [](const auto& candidate) { return candidate.value == schema::Value{std::string{"cancelled"}}; });
    });
}

void mark(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind != "work_order") return;
    const auto billing = schema::text_of(record, "billing");
    // Closed on the way, without anybody having decided: the hold that the server has put on the invoice still says so.
    if (billing == "on_hold" ? !is_done(record["status"]) : !billing.empty() || !cancel_was_not_seen(merged)) return;
    std::int64_t minutes = 0;
    for (const auto* labour : rules::children_of(record, "labour")) minutes += rules::integer_in(labour->fields, "minutes");
    marks.push_back({key({"cancelled_work", record.id.text()}), record.kind, {}, minutes, 0, schema::reference_of(record, "dispatcher"), schema::reference_of(record, "assignee")});
}

std::vector<Found> judge(const Group& group, const Rate&)
{
    if (group.members.empty()) return {};
    return {{key({"completed_after_cancel", group.word(1)}), {group.members.front().record}}};
}

void explain(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& mark = groups.front().members.front().mark;
    const auto title = here.source.title(finding.records.front(), "work_order");
    if (mark.ref) finding.people.push_back(*mark.ref);
    finding.time = std::chrono::minutes{mark.low};
    finding.words = {fmt::format("\"{}\" was completed after cancel (cancel not seen): {} minutes of labour are counted, the invoice is on hold", title, mark.low),
                     fmt::format("“{}”在取消后完工（未看到取消）：已计 {} 分钟工时，暂不开票", title, mark.low)};
    finding.way_out = {"the dispatcher decides once: bill it, waive it, or goodwill", "由调度员决定：照常收费、免收或善意处理"};
    for (const auto* choice : {"bill", "waive", "goodwill"}) finding.proposals.push_back({"set", finding.records.front(), "billing", std::string{choice}});
}

} // namespace

constinit const Rule completed_after_cancel{"cancelled_work/", mark, judge, explain};

} // namespace roadbook::findings
