#pragma once
// When to try again: waits that grow, with full jitter, and never before the server wants to see us.
#include "shared/base/retry.hpp"

#include <algorithm>
#include <random>

namespace roadbook::sync {

/// Pure, but for the seed. After a restart of the server a thousand devices draw a thousand different times.
class Backoff {
public:
    using Wait = std::chrono::milliseconds;
    static constexpr Wait first{1'000};
    static constexpr Wait longest{60'000};
    static constexpr Wait least = first / 2; ///< a link that breaks at once is not hammered

    explicit Backoff(std::uint32_t seed) : random_{seed} {}

    /// `asked`: what the server wants us to wait. The jitter comes on top of it: those who were told one second do not come in one instant.
    [[nodiscard]] Wait next(std::optional<std::chrono::seconds> asked = {})
    {
        const auto jitter = std::uniform_int_distribution<std::int64_t>{least.count(), wait_.count()}(random_);
        // A server that says when is alive: its time counts, and ours need not grow.
        if (!asked) wait_ = std::min(wait_ * 2, longest);
        return (asked ? Wait{*asked} - least : Wait{0}) + Wait{jitter};
    }
    /// All is well, or there is something new to send.
    void reset() { wait_ = first; }
    /// Only a person can help: there is no use in trying soon.
    void slow_down() { wait_ = longest; }

private:
    std::minstd_rand random_;
    Wait wait_ = first;
};

} // namespace roadbook::sync
