#pragma once
// Bytes, hashes and hexadecimal text: the currency between rooms.
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// The bytes of a text, and back; no conversion, no copy where a view is enough.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept
{
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes to_bytes(ByteView bytes)
{
    return {bytes.begin(), bytes.end()};
}

/// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// Nothing unless `text` is an even number of hexadecimal digits.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// A SHA-256: the identity of a change, an attachment or a state.
struct Hash {
    std::array<std::byte, 32> bytes{};

    [[nodiscard]] static std::optional<Hash> from(ByteView view) noexcept
    {
        if (view.size() != 32) return std::nullopt;
        Hash hash;
        std::memcpy(hash.bytes.data(), view.data(), 32);
        return hash;
    }
    [[nodiscard]] ByteView view() const noexcept { return bytes; }
    [[nodiscard]] std::string hex() const { return to_hex(bytes); }
    [[nodiscard]] bool is_zero() const noexcept { return *this == Hash{}; }
    auto operator<=>(const Hash&) const = default;
};

[[nodiscard]] Hash sha256(ByteView bytes);
/// sha256(a || b) without joining them first: one step of a running hash.
[[nodiscard]] Hash sha256(ByteView a, ByteView b);

} // namespace roadbook

template <>
struct std::hash<roadbook::Hash> {
    std::size_t operator()(const roadbook::Hash& h) const noexcept
    {
        std::size_t value = 0;
        std::memcpy(&value, h.bytes.data(), sizeof value); // already uniform
        return value;
    }
};
