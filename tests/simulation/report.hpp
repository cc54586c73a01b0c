#pragma once
// What a run of many worlds held, against what it must hold at least.
#include "tests/simulation/tally.hpp"

#include <filesystem>
#include <vector>

namespace roadbook::simulation {

class Report {
public:
    Report(const Tally& total, std::uint64_t seeds, double seconds) : total_{total}, seeds_{seeds}, seconds_{seconds} {}

    /// For a terminal.
    [[nodiscard]] std::string text() const;
    /// For README.md. False: the file cannot be written.
    [[nodiscard]] bool write(const std::filesystem::path& file) const;
    /// Averages that are too low for worlds that people would live in, and what never came about. Meant for a thousand seeds and more.
    [[nodiscard]] std::vector<std::string> below_floors() const;

private:
    [[nodiscard]] double per_seed(std::int64_t count) const;

    const Tally& total_;
    std::uint64_t seeds_;
    double seconds_;
};

} // namespace roadbook::simulation
