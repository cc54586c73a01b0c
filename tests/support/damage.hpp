#pragma once
// Damages change chunks so that the damage gets far: lengths and checksum are made right again.
#include "tests/support/forged_change.hpp"

#include <random>

namespace roadbook::testing {

class Damage {
public:
    explicit Damage(std::uint64_t seed) : random_{seed} {}

    /// Parts of these come up in what is damaged.
    void learn(const std::vector<Bytes>& honest);
    /// One to four damages, small ones more often. Never throws.
    [[nodiscard]] Bytes damage(const Bytes& honest);
    [[nodiscard]] std::size_t below(std::size_t limit);

private:
    void bytes(Bytes& data);
    void fields(ForgedChange& change);
    void columns(ForgedChange& change);
    [[nodiscard]] std::int64_t odd_number();

    std::mt19937_64 random_;
    std::vector<ForgedChange> known_;
};

} // namespace roadbook::testing
