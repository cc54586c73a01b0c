#include "tests/simulation/stories/player.hpp"

#include "shared/base/log.hpp"
#include "tests/simulation/run.hpp"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace roadbook::simulation::stories {
namespace {

void list_stories()
{
    for (const auto& listed : all_stories())
        fmt::print("{:<24}{:<13}{}\n", listed.name, listed.scenario == 0 ? "" : fmt::format("scenario {}", listed.scenario), listed.told_as);
}

void print(const Listed& listed, const Played& played, double seconds)
{
    const auto orders = played.orders == played.orders_possible ? fmt::format("all {}", played.orders)
                                                                : fmt::format("{} of {}", played.orders, played.orders_possible);
    fmt::print("{:<24}{} orders, {} cuts (up to {} frames in an order), {} kills: {} ({:.1f} s)\n", listed.name, orders, played.cuts, played.frames,
               played.kills, played.broken.empty() ? "as told" : "BROKE", seconds);
    for (const auto& line : played.measured) fmt::print("    {}\n", line);
    for (const auto& line : played.broken) fmt::print("  - {}\n", line);
    std::fflush(stdout);
}

} // namespace

int play_stories(const std::string& name, const HowMuch& how_much, int jobs)
{
    if (name == "list") return list_stories(), 0;
    std::vector<const Listed*> chosen;
    for (const auto& listed : all_stories())
        if (name == "all" || name == listed.name) chosen.push_back(&listed);
    if (chosen.empty()) {
        fmt::print(stderr, "there is no story '{}': --story list names them\n", name);
        return 2;
    }
    log::start(log::Level::off); // machines lose power here all the time
    std::atomic<std::size_t> next{0};
    std::atomic<bool> broke{false};
    std::mutex printing;
    const auto work = [&] {
        for (std::size_t i = next++; i < chosen.size(); i = next++) {
            const auto started = std::chrono::steady_clock::now();
            const auto played = play(*chosen[i], how_much, world_folder(chosen[i]->name));
            if (!played.broken.empty()) broke = true;
            const std::lock_guard lock{printing};
            print(*chosen[i], played, std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
        }
    };
    std::vector<std::thread> threads;
    for (int job = 1; job < jobs; ++job) threads.emplace_back(work);
    work();
    for (auto& thread : threads) thread.join();
    return broke ? 1 : 0;
}

} // namespace roadbook::simulation::stories
