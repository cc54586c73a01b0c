// Every point of every flow at which a disk can be written to: there the program ends, the power goes, the call fails, or the disk is full. What a user or a
// device was told is then there, a record is whole or as it was, the machine opens and goes on, and in the end both ends hold the same.
#include "mobile-app/replica/open.hpp"
#include "mobile-app/sync/sync_client.hpp"
#include "shared/base/log.hpp"
#include "sync-server/session/server_core.hpp"
#include "tests/simulation/crash_vfs.hpp"
#include "tests/support/company.hpp"

#include <catch2/catch.hpp>

#include <iostream>

using namespace roadbook;
using namespace roadbook::testing;
using simulation::Disk;
using simulation::DiskFault;

namespace {

constexpr std::array faults{DiskFault::killed, DiskFault::power_lost, DiskFault::io_error, DiskFault::full};
constexpr int frames_max = 10'000;
const Time start_of_day = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::hours{8};

schema::Value text(const char* value)
{
    return std::string{value};
}

/// A server and a device of Ann's, each on a disk of its own; what they hold can be put back.
class Office {
public:
    enum class Machine { device, server };

    Office()
    {
        open_server();
        for (auto* id : {&mona, &ann, &ben, &north, &south, &acme, &bolt}) *id = new_id<RecordId>(clock_.now(), chance_);
        apply(creation(mona, "person", {{"name", text("Mona")}, {"role", text("manager")}}));
        apply(creation(ann, "person", {{"name", text("Ann")}, {"role", text("rep")}, {"reports_to", mona}}));
        apply(creation(ben, "person", {{"name", text("Ben")}, {"role", text("rep")}, {"reports_to", mona}}));
        apply(creation(north, "territory", {{"name", text("North")}, {"holder", ann}}));
        apply(creation(south, "territory", {{"name", text("South")}, {"holder", ben}}));
        apply(creation(acme, "account", {{"name", text("Acme")}, {"territory", north}}));
        apply(creation(bolt, "account", {{"name", text("Bolt")}, {"territory", south}}));
        open_device();
        enrol();
    }
    ~Office() { close(); }
    Office(const Office&) = delete;
    Office& operator=(const Office&) = delete;

    RecordId mona, ann, ben, north, south, acme, bolt;

    [[nodiscard]] replica::Replica& device() { return *replica_; }
    [[nodiscard]] server::Hub& server() { return *hub_; }
    [[nodiscard]] Disk& disk(Machine machine) { return machine == Machine::device ? device_disk_ : server_disk_; }

    /// As administration does it; an error of the disk is a Fault or an Error.
    [[nodiscard]] Result<void> try_apply(const merge::Intent& intent)
    {
        for (const auto& done : hub_->apply(std::span{&intent, 1}, mona))
            if (!done) return done.error();
        return {};
    }
    void apply(const merge::Intent& intent) { try_apply(intent).value(); }

    /// One connection, until nobody has anything left to say, or a disk ends it.
    Error sync()
    {
        sync::SyncClient client{*replica_};
        const auto connection = core_->connect();
        const auto end = [&](const Error& why) {
            if (!client.is_closed()) client.lost(why);
            core_->lost(connection, why);
            static_cast<void>(core_->take_output());
        };
        try {
            std::deque<Bytes> up;
            for (auto& frame : client.open().value()) up.push_back(std::move(frame));
            for (int frames = 0; !up.empty() && !client.is_closed(); ++frames) {
                if (frames > frames_max) throw std::runtime_error{"the exchange has no end"};
                core_->receive(connection, up.front());
                core_->commit_pending();
                up.pop_front();
                for (const auto& output : core_->take_output()) {
                    if (output.connection != connection || client.is_closed()) continue;
                    if (!output.frame) client.lost(output.why);
                    else
                        for (auto& next : client.receive(*output.frame)) up.push_back(std::move(next));
                }
            }
        } catch (const Fault& fault) {
            end(fault.error());
            return fault.error();
        }
        const auto why = client.is_closed() ? client.why() : client.is_quiet() ? Error{Errc::ok, {}, {}} : fail(Errc::link_lost, "it stopped before it was quiet");
        end(fail(Errc::link_lost, "done"));
        return why;
    }

    void keep_images()
    {
        close();
        images_ = {device_disk_.image(), server_disk_.image()};
        open_server();
        open_device();
    }
    void put_back()
    {
        close();
        for (auto* disk : {&device_disk_, &server_disk_}) disk->power_on(), disk->make_room(); // a fault that did not come about is forgotten
        device_disk_.restore(images_.first);
        server_disk_.restore(images_.second);
        open_server();
        open_device();
    }
    /// Its program ends, if it has not already, and starts again. Errors: it does not open.
    [[nodiscard]] Result<void> restart(Machine machine)
    {
        if (machine == Machine::device) {
            replica_.reset();
            device_disk_.power_on();
            return try_open_device();
        }
        core_.reset();
        hub_.reset();
        server_disk_.power_on();
        return try_open_server();
    }
    void close()
    {
        core_.reset();
        hub_.reset();
        replica_.reset();
    }
    /// A new installation on an empty disk.
    void erase_device()
    {
        replica_.reset();
        device_disk_.power_on();
        device_disk_.restore({});
    }
    [[nodiscard]] Result<void> try_open_device()
    {
        auto opened = replica::Replica::open({.folder = folder_ / "device", .clock = &clock_, .random = &chance_, .vfs = device_disk_.vfs()});
        if (!opened) return opened.error();
        replica_ = std::move(*opened);
        return {};
    }
    [[nodiscard]] Result<void> try_open_server()
    {
        auto opened = server::Hub::open({.folder = folder_ / "server", .clock = &clock_, .random = &chance_, .vfs = server_disk_.vfs(), .gate_threads = 1});
        if (!opened) return opened.error();
        hub_ = std::move(*opened);
        core_ = std::make_unique<server::ServerCore>(*hub_);
        return {};
    }
    void enrol()
    {
        sync::SyncClient client{*replica_};
        const auto connection = core_->connect();
        const auto code = hub_->make_code(ann, std::chrono::hours{1}).value();
        for (const auto& frame : client.open_to_enrol(code, "phone", "wss://server", "")) core_->receive(connection, frame);
        core_->commit_pending();
        for (const auto& output : core_->take_output())
            if (output.frame) static_cast<void>(client.receive(*output.frame));
        core_->lost(connection, fail(Errc::link_lost, "done"));
    }

private:
    void open_device() { try_open_device().value(); }
    void open_server() { try_open_server().value(); }

    TempFolder folder_;
    simulation::VirtualClock clock_{start_of_day};
    simulation::Chance chance_{7};
    Disk device_disk_{"write-points-device"}, server_disk_{"write-points-server"};
    std::unique_ptr<server::Hub> hub_;
    std::unique_ptr<server::ServerCore> core_;
    std::unique_ptr<replica::Replica> replica_;
    std::pair<Disk::Image, Disk::Image> images_;
};

/// What somebody was told is so.
struct Said {
    RecordId record;
    std::string field;
    schema::Value value;
};

struct Flow {
    std::string name;
    std::function<void(Office&)> prepare;
    /// Ok: done. Says what was confirmed meanwhile, also when it failed in the end.
    std::function<Error(Office&, std::vector<Said>&)> run;
};

const Error done{Errc::ok, {}, {}};

/// An edit: confirmed when the call gives no error.
Error edit_of(const Result<replica::Saved>& saved, std::vector<Said>& said, const schema::Fields& fields)
{
    if (!saved) return saved.error();
    for (const auto& [field, value] : fields) said.push_back({saved->record, field, value});
    return done;
}

Error sync_only(Office& office, std::vector<Said>&)
{
    return office.sync();
}

void synced(Office& office)
{
    REQUIRE(office.sync().code == Errc::ok);
}

std::vector<Flow> flows_of_the_device()
{
    const auto unsent = [](Office& office) {
        synced(office);
        office.device().add("visit", {{"subject", text("Tea")}, {"account", office.acme}}).value();
        office.device().set(office.acme, {{"phone", text("1")}}).value();
        office.device().add("task", {{"subject", text("Call")}, {"owner", office.ann}}).value();
    };
    return {
        {"a visit is added", synced,
         [](Office& office, auto& said) {
             const schema::Fields fields{{"subject", text("Coffee")}, {"account", office.acme}};
             return edit_of(office.device().add("visit", fields), said, fields);
         }},
        {"a customer is changed", synced,
         [](Office& office, auto& said) {
             const schema::Fields fields{{"phone", text("0049 1")}, {"city", text("Graz")}};
             return edit_of(office.device().set(office.acme, fields), said, fields);
         }},
        {"a quote gets a line", synced,
         [](Office& office, auto& said) -> Error {
             const schema::Fields fields{{"account", office.acme}, {"currency", text("EUR")}};
             const auto quote = office.device().add("quote", fields);
             if (const auto made = edit_of(quote, said, fields); made.code != Errc::ok) return made;
             const auto item = office.device().add_item(quote->record, "lines", {{"description", text("Valve")}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{1000, "EUR"}}});
             return item ? done : item.error();
         }},
        {"a photo is put beside a visit", synced,
         [](Office& office, auto& said) -> Error {
             const schema::Fields fields{{"subject", text("With a photo")}, {"account", office.acme}};
             const auto visit = office.device().add("visit", fields);
             if (const auto made = edit_of(visit, said, fields); made.code != Errc::ok) return made;
             const auto file = office.device().attach(visit->record, "photo.jpg", "image/jpeg", Bytes(5'000, std::byte{7}));
             return file ? done : file.error();
         }},
        {"what was saved is sent", unsent, sync_only},
        {"all records come for the first time", [](Office&) {}, sync_only},
        {"news come",
         [](Office& office) {
             synced(office);
             office.apply(edit(office.acme, "account", {{"phone", text("2")}}));
             office.apply(creation(new_id<RecordId>(start_of_day, system_random()), "visit", {{"subject", text("From Mona")}, {"account", office.acme}}));
         },
         sync_only},
        {"two wrote one field, and it is settled",
         [](Office& office) {
             synced(office);
             office.device().set(office.acme, {{"territory", office.north}, {"name", text("Acme AG")}}).value();
             office.apply(edit(office.acme, "account", {{"name", text("Acme Ltd")}}));
             synced(office);
         },
         [](Office& office, auto& said) -> Error {
             const auto open = office.device().conflicts();
             if (open.empty()) return done;
             return edit_of(office.device().resolve(office.acme, "name", text("Acme"), "called"), said, {{"name", text("Acme")}});
         }},
        {"a territory is handed to her",
         [](Office& office) {
             synced(office);
             office.apply(edit(office.south, "territory", {{"holder", office.ann}}));
         },
         sync_only},
        {"her territory goes to a colleague while edits wait",
         [unsent](Office& office) {
             unsent(office);
             office.apply(edit(office.north, "territory", {{"holder", office.ben}}));
         },
         sync_only},
        {"an edit is refused",
         [](Office& office) {
             synced(office);
             auto identity = office.device().identity().value();
             identity.role = schema::Role::finance; // the device takes her for somebody who may, and lets it pass
             office.device().keep_identity(identity);
             office.device().set(office.acme, {{"credit_limit", Money{100, "EUR"}}, {"phone", text("3")}}).value();
             office.device().set(office.acme, {{"city", text("Linz")}}).value();
         },
         sync_only},
    };
}

std::vector<Flow> flows_of_the_server()
{
    auto flows = flows_of_the_device();
    std::erase_if(flows, [](const Flow& flow) {
        const auto tells_of = [&](const char* word) { return flow.name.find(word) != std::string::npos; };
        return !tells_of("sent") && !tells_of("wait") && !tells_of("refused"); // in the others the server writes next to nothing
    });
    flows.push_back({"a territory is handed over by its manager", synced,
                     [](Office& office, auto& said) -> Error {
                         const auto done_so = office.try_apply(edit(office.north, "territory", {{"holder", office.ben}}));
                         if (!done_so) return done_so.error();
                         said.push_back({office.north, "holder", office.ben});
                         return done;
                     }});
    flows.push_back({"a code is made", synced, [](Office& office, auto&) -> Error {
                         const auto code = office.server().make_code(office.ben, std::chrono::hours{1});
                         return code ? done : code.error();
                     }});
    return flows;
}

struct Tally {
    int points = 0, faults = 0;
};

/// Of each flow and fault, spread evenly; a purge writes 600 times. packaging/test --long asks for all of them.
int points_max()
{
    constexpr int enough_for_every_day = 50;
    const char* const wanted = std::getenv("ROADBOOK_WRITE_POINTS");
    return wanted != nullptr && std::string_view{wanted} == "all" ? std::numeric_limits<int>::max() : enough_for_every_day;
}

/// One flow, with one fault at each point until there is none left.
class Loop {
public:
    Loop(Office& office, const Flow& flow, Office::Machine machine, DiskFault fault) : office_{office}, flow_{flow}, machine_{machine}, fault_{fault} {}

    void run(Tally& tally)
    {
        const auto points = count_points();
        tally.points += points;
        const auto step = std::max(1, points / points_max());
        for (int point = 0; point < points; point += step) fail_at(point, tally);
    }

private:
    /// The flow without a fault.
    int count_points()
    {
        office_.put_back();
        auto& disk = office_.disk(machine_);
        const auto before = disk.writes();
        INFO(flow_.name);
        CHECK(attempt().code == Errc::ok);
        return disk.writes() - before;
    }

    void fail_at(int point, Tally& tally)
    {
        INFO(flow_.name << ": " << simulation::name(fault_) << " at write " << point);
        office_.put_back();
        said_.clear();
        auto& disk = office_.disk(machine_);
        const auto before = disk.times(fault_);
        disk.fail_after(point, fault_);
        const auto why = attempt();
        if (disk.times(fault_) == before) return; // a full disk is not met by the last calls, which need no room
        ++tally.faults;
        if (fault_ == DiskFault::full) go_on_when_full(why);
        else REQUIRE(office_.restart(machine_).has_value());
        check_said("after the fault");
        settle();
        check_said("in the end");
    }

    Error attempt()
    {
        try {
            return flow_.run(office_, said_);
        } catch (const Fault& fault) {
            return fault.error();
        }
    }

    /// A full disk: it is told, reading works, and with room again all of it works, without a restart.
    void go_on_when_full(const Error& why)
    {
        if (machine_ == Office::Machine::device) {
            CHECK((why.code == Errc::storage_full || why.code == Errc::ok || why.code == Errc::link_lost));
            CHECK(listed("account").has_value());
        }
        office_.disk(machine_).make_room();
        std::vector<Said> again;
        const auto result = flow_.run(office_, again);
        INFO("with room again: " << result.message);
        CHECK(result.code == Errc::ok);
    }

    void settle()
    {
        for (int times = 0; times < 2; ++times) {
            const auto why = office_.sync();
            INFO("the sync after it: " << why.message);
            CHECK(why.code == Errc::ok);
        }
        CHECK(office_.device().status().unsent == 0);
        same_on_both();
    }

    void check_said(const char* when)
    {
        for (const auto& one : said_) {
            INFO(when << ": " << one.field << " of " << one.record.text());
            if (machine_ == Office::Machine::server) {
                const auto record = office_.server().record(one.record);
                CHECK((record.has_value() && (*record)[one.field] == one.value));
            } else {
                const auto shown = office_.device().show(one.record);
                CHECK((shown.has_value() && shown->merged.record[one.field] == one.value));
            }
        }
    }

    Result<std::vector<schema::Record>> listed(const char* kind)
    {
        storage::Query query;
        query.kind = kind;
        return office_.device().list(query);
    }

    /// Each record that the device shows, from its document and in its lists, is the server's.
    void same_on_both()
    {
        for (const auto* kind : {"account", "visit", "quote", "task", "territory"}) {
            for (const auto& here : listed(kind).value()) {
                INFO(kind << " " << here.id.text());
                const auto there = office_.server().record(here.id);
                REQUIRE(there.has_value());
                CHECK(here.fields == there->fields);
                const auto shown = office_.device().show(here.id).value().merged.record;
                CHECK(shown.fields == there->fields);
                CHECK(shown.collections == there->collections);
            }
        }
    }

    Office& office_;
    const Flow& flow_;
    Office::Machine machine_;
    DiskFault fault_;
    std::vector<Said> said_;
};

void run_all(const std::vector<Flow>& flows, Office::Machine machine)
{
    log::start(log::Level::off); // a failing disk is worth a line each time
    Tally tally;
    for (const auto& flow : flows) {
        Office office;
        flow.prepare(office);
        office.keep_images();
        for (const auto fault : faults) Loop{office, flow, machine, fault}.run(tally);
    }
    std::cout << tally.faults << " faults in " << flows.size() << " flows, at " << tally.points << " points\n";
    CHECK(tally.faults > 0);
}

} // namespace

TEST_CASE("whatever happens at any write of a device's disk, what it had said is saved is there, and it goes on", "[write-points]")
{
    run_all(flows_of_the_device(), Office::Machine::device);
}

TEST_CASE("whatever happens at any write of the server's disk, what it had acknowledged is there, once, and it goes on", "[write-points]")
{
    run_all(flows_of_the_server(), Office::Machine::server);
}

TEST_CASE("a replica that is made or opened while its disk fails opens afterwards", "[write-points]")
{
    Office office;
    office.erase_device();
    auto& disk = office.disk(Office::Machine::device);
    const auto writes = disk.writes();
    REQUIRE(office.try_open_device().has_value());
    const auto points = disk.writes() - writes;
    for (const auto fault : faults)
        for (int point = 0; point < points; point += std::max(1, points / points_max())) {
            INFO(simulation::name(fault) << " at write " << point);
            office.erase_device();
            const auto before = disk.times(fault);
            disk.fail_after(point, fault);
            const auto opened = office.try_open_device();
            if (disk.times(fault) == before) continue;
            if (fault == DiskFault::full) {
                CHECK((opened.has_value() || opened.error().code == Errc::storage_full));
                disk.make_room();
            }
            REQUIRE(office.restart(Office::Machine::device).has_value());
        }
    office.enrol();
    CHECK(office.sync().code == Errc::ok);
    CHECK(office.device().show(office.acme).has_value());
}
