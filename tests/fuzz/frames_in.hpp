#pragma once
// A dialogue as an input: frames, each with its length in two bytes in front.
#include "tests/fuzz/target.hpp"

namespace roadbook::fuzz {

inline void add_frame(Bytes& input, ByteView frame)
{
    input.push_back(static_cast<std::byte>(frame.size() & 0xff));
    input.push_back(static_cast<std::byte>(frame.size() >> 8 & 0xff));
    input.insert(input.end(), frame.begin(), frame.end());
}

/// The last one may be cut off.
[[nodiscard]] inline std::vector<Bytes> frames_in(ByteView input)
{
    std::vector<Bytes> frames;
    while (input.size() > 2) {
        const auto length = std::to_integer<std::size_t>(input[0]) | std::to_integer<std::size_t>(input[1]) << 8;
        input = input.subspan(2);
        const auto taken = input.first(std::min(length, input.size()));
        frames.push_back(to_bytes(taken));
        input = input.subspan(taken.size());
    }
    return frames;
}

} // namespace roadbook::fuzz
