#pragma once
// Chunks of Automerge as inputs: the first byte says whether the rest is one as it is, or its body, behind a header whose length and checksum are made
// right. So what is changed by chance gets past the checksum.
#include "tests/fuzz/target.hpp"
#include "tests/support/forged_change.hpp"

namespace roadbook::fuzz {

inline constexpr unsigned as_it_is = 0, body_alone = 1;

[[nodiscard]] inline Bytes chunk_from(std::uint8_t type, Choices& input)
{
    const bool whole = input.below(2) == as_it_is;
    return whole ? to_bytes(input.rest()) : testing::chunk(type, input.rest());
}

/// Both ways to say it.
inline void add_chunk(std::vector<Bytes>& seeds, std::initializer_list<unsigned> choices, ByteView chunk)
{
    constexpr std::size_t length_at = 9; // behind magic, checksum and type
    auto body_at = length_at;
    while ((chunk[body_at++] & std::byte{0x80}) != std::byte{0}) {}
    auto with = [&](unsigned how, ByteView content) { seeds.push_back(chosen(choices, chosen({how}, content))); };
    with(as_it_is, chunk);
    with(body_alone, chunk.subspan(body_at));
}

} // namespace roadbook::fuzz
