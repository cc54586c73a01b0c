// roadbook-bench WORKLOAD...: measures and prints a table, or JSON, with the machine and the spread.
#include "shared/base/log.hpp"
#include "tests/benchmark/workloads.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <thread>

#include <unistd.h>

namespace {

using namespace roadbook::benchmark;

std::string machine()
{
    std::ifstream file{"/proc/cpuinfo"};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name")) return fmt::format("{} cores, {}", std::thread::hardware_concurrency(), line.substr(line.find(':') + 2));
    return fmt::format("{} cores", std::thread::hardware_concurrency());
}

double at(std::vector<double> sorted, double part)
{
    std::sort(sorted.begin(), sorted.end());
    return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

std::string figure(double value)
{
    return value >= 100 ? fmt::format("{:.0f}", value) : value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Measures Roadbook: server and devices over TLS on this machine."};
    std::vector<std::string> chosen;
    Settings settings;
    bool as_json = false;
    std::string list;
    for (const auto& workload : workloads()) list += fmt::format("\n  {:<12} {}", workload.name, workload.what);
    app.add_option("workload", chosen, "which ones; none: all." + list);
    app.add_option("--rounds", settings.rounds, "repetitions of each")->check(CLI::Range(1, 100))->capture_default_str();
    app.add_option("--records", settings.records, "size of the data set")->check(CLI::Range(800, 200'000))->capture_default_str();
    app.add_option("--devices", settings.devices, "of the storm")->check(CLI::Range(1, 8'000))->capture_default_str();
    app.add_flag("--json", as_json, "for programs");
    CLI11_PARSE(app, argc, argv);
    for (const auto& name : chosen)
        if (std::none_of(workloads().begin(), workloads().end(), [&](const auto& w) { return w.name == name; })) {
            fmt::print(stderr, "there is no workload '{}'; there are:{}\n", name, list);
            return 2;
        }
    roadbook::log::start(roadbook::log::Level::error);
    settings.folder = std::filesystem::temp_directory_path() / fmt::format("roadbook-bench-{}", ::getpid());
    nlohmann::json json{{"machine", machine()}, {"rounds", settings.rounds}, {"records", settings.records}, {"rows", nlohmann::json::array()}};
    if (!as_json) fmt::print("{}; {} rounds, {} records; median (least to greatest)\n", machine(), settings.rounds, settings.records);
    int exit_status = 0;
    for (const auto& workload : workloads()) {
        if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), workload.name) == chosen.end()) continue;
        try {
            for (const auto& row : workload.run(settings)) {
                const auto median = at(row.samples, 0.5);
                json["rows"].push_back({{"workload", workload.name}, {"name", row.name}, {"unit", row.unit}, {"median", median}, {"least", at(row.samples, 0)},
                                        {"greatest", at(row.samples, 1)}, {"samples", row.samples.size()}, {"target", row.target}});
                if (!as_json)
                    fmt::print("{:<66} {:>8} {:<4} ({} to {}){}\n", row.name, figure(median), row.unit, figure(at(row.samples, 0)), figure(at(row.samples, 1)),
                               row.target.empty() ? "" : "  target " + row.target);
            }
        } catch (const std::exception& thrown) {
            fmt::print(stderr, "{} failed: {}\n", workload.name, thrown.what());
            exit_status = 1;
        }
        std::fflush(stdout);
    }
    std::filesystem::remove_all(settings.folder);
    if (as_json) fmt::print("{}\n", json.dump(2));
    return exit_status;
}
