#pragma once
// iCalendar: records of any type that has a day or time to be at or to be done by, by the names of its fields.
#include "shared/exchange/import_plan.hpp"

#include <functional>

namespace roadbook::exchange {

/// Its beginning (of an event), or the day to be done by (of a to-do); a record without it is in no calendar. nullptr: no record of this type is.
[[nodiscard]] const schema::Field* calendar_day(const schema::Kind& kind);
/// A feed: VEVENT or VTODO for each record that has its day, times in UTC. `stamp` is DTSTAMP.
[[nodiscard]] std::string export_calendar(const schema::Kind& kind, std::span<const schema::Record> records, Time stamp,
                                          const std::function<std::string(const RecordId&)>& title_of);
/// Events or to-dos as rows for plan_import(). Times by their TZID (of the file's VTIMEZONE, else of this machine), UTC, or in `zone`.
/// LOCATION names the account. An event that repeats is refused: it is no one visit. Errors: bad_argument as read_vcards().
[[nodiscard]] Result<Sheet> read_calendar(const schema::Kind& kind, std::string name, std::string_view text, std::string_view zone);

} // namespace roadbook::exchange
