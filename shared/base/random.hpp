#pragma once
#include "shared/base/bytes.hpp"

namespace roadbook {

/// Where random bytes come from: the machine in production, a seed in the simulation.
class Random {
public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;

    [[nodiscard]] Bytes bytes(std::size_t count)
    {
        Bytes made(count);
        fill(made);
        return made;
    }
};

/// Cryptographic randomness of the machine (OpenSSL). Thread-safe; throws when the machine has none.
[[nodiscard]] Random& system_random();

} // namespace roadbook
