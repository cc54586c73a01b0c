#include "shared/rules/service_level.hpp"

#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace roadbook::rules {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
constexpr Time first_start{sys_days{year{1900} / 1 / 1}};
constexpr Time last_start{sys_days{year{2200} / 1 / 1}};
constexpr auto horizon = std::chrono::duration_cast<Duration>(deadline_days_max);

/// In order, overlaps joined; one without an end lasts beyond every horizon.
std::vector<OpenSpan> joined(std::span<const Pause> pauses)
{
    std::vector<OpenSpan> sorted;
    for (const auto& pause : pauses)
        if (const auto until = pause.until.value_or(Time::max()); pause.from < until) sorted.push_back({pause.from, until});
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return std::tie(a.start, a.end) < std::tie(b.start, b.end); });
    std::vector<OpenSpan> merged;
    for (const auto& span : sorted) {
        if (!merged.empty() && span.start <= merged.back().end)
            merged.back().end = std::max(merged.back().end, span.end);
        else
            merged.push_back(span);
    }
    return merged;
}

/// Calls `take` with each stretch of running clock in [start, end), in order, until it says that it has enough.
template <class Take>
bool outside_pauses(OpenSpan span, const std::vector<OpenSpan>& pauses, Take take)
{
    for (const auto& pause : pauses) {
        if (pause.end <= span.start) continue;
        if (pause.start >= span.end) break;
        if (pause.start > span.start && take(OpenSpan{span.start, pause.start})) return true;
        span.start = std::min(pause.end, span.end);
    }
    return span.start < span.end && take(span);
}

template <class Take>
bool each_running(Time start, Time end, const WorkingDays* days, const std::vector<OpenSpan>& pauses, Take take)
{
    if (!days) return outside_pauses({start, end}, pauses, take);
    const auto last = days->day_of(end);
    for (auto day = days->day_of(start); day <= last; day += std::chrono::days{1})
        for (const auto& hours : days->hours_of(day)) {
            const OpenSpan span{std::max(hours.start, start), std::min(hours.end, end)};
            if (span.start < span.end && outside_pauses(span, pauses, take)) return true;
        }
    return false;
}

Result<void> check_start(Time start)
{
    if (start >= first_start && start < last_start) return {};
    return fail(Errc::invalid_value, "the clock of a deadline must start in the years 1900 to 2199", "opened_at");
}

Error too_far()
{
    return fail(Errc::too_large, fmt::format("this deadline is more than {} days away: that is none", deadline_days_max.count()), "minutes");
}

/// Nothing stands for "not limited", which is longer than any limit.
std::int64_t or_never(const std::optional<std::int64_t>& minutes)
{
    return minutes.value_or(std::numeric_limits<std::int64_t>::max());
}

} // namespace

std::vector<Entitlement> entitlements_from(const schema::Record& contract)
{
    std::vector<Entitlement> entitlements;
    for (const auto* child : children_of(contract, "entitlements")) {
        const auto& fields = child->fields;
        entitlements.push_back({text_in(fields, "name"), text_in(fields, "priority"), value_in<std::int64_t>(fields, "response_minutes"),
                                value_in<std::int64_t>(fields, "resolution_minutes"), text_in(fields, "calendar") == "working_hours"});
    }
    return entitlements;
}

const Entitlement* entitlement_for(std::span<const Entitlement> entitlements, std::string_view priority)
{
    const auto order = [](const Entitlement& one) {
        return std::tuple{one.priority.empty(), or_never(one.resolution_minutes), or_never(one.response_minutes), one.in_working_hours, one.name};
    };
    const Entitlement* best = nullptr;
    for (const auto& one : entitlements) {
        if (!one.priority.empty() && one.priority != priority) continue;
        if (!best || order(one) < order(*best)) best = &one;
    }
    return best;
}

Result<Deadline> due_at(Time start, std::int64_t minutes, const WorkingDays* days, std::span<const Pause> pauses)
{
    ROADBOOK_CHECK(check_start(start));
    if (minutes < 0) return fail(Errc::invalid_value, "a deadline cannot lie before its start", "minutes");
    if (minutes > std::chrono::floor<std::chrono::minutes>(horizon).count()) return too_far();
    Duration left = std::chrono::minutes{minutes};
    if (left == Duration{}) return Deadline{start, {}};
    const auto stopped = joined(pauses);
    std::optional<Time> due;
    const auto found = each_running(start, start + horizon, days, stopped, [&](const OpenSpan& span) {
        const auto length = span.end - span.start;
        if (length < left) {
            left -= length;
            return false;
        }
        due = span.start + left;
        return true;
    });
    if (found) return Deadline{due, {}};
    const bool is_paused = !stopped.empty() && stopped.back().end == Time::max() && stopped.back().start < start + horizon;
    return is_paused ? Result<Deadline>{Deadline{std::nullopt, left}} : too_far();
}

Result<Duration> time_run(Time start, Time end, const WorkingDays* days, std::span<const Pause> pauses)
{
    ROADBOOK_CHECK(check_start(start));
    Duration run{};
    if (end <= start) return run;
    if (end - start > horizon) return too_far();
    each_running(start, end, days, joined(pauses), [&](const OpenSpan& span) {
        run += span.end - span.start;
        return false;
    });
    return run;
}

Result<ServiceTimes> service_times(const Entitlement& entitlement, Time opened, const WorkingDays* days, std::span<const Pause> pauses)
{
    if (entitlement.in_working_hours && !days)
        return fail(Errc::bad_argument, fmt::format("'{}' counts working hours: it needs a calendar", entitlement.name), "calendar");
    const auto* clock = entitlement.in_working_hours ? days : nullptr;
    ServiceTimes times;
    for (const auto& [minutes, deadline] : {std::pair{entitlement.response_minutes, &times.response},
                                            std::pair{entitlement.resolution_minutes, &times.resolution}}) {
        if (!minutes) continue;
        auto due = due_at(opened, *minutes, clock, pauses);
        if (!due) return due.error();
        *deadline = *due;
    }
    return times;
}

} // namespace roadbook::rules
