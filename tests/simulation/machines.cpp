// The machines of a world: how they start, and what becomes of them when their disks fail.
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace roadbook::simulation {
namespace {

std::string vfs_name(std::uint64_t seed, std::string_view who, const void* world)
{
    return fmt::format("disk-{}-{}-{}", seed, who, world); // several worlds may play one seed
}

} // namespace

World::World(Setting setting, std::filesystem::path folder)
    : firm_{the_firm()}, setting_{std::move(setting)}, weather_{Weather::of(setting_)}, folder_{std::move(folder)}, chance_{setting_.seed},
      server_clock_{firm_.founded_at + std::chrono::hours{1}}, server_random_{setting_.seed ^ 0x5e7e7},
      server_disk_{std::make_unique<Disk>(vfs_name(setting_.seed, "server", this), setting_.seed)}, ledger_{firm_.ledger}
{
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    std::filesystem::copy(firm_.folder / "server", folder_ / "server", std::filesystem::copy_options::recursive);
    server_disk_->restore(firm_.server);
    start_server();
    std::vector<const Firm::Machine*> others;
    for (std::size_t i = 1; i < firm_.machines.size(); ++i) others.push_back(&firm_.machines[i]);
    // The first is a rep's; another's and a manager's are there more often than those of other roles.
    for (std::size_t i = others.size(); i > 1; --i) std::swap(others[i - 1], others[chance_.below(i)]);
    const auto comes_first = [&](const char* name) {
        if (!chance_.one_in(4)) std::stable_partition(others.begin(), others.end(), [&](const auto* one) { return one->name == name; });
    };
    if (chance_.one_in(3)) comes_first("finance");
    comes_first("rep1");
    comes_first("boss");
    const auto add = [&](const Firm::Machine& machine) {
        add_device(machine.name, machine.person, machine.disk);
        devices_.back().is_absent = setting_.without_devices.contains(machine.name);
    };
    if (weather_.older_app) older_app_.emplace(firm_.older_app, setting_.seed * 31);
    add(firm_.machines.front());
    for (std::size_t i = 0; i + 1 < weather_.devices; ++i) add(*others[i]);
    tally_.devices = static_cast<std::int64_t>(devices_.size());
}

World::~World()
{
    cut_all();
    server_disk_->fail_after(0, DiskFault::killed); // nobody needs what closing would still write
    for (auto& device : devices_) device.disk->fail_after(0, DiskFault::killed);
    core_.reset();
    hub_.reset();
    for (auto& device : devices_) device.replica.reset();
    std::filesystem::remove_all(folder_);
}

std::vector<std::string> World::device_names() const
{
    std::vector<std::string> names;
    for (const auto& device : devices_)
        if (!device.is_absent && !device.is_copy) names.push_back(device.name);
    return names;
}

void World::tell(std::string line)
{
    story_.push_back(fmt::format("{:4} {}", step_, line));
}

void World::add_device(const std::string& name, std::size_t person, const Disk::Image& holds)
{
    const auto number = devices_.size();
    auto& device = devices_.emplace_back();
    device.name = name;
    device.person = firm_.people[person].id;
    device.role = firm_.people[person].role;
    device.folder = folder_ / name;
    device.disk = std::make_unique<Disk>(vfs_name(setting_.seed, name, this), setting_.seed + number);
    device.disk->restore(holds);
    const auto skew = weather_.skewed_clocks && chance_.one_in(2) ? std::chrono::hours{24 * 365} * (static_cast<int>(chance_.below(7)) - 3)
                                                                  : std::chrono::hours{chance_.one_in(4) ? 48 : 0};
    device.clock = std::make_unique<VirtualClock>(server_clock_.now() + skew);
    device.random = std::make_unique<Chance>(setting_.seed * 31 + number + 1);
    std::filesystem::create_directories(device.folder);
    const auto place = device.folder / replica::Replica::file_name; // an installation is known by its file's place on the disk
    const auto founded = firm_.folder / name / replica::Replica::file_name;
    if (std::error_code ec; std::filesystem::exists(founded, ec)) std::filesystem::create_hard_link(founded, place);
    else std::ofstream{place};
    start(device);
}

void World::start_server()
{
    auto opened = server::Hub::open({.folder = folder_ / "server", .clock = &server_clock_, .random = &server_random_, .vfs = server_disk_->vfs(), .gate_threads = 1});
    if (!opened) throw std::runtime_error{"the server does not open: " + opened.error().message};
    hub_ = std::move(*opened);
    core_ = std::make_unique<server::ServerCore>(*hub_);
    ended_.clear(); // it numbers its connections anew
}

void World::start(Device& device)
{
    auto opened = replica::Replica::open({.folder = device.folder, .clock = device.clock.get(), .random = device.random.get(), .vfs = device.disk->vfs()});
    if (!opened && may_lose_on_power(device) && opened.error().code == Errc::storage_damaged) return begin_with_new_file(device);
    if (!opened) throw std::runtime_error{device.name + " does not open: " + opened.error().message};
    device.replica = std::move(*opened);
}

/// Its user does what the product advises: what had been sent is on the server.
void World::begin_with_new_file(Device& device)
{
    tell(device.name + " says that its file is damaged, and begins with a new one");
    ++tally_.met["damage found"];
    if (device.link) cut(device);
    device.replica.reset();
    device.is_damaged = false;
    ledger_.doubt(device.name, device.sent.up_to);
    device.disk->power_on(); // it may have ended in the same moment
    device.disk->make_room();
    device.disk->restore(firm_.new_replica);
    device.sent.is_uncertain = false;
    start(device);
    enrol_anew(device);
}

/// A page that is damaged shows when it is read, perhaps long after the file was opened. Only of a disk that lied: else nobody may say so.
void World::note_damage(const Error& said)
{
    for (auto& device : devices_)
        if (said.code == Errc::storage_damaged && may_lose_on_power(device) && said.message.find(device.folder.string()) != std::string::npos) device.is_damaged = true;
}

/// What is damaged shows at the latest when everything has been read.
void World::look_at_everything()
{
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        if (!may_lose_on_power(devices_[i]) || devices_[i].is_absent) continue;
        try {
            (void)view_of_device(i);
        } catch (const Fault& fault) {
            note_damage(fault.error());
            if (!any_machine_failed()) throw;
        }
    }
    recover();
}

void World::restart(Device& device, std::string_view why)
{
    ++tally_.kills;
    tell(fmt::format("{} ends: {}", device.name, why));
    if (device.link) cut(device);
    device.replica.reset();
    device.is_damaged = false; // if it is, its next start or use says so again
    if (may_lose_on_power(device)) {
        ledger_.doubt(device.name, device.sent.up_to);
        device.sent.is_uncertain = true;
    }
    device.disk->power_on();
    device.io_errors_seen = device.disk->times(DiskFault::io_error);
    start(device);
    note_refusals(device);
}

bool World::has_io_error(const Device& device)
{
    return device.disk->times(DiskFault::io_error) > device.io_errors_seen;
}

void World::restart_server(std::string_view why)
{
    ++tally_.kills;
    tell(fmt::format("the server ends: {}", why));
    cut_all();
    core_.reset();
    hub_.reset();
    server_disk_->power_on();
    server_io_errors_seen_ = server_disk_->times(DiskFault::io_error);
    start_server();
}

bool World::any_machine_failed() const
{
    const auto failed = [](const Disk& disk, std::int64_t seen) { return disk.is_dead() || disk.is_full() || disk.times(DiskFault::io_error) > seen; };
    return failed(*server_disk_, server_io_errors_seen_) ||
           std::any_of(devices_.begin(), devices_.end(), [&](const Device& device) { return device.is_damaged || failed(*device.disk, device.io_errors_seen); });
}

/// Machines whose disk failed are started again, as their users would. A full one goes on: it only connects anew.
void World::recover()
{
    if (server_disk_->is_dead()) restart_server("no power");
    else if (server_disk_->times(DiskFault::io_error) > server_io_errors_seen_) restart_server("an I/O error");
    for (auto& device : devices_)
        if (device.disk->is_dead()) restart(device, "no power");
        else if (has_io_error(device)) restart(device, "an I/O error");
        else if (device.is_damaged) begin_with_new_file(device);
}

DiskFault World::pick_fault()
{
    std::vector<DiskFault> can{DiskFault::killed};
    if (weather_.power_cuts) can.push_back(DiskFault::power_lost);
    if (weather_.io_errors) can.push_back(DiskFault::io_error);
    if (weather_.full_disks) can.push_back(DiskFault::full);
    return chance_.pick(can);
}

void World::fail_a_disk(Device& device)
{
    if (device.disk->is_full()) return device.disk->make_room();
    if (weather_.kills) device.disk->fail_after(static_cast<int>(chance_.below(25)), pick_fault());
}

void World::fail_servers_disk()
{
    if (server_disk_->is_full()) return server_disk_->make_room();
    if (weather_.kills) server_disk_->fail_after(static_cast<int>(chance_.below(40)), pick_fault());
}

void World::count_faults()
{
    for (std::size_t i = 0; i < disk_fault_count; ++i) {
        const auto fault = static_cast<DiskFault>(i);
        tally_.met[fmt::format("server: {}", name(fault))] = server_disk_->times(fault);
        auto& all = tally_.met[fmt::format("device: {}", name(fault))];
        all = 0;
        for (const auto& device : devices_) all += device.disk->times(fault);
    }
}

// ---- images

void World::keep_image()
{
    image_.clear();
    sent_image_.clear();
    for (const auto& device : devices_) {
        image_.push_back(device.disk->image());
        sent_image_.push_back(device.sent);
    }
    image_.push_back(server_disk_->image());
    ledger_image_ = ledger_;
    if (older_app_) older_image_ = older_app_->outbox;
}

void World::restore_image()
{
    cut_all();
    core_.reset();
    hub_.reset();
    for (auto& device : devices_) device.replica.reset();
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        devices_[i].disk->restore(image_[i]);
        devices_[i].sent = sent_image_[i];
    }
    server_disk_->restore(image_.back());
    ledger_ = ledger_image_;
    if (older_app_) older_app_->outbox = older_image_;
    start_server();
    for (auto& device : devices_) start(device);
}

} // namespace roadbook::simulation
