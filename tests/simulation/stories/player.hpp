#pragma once
// Plays a story in every order in which its people can sync, cuts the network after every frame of each of them, and lets machines lose
// power at any write.
#include "tests/simulation/stories/story.hpp"

#include <optional>

namespace roadbook::simulation::stories {

struct HowMuch {
    std::optional<std::size_t> orders; ///< nothing: all, up to orders_max of choices.hpp
    std::optional<std::size_t> cuts;   ///< of each order, chosen by chance; nothing: after every frame
    std::size_t kills = 24;            ///< in all
    // One play again, as a report names it.
    std::optional<std::size_t> order{};
    std::optional<std::int64_t> cut{}; ///< of that order; nothing: as `cuts` has it
    std::optional<std::size_t> kill{};
};

struct Played {
    std::size_t orders = 0;
    std::size_t orders_possible = 0;
    std::int64_t cuts = 0;  ///< that happened: a link that ends with a frame is not cut after it
    std::int64_t kills = 0; ///< that happened
    std::int64_t frames = 0;           ///< of the longest order
    std::vector<std::string> measured; ///< in words
    std::vector<std::string> broken;   ///< what, and in which play; empty: all was as told
};

[[nodiscard]] Played play(const Listed& listed, const HowMuch& how_much, const std::filesystem::path& folder);

/// Plays the story of this name or "all" of them, `jobs` at the same time, and prints what came of it; "list" only names them. The exit status: 0
/// when all was as told, 1 when something broke, 2 when there is no such story.
int play_stories(const std::string& name, const HowMuch& how_much, int jobs = 1);

} // namespace roadbook::simulation::stories
