// roadbook-sim --seeds A..B: worlds under a seed. Prints seeds a second and the first failing seed.
#include "shared/base/log.hpp"
#include "tests/simulation/run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

namespace {

using namespace roadbook::simulation;

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

void print_failure(std::uint64_t seed, const Outcome& outcome)
{
    fmt::print("seed {} broke:\n", seed);
    for (const auto& line : outcome.broken) fmt::print("  - {}\n", line);
    fmt::print("what happened (the last 40 lines):\n");
    const auto from = outcome.story.size() > 40 ? outcome.story.size() - 40 : 0;
    for (auto i = from; i < outcome.story.size(); ++i) fmt::print("  {}\n", outcome.story[i]);
    fmt::print("again: roadbook-sim --seeds {} \n", seed);
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Breaks Roadbook under a seed: a server, devices and their users on virtual time."};
    std::string seeds = "1..100";
    int jobs = 1;
    int orders = 2;
    app.add_option("--seeds", seeds, "which worlds, as A..B or one number")->capture_default_str();
    app.add_option("--jobs", jobs, "worlds at the same time")->check(CLI::Range(1, 64))->capture_default_str();
    app.add_option("--orders", orders, "orders in which each history is synced")->check(CLI::Range(1, 24))->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    Range range;
    if (!parse(seeds, range)) {
        fmt::print(stderr, "'{}' are no seeds: write --seeds 1..1000 or --seeds 42\n", seeds);
        return 2;
    }
    roadbook::log::start(roadbook::log::Level::off); // machines lose power here all the time
    const auto started = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> next{range.first};
    std::atomic<bool> failed{false};
    std::mutex printing;
    Tally total;
    std::uint64_t done = 0;
    const auto work = [&](int job) {
        const auto folder = world_folder(std::to_string(job));
        for (;;) {
            const auto seed = next++;
            if (seed > range.last || failed) return;
            const auto outcome = run_seed(seed, folder, orders);
            const std::lock_guard lock{printing};
            ++done;
            total += outcome.tally;
            if (!outcome.broken.empty() && !failed.exchange(true)) print_failure(seed, outcome);
        }
    };
    std::vector<std::thread> threads;
    for (int job = 1; job < jobs; ++job) threads.emplace_back(work, job);
    work(0);
    for (auto& thread : threads) thread.join();
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const auto per_seed = [&](std::int64_t count) { return static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(done, 1)); };
    fmt::print("{} seeds in {:.1f} s, {:.1f} a second; per seed: {:.1f} edits, {:.1f} conflicts, {:.2f} refusals, {:.1f} hand-overs, {:.2f} late, {:.1f} kills, {:.1f} cuts\n",
               done, seconds, static_cast<double>(done) / seconds, per_seed(total.edits), per_seed(total.conflicts), per_seed(total.refused),
               per_seed(total.moves), per_seed(total.late), per_seed(total.kills), per_seed(total.cuts));
    if (failed) return 1;
    fmt::print("all invariants held\n");
    return 0;
}
