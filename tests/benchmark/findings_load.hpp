#pragma once
// Findings after one incoming change, among 100,000 records as a replica holds them.
#include "tests/benchmark/workloads.hpp"

namespace roadbook::benchmark {

[[nodiscard]] std::vector<Row> findings_load(const Settings& settings);

} // namespace roadbook::benchmark
