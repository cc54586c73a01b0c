#pragma once
// What roadbook-bench measures. Each workload sets itself up, runs, and gives rows: a name, the samples, a unit and the target.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace roadbook::benchmark {

struct Row {
    std::string name;
    std::string unit;
    std::vector<double> samples;
    std::string target; ///< empty: none is set
};

struct Settings {
    std::filesystem::path folder; ///< for data; removed at the end
    int rounds = 3;
    int records = 8'000;
    int devices = 2'000; ///< of the storm
};

struct Workload {
    std::string name;
    std::string what;
    std::function<std::vector<Row>(const Settings&)> run;
};
[[nodiscard]] const std::vector<Workload>& workloads();

} // namespace roadbook::benchmark
