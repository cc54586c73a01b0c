#pragma once
#include "tests/simulation/world.hpp"

namespace roadbook::simulation {

/// One seed: a working time, then the same history settled in several orders, which must agree.
struct Outcome {
    std::vector<std::string> broken; ///< empty: all invariants held
    std::vector<std::string> story;  ///< what happened, for a broken world
    Tally tally;
};
[[nodiscard]] Outcome run_seed(std::uint64_t seed, const std::filesystem::path& folder, int orders = 2);

/// Where worlds live: memory when the machine has such a folder.
[[nodiscard]] std::filesystem::path world_folder(std::string_view name);

} // namespace roadbook::simulation
