// Devices that may not be given anything any more: what they hold of their users' edits is kept, and they are wiped.
#include "shared/base/log.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/recovery.hpp"

#include <fmt/format.h>

#include <array>

namespace roadbook::server {
namespace {

constexpr std::size_t sealed_bytes_max = protocol::change_bytes_max + 4096; ///< one edit: what its change may have, with the names of its fields

std::string why_of(const std::string& said)
{
    constexpr std::array<std::string_view, 5> known{"pin", "lease", "key", "revoked", "asked"};
    return std::find(known.begin(), known.end(), said) != known.end() ? said : "asked";
}

/// What the device sealed, if it is that edit.
std::optional<merge::Intent> opened(const SealingKeys& keys, const IntentId& id, ByteView sealed)
{
    const auto plain = unseal(keys, sealed);
    const auto intent = plain ? merge::read_intent(*plain) : Result<merge::Intent>{fail(Errc::bad_frame, "")};
    if (!intent || intent->id != id) return std::nullopt;
    return *intent;
}

} // namespace

Result<Caller> Hub::check_surrender(const protocol::v1::Surrender& surrender)
{
    inside_->refresh();
    if (const auto why = waits_for_confirmation(*inside_)) return *why; // who has access is not settled: nobody is wiped by a backup
    const auto id = DeviceId::from(as_bytes(surrender.device()));
    const auto device = inside_->identify(id.value_or(DeviceId{}), as_bytes(surrender.token()));
    if (!device) return fail(Errc::bad_token, Bilingual{"this device is not known to the server: nothing was taken, all edits are safe on it",
                                                         "服务器不认识此设备：未接收任何内容，所有修改都安全保存在设备上"});
    if (const auto wait = inside_->allowances.greet(device->id, inside_->options.clock->now()); wait.count() > 0) return inside_->too_often(wait);
    Caller caller;
    caller.device = device->id;
    caller.person = device->person;
    return caller;
}

protocol::v1::Surrendered Hub::keep_surrendered(const Caller& caller, const std::string& why, const protocol::v1::SealedIntents& sealed)
{
    protocol::v1::Surrendered answer;
    const auto now = inside_->options.clock->now();
    auto room = protocol::quarantine_changes_max - inside_->store.surrendered_count(caller.device);
    std::vector<store::AuditItem> items;
    storage::Transaction transaction{inside_->store.db()};
    for (const auto& each : sealed.intents()) {
        if (each.file_part()) continue;
        const auto id = IntentId::from(as_bytes(each.intent()));
        if (!id || each.sealed().size() > sealed_bytes_max || room <= 0) continue; // not answered: it stays where it is
        auto intent = opened(inside_->sealing, *id, as_bytes(each.sealed()));
        answer.add_intents(each.intent());
        if (intent && inside_->store.is_answered(caller.device, *id, intent->record)) continue;
        store::SurrenderedRow row{0, caller.device, caller.person, *id, {}, {}, why_of(why), to_bytes(as_bytes(each.sealed())), {}, now};
        if (intent) {
            row.record = intent->record;
            row.kind = intent->kind;
            row.content = merge::write(*intent);
            row.device_time = intent->device_time;
        }
        if (!inside_->store.put_surrendered(row)) continue;
        if (intent && !intent->replaces.is_nil()) take_back(*inside_, caller.person, caller.device, intent->replaces);
        --room;
        items.push_back({row.record.value_or(RecordId{}), {}});
    }
    if (!items.empty())
        inside_->audit.append({store::AuditKind::edits_surrendered, now, caller.person, caller.device, {}, std::move(items), why_of(why)});
    transaction.commit();
    for (const auto& each : sealed.intents()) // after the edits that name the files
        if (each.file_part() && keep_sealed_part(caller, as_bytes(each.sealed()))) answer.add_intents(each.intent());
    const auto device = inside_->store.device(caller.device);
    answer.set_wipe(sealed.intents().empty() && device && inside_->has_no_access(*device));
    return answer;
}

bool Hub::keep_sealed_part(const Caller& caller, ByteView sealed)
{
    const auto plain = unseal(inside_->sealing, sealed);
    protocol::v1::PutPart put;
    if (!plain || !put.ParseFromArray(plain->data(), static_cast<int>(plain->size()))) return true; // of another server, or damaged: it can be of no use here
    // A part of it may have come before the device was locked, in parts of another size.
    protocol::v1::PutPart probe = put;
    probe.clear_data();
    auto kept = put_part(caller, probe);
    const auto have = kept.offset(), begin = put.offset(), end = begin + put.data().size();
    if (!kept.stored() && kept.code().empty() && have >= begin && have < end) {
        put.set_data(put.data().substr(have - begin));
        put.set_offset(have);
        kept = put_part(caller, put);
    }
    const auto code = kept.code().empty() ? Errc::ok : errc_from_name(kept.code());
    return code != Errc::server_busy && code != Errc::storage_full && code != Errc::file_unreadable; // with these it comes again
}

void Hub::note_wiped(const Caller& caller)
{
    storage::Transaction transaction{inside_->store.db()};
    const auto now = inside_->options.clock->now();
    inside_->store.note_wiped(caller.device, now);
    inside_->audit.append({store::AuditKind::device_wiped, now, caller.person, caller.device, {}, {}, {}});
    transaction.commit();
    log::info("device_wiped", "device={}", caller.device.text());
}

std::vector<SurrenderedEdit> Hub::surrendered()
{
    std::vector<SurrenderedEdit> edits;
    for (auto& row : inside_->store.surrendered()) {
        SurrenderedEdit edit{row.num, row.person, row.device, {}, std::move(row.why), row.received_at};
        if (row.record) edit.intent = merge::read_intent(row.content).value();
        edits.push_back(std::move(edit));
    }
    return edits;
}

} // namespace roadbook::server
