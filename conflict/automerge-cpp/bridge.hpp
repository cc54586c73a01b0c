#pragma once
// How this room speaks to the Rust half. Only .cpp files of this room include it.
#include "conflict/automerge-cpp/decode.hpp"
#include "roadbook-native/src/bridge.rs.h"

namespace roadbook::automerge {

using Octets = rust::Slice<const std::uint8_t>;

inline Octets octets(ByteView bytes)
{
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

inline Octets octets(std::span<const Hash> hashes)
{
    static_assert(sizeof(Hash) == 32); // so that an array of them is their bytes behind each other
    return octets(std::as_bytes(hashes));
}

inline Octets octets(const flat::Writer& request)
{
    return {request.bytes().data(), request.bytes().size()};
}

/// One answer; its bytes are valid while it lives.
class Answer {
public:
    explicit Answer(bridge::Reply reply) : reply_{std::move(reply)} {}
    [[nodiscard]] bool ok() const noexcept { return reply_.code == bridge::Code::Ok; }
    [[nodiscard]] Error error() const;
    [[nodiscard]] ByteView bytes() const noexcept
    {
        return {reinterpret_cast<const std::byte*>(reply_.bytes.data()), reply_.bytes.size()};
    }
    [[nodiscard]] flat::Reader reader() const noexcept { return flat::Reader{bytes()}; }

private:
    bridge::Reply reply_;
};

struct Document::Handle {
    rust::Box<bridge::Core> core = bridge::core_new();
};

} // namespace roadbook::automerge
