#pragma once
// What every fuzz target is made of: one function that reads whatever bytes it is given, and the small honest inputs that a fuzzer starts from.
// With Debian's clang (build/asan) libFuzzer drives it; in the ordinary build replay.cpp does, so that ctest reads corpus and kept inputs.
#include "shared/base/bytes.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

/// Never fails: an input that breaks a promise ends the process, and both drivers see that.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace roadbook::fuzz {

/// The same on every machine.
[[nodiscard]] std::vector<Bytes> seeds();

[[nodiscard]] inline ByteView view_of(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const std::byte*>(data), size};
}

inline void must(bool holds, const char* promise)
{
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", promise);
    std::abort();
}

/// Bytes that choose something, from the front; 0 when there are no more.
class Choices {
public:
    explicit Choices(ByteView input) : rest_{input} {}
    [[nodiscard]] std::size_t below(std::size_t count)
    {
        std::size_t chosen = 0;
        for (std::size_t reach = 1; reach < count && !rest_.empty(); reach *= 256, rest_ = rest_.subspan(1))
            chosen = chosen * 256 + std::to_integer<std::size_t>(rest_.front());
        return chosen % count;
    }
    [[nodiscard]] ByteView rest() const noexcept { return rest_; }
    [[nodiscard]] std::string_view text() const noexcept { return as_text(rest_); }

private:
    ByteView rest_;
};

/// The reverse of Choices::below() for one byte, in front of a content.
[[nodiscard]] inline Bytes chosen(std::initializer_list<unsigned> choices, ByteView content)
{
    Bytes input;
    for (const auto choice : choices) input.push_back(static_cast<std::byte>(choice));
    input.insert(input.end(), content.begin(), content.end());
    return input;
}
[[nodiscard]] inline Bytes chosen(std::initializer_list<unsigned> choices, std::string_view content)
{
    return chosen(choices, as_bytes(content));
}

} // namespace roadbook::fuzz
