#pragma once
// How much memory a piece of work had at most, beyond what was there before: C++ and Rust alike, since both end in
// malloc.
#include <cstddef>

namespace roadbook::testing {

/// Counting needs the C library's own malloc: under a sanitizer nothing is counted.
[[nodiscard]] bool memory_is_counted();

/// From its making on. One at a time in a process.
class PeakMemory {
public:
    PeakMemory();
    [[nodiscard]] std::size_t bytes() const;

private:
    std::size_t before_;
};

} // namespace roadbook::testing
