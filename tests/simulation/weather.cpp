#include "tests/simulation/weather.hpp"

#include <array>

namespace roadbook::simulation {

const char* name(Disaster disaster) noexcept
{
    switch (disaster) {
    case Disaster::none: return "none";
    case Disaster::device_restored: return "device restored";
    case Disaster::device_cloned: return "device cloned";
    case Disaster::device_replaced: return "device replaced";
    case Disaster::lying_disk: return "lying disk";
    case Disaster::server_restored: return "server restored";
    case Disaster::long_absence: return "long absence";
    case Disaster::person_leaves: return "person leaves";
    }
    return "";
}

Weather Weather::of(const Setting& setting)
{
    Chance chance{setting.seed * 0x9e3779b97f4a7c15ULL + 1};
    Weather weather;
    static constexpr std::array<std::size_t, 20> devices{2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 6, 7, 12}; // median 4
    weather.devices = setting.large ? 6 + chance.below(7) : devices[chance.below(devices.size())];
    weather.steps = static_cast<int>(60 + 20 * weather.devices + chance.below(40)) * (setting.large ? 5 : 1);
    weather.kills = !chance.one_in(4);
    weather.power_cuts = !chance.one_in(3);
    weather.io_errors = chance.one_in(3);
    weather.full_disks = chance.one_in(3);
    weather.half_open = chance.one_in(3);
    weather.damaged_frames = chance.one_in(4);
    weather.slow_server = chance.one_in(5);
    weather.skewed_clocks = chance.one_in(3);
    weather.lies = chance.one_in(2);
    if (chance.one_in(3)) weather.disaster = static_cast<Disaster>(1 + chance.below(disaster_count - 1));
    weather.older_app = weather.disaster == Disaster::none && chance.one_in(4); // it does not know how to bring back a lost day
    return weather;
}

} // namespace roadbook::simulation
