#pragma once
// When a company works: the hours of each day of the week in local time, and the days that differ.
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/schema/record.hpp"

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace roadbook::rules {

/// Minutes since local midnight; to is after from, and at most 24 * 60.
struct OpenHours {
    int from = 0;
    int to = 0;
    auto operator<=>(const OpenHours&) const = default;
};

struct WorkingCalendar {
    std::string zone;                            ///< IANA name, "Asia/Shanghai"
    std::array<std::vector<OpenHours>, 7> week;  ///< Monday first
    /// Days that differ from their weekday, "2026-10-01": a holiday has no hours, a Saturday worked instead has some.
    std::map<std::string, std::vector<OpenHours>> exceptions;
};

/// Of a record of type working_calendar. An exception without hours is a day off.
[[nodiscard]] WorkingCalendar working_calendar_from(const schema::Record& record);
/// Monday to Friday, the same hours each day.
[[nodiscard]] WorkingCalendar five_day_week(std::string zone, OpenHours hours);

/// Part of a working day in world time; end is not in it.
struct OpenSpan {
    Time start;
    Time end;
    bool operator==(const OpenSpan&) const = default;
};

/// A calendar in its zone, checked. Zones come from the machine's tz database. Copyable, immutable, any thread.
class WorkingDays {
public:
    /// Errors: invalid_value for a zone that this machine does not know, hours that are none, and a week without hours.
    [[nodiscard]] static Result<WorkingDays> open(WorkingCalendar calendar);

    [[nodiscard]] std::chrono::local_days day_of(Time time) const;
    /// The hours of one local day, in order, overlaps joined. Where clocks are put forward, hours that do not exist are left out;
    /// where they are put back, the hour that comes twice counts twice.
    [[nodiscard]] std::vector<OpenSpan> hours_of(std::chrono::local_days day) const;

private:
    struct Zone;
    WorkingDays(WorkingCalendar calendar, std::shared_ptr<const Zone> zone);

    WorkingCalendar calendar_;
    std::shared_ptr<const Zone> zone_;
};

} // namespace roadbook::rules
