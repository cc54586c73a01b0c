#include "sync-server/session/system_edits.hpp"

#include "conflict/merge/genesis.hpp"

#include <fmt/format.h>

namespace roadbook::server {

Result<std::optional<automerge::Change>> SystemEdits::make(const merge::Intent& intent)
{
    auto document = document_of(intent);
    if (!document) return document.error();
    const auto edits = merge::edits_of(intent);
    if (!edits) return edits.error();
    return (*document)->commit(actor(), *edits);
}

Hub::Batch SystemEdits::batch() const
{
    Hub::Batch batch;
    batch.caller = {{}, person_, schema::Role::admin, Duration{0}, true, false};
    return batch;
}

void SystemEdits::push(Hub::Batch& batch, const merge::Intent& intent, const automerge::Change& change) const
{
    auto& pushed = *batch.changes.add_changes();
    pushed.set_document(protocol::to_field(intent.record));
    pushed.set_change(protocol::to_field(change.bytes));
    pushed.set_intent(protocol::to_field(intent.id));
    pushed.set_device_time(hub_.options.clock->now().time_since_epoch().count());
    pushed.set_reason(intent.reason);
}

Result<automerge::Document*> SystemEdits::document_of(const merge::Intent& intent)
{
    if (const auto open = open_.find(intent.record); open != open_.end()) return &open->second;
    if (const auto row = hub_.store.document(intent.record)) {
        auto loaded = hub_.load(*row);
        if (!loaded) return loaded.error();
        return &open_.emplace(intent.record, std::move(*loaded)).first->second;
    }
    const auto* kind = schema::find_kind(intent.kind);
    if (!intent.create || kind == nullptr) return fail(Errc::not_found, fmt::format("there is no record {}", intent.record.text()));
    return &open_.emplace(intent.record, merge::new_document(*kind)).first->second;
}

const ActorId& SystemEdits::actor()
{
    const auto [found, is_new] = hub_.system_actors.try_emplace(person_);
    if (is_new) hub_.options.random->fill(found->second.bytes);
    return found->second;
}

} // namespace roadbook::server
