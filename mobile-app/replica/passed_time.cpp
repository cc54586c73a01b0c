#include "mobile-app/replica/passed_time.hpp"

#include <algorithm>
#include <fstream>

#include <time.h>

namespace roadbook::replica {

Uptime system_uptime()
{
    static const auto boot = [] {
        std::string id;
        std::ifstream{"/proc/sys/kernel/random/boot_id"} >> id;
        return id;
    }();
    Uptime uptime{boot, Duration{0}};
    timespec now{};
    if (clock_gettime(CLOCK_BOOTTIME, &now) == 0) // goes on while the machine sleeps
        uptime.since = std::chrono::duration_cast<Duration>(std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec});
    return uptime;
}

void PassedTime::advance(Time wall_now, const Uptime& uptime_now)
{
    const auto by_clock = wall_now - wall;
    const bool same_boot = uptime_now.boot == uptime.boot && uptime_now.since >= uptime.since;
    const auto by_uptime = same_boot ? uptime_now.since - uptime.since : uptime_now.since;
    auto gain = std::max({Duration{0}, by_clock, by_uptime});
    if (!same_boot && by_clock < Duration{0}) gain += restart_with_clock_back;
    total += gain;
    by_machine += by_uptime;
    wall = wall_now;
    uptime = uptime_now;
}

} // namespace roadbook::replica
