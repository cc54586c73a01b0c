#include "tests/benchmark/workloads.hpp"

#include "conflict/merge/genesis.hpp"
#include "mobile-app/sync/sync_runner.hpp"
#include "tests/benchmark/data_set.hpp"
#include "tests/benchmark/push_load.hpp"
#include "tests/benchmark/running_server.hpp"

#include <fmt/format.h>

#include <fstream>

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

/// Resident memory of this process, in KiB.
double resident()
{
    std::ifstream file{"/proc/self/statm"};
    std::int64_t total = 0;
    std::int64_t pages = 0;
    file >> total >> pages;
    return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024.0;
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
    Row cpu{"server CPU a change, one a push", "us", {}, ""};
    for (int round = 0; round < settings.rounds; ++round) {
        PushLoad load{site.settings.folder / "server", *site.server, site.data, 20, 250};
        const auto before = site.server->cpu();
        single.samples.push_back(load.run(1));
        cpu.samples.push_back(static_cast<double>((site.server->cpu() - before).count()) * 1000.0 / 5000.0);
        PushLoad more{site.settings.folder / "server", *site.server, site.data, 20, 250};
        batched.samples.push_back(more.run(50));
    }
    return {single, batched, cpu};
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
    (void)sync::sync_once(*device).value();
    const auto quiet = sync::sync_once(*device).value();
    Row wire{"one-field edit, bytes on the wire beyond a quiet sync", "B", {}, "400"};
    for (int i = 0; i < 10; ++i) {
        (void)device->set(site.data.accounts[static_cast<std::size_t>(i)], {{"phone", fmt::format("+86 21 555{:04}", i)}}).value();
        const auto report = sync::sync_once(*device).value();
        wire.samples.push_back(static_cast<double>(report.bytes_in + report.bytes_out) - static_cast<double>(quiet.bytes_in + quiet.bytes_out));
    }
    return {save, wire};
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

std::vector<Row> memory(const Settings& settings)
{
    Site site{settings, settings.records};
    Row idle{"memory of an idle connected device, both ends in one process", "KiB", {}, ""};
    Row stored{"memory of server and benchmark with all records stored", "MiB", {resident() / 1024.0}, ""};
    PushLoad first{site.settings.folder / "server", *site.server, site.data, 20, 1};
    (void)first.run(1);
    const auto before = resident();
    constexpr int devices = 200;
    PushLoad load{site.settings.folder / "server", *site.server, site.data, devices, 0};
    (void)load.run(1);
    idle.samples.push_back((resident() - before) / devices);
    return {idle, stored};
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
        {"growth", "cost in proportion to the records", growth},
        {"memory", "idle devices and stored records", memory},
    };
    return all;
}

} // namespace roadbook::benchmark
