#pragma once
// A restart storm: all devices of a server lose it in one instant, and come back with an edit each, over real TLS.
#include "tests/benchmark/workloads.hpp"

namespace roadbook::benchmark {

/// `settings.devices` devices, each from an address of its own, are connected to a roadbookd process, which is killed and started again. Each keeps the
/// product's back-off and the server's hints. Throws when one is not back in time, or an edit is not in the server at the end.
[[nodiscard]] std::vector<Row> storm(const Settings& settings);

} // namespace roadbook::benchmark
