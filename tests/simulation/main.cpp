// roadbook-sim --seeds A..B: worlds under a seed. Prints what they held, and the first that broke, made small.
#include "shared/base/log.hpp"
#include "tests/simulation/report.hpp"
#include "tests/simulation/shrink.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

namespace {

using namespace roadbook::simulation;

constexpr auto shrink_time_max = std::chrono::seconds{90};
constexpr std::uint64_t compares_orders_every = 3; // a second order of the same history costs as much as a new world

struct Options {
    std::string seeds = "1..100";
    int jobs = 1;
    int orders = 0;
    bool large = false, keep_going = false, no_shrink = false, floors = false;
    std::string report;
    std::vector<std::string> without_devices;
    std::vector<int> only_steps;
};

struct Range {
    std::uint64_t first = 1;
    std::uint64_t last = 100;
};

bool parse(const std::string& text, Range& range)
{
    const auto dots = text.find("..");
    try {
        std::size_t used = 0;
        range.first = std::stoull(text.substr(0, dots), &used);
        if (used != text.substr(0, dots).size()) return false;
        range.last = dots == std::string::npos ? range.first : std::stoull(text.substr(dots + 2));
    } catch (const std::exception&) {
        return false;
    }
    return range.first <= range.last;
}

int orders_of(const Options& options, std::uint64_t seed)
{
    if (options.orders > 0) return options.orders;
    return seed % compares_orders_every == 0 ? 2 : 1;
}

Setting setting_of(const Options& options, std::uint64_t seed)
{
    Setting setting{.seed = seed, .large = options.large};
    setting.without_devices.insert(options.without_devices.begin(), options.without_devices.end());
    if (options.only_steps.empty()) return setting;
    for (int step = 1; step <= Weather::of(setting).steps; ++step) setting.without_steps.insert(step);
    for (const auto step : options.only_steps) setting.without_steps.erase(step);
    return setting;
}

/// The command that plays just this again.
std::string replay_of(const Options& options, const Setting& setting, const Outcome& outcome)
{
    auto command = fmt::format("roadbook-sim --seeds {} --orders {}{}", setting.seed, orders_of(options, setting.seed), setting.large ? " --large" : "");
    if (!setting.without_devices.empty()) command += fmt::format(" --without-devices {}", fmt::join(setting.without_devices, ","));
    if (setting.without_steps.empty()) return command;
    std::vector<int> steps;
    for (int step = 1; step <= outcome.steps; ++step)
        if (!setting.without_steps.contains(step)) steps.push_back(step);
    return command + fmt::format(" --only-steps {}", fmt::join(steps, ","));
}

void print_failure(const Options& options, const Setting& setting, const Outcome& outcome)
{
    fmt::print("seed {} broke:\n", setting.seed);
    for (const auto& line : outcome.broken) fmt::print("  - {}\n", line);
    const auto lines_max = std::size_t{60};
    const auto from = outcome.story.size() > lines_max ? outcome.story.size() - lines_max : 0;
    fmt::print("what happened{}, by step:\n", from > 0 ? fmt::format(" (the last {} lines)", lines_max) : "");
    for (auto i = from; i < outcome.story.size(); ++i) fmt::print("  {}\n", outcome.story[i]);
    fmt::print("again: {}\n", replay_of(options, setting, outcome));
}

void shrink_and_print(const Options& options, const Setting& setting, const Outcome& outcome)
{
    if (options.no_shrink || !options.only_steps.empty()) return print_failure(options, setting, outcome);
    fmt::print("seed {} broke: {}\nmaking it small takes up to {} s ...\n", setting.seed, outcome.broken.front(), shrink_time_max.count());
    std::fflush(stdout);
    const auto small = shrink(setting, outcome, world_folder("shrink"), orders_of(options, setting.seed), shrink_time_max);
    fmt::print("of {} devices and {} steps, {} and {} are left ({} runs)\n", outcome.devices.size(), outcome.steps, small.outcome.devices.size(),
               static_cast<std::size_t>(small.outcome.steps) - small.setting.without_steps.size(), small.runs);
    print_failure(options, small.setting, small.outcome);
}

/// All worlds, on several threads: what they went through, and those that broke.
struct Played {
    Tally total;
    std::uint64_t done = 0;
    double seconds = 0;
    std::vector<std::pair<Setting, Outcome>> broken;
};

Played play(const Options& options, const Range& range)
{
    Played played;
    const auto started = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> next{range.first};
    std::atomic<bool> stop{false};
    std::mutex lock;
    (void)the_firm();
    const auto work = [&](int job) {
        const auto folder = world_folder(std::to_string(job));
        for (;;) {
            const auto seed = next++;
            if (seed > range.last || stop) return;
            const auto setting = setting_of(options, seed);
            auto outcome = run_world(setting, folder, orders_of(options, seed));
            const std::lock_guard guard{lock};
            ++played.done;
            played.total += outcome.tally;
            if (outcome.broken.empty()) continue;
            if (options.keep_going) fmt::print("seed {} broke: {}\n", seed, outcome.broken.front());
            else stop = true;
            std::fflush(stdout);
            played.broken.emplace_back(setting, std::move(outcome));
        }
    };
    std::vector<std::thread> threads;
    for (int job = 1; job < options.jobs; ++job) threads.emplace_back(work, job);
    work(0);
    for (auto& thread : threads) thread.join();
    played.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return played;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Breaks Roadbook under a seed: a server, devices and their users on virtual time."};
    Options options;
    app.add_option("--seeds", options.seeds, "which worlds, as A..B or one number")->capture_default_str();
    app.add_option("--jobs", options.jobs, "worlds at the same time")->check(CLI::Range(1, 64))->capture_default_str();
    app.add_option("--orders", options.orders, "orders in which each history is synced; 0: two in every third world, else one")->check(CLI::Range(0, 24))->capture_default_str();
    app.add_flag("--large", options.large, "more devices and five times as long");
    app.add_flag("--keep-going", options.keep_going, "does not stop at the first world that breaks; names each");
    app.add_flag("--no-shrink", options.no_shrink, "prints a world that breaks as it is");
    app.add_flag("--floors", options.floors, "fails, too, when the worlds were too empty, or a fault or message never came about");
    app.add_option("--report", options.report, "writes the figures of this run into a file, as Markdown");
    app.add_option("--without-devices", options.without_devices, "leaves these out, by name")->delimiter(',');
    app.add_option("--only-steps", options.only_steps, "plays only these steps of the work")->delimiter(',');
    CLI11_PARSE(app, argc, argv);
    Range range;
    if (!parse(options.seeds, range)) {
        fmt::print(stderr, "'{}' are no seeds: write --seeds 1..1000 or --seeds 42\n", options.seeds);
        return 2;
    }
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);      // else two worlds wait for each other at every allocation
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);       // each connection is one thread's: no locks inside
    roadbook::log::start(roadbook::log::Level::off); // machines lose power here all the time
    const auto played = play(options, range);
    const Report report{played.total, played.done, played.seconds};
    fmt::print("{}", report.text());
    if (!options.report.empty() && !report.write(options.report)) {
        fmt::print(stderr, "the report cannot be written to {}\n", options.report);
        return 2;
    }
    if (!played.broken.empty()) {
        shrink_and_print(options, played.broken.front().first, played.broken.front().second);
        if (played.broken.size() > 1) fmt::print("{} worlds broke\n", played.broken.size());
        return 1;
    }
    const auto missing = options.floors ? report.below_floors() : std::vector<std::string>{};
    for (const auto& line : missing) fmt::print("too little: {}\n", line);
    if (!missing.empty()) return 1;
    fmt::print("all invariants held\n");
    return 0;
}
