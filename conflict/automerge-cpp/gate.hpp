#pragma once
// The gate: no byte from another machine reaches Automerge before it went through here. Plain Automerge panics on an 89-byte
// change, aborts on a 16-byte message, and accepts changes whose saved document never loads again.
#include "conflict/automerge-cpp/document.hpp"

#include <functional>

namespace roadbook::automerge {

struct GateLimits {
    std::size_t change_bytes_max = 64 << 10;
    std::uint64_t change_operations_max = 5'000;
    std::size_t dependencies_max = 64;
    std::size_t actors_max = 64;              ///< other actors named in one change
    std::size_t columns_max = 32;
    std::size_t document_bytes_max = 1 << 20; ///< saved, not deflated
    std::uint64_t document_operations_max = 100'000;
    std::size_t document_actors_max = 2'000;
};

/// What the bytes of one change say, read by our own parser: Automerge is not involved and nothing is allocated by a count that
/// the bytes name.
struct Summary {
    Hash hash;
    ActorId actor;
    std::uint64_t seq = 0;
    std::uint64_t start_op = 0;
    std::uint64_t operations = 0;
    std::vector<Hash> deps;
    [[nodiscard]] std::uint64_t max_op() const noexcept { return start_op + operations - 1; }
};

/// Stage 1. One uncompressed change chunk and nothing behind it, checksum right, every column's run-length total within the
/// limit and the columns consistent, no message, no time, no extra bytes, actor of 16 bytes. At least one operation, and none
/// that nothing here could read (marks, kinds from the future). Errors: bad_change, too_large.
[[nodiscard]] Result<Summary> inspect(ByteView chunk, const GateLimits& limits = {});

/// Judges one change in its own causal past: read_at(summary.deps) is before, read_at({summary.hash}) is after.
using Legality = std::function<Result<void>(const Document& merged, const Summary& summary)>;
/// Whose is this actor? An error (actor_forbidden) refuses the change. Empty, like an empty Legality: not asked here.
using ActorCheck = std::function<Result<void>(const ActorId& actor)>;

struct Admission {
    std::vector<Result<Summary>> verdicts; ///< one for each change, in the order given
    bool grown = false;                    ///< at least one change was admitted
    Document document;                     ///< with all admitted changes; only if grown
    Bytes saved;                           ///< its verified save(); only if grown
};

/// All stages, for the changes of one document in the order in which they came. `base` is not changed. Refused changes are left
/// out; a change that builds on one refused here is `stranded`, one that builds on changes unknown here `missing_parents`, a
/// known one is admitted again without effect. Stage 3 (saved, loaded, compared) runs once for the batch and bisects on failure.
/// Verdicts: actor_check's and legality's own; bad_change, too_large, out_of_order, missing_parents, stranded.
/// Errors: only what is wrong with `base` itself (document_poisoned, document_damaged).
[[nodiscard]] Result<Admission> admit(const Document& base, std::span<const ByteView> changes, const ActorCheck& actor_check,
                                      const Legality& legality, const GateLimits& limits = {});

} // namespace roadbook::automerge
