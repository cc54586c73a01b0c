#pragma once
// Time as the product keeps it: UTC milliseconds. No rule reads a clock by itself; it is handed one.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace roadbook {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    /// The wall clock of this machine: for stamps that people read, never for picking a winner.
    [[nodiscard]] virtual Time now() = 0;
};

/// The machine's own clock; one for the process.
[[nodiscard]] Clock& system_clock();

/// "2026-11-22T14:05:09.120Z"
[[nodiscard]] std::string to_text(Time time);
/// Accepts the form above, without the fraction, and a date alone (midnight UTC). Nothing for a day or hour that does not exist.
[[nodiscard]] std::optional<Time> time_from_text(std::string_view text);

} // namespace roadbook
