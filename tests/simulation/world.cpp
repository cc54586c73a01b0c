#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace roadbook::simulation {
namespace {

constexpr int steps_to_quiet_max = 60'000; // a world that is not quiet by then has a livelock
constexpr auto year = std::chrono::hours{24 * 365};

/// Each step has a chance of its own: one that is left out changes nothing about the others but what they find.
std::uint64_t seed_of_step(std::uint64_t seed, int step)
{
    return (seed * 1'000'003 + static_cast<std::uint64_t>(step)) * 0x9e3779b97f4a7c15ULL;
}

} // namespace

void World::work_a_step(Device& device)
{
    if (device.is_absent) return;
    switch (chance_.below(12)) {
    case 0: return connect(device);
    case 1: return cut(device);
    case 2:
        if (chance_.one_in(2)) fail_a_disk(device);
        else if (chance_.one_in(3)) fail_servers_disk();
        return;
    case 3:
        if (chance_.one_in(4)) return have_good_network(device);
        [[fallthrough]];
    case 4:
    case 5:
        for (std::size_t i = chance_.below(12); i > 0; --i) step_network(chance_.pick(devices_));
        return;
    case 6:
        if (weather_.skewed_clocks && chance_.one_in(8)) device.clock->advance(year * (chance_.one_in(2) ? 1 : -1));
        if (chance_.one_in(2)) disaster_step(device);
        return;
    default: return act();
    }
}

/// Some minutes in a town: what waits goes, and what has come meanwhile is there.
void World::have_good_network(Device& device)
{
    constexpr int frames_max = 60;
    connect(device);
    for (int i = 0; i < frames_max && step_network(device); ++i) {}
}

void World::work()
{
    for (step_ = 1; step_ <= weather_.steps; ++step_) {
        if (setting_.without_steps.contains(step_)) continue;
        chance_.begin_anew(seed_of_step(setting_.seed, step_));
        const auto passes = [&] { return std::chrono::minutes{1 + static_cast<int>(chance_.below(30))}; };
        server_clock_.advance(passes());
        for (auto& device : devices_) device.clock->advance(passes());
        try {
            if (older_app_ && chance_.one_in(4)) work_with_older_app();
            work_a_step(chance_.pick(devices_));
        } catch (const Fault& fault) {
            note_damage(fault.error());
            if (!any_machine_failed()) throw;
        }
        recover();
    }
    is_calm_ = true; // from here on nothing fails any more
    for (auto& device : devices_) {
        device.disk->fail_after(-1, DiskFault::killed);
        device.disk->make_room();
        device.is_away = false;
    }
    server_disk_->fail_after(-1, DiskFault::killed);
    server_disk_->make_room();
    cut_all();
    recover();
    if (leaver_ && !disaster_came_) disaster_step(devices_.front());
    check_who_left();
    count_faults();
}

/// Devices that a restored server does not know as its own: an administrator lets them in.
void World::admit_the_waiting()
{
    if (weather_.disaster != Disaster::server_restored) return;
    for (const auto& row : hub_->devices())
        if (row.awaits_since) hub_->admit(row.id).value();
}

void World::settle(std::uint64_t order)
{
    Chance by{order};
    std::vector<std::size_t> turn;
    for (std::size_t i = 0; i < devices_.size(); ++i)
        if (!devices_[i].is_absent) turn.push_back(i);
    for (std::size_t i = turn.size(); i > 1; --i) std::swap(turn[i - 1], turn[by.below(i)]);
    // Each alone first, in this order; then all together until quiet.
    int steps = 0;
    const auto exchange = [&](const std::vector<std::size_t>& devices) {
        for (bool moved = true; moved;) {
            moved = false;
            for (const auto i : devices) {
                while (step_network(devices_[i])) {
                    moved = true;
                    if (++steps > steps_to_quiet_max) throw std::runtime_error{"the world does not come to rest"};
                }
            }
        }
    };
    // A device that was put back, or has a copy, may have to drop what does not fit, one scope a connection: it then comes again, as apps do.
    constexpr int attempts_max = 16;
    const auto sync = [&](const std::vector<std::size_t>& devices) {
        const auto is_quiet = [&](std::size_t i) { return devices_[i].link && devices_[i].link->client->is_quiet(); };
        for (int attempt = 0; attempt < attempts_max; ++attempt) {
            admit_the_waiting();
            for (const auto i : devices) connect(devices_[i]);
            exchange(devices);
            if (std::all_of(devices.begin(), devices.end(), is_quiet)) break;
        }
        for (const auto i : devices)
            if (!is_quiet(i)) throw std::runtime_error{fmt::format("{} is not quiet: {}", devices_[i].name, devices_[i].link ? "it waits" : devices_[i].why_cut)};
        cut_all();
    };
    look_at_everything();
    std::string order_told = "work is over; they come alone in this order:";
    for (const auto i : turn) order_told += " " + devices_[i].name;
    tell(order_told);
    older_app_comes();
    for (const auto i : turn) sync({i});
    // What waited for a customer of theirs.
    for (int attempt = 0; attempt < attempts_max && older_app_ && !older_app_->outbox.changes().empty(); ++attempt) older_app_comes();
    if (older_app_ && !older_app_->outbox.changes().empty()) throw std::runtime_error{"the older app still has edits to send"};
    // A withdrawal that one device caused reaches the others when they come again.
    std::vector<std::size_t> together;
    for (const auto i : turn)
        if (!devices_[i].is_copy) together.push_back(i);
    for (int round = 0; round < 2; ++round) {
        sync(together);
        for (const auto i : turn) // a copy has its original's identity: the server would end the one for the other
            if (devices_[i].is_copy) sync({i});
    }
}

} // namespace roadbook::simulation
