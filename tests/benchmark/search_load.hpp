#pragma once
// Search as a person types it: each key is a search of its own, over 50,000 accounts and 50,000 products.
#include "tests/benchmark/workloads.hpp"

namespace roadbook::benchmark {

[[nodiscard]] std::vector<Row> search_load(const Settings& settings);

} // namespace roadbook::benchmark
