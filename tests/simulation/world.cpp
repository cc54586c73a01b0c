#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace roadbook::simulation {
namespace {

const Time start_of_time = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::hours{8};
constexpr int steps_of_work = 70;
constexpr int steps_to_quiet_max = 20'000; // a world that is not quiet by then has a livelock

std::string vfs_name(std::uint64_t seed, std::string_view who)
{
    return fmt::format("disk-{}-{}", seed, who);
}

} // namespace

Tally& Tally::operator+=(const Tally& other)
{
    edits += other.edits;
    refused += other.refused;
    conflicts += other.conflicts;
    moves += other.moves;
    kills += other.kills;
    cuts += other.cuts;
    late += other.late;
    local_refusals += other.local_refusals;
    return *this;
}

World::World(std::uint64_t seed, std::filesystem::path folder)
    : seed_{seed}, folder_{std::move(folder)}, chance_{seed}, server_clock_{start_of_time}, server_random_{seed ^ 0x5e7e7},
      server_disk_{std::make_unique<Disk>(vfs_name(seed, "server"))}
{
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
}

void World::set_up()
{
    start_server();
    set_up_company();
}

World::~World()
{
    cut_all();
    core_.reset();
    hub_.reset();
    for (auto& device : devices_) device.replica.reset();
    std::filesystem::remove_all(folder_);
    std::filesystem::remove_all(folder_.string() + ".image");
}

void World::tell(std::string line)
{
    story_.push_back(std::move(line));
}

// ---- machines

void World::start_server()
{
    server::Hub::Options options{folder_ / "server", &server_clock_, &server_random_, server_disk_->vfs(), 1};
    auto opened = server::Hub::open(options);
    if (!opened) throw std::runtime_error{"the server does not open: " + opened.error().message};
    hub_ = std::move(*opened);
    core_ = std::make_unique<server::ServerCore>(*hub_);
}

void World::start(Device& device)
{
    replica::Replica::Options options{device.folder, device.clock.get(), device.random.get(), {}, device.disk->vfs()};
    auto opened = replica::Replica::open(options);
    if (!opened) throw std::runtime_error{device.name + " does not open: " + opened.error().message};
    device.replica = std::move(*opened);
}

void World::crash(Device& device)
{
    ++tally_.kills;
    tell(device.name + " loses power");
    cut(device);
    device.replica.reset();
    device.disk->power_on();
    start(device);
    note_refusals(device);
}

void World::crash_server()
{
    ++tally_.kills;
    tell("the server loses power");
    cut_all();
    core_.reset();
    hub_.reset();
    server_disk_->power_on();
    start_server();
}

/// Machines whose disk died are started again, as their users would.
void World::recover()
{
    if (server_disk_->is_dead()) crash_server();
    for (auto& device : devices_)
        if (device.disk->is_dead()) crash(device);
}

// ---- network

void World::connect(Device& device)
{
    if (device.link) return;
    Link link{std::make_unique<sync::SyncClient>(*device.replica), core_->connect(), {}, {}};
    auto frames = link.client->open();
    if (!frames) throw std::runtime_error{device.name + " cannot connect: " + frames.error().message};
    for (auto& frame : *frames) link.up.push_back(std::move(frame));
    device.link = std::move(link);
}

void World::cut(Device& device)
{
    if (!device.link) return;
    ++tally_.cuts;
    const auto why = fail(Errc::link_lost, "cut");
    device.link->client->lost(why);
    if (core_) core_->lost(device.link->connection, why);
    tally_.late += device.link->client->tally().late;
    device.link.reset();
    note_refusals(device);
}

void World::cut_all()
{
    for (auto& device : devices_) cut(device);
}

void World::deliver_up(Device& device)
{
    const auto frame = std::move(device.link->up.front());
    device.link->up.pop_front();
    core_->receive(device.link->connection, frame);
    run_server();
}

void World::run_server()
{
    // A group commit happens whenever the server comes to it; here: at once or some frames later.
    if (core_->has_pending() && !chance_.one_in(3)) core_->commit_pending();
    for (auto& output : core_->take_output())
        for (auto& device : devices_)
            if (device.link && device.link->connection == output.connection) {
                if (output.frame) device.link->down.push_back(*output.frame);
                else device.link->down.emplace_back(); // an empty one stands for the close
            }
}

void World::deliver_down(Device& device)
{
    const auto frame = std::move(device.link->down.front());
    device.link->down.pop_front();
    if (frame.empty()) return cut(device);
    auto answers = device.link->client->receive(frame);
    for (auto& answer : answers) device.link->up.push_back(std::move(answer));
    note_refusals(device);
    if (device.link->client->is_closed()) cut(device);
}

/// One frame, one way. False: nothing was under way.
bool World::step_network(Device& device)
{
    if (!device.link) return false;
    try {
        const bool can_up = !device.link->up.empty();
        const bool can_down = !device.link->down.empty();
        if (can_up && (!can_down || chance_.one_in(2))) deliver_up(device);
        else if (can_down) deliver_down(device);
        else if (core_->has_pending()) run_server();
        else return false;
    } catch (const Fault&) {
        if (!any_power_lost()) throw;
    }
    recover();
    return true;
}

/// Only the liar's edits may be refused; he writes one field that nobody else does.
void World::note_refusals(Device& device)
{
    if (device.disk->is_dead()) return; // asked again after the restart
    for (const auto& edit : device.replica->refused()) {
        if (edit.record.is_nil()) continue; // its record was handed over: noted before
        const auto cell = ledger_.cells.find({edit.record.text(), std::string{lied_field}});
        if (cell == ledger_.cells.end() || edit.field != lied_field) {
            tell(fmt::format("UNEXPECTED refusal on {}: {} {} {}", device.name, name(edit.code), edit.field, edit.reason));
            unexpected_refusals_.insert(edit.intent.text());
            continue;
        }
        const auto values = cell->second.writes;
        for (const auto& write : values) ledger_.refused(edit.record.text(), std::string{lied_field}, write.value);
    }
}

// ---- phases

void World::work_a_step(Device& device)
{
    switch (chance_.below(12)) {
    case 0: connect(device); break;
    case 1: cut(device); break;
    case 2: device.disk->fail_after(static_cast<int>(chance_.below(25)), chance_.one_in(2)); break;
    case 3:
        if (chance_.one_in(3)) server_disk_->fail_after(static_cast<int>(chance_.below(40)), chance_.one_in(2));
        break;
    case 4:
    case 5:
        for (std::size_t i = chance_.below(12); i > 0; --i) step_network(chance_.pick(devices_));
        break;
    case 6:
        if (chance_.one_in(8)) device.clock->advance(std::chrono::hours{24 * 365} * (chance_.one_in(2) ? 1 : -1));
        break;
    default: act();
    }
}

void World::work()
{
    for (int step = 0; step < steps_of_work; ++step) {
        server_clock_.advance(std::chrono::minutes{1 + static_cast<int>(chance_.below(30))});
        for (auto& device : devices_) device.clock->advance(std::chrono::minutes{1 + static_cast<int>(chance_.below(30))});
        try {
            work_a_step(chance_.pick(devices_));
        } catch (const Fault&) {
            if (!any_power_lost()) throw;
        }
        recover();
    }
    cut_all();
    server_disk_->power_on();
    for (auto& device : devices_) device.disk->power_on();
}

bool World::any_power_lost() const
{
    return server_disk_->is_dead() || std::any_of(devices_.begin(), devices_.end(), [](const Device& device) { return device.disk->is_dead(); });
}

void World::settle(std::uint64_t order)
{
    Chance by{order};
    std::vector<std::size_t> turn(devices_.size());
    for (std::size_t i = 0; i < turn.size(); ++i) turn[i] = i;
    for (std::size_t i = turn.size(); i > 1; --i) std::swap(turn[i - 1], turn[by.below(i)]);
    // Each alone first, in this order; then all together until quiet.
    int steps = 0;
    const auto exchange = [&](auto&& devices) {
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
    for (const auto i : turn) {
        connect(devices_[i]);
        exchange(std::vector{i});
        cut(devices_[i]);
    }
    // A withdrawal that one device caused reaches the others when they come again.
    for (int round = 0; round < 2; ++round) {
        for (const auto i : turn) connect(devices_[i]);
        exchange(turn);
        for (const auto i : turn)
            if (!devices_[i].link || !devices_[i].link->client->is_quiet())
                throw std::runtime_error{fmt::format("{} is not quiet: {}", devices_[i].name, devices_[i].link ? devices_[i].link->client->why().message : "cut")};
        cut_all();
    }
}

void World::keep_image()
{
    const std::filesystem::path image = folder_.string() + ".image";
    std::filesystem::remove_all(image);
    std::filesystem::copy(folder_, image, std::filesystem::copy_options::recursive);
}

void World::restore_image()
{
    cut_all();
    core_.reset();
    hub_.reset();
    for (auto& device : devices_) device.replica.reset();
    std::filesystem::remove_all(folder_);
    std::filesystem::copy(folder_.string() + ".image", folder_, std::filesystem::copy_options::recursive);
    start_server();
    for (auto& device : devices_) start(device);
}

} // namespace roadbook::simulation
