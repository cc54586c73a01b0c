#pragma once
// Flat bytes, little endian: how structures cross to Rust in one call. shared/native/src/flat.rs is the other half.
#include "shared/base/bytes.hpp"

#include <bit>
#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

namespace roadbook::automerge::flat {

static_assert(std::endian::native == std::endian::little, "both halves copy integers as they are in memory");

class Writer {
public:
    void u8(std::uint8_t value) { bytes_.push_back(value); }
    void u32(std::size_t value) { number(static_cast<std::uint32_t>(value)); }
    void i64(std::int64_t value) { number(value); }
    void block(ByteView value)
    {
        u32(value.size());
        const auto* data = reinterpret_cast<const std::uint8_t*>(value.data());
        bytes_.insert(bytes_.end(), data, data + value.size());
    }
    void block(std::string_view value) { block(as_bytes(value)); }
    void reserve(std::size_t size) { bytes_.reserve(size); }
    [[nodiscard]] const std::vector<std::uint8_t>& bytes() const noexcept { return bytes_; }

private:
    template <class T>
    void number(T value)
    {
        std::uint8_t raw[sizeof value];
        std::memcpy(raw, &value, sizeof value);
        bytes_.insert(bytes_.end(), raw, raw + sizeof value);
    }
    std::vector<std::uint8_t> bytes_;
};

/// Reads what our own Rust wrote; too few bytes is a broken invariant.
class Reader {
public:
    explicit Reader(ByteView bytes) noexcept : rest_{bytes} {}
    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
    ByteView raw(std::size_t count) noexcept
    {
        assert(count <= rest_.size());
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::uint8_t u8() noexcept { return number<std::uint8_t>(); }
    std::uint32_t u32() noexcept { return number<std::uint32_t>(); }
    std::uint64_t u64() noexcept { return number<std::uint64_t>(); }
    std::int64_t i64() noexcept { return number<std::int64_t>(); }
    ByteView block() noexcept { return raw(u32()); }
    ByteView rest() const noexcept { return rest_; }
    std::string text() { return std::string{as_text(block())}; }

private:
    template <class T>
    T number() noexcept
    {
        T value;
        std::memcpy(&value, raw(sizeof value).data(), sizeof value);
        return value;
    }
    ByteView rest_;
};

} // namespace roadbook::automerge::flat
