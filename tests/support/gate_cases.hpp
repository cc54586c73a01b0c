#pragma once
// Short ways to send changes through the gate, honest and forged.
#include "tests/support/forged_change.hpp"
#include "tests/support/sample_record.hpp"

namespace roadbook::testing {

template <class T>
Errc code(const Result<T>& result)
{
    return result ? Errc::ok : result.error().code;
}

[[nodiscard]] Result<void> any_actor(const ActorId& actor);
[[nodiscard]] Result<void> always_legal(const automerge::Document& merged, const automerge::Summary& summary);

/// Throws when `base` itself is broken.
[[nodiscard]] automerge::Admission through_gate(const automerge::Document& base, const std::vector<Bytes>& changes,
                                                const automerge::Legality& legality = always_legal,
                                                const automerge::GateLimits& limits = {},
                                                const automerge::ActorCheck& actors = any_actor);
[[nodiscard]] std::vector<Errc> codes(const automerge::Admission& admission);
[[nodiscard]] Errc verdict_on(const automerge::Document& base, const Bytes& change);

/// The columns of a change by their specifications.
namespace column {
inline constexpr std::uint32_t object_actor = 0x01, object_counter = 0x02, key_actor = 0x11, key_counter = 0x13,
                               key_string = 0x15, insert = 0x34, action = 0x42, value_meta = 0x56, value_bytes = 0x57,
                               predecessor_group = 0x70, predecessor_actor = 0x71, predecessor_counter = 0x73,
                               expand = 0x94, mark_name = 0xa5;
}

/// One put of null at the root key k, well formed and in its place: a start for something forged.
[[nodiscard]] ForgedChange a_put(const automerge::Document& base, unsigned by = 66);
/// The same on an object that is not there: it passes the parser, and Automerge panics.
[[nodiscard]] ForgedChange a_put_on_nothing(const automerge::Document& base, unsigned by = 66);
/// The same over a predecessor that is not there: Automerge takes it, and what it saves never loads again.
[[nodiscard]] ForgedChange a_put_over_nothing(const automerge::Document& base, unsigned by = 66);
/// An honest change on top of `base`, taken apart.
[[nodiscard]] ForgedChange an_edit(const automerge::Document& base, std::vector<automerge::Edit> edits);

} // namespace roadbook::testing
