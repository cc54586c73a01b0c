#pragma once
// In which orders a story is played, and where the network is cut.
#include "tests/simulation/seeded.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace roadbook::simulation::stories {

/// Five devices come in 120 orders; of more, so many are played, chosen by chance of a fixed seed.
inline constexpr std::size_t orders_max = 120;

using Order = std::vector<std::size_t>; ///< indexes of devices, as they were enrolled

[[nodiscard]] std::size_t orders_possible(std::size_t devices);
/// All of them, or `count` different ones by chance, orders_max at most; the first is the one of enrolment.
[[nodiscard]] std::vector<Order> orders_of(std::size_t devices, std::size_t count);
/// After every frame, or after `count` of them by chance; frames are counted from 1.
[[nodiscard]] std::vector<std::int64_t> cuts_of(std::int64_t frames, const std::optional<std::size_t>& count, Chance& chance);

} // namespace roadbook::simulation::stories
