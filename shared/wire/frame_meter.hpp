#pragma once
// Counts what Beast does not: the fragments of a message and the control frames of a minute.
#include "shared/base/bytes.hpp"

#include <array>
#include <chrono>
#include <string_view>

namespace roadbook::wire {

/// Reads along with the bytes of one WebSocket, in whatever pieces they come, and looks at frame headers only. Whether
/// a frame is well formed is Beast's business: on framing that it does not understand the meter stops looking. Pure: no
/// I/O, no clock.
class FrameMeter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// True from the moment that a limit is passed. `now` moves forward only.
    [[nodiscard]] bool feed(ByteView bytes, Time now);
    /// What was too much, for the message to the caller.
    [[nodiscard]] std::string_view complaint() const noexcept { return complaint_; }

private:
    void on_header();
    void count_control();
    void count_data(bool continues, bool final);

    std::array<unsigned char, 14> header_{};
    std::size_t header_bytes_ = 0;
    std::uint64_t payload_left_ = 0;
    int fragments_ = 0;
    int controls_ = 0;
    Time minute_began_{};
    Time now_{};
    std::string_view complaint_;
};

} // namespace roadbook::wire
