#pragma once
// How much time has passed on a device whose clock its user may set.
#include "shared/base/clock.hpp"

#include <functional>

namespace roadbook::replica {

/// What the machine counts by itself since it was started; nobody can set it back without starting it anew.
struct Uptime {
    std::string boot; ///< differs for each start of the machine
    Duration since{0};
};
using UptimeSource = std::function<Uptime()>;
[[nodiscard]] Uptime system_uptime();

/// Time that has passed for certain, over restarts of program and machine. It never goes back: a clock set forward counts (a lease then
/// ends early, and the next contact with the server puts that right), a clock set back gains nothing.
struct PassedTime {
    /// The machine was off for nobody knows how long, and its clock stands before where it stood: this much is taken to have passed, or
    /// else a clock set back at each start would stop the time.
    static constexpr Duration restart_with_clock_back = std::chrono::hours{24};

    Duration total{0};
    Duration by_machine{0}; ///< of it, what the machine has counted itself while it ran: no clock adds to this
    Time wall;      ///< when last looked
    Uptime uptime;

    void advance(Time wall_now, const Uptime& uptime_now);
};

} // namespace roadbook::replica
