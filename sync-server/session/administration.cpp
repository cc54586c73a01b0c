// What administration and import do: edits as the server's own actor, and looking things up.
#include "shared/base/utf8.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/system_edits.hpp"

#include <fmt/format.h>

namespace roadbook::server {
namespace {

constexpr std::size_t intents_per_commit = 2'000; // one fsync for many, with a bounded transaction

Error refusal_of(const protocol::v1::Answer& answer)
{
    if (answer.status() == protocol::v1::REFUSED) return Error{errc_from_name(answer.code()), answer.reason(), answer.field(), answer.reason_zh()};
    return fail(Errc::stranded, Bilingual{"the record that this one belongs to is not there", "所属的记录不存在"});
}

} // namespace

std::vector<Result<void>> Hub::apply(std::span<const merge::Intent> intents, const RecordId& on_behalf_of)
{
    std::vector<Result<void>> results;
    for (std::size_t first = 0; first < intents.size(); first += intents_per_commit) {
        const auto part = intents.subspan(first, std::min(intents_per_commit, intents.size() - first));
        std::vector<std::size_t> answered_by; ///< which result each change of the batch belongs to
        SystemEdits edits{*inside_, on_behalf_of};
        auto batch = edits.batch();
        for (const auto& intent : part) {
            auto change = edits.make(intent);
            if (!change) {
                results.emplace_back(change.error());
                continue;
            }
            results.emplace_back();
            if (!*change) continue; // it says so already
            answered_by.push_back(results.size() - 1);
            edits.push(batch, intent, **change);
        }
        if (answered_by.empty()) continue;
        const auto committed = commit(std::span{&batch, 1});
        inside_->note(committed.news);
        bool any_refused = false;
        for (const auto& answer : committed.answers.front().second.exceptions()) {
            if (answer.status() == protocol::v1::ACCEPTED) continue;
            results[answered_by.at(answer.index())] = refusal_of(answer);
            any_refused = true;
        }
        if (any_refused) edits.forget_actor();
    }
    return results;
}

News Hub::poll()
{
    inside_->refresh();
    keep_calendar();
    auto news = std::exchange(inside_->untold, {});
    if (!std::exchange(inside_->others_committed, false)) return news; // a greeting or commit may have taken it in before
    for (const auto& head : inside_->store.scopes()) news.grown.push_back({head.id, head.seq});
    for (const auto& [person, value] : inside_->organisation.people()) news.regranted.push_back(person);
    for (const auto& device : inside_->store.devices())
        if (device.revoked_at) news.revoked.push_back(device.id);
    news.decided = true; // perhaps
    return news;
}

std::vector<DeviceRow> Hub::devices()
{
    std::vector<DeviceRow> rows;
    for (auto& device : inside_->store.devices())
        rows.push_back({device.id, device.person, std::move(device.name), std::move(device.app_version), device.enrolled_at, device.last_contact,
                        device.revoked_at, device.clock_offset, device.unsent, device.bytes_stored, inside_->store.surrendered_count(device.id), device.wiped_at, device.awaits_since});
    return rows;
}

Hub::Reached Hub::reached_at()
{
    return {inside_->store.setting("reached_url"), inside_->store.setting("reached_pin")};
}

void Hub::note_reached_at(const Reached& reached)
{
    storage::Transaction transaction{inside_->store.db()};
    inside_->store.set_setting("reached_url", reached.url);
    inside_->store.set_setting("reached_pin", reached.pin);
    transaction.commit();
}

Result<void> Hub::revoke(const DeviceId& id)
{
    storage::Transaction transaction{inside_->store.db()};
    const auto device = inside_->store.device(id);
    if (!device) return fail(Errc::not_found, fmt::format("there is no device {}", id.text()));
    const auto now = inside_->options.clock->now();
    inside_->store.revoke_device(id, now);
    inside_->audit.append({store::AuditKind::device_revoked, now, {}, id, device->person, {}, device->name});
    transaction.commit();
    inside_->untold.revoked.push_back(id);
    return {};
}

Result<void> Hub::rename(const DeviceId& id, const std::string& name)
{
    if (name.empty() || !is_utf8(name)) return fail(Errc::bad_argument, "a device needs a name, in UTF-8: nothing was changed", "name");
    if (name.size() > protocol::reason_bytes_max) return fail(Errc::too_large, "this name is too long: nothing was changed", "name");
    storage::Transaction transaction{inside_->store.db()};
    if (!inside_->store.device(id)) return fail(Errc::not_found, fmt::format("there is no device {}", id.text()));
    inside_->store.rename_device(id, name);
    transaction.commit();
    return {};
}

void Hub::note(store::AuditNote note)
{
    storage::Transaction transaction{inside_->store.db()};
    note.at = inside_->options.clock->now();
    inside_->audit.append(note);
    transaction.commit();
}

store::AuditLog& Hub::audit()
{
    return inside_->audit;
}

std::vector<QuarantinedChange> Hub::quarantine()
{
    std::vector<QuarantinedChange> rows;
    for (auto& row : inside_->store.quarantine_rows())
        rows.push_back({row.num, row.person, row.device, row.document, row.why.code, std::move(row.why.field), std::move(row.why.message),
                        std::move(row.why.message_zh), row.received_at});
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
