#pragma once
// When an answer or a repair is due: minutes of a contract, counted day and night or in working hours, not while the clock is
// paused (the customer is not in, a part is awaited). Pure: the same on the phone, the board and the server.
#include "shared/rules/working_calendar.hpp"
#include "shared/schema/record.hpp"

#include <optional>
#include <span>

namespace roadbook::rules {

/// What a contract promises for a priority.
struct Entitlement {
    std::string name;
    std::string priority; ///< empty: for every priority that no other entitlement names
    std::optional<std::int64_t> response_minutes;
    std::optional<std::int64_t> resolution_minutes;
    bool in_working_hours = false; ///< else the clock runs day and night
};
[[nodiscard]] std::vector<Entitlement> entitlements_from(const schema::Record& contract);
/// That of the priority before the general one; of several the one with the shortest times. Null: none.
[[nodiscard]] const Entitlement* entitlement_for(std::span<const Entitlement> entitlements, std::string_view priority);

/// The clock stands still from `from` until `until`; nothing: it still does. Pauses may overlap; one that ends before it starts is
/// none.
struct Pause {
    Time from;
    std::optional<Time> until;
};

struct Deadline {
    std::optional<Time> at; ///< nothing: the clock is paused until somebody lets it go on
    Duration left{};        ///< then: what is still to run; else 0
    bool operator==(const Deadline&) const = default;
};

/// A deadline is looked for at most so far ahead: ten years. Whoever means more means no deadline.
inline constexpr std::chrono::days deadline_days_max{3'653};

/// `minutes` of running clock after `start`; a deadline at closing time is at closing time, not at the next opening. `days` may be
/// null: the clock runs day and night. Errors: invalid_value for negative minutes or a start outside of the years 1900 to 2199;
/// too_large for a deadline further away than deadline_days_max.
[[nodiscard]] Result<Deadline> due_at(Time start, std::int64_t minutes, const WorkingDays* days, std::span<const Pause> pauses);

/// How long the clock ran between the two; 0 when `end` is not after `start`. Errors: as due_at().
[[nodiscard]] Result<Duration> time_run(Time start, Time end, const WorkingDays* days, std::span<const Pause> pauses);

/// Both deadlines of a ticket or work order.
struct ServiceTimes {
    std::optional<Deadline> response;
    std::optional<Deadline> resolution;
    bool operator==(const ServiceTimes&) const = default;
};
/// `days` is needed when the entitlement counts working hours (bad_argument without). Errors: as due_at().
[[nodiscard]] Result<ServiceTimes> service_times(const Entitlement& entitlement, Time opened, const WorkingDays* days,
                                                 std::span<const Pause> pauses);

} // namespace roadbook::rules
