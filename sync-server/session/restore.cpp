#include "sync-server/session/restore.hpp"

#include "shared/storage/durable_file.hpp"
#include "sync-server/session/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr std::size_t epoch_bytes = 16;

void set_lost_since(store::Store& store, std::optional<Time> last_received)
{
    const auto before = store.setting(lost_since_setting);
    const auto since = last_received ? std::max<std::int64_t>(last_received->time_since_epoch().count(), 1) : 1;
    store.set_setting(lost_since_setting, std::to_string(before.empty() ? since : std::min<std::int64_t>(since, std::stoll(before))));
}

} // namespace

Result<Bytes> read_seal_key(const std::filesystem::path& file)
{
    constexpr std::size_t bytes_max = seal_key_bytes * 2 + 2; // as hexadecimal digits, with a line break
    const auto content = storage::read_file(file, bytes_max);
    if (!content && content.error().code != Errc::too_large) return content.error();
    if (!content) return Bytes{};
    auto text = as_text(*content);
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    auto key = from_hex(text);
    return key && key->size() == seal_key_bytes ? std::move(*key) : Bytes{};
}

Result<void> check_seal_key(const std::filesystem::path& file, const std::filesystem::path& folder)
{
    const auto key = read_seal_key(file);
    if (!key) return key.error();
    if (key->empty())
        return fail(Errc::bad_argument, fmt::format("{} is no recovery.key: nothing was changed. Give the recovery.key of the server that made the backup, or none",
                                                    file.string()), "keys");
    auto store = store::Store::open({.path = folder / Hub::file_name});
    if (!store) return store.error();
    const auto print = store->setting(seal_key_print_setting);
    if (print.empty() || print == sha256(*key).hex()) return {};
    return fail(Errc::bad_argument, fmt::format("{} is the recovery.key of another server than the one that made the backup: nothing was changed. Give the right one, or none: "
                                                "what came after the backup then comes back only as edits of those who bring it",
                                                file.string()), "keys");
}

Result<std::optional<Time>> make_restored(const std::filesystem::path& folder, Clock& clock, Random& random, const std::string& vfs)
{
    auto store = store::Store::open({.path = folder / Hub::file_name, .vfs = vfs});
    if (!store) return store.error();
    try {
        if (store->setting("epoch").empty()) return fail(Errc::storage_damaged, fmt::format("{} holds a database, but no server's: nothing was changed; take another backup", folder.string()));
        const auto now = clock.now();
        const auto last_received = store->last_received();
        storage::Transaction transaction{store->db()};
        store->set_setting("epoch", protocol::to_field(random.bytes(epoch_bytes)));
        store->set_setting(restored_at_setting, std::to_string(now.time_since_epoch().count()));
        set_lost_since(*store, last_received);
        store->void_codes(now);
        store->skip_leased_since();
        store::AuditLog{store->db()}.append({.kind = store::AuditKind::restored,
                                            .at = now,
                                            .detail = last_received ? fmt::format("last change received {}", to_text(*last_received)) : "no changes in it"});
        transaction.commit();
        if (!store->db().empty_wal()) return fail(Errc::storage_busy, fmt::format("another process reads {}: try again", folder.string()));
        return last_received;
    } catch (const Fault& fault) {
        return fault.error();
    }
}

std::optional<RestoreState> Hub::restore_state()
{
    const auto at = inside_->store.setting(restored_at_setting);
    if (at.empty()) return std::nullopt;
    RestoreState state{Time{Duration{std::stoll(at)}}, inside_->store.last_received(), {}};
    for (const auto& [person, value] : inside_->organisation.people()) {
        auto& one = state.people.emplace_back(RestoreState::Person{person, value.role, {}});
        for (const auto& scope : inside_->grants(person))
            if (scope.kind == schema::ScopeId::Kind::territory) one.territories.push_back(scope.id);
    }
    return state;
}

Result<void> Hub::confirm_restore(std::span<const DeviceId> revoked)
{
    storage::Transaction transaction{inside_->store.db()};
    if (inside_->store.setting(restored_at_setting).empty()) return fail(Errc::bad_argument, "this server does not wait for a confirmation: it was not restored, or was confirmed already");
    const auto now = inside_->options.clock->now();
    for (const auto& id : revoked) {
        const auto device = inside_->store.device(id);
        if (!device) return fail(Errc::not_found, fmt::format("there is no device {}: nothing was changed", id.text()));
        inside_->store.revoke_device(id, now);
        inside_->audit.append({store::AuditKind::device_revoked, now, {}, id, device->person, {}, device->name});
    }
    inside_->store.set_setting(restored_at_setting, "");
    inside_->audit.append({.kind = store::AuditKind::restore_confirmed, .at = now, .detail = fmt::format("{} {} revoked", revoked.size(), revoked.size() == 1 ? "device" : "devices")});
    transaction.commit();
    return {};
}

Result<void> Hub::admit(const DeviceId& id)
{
    inside_->refresh();
    storage::Transaction transaction{inside_->store.db()};
    const auto device = inside_->store.device(id);
    if (!device) return fail(Errc::not_found, fmt::format("there is no device {}", id.text()));
    if (!device->awaits_since) return fail(Errc::bad_argument, "this device does not wait to be admitted");
    if (inside_->organisation.person(device->person) == nullptr)
        return fail(Errc::not_allowed, "this device's person is not known here yet: let other devices bring back the lost day first, or add the person; nothing was changed");
    inside_->store.admit_device(id);
    inside_->audit.append({store::AuditKind::device_admitted, inside_->options.clock->now(), {}, id, device->person, {}, device->name});
    transaction.commit();
    return {};
}

} // namespace roadbook::server
