#pragma once
// The columns of a change, counted without being decoded: a run says "this value, ten million times" in four bytes, so
// what is counted here bounds what Automerge will allocate.
#include "conflict/automerge-cpp/gate.hpp"

namespace roadbook::automerge {

struct ColumnCounts {
    std::uint64_t operations = 0;
    std::vector<std::uint64_t> makes; ///< which operations, from 0, make an object
};

/// `metadata` behind the header of a chunk: number of columns, their specifications and lengths, their data, and
/// nothing else. `actors`: how many actors the change names, its own included. Errors: bad_change, too_large.
[[nodiscard]] Result<ColumnCounts> count_columns(ByteView metadata, std::uint64_t actors, const GateLimits& limits);

} // namespace roadbook::automerge
