#include "tests/simulation/firm.hpp"

#include "mobile-app/sync/sync_client.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/server_core.hpp"
#include "tests/simulation/seeded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

namespace roadbook::simulation {
namespace {

using schema::Fields;

const Time start_of_time = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::hours{8};
constexpr std::uint64_t founding_seed = 0xf1;

/// Hires, enrols and syncs everybody, without any fault.
class Founding {
public:
    explicit Founding(Firm& firm) : firm_{firm}
    {
        firm_.folder = world_folder("firm");
        std::filesystem::remove_all(firm_.folder);
        std::filesystem::create_directories(firm_.folder);
        firm_.founded_at = start_of_time;
        open_server();
        hire();
        open_territories();
        for (const auto& result : hub_->apply(intents_, firm_.people.front().id)) result.value();
        keep_new_replica();
        static const std::vector<std::pair<const char*, std::size_t>> devices{{"rep0", 1},     {"rep1", 2},    {"boss", 0},       {"engineer", 6}, {"rep0-tablet", 1},
                                                                              {"rep2", 3},     {"manager", 5}, {"dispatcher", 7}, {"finance", 8},  {"rep3", 4},
                                                                              {"engineer1", 9}, {"products", 10}};
        for (const auto& [name, person] : devices) enrol(name, person);
        enrol_older_app(firm_.people[1].id);
        core_.reset();
        hub_.reset();
        firm_.server = server_disk_.image();
    }

private:
    void open_server()
    {
        hub_ = server::Hub::open({.folder = firm_.folder / "server", .clock = &clock_, .random = &random_, .vfs = server_disk_.vfs(), .gate_threads = 1}).value();
        core_ = std::make_unique<server::ServerCore>(*hub_);
    }

    RecordId add(std::string_view kind, Fields fields)
    {
        merge::Intent intent;
        intent.record = new_id<RecordId>(clock_.now(), random_);
        intent.kind = kind;
        intent.create = true;
        intent.steps.push_back({{}, {}, false, std::move(fields)});
        intents_.push_back(std::move(intent));
        return intents_.back().record;
    }

    void hire()
    {
        const auto person = [&](std::string name, schema::Role role, std::optional<std::size_t> boss) {
            Fields fields{{"name", name}, {"role", std::string{schema::name(role)}}};
            std::optional<RecordId> above;
            if (boss) above = firm_.people[*boss].id;
            if (above) fields["reports_to"] = *above;
            firm_.people.push_back({add("person", std::move(fields)), std::move(name), role, above});
        };
        using schema::Role;
        person("Mona", Role::manager, {}); // 0, above everybody
        for (int i = 0; i < 2; ++i) person(fmt::format("Rep {}", i), Role::rep, 0); // 1, 2
        person("Rep 2", Role::rep, 0); // 3, 4: report to the second manager, once he is hired
        person("Rep 3", Role::rep, 0);
        person("Max", Role::manager, 0); // 5
        person("Ed", Role::engineer, 0); // 6
        person("Dora", Role::dispatcher, 0);
        person("Fiona", Role::finance, 0);
        person("Eve", Role::engineer, 0); // 9
        person("Paul", Role::product_manager, 0);
        for (const std::size_t rep : {3U, 4U}) {
            firm_.people[rep].boss = firm_.people[5].id;
            for (auto& intent : intents_)
                if (intent.record == firm_.people[rep].id) intent.steps.front().values["reports_to"] = firm_.people[5].id;
        }
        std::rotate(intents_.begin() + 3, intents_.begin() + 5, intents_.begin() + 6); // he comes before those who report to him
    }

    void open_territories()
    {
        for (std::size_t i = 0; i < 5; ++i)
            firm_.territories.push_back(add("territory", {{"name", fmt::format("Territory {}", i)}, {"holder", firm_.people[1 + i % 4].id}}));
        const auto wrote = [&](const RecordId& id, const char* path, std::string value) {
            firm_.ledger.wrote(id.text(), path, value, {}, Ledger::Fate::confirmed);
        };
        for (int i = 0; i < 2; ++i) {
            const Money price{1000 + i, "EUR"};
            const auto id = add("product", {{"name", fmt::format("Product {}", i)}, {"price", price}});
            firm_.products.push_back(id);
            firm_.ledger.made(id.text(), "product", Ledger::Fate::confirmed);
            wrote(id, "name", fmt::format("Product {}", i));
            wrote(id, "price", price.text());
        }
        for (std::size_t i = 0; i < 5; ++i) {
            const auto id = add("account", {{"name", fmt::format("Account {}", i)}, {"territory", firm_.territories[i]}});
            firm_.ledger.made(id.text(), "account", Ledger::Fate::confirmed);
            wrote(id, "name", fmt::format("Account {}", i));
        }
    }

    std::unique_ptr<replica::Replica> open_replica(const std::filesystem::path& folder, Disk& disk, Chance& chance)
    {
        std::filesystem::create_directories(folder);
        std::ofstream{folder / replica::Replica::file_name}; // its place among files is what an installation is known by
        return replica::Replica::open({.folder = folder, .clock = &clock_, .random = &chance, .vfs = disk.vfs()}).value();
    }

    void keep_new_replica()
    {
        Disk disk{"disk-firm-new"};
        Chance chance{founding_seed};
        open_replica(firm_.folder / "new", disk, chance).reset();
        firm_.new_replica = disk.image();
    }

    void enrol(const char* name, std::size_t person)
    {
        Disk disk{fmt::format("disk-firm-{}", name)};
        disk.restore(firm_.new_replica);
        Chance chance{founding_seed + firm_.machines.size() + 1};
        auto replica = open_replica(firm_.folder / name, disk, chance);
        const auto code = hub_->make_code(firm_.people[person].id, std::chrono::hours{1}).value();
        sync::SyncClient enrolling{*replica};
        exchange(enrolling, enrolling.open_to_enrol(code, name, "wss://server", ""));
        sync::SyncClient syncing{*replica};
        exchange(syncing, syncing.open().value());
        if (!syncing.is_quiet()) throw std::runtime_error{fmt::format("the first sync of {} does not come to rest: {}", name, syncing.why().message)};
        replica.reset();
        firm_.machines.push_back({name, person, disk.image()});
    }

    void enrol_older_app(const RecordId& person)
    {
        const auto ask = [&](const protocol::v1::ClientFrame& frame) {
            const auto connection = core_->connect();
            core_->receive(connection, protocol::write(frame));
            protocol::v1::ServerFrame first;
            for (const auto& output : core_->take_output()) {
                if (!output.frame || output.connection != connection) continue;
                first = protocol::read_server_frame(*output.frame).value();
                break;
            }
            core_->lost(connection, fail(Errc::link_lost, "done"));
            return first;
        };
        protocol::v1::ClientFrame frame;
        frame.mutable_enrol()->set_version(protocol::version);
        frame.mutable_enrol()->set_code(hub_->make_code(person, std::chrono::hours{1}).value());
        frame.mutable_enrol()->set_device_name("older");
        const auto enrolled = ask(frame).enrolled();
        firm_.older_app = {person, enrolled.device(), enrolled.token(), 0};
        const auto answer = ask(OlderApp{firm_.older_app, founding_seed}.hello(clock_.now()));
        if (!answer.has_welcome()) throw std::runtime_error{"the older app does not get in: " + answer.refusal().message()};
        firm_.older_app.grant_epoch = answer.welcome().grants().epoch();
    }

    void exchange(sync::SyncClient& client, std::vector<Bytes> frames)
    {
        const auto connection = core_->connect();
        std::deque<Bytes> up{frames.begin(), frames.end()};
        while (!up.empty()) {
            core_->receive(connection, up.front());
            up.pop_front();
            if (core_->has_pending()) core_->commit_pending();
            for (const auto& output : core_->take_output())
                if (output.frame && !client.is_closed())
                    for (auto& answer : client.receive(*output.frame)) up.push_back(std::move(answer));
        }
        core_->lost(connection, fail(Errc::link_lost, "done"));
    }

    Firm& firm_;
    VirtualClock clock_{start_of_time};
    Chance random_{founding_seed};
    Disk server_disk_{"disk-firm-server"};
    std::unique_ptr<server::Hub> hub_;
    std::unique_ptr<server::ServerCore> core_;
    std::vector<merge::Intent> intents_;
};

} // namespace

std::filesystem::path world_folder(std::string_view name)
{
    const std::filesystem::path memory{"/dev/shm"};
    std::error_code ec;
    const auto base = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path(ec);
    return base / fmt::format("roadbook-sim-{}-{}", ::getpid(), name);
}

const Firm::Person& Firm::person(const RecordId& id) const
{
    return *std::find_if(people.begin(), people.end(), [&](const Person& one) { return one.id == id; });
}

std::vector<RecordId> Firm::people_of(schema::Role role) const
{
    std::vector<RecordId> found;
    for (const auto& one : people)
        if (one.role == role) found.push_back(one.id);
    return found;
}

bool Firm::leads(const RecordId& boss, const RecordId& subject) const
{
    for (auto above = person(subject).boss; above; above = person(*above).boss)
        if (*above == boss) return true;
    return false;
}

Firm::~Firm()
{
    std::error_code ec;
    std::filesystem::remove_all(folder, ec);
}

const Firm& the_firm()
{
    static Firm firm;
    static const Founding founded{firm};
    return firm;
}

} // namespace roadbook::simulation
