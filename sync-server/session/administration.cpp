// What administration and import do: edits as the server's own actor, and looking things up.
#include "conflict/merge/genesis.hpp"
#include "sync-server/session/inside.hpp"

#include <fmt/format.h>

namespace roadbook::server {
namespace {

constexpr std::size_t intents_per_commit = 2'000; // one fsync for many, with a bounded transaction

/// Turns intents into changes on the documents as they are now.
class SystemEdits {
public:
    explicit SystemEdits(Hub::Inside& hub) : hub_{hub} {}

    Result<std::optional<automerge::Change>> make(const merge::Intent& intent)
    {
        auto document = document_of(intent);
        if (!document) return document.error();
        const auto edits = merge::edits_of(intent);
        if (!edits) return edits.error();
        return (*document)->commit(actor(), *edits);
    }

private:
    Result<automerge::Document*> document_of(const merge::Intent& intent)
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

    const ActorId& actor()
    {
        if (!hub_.system_actor) {
            ActorId made;
            hub_.options.random->fill(made.bytes);
            hub_.system_actor = made;
        }
        return *hub_.system_actor;
    }

    Hub::Inside& hub_;
    std::map<RecordId, automerge::Document> open_;
};

Error refusal_of(const protocol::v1::Answer& answer)
{
    if (answer.status() == protocol::v1::REFUSED) return Error{errc_from_name(answer.code()), answer.reason(), answer.field()};
    return fail(Errc::stranded, "the record that this one belongs to is not there");
}

} // namespace

std::vector<Result<void>> Hub::apply(std::span<const merge::Intent> intents, const RecordId& on_behalf_of)
{
    std::vector<Result<void>> results;
    for (std::size_t first = 0; first < intents.size(); first += intents_per_commit) {
        const auto part = intents.subspan(first, std::min(intents_per_commit, intents.size() - first));
        Batch batch;
        batch.caller = {{}, on_behalf_of, schema::Role::admin, Duration{0}, true, false};
        std::vector<std::size_t> answered_by; ///< which result each change of the batch belongs to
        SystemEdits edits{*inside_};
        for (const auto& intent : part) {
            auto change = edits.make(intent);
            if (!change) {
                results.emplace_back(change.error());
                continue;
            }
            results.emplace_back();
            if (!*change) continue; // it says so already
            answered_by.push_back(results.size() - 1);
            auto& pushed = *batch.changes.add_changes();
            pushed.set_document(protocol::to_field(intent.record));
            pushed.set_change(protocol::to_field((*change)->bytes));
            pushed.set_intent(protocol::to_field(intent.id));
            pushed.set_device_time(inside_->options.clock->now().time_since_epoch().count());
            pushed.set_reason(intent.reason);
        }
        if (answered_by.empty()) continue;
        const auto committed = commit(std::span{&batch, 1});
        bool any_refused = false;
        for (const auto& answer : committed.answers.front().second.exceptions()) {
            if (answer.status() == protocol::v1::ACCEPTED) continue;
            results[answered_by.at(answer.index())] = refusal_of(answer);
            any_refused = true;
        }
        if (any_refused) inside_->system_actor.reset(); // its sequence in that document has a gap now
    }
    return results;
}

News Hub::poll()
{
    News news;
    inside_->refresh();
    if (!std::exchange(inside_->others_committed, false)) return news; // a greeting or commit may have taken it in before
    for (const auto& head : inside_->store.scopes()) news.grown.push_back({head.id, head.seq});
    for (const auto& [person, value] : inside_->organisation.people()) news.regranted.push_back(person);
    for (const auto& device : inside_->store.devices())
        if (device.revoked_at) news.revoked.push_back(device.id);
    return news;
}

std::vector<DeviceRow> Hub::devices()
{
    std::vector<DeviceRow> rows;
    for (auto& device : inside_->store.devices())
        rows.push_back({device.id, device.person, std::move(device.name), std::move(device.app_version), device.enrolled_at, device.last_contact,
                        device.revoked_at, device.clock_offset, device.unsent});
    return rows;
}

Result<void> Hub::revoke(const DeviceId& id)
{
    storage::Transaction transaction{inside_->store.db()};
    if (!inside_->store.device(id)) return fail(Errc::not_found, fmt::format("there is no device {}", id.text()));
    inside_->store.revoke_device(id, inside_->options.clock->now());
    transaction.commit();
    return {};
}

std::vector<QuarantinedChange> Hub::quarantine()
{
    std::vector<QuarantinedChange> rows;
    for (auto& row : inside_->store.quarantine_rows())
        rows.push_back({row.num, row.person, row.device, row.document, row.why.code, std::move(row.why.field), std::move(row.why.message), row.received_at});
    return rows;
}

Result<merge::Merged> Hub::merged(const RecordId& id)
{
    const auto row = inside_->store.document(id);
    if (!row) return fail(Errc::not_found, fmt::format("there is no record {}", id.text()));
    return inside_->read(*row);
}

Result<schema::Record> Hub::record(const RecordId& id)
{
    auto found = merged(id);
    if (!found) return found.error();
    return std::move(found->record);
}

std::vector<RecordId> Hub::records_of(std::string_view kind)
{
    return inside_->store.documents_of(kind);
}

std::int64_t Hub::count(std::string_view kind)
{
    return inside_->store.count_of(kind);
}

} // namespace roadbook::server
