#include "tests/simulation/stories/network.hpp"

#include "shared/protocol/frames.hpp"

#include <stdexcept>

namespace roadbook::simulation::stories {
namespace {

constexpr std::chrono::milliseconds frame_time{20};
constexpr std::chrono::seconds dial_time{2}; // also keeps one who is cut often within what a server takes of greetings
constexpr std::int64_t frames_max = 20'000;  // a story that takes more has no end

void count_up(Traffic& traffic, const Bytes& frame)
{
    const auto read = protocol::read_client_frame(frame);
    (read && (read->has_put_part() || read->has_ask_part()) ? traffic.files : traffic.up) += static_cast<std::int64_t>(frame.size());
}

void count_down(Traffic& traffic, const Bytes& frame)
{
    const auto read = protocol::read_server_frame(frame);
    (read && (read->has_part_kept() || read->has_part()) ? traffic.files : traffic.down) += static_cast<std::int64_t>(frame.size());
    if (read && (read->has_page() || read->has_pack() || read->has_part())) traffic.records += static_cast<std::int64_t>(frame.size());
}

Error cut_error()
{
    return fail(Errc::link_lost, "cut");
}

} // namespace

// ---- links

/// Runs what may meet a disk without power: then the machine is started again, and its links are cut.
void Network::guard(const std::function<void()>& act)
{
    try {
        act();
    } catch (const Fault&) {
        const auto is_dead = [](const auto& device) { return device->disk().is_dead(); };
        if (!stage_.is_server_dead() && std::none_of(stage_.devices().begin(), stage_.devices().end(), is_dead)) throw;
    }
    recover();
}

void Network::connect(Device& device)
{
    if (is_linked(device) || device.is_wiped()) return;
    stage_.clock().advance(dial_time);
    guard([&] {
        if (device.is_open()) dial(device, std::make_unique<sync::SyncClient>(device.replica()));
        else dial(device, std::make_unique<sync::Surrendering>(device.vault(), "revoked"));
    });
}

template <class Client>
void Network::dial(Device& device, std::unique_ptr<Client> client)
{
    auto frames = client->open();
    if (!frames && device.disk().is_dead()) return;
    if (!frames) throw std::runtime_error{device.name() + " cannot connect: " + frames.error().message};
    auto& link = links_[device.name()];
    link.client = std::move(client);
    link.connection = stage_.core().connect();
    for (auto& frame : *frames) link.up.push_back(std::move(frame));
}

void Network::hang_up(Device& device)
{
    const auto link = drop(device);
    if (!link) return;
    guard([&] {
        if (auto* client = std::get_if<std::unique_ptr<sync::SyncClient>>(&link->client)) (*client)->lost(cut_error());
        stage_.core().lost(link->connection, cut_error());
    });
}

/// The link is gone, and nobody is told.
std::optional<Network::Link> Network::drop(Device& device)
{
    auto found = links_.extract(device.name());
    if (!found) return std::nullopt;
    const auto* surrendering = std::get_if<std::unique_ptr<sync::Surrendering>>(&found.mapped().client);
    if (surrendering != nullptr && (*surrendering)->is_wiped()) device.note_wiped();
    return std::move(found.mapped());
}

// ---- frames

bool Network::step(Device& device)
{
    const auto found = links_.find(device.name());
    if (found == links_.end()) return false;
    bool moved = true; // also where the power went meanwhile
    guard([&] { moved = move_one(device, found->second); });
    if (!moved) return false;
    if (frames_ == cut_after_ && is_linked(device)) {
        ++cuts_;
        cut_after_ = 0;
        hang_up(device);
    }
    return true;
}

bool Network::move_one(Device& device, Link& link)
{
    const bool can_up = !link.up.empty();
    const bool can_down = !link.down.empty();
    if (!can_up && !can_down) {
        if (!stage_.core().has_pending()) return false;
        run_server(false);
        return true;
    }
    if (++frames_ > frames_max) throw std::runtime_error{"the exchange has no end"};
    stage_.clock().advance(frame_time);
    if (can_down && (!can_up || chance_.one_in(2))) {
        deliver_down(device, link);
        return true;
    }
    const auto frame = std::move(link.up.front());
    link.up.pop_front();
    count_up(device.traffic, frame);
    stage_.core().receive(link.connection, frame);
    run_server(true);
    return true;
}

void Network::deliver_down(Device& device, Link& link)
{
    const auto frame = std::move(link.down.front());
    link.down.pop_front();
    if (frame.empty()) return hang_up(device);
    count_down(device.traffic, frame);
    if (auto* surrendering = std::get_if<std::unique_ptr<sync::Surrendering>>(&link.client)) {
        for (auto& answer : (*surrendering)->receive(frame)) link.up.push_back(std::move(answer));
        return;
    }
    auto& client = *std::get<std::unique_ptr<sync::SyncClient>>(link.client);
    for (auto& answer : client.receive(frame)) link.up.push_back(std::move(answer));
    if (!client.is_closed() || device.disk().is_dead()) return;
    if (client.why().code != Errc::revoked) throw std::runtime_error{device.name() + " was closed: " + client.why().message};
    hang_up(device);
    device.close_records();
}

/// A group commit happens at once, or when the server comes to it.
void Network::run_server(bool may_wait)
{
    auto& core = stage_.core();
    if (core.has_pending() && !(may_wait && chance_.one_in(3))) core.commit_pending();
    for (auto& output : core.take_output())
        for (auto& [name, link] : links_)
            if (link.connection == output.connection) link.down.push_back(output.frame ? *output.frame : Bytes{});
}

/// Machines whose disk died are started again, as their users would.
void Network::recover()
{
    if (stage_.is_server_dead()) {
        stage_.note_power_lost();
        for (auto& device : stage_.devices()) (void)drop(*device); // nobody is there to be told
        stage_.restart_server();
    }
    for (auto& device : stage_.devices()) {
        if (!device->disk().is_dead()) continue;
        (void)drop(*device); // the server notices when it hears no more, at the latest with the next greeting
        if (device->is_wiped()) device->disk().power_on();
        else device->restart();
    }
}

// ---- how people connect

bool Network::visit(Device& device)
{
    for (;;) {
        const bool surrenders = !device.is_open();
        connect(device);
        if (device.is_wiped()) return true;
        while (step(device)) {}
        const auto found = links_.find(device.name());
        if (found == links_.end()) {
            if (!device.is_open() && !surrenders && !device.is_wiped()) continue; // it heard that it is revoked, and comes again to surrender
            return device.is_wiped();
        }
        const auto* client = std::get_if<std::unique_ptr<sync::SyncClient>>(&found->second.client);
        if (client != nullptr && !(*client)->is_quiet()) throw std::runtime_error{device.name() + " has nothing to say, and is not quiet"};
        hang_up(device);
        return true; // all is exchanged, or handed over
    }
}

void Network::meet(const std::vector<Device*>& devices)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (auto* device : devices) {
            connect(*device);
            moved |= !is_linked(*device) && !device->is_wiped(); // the power went while it dialled
        }
        for (auto* device : devices)
            while (step(*device)) moved = true;
    }
    for (auto* device : devices) hang_up(*device);
}

} // namespace roadbook::simulation::stories
