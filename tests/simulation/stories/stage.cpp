#include "tests/simulation/stories/stage.hpp"

#include "shared/protocol/frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

namespace roadbook::simulation::stories {
namespace {

constexpr std::uint64_t seed = 7;             // of chance on the stage; the player's own has another one
constexpr std::uint64_t machines_max = 1'000; // so far are the seeds of two parts apart
constexpr std::uint64_t part_of_images = 999; // no story has so many parts

std::string server_disk_name()
{
    static std::atomic<int> stages{0};
    return fmt::format("story-server-{}", ++stages);
}

/// Makes `to` hold just what `from` does. Files that both have stay the same ones: an installation is known by its file's place on the disk.
void mirror(const std::filesystem::path& from, const std::filesystem::path& to)
{
    namespace fs = std::filesystem;
    fs::create_directories(to);
    std::vector<fs::path> gone;
    for (const auto& entry : fs::directory_iterator{to})
        if (!fs::exists(from / entry.path().filename())) gone.push_back(entry.path());
    for (const auto& path : gone) fs::remove_all(path);
    for (const auto& entry : fs::directory_iterator{from}) {
        const auto copy = to / entry.path().filename();
        if (entry.is_directory()) mirror(entry.path(), copy);
        else fs::copy_file(entry.path(), copy, fs::copy_options::overwrite_existing);
    }
}

} // namespace

struct Stage::Image {
    struct Machine {
        Disk::Image disk;
        Duration ahead{0}, uptime{0};
    };
    std::filesystem::path folder; ///< what lies beside the databases: files of records, vaults
    Time now;
    Disk::Image server;
    std::map<std::string, Machine> devices;
};

Stage::Stage(std::filesystem::path folder) : folder_{std::move(folder)}, clock_{moment(0, 8)}, chance_{seed}, disk_{server_disk_name()}
{
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    restart_server();
}

Stage::~Stage()
{
    close();
    std::error_code ignored; // the folder lies in memory or is temporary: what is left is no harm
    std::filesystem::remove_all(folder_, ignored);
    for (const auto& [name, image] : images_) std::filesystem::remove_all(image.folder, ignored);
}

// ---- people and records

void Stage::apply(const merge::Intent& intent)
{
    administer([&](server::Hub& hub) {
        for (const auto& result : hub.apply(std::span{&intent, 1}, administrator_)) result.value();
        return true;
    });
}

RecordId Stage::put(std::string_view kind, schema::Fields fields)
{
    const auto id = new_record();
    if (administrator_.is_nil()) administrator_ = id; // the first one is a person
    apply(testing::creation(id, kind, std::move(fields)));
    return id;
}

RecordId Stage::hire(const char* name, const char* role, std::optional<RecordId> reports_to)
{
    schema::Fields fields{{"name", std::string{name}}, {"role", std::string{role}}};
    if (reports_to) fields["reports_to"] = *reports_to;
    return put("person", std::move(fields));
}

Device& Stage::enrol(const std::string& name, const RecordId& person, Device::With with)
{
    disarm();
    auto& device = *devices_.emplace_back(std::make_unique<Device>(*this, name, person, with));
    sync::SyncClient client{device.replica()};
    const auto connection = core_->connect();
    const auto code = hub_->make_code(person, std::chrono::hours{1}).value();
    for (const auto& frame : client.open_to_enrol(code, name, "wss://server", "")) core_->receive(connection, frame);
    for (const auto& output : core_->take_output())
        if (output.connection == connection && output.frame) (void)client.receive(*output.frame);
    if (client.why().code != Errc::ok) throw std::runtime_error{"not enrolled: " + client.why().message};
    core_->lost(connection, client.why());
    arm();
    return device;
}

// ---- time

Time Stage::moment(int day, int hour, int minute)
{
    return Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::days{day}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute};
}

void Stage::at(int day, int hour, int minute)
{
    if (moment(day, hour, minute) < clock_.now()) throw std::logic_error{"the story goes back in time"};
    clock_.set(moment(day, hour, minute));
}

void Stage::begin(std::uint64_t part)
{
    auto next = seed + machines_max * part;
    chance_.begin_anew(next);
    for (auto& device : devices_) device->chance().begin_anew(++next);
}

// ---- machines

void Stage::restart_server()
{
    core_.reset();
    hub_.reset();
    disk_.power_on();
    auto opened = server::Hub::open({.folder = folder_ / "server", .clock = &clock_, .random = &chance_, .vfs = disk_.vfs(), .gate_threads = 1});
    if (!opened) throw std::runtime_error{"the server does not open: " + opened.error().message};
    hub_ = std::move(*opened);
    core_ = std::make_unique<server::ServerCore>(*hub_);
}

void Stage::close()
{
    core_.reset();
    hub_.reset();
    for (auto& device : devices_) device->close();
}

void Stage::open()
{
    restart_server();
    for (auto& device : devices_) {
        device->forget_wiped();
        device->open();
    }
}

Device& Stage::device(const std::string& name)
{
    return **std::find_if(devices_.begin(), devices_.end(), [&](const auto& device) { return device->name() == name; });
}

// ---- the power

Disk& Stage::disk_of(const std::string& machine)
{
    return machine == "server" ? disk_ : device(machine).disk();
}

void Stage::lose_power(const PowerCut& cut)
{
    cut_ = cut;
    lost_power_ = false;
}

void Stage::arm()
{
    if (!cut_ || lost_power_) return;
    const auto all = writes();
    const auto counted = all.find(cut_->machine);
    if (counted == all.end()) return; // not there yet
    const auto left = cut_->at_write - counted->second;
    if (left >= 0) disk_of(cut_->machine).fail_after(left, cut_->fault);
}

void Stage::disarm()
{
    const auto spare = [](Disk& disk) {
        if (!disk.is_dead()) disk.power_on();
    };
    spare(disk_);
    for (auto& device : devices_) spare(device->disk());
}

std::map<std::string, int> Stage::writes() const
{
    std::map<std::string, int> all{{"server", disk_.writes() - writes_before_}};
    for (const auto& device : devices_) all[device->name()] = device->disk().writes() - device->writes_before;
    return all;
}

// ---- the same history again

void Stage::keep(const std::string& name)
{
    close(); // all of it is in the files
    Image image{folder_.string() + "." + name, clock_.now(), disk_.image(), {}};
    for (auto& device : devices_) image.devices[device->name()] = {device->disk().image(), device->clock.ahead, device->uptime.since};
    mirror(folder_, image.folder);
    images_.insert_or_assign(name, std::move(image));
    open();
}

void Stage::bring_back(const std::string& name)
{
    const auto& image = images_.at(name);
    cut_.reset();
    lost_power_ = false;
    close();
    while (devices_.size() > image.devices.size()) devices_.pop_back(); // enrolled later
    mirror(image.folder, folder_);
    clock_.set(image.now);
    disk_.power_on();
    disk_.restore(image.server);
    for (auto& device : devices_) {
        const auto& kept = image.devices.at(device->name());
        device->disk().power_on();
        device->disk().restore(kept.disk);
        device->clock.ahead = kept.ahead;
        device->uptime.since = kept.uptime;
    }
    begin(part_of_images);
    open();
    writes_before_ = disk_.writes();
    for (auto& device : devices_) {
        device->writes_before = device->disk().writes();
        device->traffic = {};
    }
}

} // namespace roadbook::simulation::stories
