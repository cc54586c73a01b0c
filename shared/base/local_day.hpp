#pragma once
// When a calendar day begins where people are. Zones come from the machine's tz database.
#include "shared/base/clock.hpp"

namespace roadbook {

/// Local midnight of "2026-12-01", or so many days later, in an IANA zone; an empty or unknown zone counts as UTC. Nothing for what is no
/// day. A midnight that the clocks skip is the first moment after it.
[[nodiscard]] std::optional<Time> start_of_day(std::string_view day, int days_later, std::string_view zone);

} // namespace roadbook
