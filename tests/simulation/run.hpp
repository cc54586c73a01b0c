#pragma once
// One world from its founding to the last check.
#include "tests/simulation/world.hpp"

namespace roadbook::simulation {

struct Outcome {
    std::vector<std::string> broken; ///< empty: all invariants held
    std::vector<std::string> story;
    Tally tally;
    std::vector<std::string> devices;
    int steps = 0;
};

/// `folder`: for this world alone; it is emptied. `orders`: in how many the history is synced.
[[nodiscard]] Outcome run_world(const Setting& setting, const std::filesystem::path& folder, int orders);

} // namespace roadbook::simulation
