#include "shared/rules/working_calendar.hpp"

#include "shared/rules/fields.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

namespace roadbook::rules {
namespace {

using std::chrono::local_days;
using std::chrono::minutes;

constexpr int minutes_a_day = 24 * 60;

bool are_hours(const std::vector<OpenHours>& hours)
{
    return std::all_of(hours.begin(), hours.end(),
                       [](const OpenHours& span) { return span.from >= 0 && span.from < span.to && span.to <= minutes_a_day; });
}

/// Sorted, overlaps joined: an hour that two shifts cover is one hour.
std::vector<OpenHours> joined(std::vector<OpenHours> hours)
{
    std::sort(hours.begin(), hours.end());
    std::vector<OpenHours> merged;
    for (const auto& span : hours) {
        if (!merged.empty() && span.from <= merged.back().to)
            merged.back().to = std::max(merged.back().to, span.to);
        else
            merged.push_back(span);
    }
    return merged;
}

std::string text_of(local_days day)
{
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// The tables of zones end with 2037 on many machines, and the library goes on with their last offset: no summer would come again. So a later
/// day is looked up by so many whole weeks earlier, in a year from 2027 to 2037 in which its part (January and February, or March on)
/// begins on the same day of the week: rules such as "the last Sunday of March" name the same days there. No leap year is needed for that.
template <class Days> // local_days or sys_days
std::chrono::days ahead_of_tables(Days day)
{
    using namespace std::chrono;
    constexpr year last{2037}, first{2027}; // with each day of the week as first of a year that is no leap year
    const year_month_day date{day};
    if (date.year() <= last) return days{0};
    const auto part = date.month() < March ? January : March;
    const Days begin{date.year() / part / 1};
    for (auto known = last; known >= first; --known)
        if (const Days same{known / part / 1}; !known.is_leap() && weekday{same} == weekday{begin}) return begin - same;
    return days{0};
}

enum class Edge { start, end };

/// A local moment as world time. One that the clocks jump over is the moment of the jump; of one that comes twice a start is
/// the first and an end the second.
Time world_time(const date::time_zone& zone, local_days day, int minute, Edge edge)
{
    const auto ahead = ahead_of_tables(day);
    const date::local_seconds local{(day - ahead).time_since_epoch() + minutes{minute}};
    const auto info = zone.get_info(local);
    if (info.result == date::local_info::nonexistent) return Time{info.first.end + ahead};
    const bool is_second = info.result == date::local_info::ambiguous && edge == Edge::end;
    return Time{local.time_since_epoch() + ahead - (is_second ? info.second.offset : info.first.offset)};
}

} // namespace

struct WorkingDays::Zone {
    const date::time_zone* zone; ///< the library's; lives as long as the process
};

WorkingCalendar working_calendar_from(const schema::Record& record)
{
    constexpr std::array weekdays{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    const auto hours_in = [](const schema::Fields& fields) {
        return OpenHours{static_cast<int>(integer_in(fields, "from_minute")), static_cast<int>(integer_in(fields, "to_minute"))};
    };
    WorkingCalendar calendar{text_in(record.fields, "zone"), {}, {}};
    for (const auto* child : children_of(record, "hours")) {
        const auto day = std::find(weekdays.begin(), weekdays.end(), text_in(child->fields, "weekday"));
        if (day != weekdays.end()) calendar.week[static_cast<std::size_t>(day - weekdays.begin())].push_back(hours_in(child->fields));
    }
    for (const auto* child : children_of(record, "exceptions")) {
        auto& hours = calendar.exceptions[text_in(child->fields, "day")];
        if (find<std::int64_t>(child->fields, "to_minute") != nullptr) hours.push_back(hours_in(child->fields));
    }
    return calendar;
}

WorkingCalendar five_day_week(std::string zone, OpenHours hours)
{
    constexpr std::size_t working_days = 5;
    WorkingCalendar calendar{std::move(zone), {}, {}};
    for (std::size_t day = 0; day < working_days; ++day) calendar.week[day] = {hours};
    return calendar;
}

Result<WorkingDays> WorkingDays::open(WorkingCalendar calendar)
{
    bool any = false;
    for (auto& hours : calendar.week) {
        if (!are_hours(hours)) return fail(Errc::invalid_value, Bilingual{"working hours must end after they start, on the same day", "工作时间须在同一天内，且结束晚于开始"}, "week");
        hours = joined(std::move(hours));
        any = any || !hours.empty();
    }
    for (auto& [day, hours] : calendar.exceptions) {
        if (!are_hours(hours))
            return fail(Errc::invalid_value, Bilingual{fmt::format("the hours of {} must end after they start, on the same day", day),
                                                       fmt::format("{} 的工作时间须在同一天内，且结束晚于开始", day)}, "exceptions");
        hours = joined(std::move(hours));
    }
    if (!any) return fail(Errc::invalid_value, Bilingual{"a calendar without any working hours never lets a clock run", "没有任何工作时间的日历无法计时"}, "week");
    try {
        auto zone = std::make_shared<const Zone>(Zone{date::locate_zone(calendar.zone)});
        return WorkingDays{std::move(calendar), std::move(zone)};
    } catch (const std::runtime_error&) { // the library's way to say that there is no such zone, or no database
        return fail(Errc::invalid_value, Bilingual{fmt::format("'{}' is no time zone that this machine knows: write it as Asia/Shanghai", calendar.zone),
                                                   fmt::format("“{}”不是本机已知的时区，请写成 Asia/Shanghai", calendar.zone)}, "zone");
    }
}

WorkingDays::WorkingDays(WorkingCalendar calendar, std::shared_ptr<const Zone> zone) : calendar_{std::move(calendar)}, zone_{std::move(zone)} {}

local_days WorkingDays::day_of(Time time) const
{
    const auto ahead = ahead_of_tables(std::chrono::floor<std::chrono::days>(time));
    const auto local = zone_->zone->to_local(time - ahead);
    return local_days{std::chrono::floor<std::chrono::days>(local.time_since_epoch())} + ahead;
}

std::vector<OpenSpan> WorkingDays::hours_of(local_days day) const
{
    const auto exception = calendar_.exceptions.find(text_of(day));
    const auto weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    const auto& hours = exception != calendar_.exceptions.end() ? exception->second : calendar_.week[weekday];
    std::vector<OpenSpan> spans;
    for (const auto& span : hours) {
        const OpenSpan world{world_time(*zone_->zone, day, span.from, Edge::start), world_time(*zone_->zone, day, span.to, Edge::end)};
        if (world.start < world.end) spans.push_back(world);
    }
    return spans;
}

} // namespace roadbook::rules
