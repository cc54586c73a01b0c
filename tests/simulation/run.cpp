#include "tests/simulation/run.hpp"

#include "tests/simulation/described.hpp"

#include <fmt/format.h>

#include <exception>

namespace roadbook::simulation {

Outcome run_world(const Setting& setting, const std::filesystem::path& folder, int orders)
{
    Outcome outcome;
    std::unique_ptr<World> world;
    try {
        world = std::make_unique<World>(setting, folder);
        world->work();
        world->keep_image();
        std::map<std::string, std::string> first_view;
        std::set<std::string> first_refusals;
        for (int order = 0; order < orders && outcome.broken.empty(); ++order) {
            if (order > 0) world->restore_image();
            world->settle(setting.seed * 7 + static_cast<std::uint64_t>(order));
            outcome.broken = world->check();
            const auto view = world->view_of_server();
            const auto refusals = world->refusals();
            if (order == 0) {
                first_view = view;
                first_refusals = refusals;
                continue;
            }
            if (world->weather().disaster != Disaster::none) continue; // what was put back makes it matter who comes first
            for (const auto& [id, text] : view)
                if (!is_notice(text) && !is_notice(first_view[id]) && without_numbers(first_view[id]) != without_numbers(text))
                    outcome.broken.push_back(fmt::format("order {} makes {} into\n{}the first order into\n{}", order, id, text, first_view[id]));
            for (const auto& one : refusals)
                if (!first_refusals.contains(one)) outcome.broken.push_back(fmt::format("order {} refuses what the first does not: {}", order, one));
            for (const auto& one : first_refusals)
                if (!refusals.contains(one)) outcome.broken.push_back(fmt::format("order {} does not refuse what the first does: {}", order, one));
        }
    } catch (const std::exception& thrown) {
        outcome.broken.push_back(fmt::format("thrown: {}", thrown.what()));
    }
    if (world) {
        outcome.story = world->story();
        outcome.tally = world->tally();
        outcome.devices = world->device_names();
        outcome.steps = world->weather().steps;
    }
    return outcome;
}

} // namespace roadbook::simulation
