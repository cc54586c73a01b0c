#pragma once
// Intents as changes of the server's own actor: what administration, imports and effects write.
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// Borrows the hub. Made for one batch: intents build on each other, not on what others commit meanwhile.
class SystemEdits {
public:
    /// A nil person: the server itself, for an effect.
    SystemEdits(Hub::Inside& hub, const RecordId& on_behalf_of) : hub_{hub}, person_{on_behalf_of} {}

    /// The change, on the document as it is now and after the earlier intents; nothing if it says so already. Errors: not_found,
    /// bad_argument, invalid_value.
    [[nodiscard]] Result<std::optional<automerge::Change>> make(const merge::Intent& intent);

    [[nodiscard]] Hub::Batch batch() const;
    /// Adds it to a batch.
    void push(Hub::Batch& batch, const merge::Intent& intent, const automerge::Change& change) const;
    /// After a refusal: the actor's sequence has a gap in that document now.
    void forget_actor() { hub_.system_actors.erase(person_); }

private:
    Result<automerge::Document*> document_of(const merge::Intent& intent);
    [[nodiscard]] const ActorId& actor();

    Hub::Inside& hub_;
    RecordId person_;
    std::map<RecordId, automerge::Document> open_;
};

} // namespace roadbook::server
