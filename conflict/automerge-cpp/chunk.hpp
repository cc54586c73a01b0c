#pragma once
// Stage 1 of the gate with what the later stages need beside the summary.
#include "conflict/automerge-cpp/gate.hpp"

namespace roadbook::automerge {

struct Parsed {
    Summary summary;
    std::vector<std::uint64_t> made; ///< operation counters of the objects that it makes
};

[[nodiscard]] Result<Parsed> parse_chunk(ByteView chunk, const GateLimits& limits);

/// The identity that a chunk would have, were it well formed: changes that build on a refused one name it.
[[nodiscard]] Hash hash_of_chunk(ByteView chunk);

} // namespace roadbook::automerge
