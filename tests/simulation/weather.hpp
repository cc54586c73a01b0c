#pragma once
// What a world is like: drawn from its seed before anything happens, so that some worlds are calm in one way and rough in another.
#include "shared/schema/kind.hpp"
#include "tests/simulation/seeded.hpp"

#include <set>
#include <string>
#include <vector>

namespace roadbook::simulation {

/// One history: a seed, less what a shrinker leaves out of it.
struct Setting {
    std::uint64_t seed = 1;
    bool large = false;                   ///< more devices and a longer time
    std::set<int> without_steps{};        ///< these do not happen; the others are what they were
    std::set<std::string> without_devices{};
};

/// At most one in a world, since each takes something away that the oracle could else be sure of.
enum class Disaster {
    none,
    device_restored, ///< a device is put back to what it held some days ago
    device_cloned,   ///< and the copy runs beside it
    device_replaced, ///< it is lost and revoked; its person goes on with a new one
    lying_disk,      ///< of one device: it says "synced" and is not
    server_restored, ///< from a backup that is older than what it promised
    long_absence,    ///< 400 days pass while devices are away
    person_leaves,   ///< his access ends, on open connections too
};
constexpr std::size_t disaster_count = 8;
[[nodiscard]] const char* name(Disaster disaster) noexcept;

struct Weather {
    std::size_t devices = 4;
    int steps = 150;
    bool kills = true, power_cuts = true, io_errors = false, full_disks = false;     ///< of disks
    bool half_open = false, damaged_frames = false, slow_server = false;             ///< of links and commits
    bool skewed_clocks = false;
    bool lies = false; ///< one rep's app is tampered with
    bool older_app = false; ///< a rep has an app, too, that is one schema version behind
    Disaster disaster = Disaster::none;
    std::vector<const schema::Kind*> kinds{}; ///< what people write besides the usual: few types, so that they meet in one record

    [[nodiscard]] static Weather of(const Setting& setting);
};

} // namespace roadbook::simulation
