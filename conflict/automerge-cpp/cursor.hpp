#pragma once
// Reads hostile bytes from front to back. Every step says whether there was enough, and no step allocates.
#include "shared/base/bytes.hpp"

#include <cstdint>

namespace roadbook::automerge {

/// Strict LEB128: no more bytes than needed, no bits beyond the type. After a failure the cursor is done for.
class Cursor {
public:
    explicit Cursor(ByteView bytes) noexcept : rest_{bytes} {}

    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
    [[nodiscard]] ByteView rest() const noexcept { return rest_; }

    [[nodiscard]] bool byte(std::uint8_t& value) noexcept
    {
        if (rest_.empty()) return false;
        value = std::to_integer<std::uint8_t>(rest_.front());
        rest_ = rest_.subspan(1);
        return true;
    }

    [[nodiscard]] bool take(std::uint64_t count, ByteView& taken) noexcept
    {
        if (count > rest_.size()) return false;
        taken = rest_.first(static_cast<std::size_t>(count));
        rest_ = rest_.subspan(static_cast<std::size_t>(count));
        return true;
    }

    [[nodiscard]] bool skip(std::uint64_t count) noexcept
    {
        ByteView skipped;
        return take(count, skipped);
    }

    [[nodiscard]] bool number(std::uint64_t& value) noexcept
    {
        value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            std::uint8_t next = 0;
            if (!byte(next)) return false;
            if (shift == 63 && next > 1) return false; // beyond 64 bits
            value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
            if ((next & 0x80) == 0) return shift == 0 || next != 0; // a last byte of 0 is padding
        }
        return false;
    }

    [[nodiscard]] bool signed_number(std::int64_t& value) noexcept
    {
        std::uint64_t bits = 0;
        std::uint8_t before = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            std::uint8_t next = 0;
            if (!byte(next)) return false;
            if (shift == 63 && next != 0 && next != 0x7f) return false; // only the sign is left for a tenth byte
            bits |= static_cast<std::uint64_t>(next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                const bool negative = (next & 0x40) != 0;
                if (shift != 0 && (next == (negative ? 0x7f : 0)) && negative == ((before & 0x40) != 0)) return false;
                if (negative && shift + 7 < 64) bits |= ~std::uint64_t{0} << (shift + 7);
                value = static_cast<std::int64_t>(bits);
                return true;
            }
            before = next;
        }
        return false;
    }

private:
    ByteView rest_;
};

} // namespace roadbook::automerge
