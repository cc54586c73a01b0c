#pragma once
// Local time to UTC, by the machine's time zone data (libical reads it).
#include "shared/base/clock.hpp"

#include <optional>
#include <string_view>

namespace roadbook::exchange {

/// What a wall clock shows.
struct Civil {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

[[nodiscard]] bool is_zone(std::string_view zone);
/// In a zone such as "Europe/Vienna" or "UTC". Nothing for a day or hour that does not exist in any calendar, and for an unknown zone.
[[nodiscard]] std::optional<Time> utc_of(const Civil& civil, std::string_view zone);
/// By the rules of a VTIMEZONE, as it stands in an iCalendar file with its BEGIN and END. Nothing when it is none.
[[nodiscard]] std::optional<Time> utc_by_rules(const Civil& civil, const std::string& vtimezone);

} // namespace roadbook::exchange
