#pragma once
// Where every document begins: one fixed, byte-identical change per kind that makes its containers, and a further one for each schema
// version that added some. Two devices must never make a container under one key, since Automerge hides one of them with all that was
// put in it.
#include "conflict/automerge-cpp/gate.hpp"
#include "shared/schema/kind.hpp"

namespace roadbook::merge {

/// "roadbook-genesis": never bound to a device, refused on the wire.
[[nodiscard]] const ActorId& genesis_actor() noexcept;

struct Genesis {
    std::vector<Bytes> links; ///< change chunks, oldest first
    std::vector<Hash> hashes; ///< of the links
    /// What a record's first change builds on.
    [[nodiscard]] const Hash& head() const noexcept { return hashes.back(); }
};

/// The chain of a kind; made once a process, the same on every machine.
[[nodiscard]] const Genesis& genesis_of(const schema::Kind& kind);
/// The kind whose chain has this link; null if there is none. An older app's records begin at an earlier one.
[[nodiscard]] const schema::Kind* kind_of_genesis(const Hash& link);
/// The kind of the record that a change makes: it builds on nothing but the genesis. Null for one that builds on others.
[[nodiscard]] const schema::Kind* kind_made_by(const automerge::Summary& change);
/// A document that holds the kind's genesis and nothing else.
[[nodiscard]] automerge::Document new_document(const schema::Kind& kind);
/// Adds the links that an older version's document lacks: to be called before the first edit. Errors: it is no document of this kind.
[[nodiscard]] Result<void> complete(automerge::Document& document, const schema::Kind& kind);

} // namespace roadbook::merge
