#pragma once
// Chance and time out of one seed: the same seed gives the same world, to the byte.
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <random>
#include <vector>

namespace roadbook::simulation {

class Chance final : public Random {
public:
    explicit Chance(std::uint64_t seed) : engine_{seed} {}
    void begin_anew(std::uint64_t seed) { engine_.seed(seed); }

    void fill(std::span<std::byte> bytes) override
    {
        for (auto& b : bytes) b = static_cast<std::byte>(engine_() & 0xff);
    }
    /// 0 .. count-1
    [[nodiscard]] std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }
    [[nodiscard]] bool one_in(std::size_t count) { return below(count) == 0; }
    template <class T>
    [[nodiscard]] T& pick(std::vector<T>& from) { return from[below(from.size())]; }
    template <class T>
    [[nodiscard]] const T& pick(const std::vector<T>& from) { return from[below(from.size())]; }

private:
    std::mt19937_64 engine_;
};

/// Stands still until it is moved. Each device has its own, which may be years wrong.
class VirtualClock final : public Clock {
public:
    explicit VirtualClock(Time start) : now_{start} {}
    Time now() override { return now_; }
    void advance(Duration by) { now_ += by; }
    void set(Time time) { now_ = time; }

private:
    Time now_;
};

} // namespace roadbook::simulation
