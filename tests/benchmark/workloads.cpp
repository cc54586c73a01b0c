#include "tests/benchmark/workloads.hpp"

#include "mobile-app/replica/open.hpp"
#include "mobile-app/sync/sync_client.hpp"
#include "mobile-app/sync/sync_runner.hpp"
#include "shared/wire/connect.hpp"
#include "shared/wire/url.hpp"
#include "tests/benchmark/data_set.hpp"
#include "tests/benchmark/findings_load.hpp"
#include "tests/benchmark/push_load.hpp"
#include "tests/benchmark/running_server.hpp"
#include "tests/benchmark/search_load.hpp"
#include "tests/benchmark/storm.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include <time.h>
#include <unistd.h>

namespace roadbook::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double kilobytes(std::uint64_t bytes)
{
    return static_cast<double>(bytes) / 1000.0;
}

/// Resident memory of a process, in KiB.
double resident(pid_t process)
{
    std::ifstream file{fmt::format("/proc/{}/statm", process)};
    std::int64_t total = 0;
    std::int64_t pages = 0;
    file >> total >> pages;
    return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024.0;
}

/// CPU time of all threads but this one, in milliseconds: while this one is the only client, the server with its gate.
double cpu_of_others()
{
    const auto spent = [](clockid_t clock) {
        timespec time{};
        clock_gettime(clock, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    };
    return spent(CLOCK_PROCESS_CPUTIME_ID) - spent(CLOCK_THREAD_CPUTIME_ID);
}

struct Site {
    Settings settings;
    DataSet data;
    std::unique_ptr<RunningServer> server;
    int devices = 0;

    explicit Site(const Settings& chosen, int records) : settings{chosen}
    {
        std::filesystem::remove_all(settings.folder);
        data = make_server(settings.folder / "server", records);
        server = std::make_unique<RunningServer>(settings.folder / "server");
    }
    std::unique_ptr<replica::Replica> new_device()
    {
        auto device = replica::Replica::open({.folder = settings.folder / fmt::format("device{}", devices++)}).value();
        device->keep_identity(server->enrol(data.rep));
        return device;
    }
};

std::vector<Row> first_sync(const Settings& settings)
{
    Site site{settings, settings.records};
    Row time{"first sync, all searchable", "ms", {}, "800"};
    Row bytes{"first sync, bytes received", "KB", {}, "2000"};
    Row sent{"first sync, bytes sent", "KB", {}, ""};
    Row cpu{"first sync, server CPU", "ms", {}, ""};
    for (int round = 0; round < settings.rounds; ++round) {
        const auto device = site.new_device();
        const auto before = site.server->cpu();
        const auto start = Clock::now();
        const auto report = sync::sync_once(*device).value();
        time.samples.push_back(milliseconds_since(start));
        bytes.samples.push_back(kilobytes(report.bytes_in));
        sent.samples.push_back(kilobytes(report.bytes_out));
        cpu.samples.push_back(static_cast<double>((site.server->cpu() - before).count()));
        if (device->status().records < site.data.records) throw std::runtime_error{"records are missing after the first sync"};
    }
    return {time, bytes, sent, cpu};
}

/// 200 records x 3 edits and 40 new ones, made offline, then one sync.
void a_day(replica::Replica& device, const DataSet& data, int round)
{
    for (int i = 0; i < 200; ++i) {
        const auto& account = data.accounts[static_cast<std::size_t>(round * 200 + i) % data.accounts.size()];
        for (int edit = 0; edit < 3; ++edit) (void)device.set(account, {{"phone", fmt::format("+49 40 {}{}{}", round, i, edit)}}).value();
    }
    for (int i = 0; i < 40; ++i)
        (void)device
            .add("visit", {{"subject", fmt::format("Visit of day {} number {}", round, i)}, {"account", data.accounts[static_cast<std::size_t>(i)]},
                           {"status", std::string{"done"}}, {"outcome", std::string{"order expected"}}, {"notes", std::string{"客户要求重新报价, delivery in spring"}}})
            .value();
}

std::vector<Row> day(const Settings& settings)
{
    Site site{settings, settings.records};
    const auto device = site.new_device();
    (void)sync::sync_once(*device).value();
    Row time{"a day's 640 edits, acknowledged", "ms", {}, "200"};
    Row bytes{"a day's edits, bytes sent and received", "KB", {}, "100"};
    Row cpu{"a day's edits, server CPU", "ms", {}, ""};
    for (int round = 0; round < settings.rounds; ++round) {
        a_day(*device, site.data, round);
        const auto before = site.server->cpu();
        const auto start = Clock::now();
        const auto report = sync::sync_once(*device).value();
        time.samples.push_back(milliseconds_since(start));
        bytes.samples.push_back(kilobytes(report.bytes_in + report.bytes_out));
        cpu.samples.push_back(static_cast<double>((site.server->cpu() - before).count()));
        if (report.tally.accepted != 640) throw std::runtime_error{"not all edits were accepted"};
    }
    return {time, bytes, cpu};
}

std::vector<Row> reconnect(const Settings& settings)
{
    Site site{settings, settings.records};
    const auto device = site.new_device();
    (void)sync::sync_once(*device).value();
    Row time{"reconnect, nothing new (TLS handshake included)", "ms", {}, ""};
    Row bytes{"reconnect, bytes both ways (TLS handshake included)", "B", {}, ""};
    Row hello{"reconnect, bytes of Hello", "B", {}, "1000"};
    Row cpu{"reconnect x 100, server CPU", "ms", {}, ""};
    for (int round = 0; round < settings.rounds; ++round) {
        const auto before = site.server->cpu();
        for (int i = 0; i < 100; ++i) {
            const auto start = Clock::now();
            const auto report = sync::sync_once(*device).value();
            time.samples.push_back(milliseconds_since(start));
            bytes.samples.push_back(static_cast<double>(report.bytes_in + report.bytes_out));
        }
        hello.samples.push_back(static_cast<double>(device->hello().ByteSizeLong()));
        cpu.samples.push_back(static_cast<double>((site.server->cpu() - before).count()));
    }
    return {time, bytes, hello, cpu};
}

std::vector<Row> throughput(const Settings& settings)
{
    Site site{settings, settings.records};
    Row single{"durable changes a second, 20 clients, one a push", "1/s", {}, "5000"};
    Row batched{"durable changes a second, 20 clients, 50 a push", "1/s", {}, "5000"};
    Row cpu{"server CPU a change, one a push, all its threads", "us", {}, ""};
    for (int round = 0; round < settings.rounds; ++round) {
        PushLoad load{site.settings.folder / "server", *site.server, site.data, 20, 250};
        const auto before = cpu_of_others();
        single.samples.push_back(load.run(1));
        cpu.samples.push_back((cpu_of_others() - before) * 1000.0 / 5000.0);
        PushLoad more{site.settings.folder / "server", *site.server, site.data, 20, 250};
        batched.samples.push_back(more.run(50));
    }
    return {single, batched, cpu};
}

/// What each edit costs on a connection that is open: TLS records, WebSocket headers, the push, its answer and its own entry in the feed.
std::vector<double> bytes_of_edits(replica::Replica& device, const DataSet& data)
{
    std::vector<double> samples;
    boost::asio::io_context io{1};
    std::exception_ptr fault;
    const auto run = [&]() -> boost::asio::awaitable<void> {
        const auto me = device.identity().value();
        auto wire = (co_await wire::connect(io.get_executor(), wire::Url::parse(me.server).value(), wire::ClientTls::pinned(me.trust).value())).value();
        sync::SyncClient client{device};
        auto frames = client.open().value();
        const auto exchange_until = [&](std::function<bool()> done) -> boost::asio::awaitable<void> {
            for (const auto& frame : std::exchange(frames, {})) (co_await wire.write(ByteView{frame})).value();
            while (!done()) {
                const auto frame = (co_await wire.read()).value();
                for (const auto& answer : client.receive(frame)) (co_await wire.write(ByteView{answer})).value();
            }
        };
        co_await exchange_until([&] { return client.is_quiet(); });
        for (int i = 0; i < 30; ++i) {
            const auto before = wire.bytes_in() + wire.bytes_out();
            const auto entries = client.tally().entries_received;
            (void)device.set(data.accounts[static_cast<std::size_t>(i)], {{"phone", fmt::format("+86 21 555{:04}", i)}}).value();
            frames = client.outbox_grew();
            co_await exchange_until([&] { return client.is_quiet() && client.tally().entries_received > entries; });
            samples.push_back(static_cast<double>(wire.bytes_in() + wire.bytes_out() - before));
        }
        co_await wire.close();
    };
    boost::asio::co_spawn(io, run(), [&](std::exception_ptr thrown) { fault = thrown; });
    io.run();
    if (fault) std::rethrow_exception(fault);
    return samples;
}

std::vector<Row> edits(const Settings& settings)
{
    Site site{settings, settings.records};
    const auto device = site.new_device();
    (void)sync::sync_once(*device).value();
    Row save{"save of one edit on the device, commit included", "ms", {}, "10"};
    for (int i = 0; i < 300; ++i) {
        const auto start = Clock::now();
        (void)device->set(site.data.accounts[static_cast<std::size_t>(i * 7) % site.data.accounts.size()], {{"city", fmt::format("City {}", i)}}).value();
        save.samples.push_back(milliseconds_since(start));
    }
    Row wire{"one-field edit, bytes both ways on a live connection", "B", bytes_of_edits(*device, site.data), "400"};
    return {save, wire};
}

/// The same things done on a plain replica and on one with vault and key, in turns, so that the machine's moods fall on both.
std::vector<Row> encryption(const Settings& settings)
{
    Site site{settings, settings.records};
    struct Side {
        const char* name;
        bool keyed;
        std::filesystem::path folder{};
        Row sync{}, save{}, open{}, search{};
    };
    Side sides[] = {{"plain", false}, {"encrypted", true}};
    for (auto& side : sides) {
        side.sync = {fmt::format("first sync, {}", side.name), "ms", {}, ""};
        side.save = {fmt::format("save of one edit, {}", side.name), "ms", {}, "10"};
        side.open = {fmt::format("open, and list 20 customers, {}", side.name), "ms", {}, ""};
        side.search = {fmt::format("search, {}", side.name), "ms", {}, "50"};
    }
    const auto open = [](const Side& side) {
        return side.keyed ? replica::open_device(side.folder).value() : replica::Replica::open({.folder = side.folder}).value();
    };
    for (int round = 0; round < settings.rounds; ++round) {
        for (auto& side : sides) {
            side.folder = settings.folder / fmt::format("{}{}", side.name, round);
            auto device = open(side);
            device->keep_identity(site.server->enrol(site.data.rep));
            auto start = Clock::now();
            (void)sync::sync_once(*device).value();
            side.sync.samples.push_back(milliseconds_since(start));
            for (int i = 0; i < 100; ++i) {
                start = Clock::now();
                (void)device->set(site.data.accounts[static_cast<std::size_t>(i * 7) % site.data.accounts.size()], {{"city", fmt::format("City {}", i)}}).value();
                side.save.samples.push_back(milliseconds_since(start));
            }
            device.reset();
            for (int i = 0; i < 10; ++i) {
                start = Clock::now();
                device.reset();
                device = open(side);
                storage::Query query;
                query.kind = "account";
                query.limit = 20;
                if (device->list(query)->size() != 20) throw std::runtime_error{"customers are missing"};
                side.open.samples.push_back(milliseconds_since(start));
            }
            for (int i = 0; i < 100; ++i) {
                start = Clock::now();
                (void)device->search(i % 2 == 0 ? "机电" : fmt::format("city {}", i));
                side.search.samples.push_back(milliseconds_since(start));
            }
        }
    }
    Row unlock{"the PIN's key (argon2id, 64 MiB, 3 passes)", "ms", {}, ""};
    for (int i = 0; i < 5; ++i) {
        const auto start = Clock::now();
        (void)stretch("271828", Bytes(salt_bytes), {});
        unlock.samples.push_back(milliseconds_since(start));
    }
    std::vector<Row> rows;
    for (auto row : {&Side::sync, &Side::save, &Side::open, &Side::search})
        for (auto& side : sides) rows.push_back(side.*row);
    rows.push_back(unlock);
    return rows;
}

std::vector<Row> growth(const Settings& settings)
{
    Row sync_ratio{"first sync, server CPU of 8,000 over that of 1,000 records", "x", {}, "8.5"};
    Row back_ratio{"reconnect x 300, server CPU of 8,000 over that of 1,000 records", "x", {}, "8.5"};
    const auto measure = [&](int records) {
        Site site{settings, records};
        (void)sync::sync_once(*site.new_device()).value();
        const auto before = site.server->cpu();
        std::unique_ptr<replica::Replica> device;
        for (int i = 0; i < 5; ++i) {
            device = site.new_device();
            (void)sync::sync_once(*device).value();
        }
        const auto between = site.server->cpu();
        for (int i = 0; i < 300; ++i) (void)sync::sync_once(*device).value();
        return std::pair{static_cast<double>((between - before).count()), static_cast<double>((site.server->cpu() - between).count())};
    };
    for (int round = 0; round < settings.rounds; ++round) {
        const auto small = measure(1'000);
        const auto large = measure(8'000);
        sync_ratio.samples.push_back(large.first / std::max(small.first, 1.0));
        back_ratio.samples.push_back(large.second / std::max(small.second, 1.0));
    }
    return {sync_ratio, back_ratio};
}

/// The server as its own process, so that nothing of the devices counts.
std::vector<Row> memory(const Settings& settings)
{
    constexpr int devices = 200;
    constexpr int stored_records = 100'000;
    std::filesystem::remove_all(settings.folder);
    const auto data = make_server(settings.folder, stored_records);
    std::vector<replica::Identity> identities;
    {
        const auto hub = server::Hub::open({settings.folder, &system_clock(), &system_random(), {}, 2}).value();
        for (int i = 0; i < devices; ++i) identities.push_back(enrol(*hub, data.rep));
    }
    testing::Process server{std::filesystem::read_symlink("/proc/self/exe").parent_path() / "roadbookd",
                            {"serve", "--data", settings.folder.string(), "--listen", "127.0.0.1:0", "--log-level", "error"}};
    std::istringstream line{server.read_line()};
    std::string word, url, fingerprint;
    line >> word >> url >> word >> fingerprint;
    for (auto& identity : identities) identity.server = url, identity.trust = fingerprint;
    Row stored{fmt::format("memory of a server with {} records stored, at rest", stored_records), "MiB", {resident(server.pid()) / 1024.0}, ""};
    const auto before = resident(server.pid());
    const auto open = connect_idle(identities);
    Row idle{"memory of the server for an idle connected device", "KiB", {(resident(server.pid()) - before) / devices}, ""};
    const auto device = replica::Replica::open({.folder = settings.folder / "device"}).value();
    device->keep_identity(identities.front());
    (void)sync::sync_once(*device).value();
    Row used{"the same server after one device's first sync of all", "MiB", {resident(server.pid()) / 1024.0}, ""};
    return {stored, idle, used};
}

} // namespace

const std::vector<Workload>& workloads()
{
    static const std::vector<Workload> all{
        {"first-sync", "an empty replica gets the territory: 8,000 records, read model and search included", first_sync},
        {"day", "200 records x 3 edits and 40 new ones, until all are acknowledged", day},
        {"reconnect", "nothing new", reconnect},
        {"throughput", "20 clients push one-field changes; each is gated and on disk before its answer", throughput},
        {"edits", "saving on the device, and one edit on the wire", edits},
        {"search", "what a person types, key by key, over 50,000 accounts and 50,000 products", search_load},
        {"findings", "what does not go together, after one incoming change among 100,000 records", findings_load},
        {"encryption", "the same on a plain replica and on an encrypted one", encryption},
        {"growth", "cost in proportion to the records", growth},
        {"storm", "devices whose server is killed and started again, each with an edit to send", storm},
        {"memory", "a server process with 200 idle devices and 100,000 records stored; takes a minute or two", memory},
    };
    return all;
}

} // namespace roadbook::benchmark
