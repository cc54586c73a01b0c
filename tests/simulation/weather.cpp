#include "tests/simulation/weather.hpp"

#include "shared/schema/registry.hpp"

#include <algorithm>
#include <array>

namespace roadbook::simulation {
namespace {

/// Authority is the manager's and judged at arrival; where an account or a lead belongs has actions of its own.
bool is_for_anybody(const schema::Kind& kind)
{
    return !kind.is_authority && std::none_of(kind.scopes.begin(), kind.scopes.end(), [](const auto& rule) { return rule.how == schema::ScopeRule::How::territory; });
}

void add_kind(const schema::Kind& kind, std::vector<const schema::Kind*>& to)
{
    if (!is_for_anybody(kind) || std::find(to.begin(), to.end(), &kind) != to.end()) return;
    to.push_back(&kind);
    for (const auto& field : kind.fields) // none can be made before what it belongs to
        if (field.is_required && field.type == schema::Type::reference) add_kind(*schema::find_kind(field.target), to);
}

std::vector<const schema::Kind*> some_kinds(Chance& chance)
{
    constexpr std::size_t enough = 8;
    std::vector<const schema::Kind*> kinds;
    while (kinds.size() < enough) add_kind(schema::kinds()[chance.below(schema::kinds().size())], kinds);
    return kinds;
}

} // namespace

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
    weather.kinds = some_kinds(chance);
    return weather;
}

} // namespace roadbook::simulation
