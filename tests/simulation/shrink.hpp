#pragma once
// A failing world made small: fewer devices and fewer steps, as long as it breaks in the same way.
#include "tests/simulation/run.hpp"

#include <chrono>

namespace roadbook::simulation {

struct Shrunk {
    Setting setting;
    Outcome outcome;
    int runs = 0; ///< that it took
};

/// Ends after `time_max` with what it has by then.
[[nodiscard]] Shrunk shrink(const Setting& setting, Outcome broken, const std::filesystem::path& folder, int orders, std::chrono::seconds time_max);

} // namespace roadbook::simulation
