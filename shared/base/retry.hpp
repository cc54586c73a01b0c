#pragma once
// "Come again in so many seconds": how an Error of server_busy carries it, from a refusal on the wire to whoever waits.
#include "shared/base/result.hpp"

#include <charconv>
#include <chrono>
#include <optional>

namespace roadbook {

/// Nobody is asked to wait longer by a hint; and one that asks for more counts as this.
inline constexpr std::chrono::seconds retry_after_max{600};

/// The hint stands in `field`, in seconds.
[[nodiscard]] inline Error busy(Bilingual words, std::chrono::seconds after)
{
    return fail(Errc::server_busy, std::move(words), std::to_string(after.count()));
}
/// Nothing: the other end named no time.
[[nodiscard]] inline std::optional<std::chrono::seconds> retry_after(const Error& why) noexcept
{
    if (why.code != Errc::server_busy) return std::nullopt;
    int seconds = 0;
    const auto* end = why.field.data() + why.field.size();
    const auto [stopped, failed] = std::from_chars(why.field.data(), end, seconds);
    if (failed != std::errc{} || stopped != end || seconds <= 0) return std::nullopt;
    return std::min(std::chrono::seconds{seconds}, retry_after_max);
}

} // namespace roadbook
