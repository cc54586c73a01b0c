// People who go: nobody lets them in any more, their customers stay, and what they deleted on their last days can be brought back.
#include "shared/base/log.hpp"
#include "sync-server/session/inside.hpp"

#include <fmt/format.h>

namespace roadbook::server {

Result<void> Hub::revoke_person(const RecordId& person)
{
    inside_->refresh();
    if (!inside_->store.document(person)) return fail(Errc::not_found, fmt::format("there is no person {}", person.text()));
    const auto now = inside_->options.clock->now();
    storage::Transaction transaction{inside_->store.db()};
    inside_->store.revoke_person(person, now);
    inside_->audit.append({store::AuditKind::person_revoked, now, {}, {}, person, {}, {}});
    std::vector<DeviceId> revoked;
    for (const auto& device : inside_->store.devices()) {
        if (device.person != person || device.revoked_at) continue;
        inside_->store.revoke_device(device.id, now);
        inside_->audit.append({store::AuditKind::device_revoked, now, {}, device.id, person, {}, device.name});
        revoked.push_back(device.id);
    }
    transaction.commit();
    inside_->note({{}, {}, std::move(revoked), false});
    return {};
}

Result<bool> Hub::readmit_person(const RecordId& person)
{
    storage::Transaction transaction{inside_->store.db()};
    if (!inside_->store.person_revoked(person)) return fail(Errc::not_found, "this person's access was not ended");
    inside_->store.readmit_person(person);
    const bool had_password = inside_->store.password(person).has_value();
    if (had_password) inside_->store.drop_password(person); // it may be why the access was ended
    inside_->audit.append({store::AuditKind::person_readmitted, inside_->options.clock->now(), {}, {}, person, {}, had_password ? "the password of before is void" : ""});
    transaction.commit();
    return had_password;
}

bool Hub::is_person_revoked(const RecordId& person)
{
    return inside_->store.person_revoked(person).has_value();
}

std::vector<Deletion> Hub::deletions_of(const RecordId& person, Time since)
{
    std::vector<Deletion> found;
    for (const auto& row : inside_->store.changed_by(person, since)) {
        const auto* kind = schema::find_kind(row.kind);
        if (kind == nullptr) continue;
        const auto content = inside_->load(row).value().read().value();
        const auto* mark = content.root.find("deleted_at");
        const auto record = merge::read(*kind, row.id, content).record;
        if (mark == nullptr || mark->values.empty() || !record.deleted_at) continue;
        // The mark that counts must be this person's: somebody else may have deleted what he only edited.
        const auto device = inside_->store.device_of_actor(content.actors.at(mark->values.front().actor));
        const auto owner = device ? inside_->store.device(*device) : std::nullopt;
        if (!owner || owner->person != person) continue;
        found.push_back({row.id, row.kind, schema::text_of(record, kind->title), *record.deleted_at});
    }
    return found;
}

std::int64_t Hub::undo_deletions(const RecordId& person, Time since)
{
    std::vector<merge::Intent> intents;
    const auto now = inside_->options.clock->now();
    for (const auto& deletion : deletions_of(person, since)) {
        merge::Intent intent;
        intent.id = new_id<IntentId>(now, *inside_->options.random);
        intent.record = deletion.record;
        intent.kind = deletion.kind;
        intent.reason = "deletion by somebody who left, undone";
        intent.steps.push_back({{}, {}, false, {{"deleted_at", schema::Value{}}}});
        intents.push_back(std::move(intent));
    }
    if (intents.empty()) return 0;
    std::int64_t done = 0;
    std::vector<store::AuditItem> items;
    const auto results = apply(intents, {});
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (!results[i]) continue;
        items.push_back({intents[i].record, {}});
        ++done;
    }
    note({store::AuditKind::deletions_undone, now, {}, {}, person, std::move(items), {}});
    return done;
}

} // namespace roadbook::server
