// What happens once in a world, if at all: machines put back to an older state, and a very long absence.
#include "sync-server/session/restore.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace roadbook::simulation {
namespace {

constexpr auto absence = std::chrono::hours{24 * 400};

} // namespace

/// Something is kept early in a world, and comes back later.
void World::disaster_step(Device& device)
{
    if (weather_.disaster == Disaster::none || disaster_came_) return;
    const bool is_late = step_ > weather_.steps / 2;
    switch (weather_.disaster) {
    case Disaster::device_restored:
    case Disaster::device_cloned:
        if (const auto kept = kept_.find(device.name); kept == kept_.end()) kept_[device.name] = {device.disk->image(), ledger_.edits()};
        else if (is_late) restore_device(device);
        break;
    case Disaster::device_replaced:
        if (is_late) replace_device(device);
        break;
    case Disaster::server_restored:
        if (!kept_.contains("")) kept_[""] = {server_disk_->image(), ledger_.edits()};
        else if (is_late) restore_server();
        break;
    case Disaster::long_absence:
        if (is_late) long_absence(device);
        break;
    case Disaster::person_leaves:
        if (is_late) person_leaves(device);
        break;
    case Disaster::lying_disk:
        device.disk->lie_about_syncs(true);
        disaster_came_ = true;
        liar_disk_ = device.name;
        tell(device.name + "'s disk says that it syncs, and does not, from now on");
        break;
    case Disaster::none: break;
    }
    if (disaster_came_) ++tally_.met[fmt::format("disaster: {}", name(weather_.disaster))];
}

void World::restore_device(Device& device)
{
    disaster_came_ = true;
    const auto& kept = kept_.at(device.name);
    if (weather_.disaster == Disaster::device_cloned) {
        tell(fmt::format("an older copy of {} runs beside it", device.name));
        std::size_t person = 0;
        while (firm_.people[person].id != device.person) ++person;
        const auto image = kept.image;
        add_device(device.name + "-copy", person, image); // the references to devices end here
        devices_.back().is_copy = true;
        return;
    }
    tell(fmt::format("{} is put back to what it held", device.name));
    cut(device);
    device.replica.reset();
    ledger_.doubt(device.name, std::max(kept.at, device.sent.up_to));
    device.disk->power_on();
    device.disk->make_room();
    device.disk->restore(kept.image);
    start(device);
}

/// What it had not sent is gone with it: the server has not promised anything of that.
void World::replace_device(Device& device)
{
    disaster_came_ = true;
    tell(device.name + " is lost; its person gets a new one");
    hub_->revoke(device.replica->identity()->device).value(); // the server may end in it: then nothing else has happened
    cut(device);
    device.replica.reset();
    ledger_.doubt(device.name, device.sent.up_to);
    device.disk->power_on();
    device.disk->make_room();
    device.disk->restore(firm_.new_replica);
    start(device);
    enrol_anew(device);
}

/// All that is written only where no device holds it is lost with the days that the backup lacks.
void World::restore_server()
{
    disaster_came_ = true;
    tell("the server is put back to its backup");
    cut_all();
    core_.reset();
    hub_.reset();
    server_disk_->power_on(); // another machine: with no fault to come
    server_disk_->make_room();
    server_disk_->restore(kept_.at("").image);
    if (!server::make_restored(folder_ / "server", server_clock_, server_random_, server_disk_->vfs())) throw std::runtime_error{"the backup is no server"};
    start_server();
    hub_->confirm_restore({}).value();
    ledger_.doubt_if([&](const std::string& record, const std::string& by) {
        for (const auto& device : devices_)
            if (device.name == by) return !device.replica->kind_of(RecordId::parse(record).value()).has_value();
        return false; // of the founding days
    });
}

/// Everybody but one goes on after more than a year; edits of before then come too late where their record was handed over.
void World::long_absence(Device& device)
{
    disaster_came_ = true;
    tell(fmt::format("400 days pass without {}", device.name));
    cut(device);
    device.is_away = true;
    server_clock_.advance(absence);
    for (auto& each : devices_) each.clock->advance(absence);
}

/// His access ends on all his devices, on their open connections too. What they had not sent stays on them: what is sealed for the server on a device
/// with a PIN, it hands over (stories/lost_device).
void World::person_leaves(Device& device)
{
    if (!leaver_ && device.name == "boss") return; // who shares out the territories
    if (!leaver_) leaver_ = device.person;
    hub_->revoke_person(*leaver_).value(); // the server may end in it: then it is said once more
    core_->poll();
    disaster_came_ = true;
    tell(firm_.person(*leaver_).name + " leaves");
    std::set<server::ConnectionId> closed;
    for (const auto& output : core_->take_output()) {
        if (!output.frame) closed.insert(output.connection);
        route(output);
    }
    for (auto& each : devices_) {
        if (each.person != *leaver_) continue;
        ledger_.doubt(each.name, each.sent.up_to);
        if (!each.link) continue;
        const auto connection = each.link->connection;
        if (core_->is_greeted(connection) && !closed.contains(connection))
            throw std::runtime_error{fmt::format("the connection of {} goes on, whose person has left", each.name)};
        ended_.insert(connection);
    }
    for (auto& each : devices_) {
        if (each.person != *leaver_) continue;
        cut(each);
        each.is_absent = true;
    }
}

/// Whoever has left is told so and nothing else, however often he comes.
void World::check_who_left()
{
    for (auto& device : devices_) {
        if (device.person != leaver_ || !device.replica->identity()) continue;
        sync::SyncClient client{*device.replica};
        const auto connection = core_->connect();
        for (const auto& frame : client.open().value()) core_->receive(connection, frame);
        for (const auto& output : core_->take_output())
            if (output.frame && output.connection == connection) (void)client.receive(*output.frame);
        core_->lost(connection, fail(Errc::link_lost, "done"));
        if (client.why().code != Errc::revoked) throw std::runtime_error{fmt::format("{} is not told that its access has ended: {}", device.name, client.why().message)};
    }
}

/// Its disk lied: what it has not sent may be gone.
bool World::may_lose_on_power(const Device& device) const
{
    return device.name == liar_disk_;
}

} // namespace roadbook::simulation
