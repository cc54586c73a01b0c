#pragma once
// Where every document begins: one fixed, byte-identical change per kind that makes all of its containers. Two devices must never
// make a container under one key, since Automerge hides one of them with all that was put in it.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/schema/kind.hpp"

namespace roadbook::merge {

/// "roadbook-genesis": never bound to a device, refused on the wire.
[[nodiscard]] const ActorId& genesis_actor() noexcept;

struct Genesis {
    std::vector<Bytes> links; ///< change chunks, oldest first
    Hash head;                ///< hash of the last link: what a record's first change builds on
};

/// The chain of a kind; made once a process, the same on every machine.
[[nodiscard]] const Genesis& genesis_of(const schema::Kind& kind);
/// The kind whose chain ends in this change; null if there is none.
[[nodiscard]] const schema::Kind* kind_of_genesis(const Hash& head);
/// A document that holds the kind's genesis and nothing else.
[[nodiscard]] automerge::Document new_document(const schema::Kind& kind);

} // namespace roadbook::merge
