// The network of a world: frames in queues, links that are cut, half open or damaged.
#include "shared/protocol/frames.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::simulation {
namespace {

/// A frame's type is its first field. Counted, so that no message of the protocol goes untried.
std::string name_of(std::string_view way, ByteView frame)
{
    std::uint64_t tag = 0;
    int shift = 0;
    for (const auto b : frame) {
        tag |= (static_cast<std::uint64_t>(b) & 0x7f) << shift;
        if ((static_cast<std::uint64_t>(b) & 0x80) == 0) break;
        shift += 7;
    }
    return fmt::format("{} {}", way, tag >> 3);
}

constexpr auto answers_frame = "to device 3";

} // namespace

void World::connect(Device& device)
{
    if (device.link || device.is_away) return;
    if (!device.replica->identity()) enrol_anew(device); // the first try was cut short
    Link link;
    link.client = std::make_unique<sync::SyncClient>(*device.replica);
    auto frames = link.client->open();
    if (!frames) throw std::runtime_error{device.name + " cannot connect: " + frames.error().message};
    link.connection = core_->connect();
    for (auto& frame : *frames) link.up.push_back(std::move(frame));
    if (weather_.half_open && !is_calm_ && chance_.one_in(4)) (chance_.one_in(2) ? link.swallows_up : link.swallows_down) = true;
    device.link = std::move(link);
    if (!is_calm_) tell(device.name + " connects");
}

void World::cut(Device& device)
{
    if (!device.link) return;
    ++tally_.cuts;
    if (!is_calm_) tell(device.name + " is cut off");
    const auto why = fail(Errc::link_lost, "cut");
    const auto link = std::exchange(device.link, std::nullopt);
    tally_.late += link->client->tally().late;
    tally_.met["waits"] += link->client->tally().waiting;
    device.why_cut = link->client->why().message;
    const bool half_open = link->swallows_up || link->swallows_down;
    if (core_ && half_open && !is_calm_) {
        ++tally_.met["link: half open"];
        unheard_.push_back(link->connection); // the server takes it for alive
    } else if (core_) {
        core_->lost(link->connection, why);
    }
    link->client->lost(why);
    note_refusals(device);
}

void World::cut_all()
{
    for (auto& device : devices_) cut(device);
    for (const auto connection : std::exchange(unheard_, {}))
        if (core_) core_->lost(connection, fail(Errc::link_lost, "found dead"));
}

/// As far as it goes, the bytes of a connection are whole or it ends; this is what a broken peer would send.
void World::spoil(Bytes& frame)
{
    if (!weather_.damaged_frames || is_calm_ || frame.empty() || !chance_.one_in(40)) return;
    if (chance_.one_in(2)) {
        ++tally_.met["link: truncated frame"];
        frame.resize(chance_.below(frame.size()));
    } else {
        ++tally_.met["link: damaged frame"];
        frame[chance_.below(frame.size())] ^= static_cast<std::byte>(1U << chance_.below(8));
    }
}

void World::deliver_up(Device& device)
{
    auto& link = *device.link;
    auto frame = std::move(link.up.front());
    link.up.pop_front();
    if (link.swallows_up) return;
    if (weather_.damaged_frames && !is_calm_ && chance_.one_in(60)) {
        ++tally_.met["link: frame twice"];
        link.up.push_front(frame);
    }
    ++tally_.met[name_of("to server", frame)];
    spoil(frame);
    core_->receive(link.connection, frame);
    run_server();
}

void World::run_server()
{
    // A group commit happens whenever the server comes to it; here: at once or some frames later.
    const bool comes_to_it = weather_.slow_server && !is_calm_ ? chance_.one_in(8) : !chance_.one_in(3);
    if (core_->has_pending() && comes_to_it) core_->commit_pending();
    for (const auto& output : core_->take_output()) route(output);
}

void World::route(const server::Output& output)
{
    if (output.frame && ended_.contains(output.connection)) throw std::runtime_error{"a byte goes out to somebody whose access was ended"};
    if (output.connection == older_link_) older_got_.push_back(output);
    for (auto& device : devices_)
        if (device.link && device.link->connection == output.connection) {
            if (output.frame) device.link->down.push_back(*output.frame);
            else device.link->down.emplace_back(); // an empty one stands for the close
        }
}

/// One connection: it says all that it has to say, and hears the answers or does not.
void World::older_app_comes()
{
    if (!older_app_ || older_app_->outbox.changes().empty()) return;
    try {
        const auto connection = core_->connect();
        older_link_ = connection;
        for (const auto& frame : {older_app_->hello(server_clock_.now()), older_app_->push()}) core_->receive(connection, protocol::write(frame));
        core_->commit_pending();
        for (const auto& output : core_->take_output()) route(output);
        core_->lost(connection, fail(Errc::link_lost, "done"));
        older_link_.reset();
        const auto got = std::exchange(older_got_, {});
        if (!is_calm_ && chance_.one_in(3)) return; // the link broke first
        for (const auto& output : got) {
            if (!output.frame) continue;
            const auto frame = protocol::read_server_frame(*output.frame).value();
            if (frame.has_welcome()) older_app_->hear(frame.welcome());
            if (!frame.has_answers()) continue;
            const auto heard = older_app_->hear(frame.answers());
            tally_.late += heard.late;
            tally_.met["waits"] += heard.waiting;
            for (const auto& why : heard.refused) unexpected_refusals_.insert("of an older app: " + why);
        }
    } catch (const Fault&) {
        older_link_.reset();
        older_got_.clear();
        if (!any_machine_failed()) throw;
    }
    recover();
}

void World::deliver_down(Device& device)
{
    auto& link = *device.link;
    auto frame = std::move(link.down.front());
    link.down.pop_front();
    if (link.swallows_down) return;
    if (frame.empty()) return cut(device);
    const auto name = name_of("to device", frame);
    ++tally_.met[name];
    const auto sent = frame;
    spoil(frame);
    if (frame != sent && name == answers_frame) values_unknown_ = true;
    auto answers = link.client->receive(frame);
    for (auto& answer : answers) link.up.push_back(std::move(answer));
    note_refusals(device);
    note_what_left(device);
    if (!link.client->is_closed()) return;
    const auto why = link.client->why().code;
    note_damage(link.client->why());
    ++tally_.met[fmt::format("closed: {}", roadbook::name(why))];
    cut(device);
    if (why == Errc::bad_token) enrol_anew(device);
}

/// A copy of it came first, and its token is worn out: its user asks for a new code, as after the loss of one.
void World::enrol_anew(Device& device)
{
    tell(device.name + " is enrolled anew");
    ++tally_.met["device enrolled anew"];
    server_disk_->make_room(); // an administrator gives out the code, and sees to the server
    sync::SyncClient client{*device.replica};
    const auto connection = core_->connect();
    for (const auto& frame : client.open_to_enrol(hub_->make_code(device.person, std::chrono::hours{1}).value(), device.name, "wss://server", "")) {
        ++tally_.met[name_of("to server", frame)];
        core_->receive(connection, frame);
    }
    for (const auto& output : core_->take_output())
        if (output.frame && output.connection == connection) {
            ++tally_.met[name_of("to device", *output.frame)];
            (void)client.receive(*output.frame);
        }
    core_->lost(connection, fail(Errc::link_lost, "done"));
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
    } catch (const Fault& fault) {
        note_damage(fault.error());
        if (!any_machine_failed()) throw;
        cut(device); // as the programs do: the connection that met it ends
    }
    recover();
    return true;
}

/// Only the liar's edits may be refused, who writes one field that nobody else does; and what came too late, in worlds where that can be.
void World::note_refusals(Device& device)
{
    if (device.disk->is_dead() || has_io_error(device) || device.is_damaged) return; // asked again after the restart
    for (const auto& edit : device.replica->refused()) {
        ++tally_.met[fmt::format("refused: {}", roadbook::name(edit.code))];
        if (edit.record.is_nil()) { // its record was handed over: noted before, unless both came at once, as for an edit that came damaged
            if (weather_.damaged_frames && !noted_refusals_.contains(edit.intent.text())) values_unknown_ = true;
            continue;
        }
        noted_refusals_.insert(edit.intent.text());
        if (edit.field == lied_field) {
            const auto cell = ledger_.cells.find({edit.record.text(), std::string{lied_field}});
            if (cell == ledger_.cells.end()) continue;
            const auto values = cell->second.writes;
            for (const auto& write : values) ledger_.refused(edit.record.text(), std::string{lied_field}, write.value);
            continue;
        }
        note_refusal(edit.record.text(), edit.creates, edit.sets);
        // An edit that came damaged, what builds on it, and an approval of what it said.
        // Or it was told of a newer grant than there is.
        const bool came_damaged = edit.code == Errc::not_found || edit.code == Errc::bad_change || edit.code == Errc::stranded || edit.field.ends_with("/heads");
        if (weather_.disaster != Disaster::none || (weather_.damaged_frames && came_damaged)) continue;
        if (unexpected_refusals_.insert(edit.intent.text()).second)
            tell(fmt::format("UNEXPECTED refusal on {}: {} {} {} {}", device.name, edit.kind, roadbook::name(edit.code), edit.field, edit.reason));
    }
}

/// It is kept with its reason: so it needs to be nowhere else.
void World::note_refusal(const std::string& record, bool creates, const std::vector<merge::WrittenField>& sets, bool is)
{
    if (creates) ledger_.refused_creation(record, is);
    for (const auto& set : sets) {
        if (set.path == "notes") ledger_.refused_note(record, set.value, is);
        ledger_.refused(record, set.path, set.value, is);
        if (!set.path.starts_with("items/") || !set.path.ends_with("/amount")) continue;
        auto digits = set.value.substr(0, set.value.find(' ')); // "18.00 EUR"
        std::erase(digits, '.');
        ledger_.refused_spending(record, std::stoll(digits), is);
    }
}

/// What a device has nothing left of to send is on the server, whatever becomes of the device.
void World::note_what_left(Device& device)
{
    const bool matters = weather_.disaster == Disaster::lying_disk || weather_.disaster == Disaster::device_restored || weather_.disaster == Disaster::device_replaced ||
                         weather_.disaster == Disaster::person_leaves;
    if (matters && !device.sent.is_uncertain && device.replica->status().unsent == 0) device.sent.up_to = ledger_.edits();
}

} // namespace roadbook::simulation
