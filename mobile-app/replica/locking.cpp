// The replica and its vault: two files that cannot commit together, so each step has an order in which a kill between them does no harm.
#include "mobile-app/replica/inside.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace roadbook::replica {
namespace {

constexpr auto select_unsent = "SELECT intent FROM outbox ORDER BY sequence";
constexpr auto select_only_here = "SELECT intent FROM refused WHERE state = 'here'"; // the server keeps the others
constexpr auto delete_setting = "DELETE FROM setting WHERE name = :name";

} // namespace

Result<void> Replica::Inside::may_read()
{
    if (!options.vault) return {};
    const auto lease = options.vault->lease();
    if (!lease.is_over()) return {};
    return fail(Errc::locked, Bilingual{fmt::format("this device has not seen its server for {} days or more, so its records are locked; all edits are safe. Sync, and they "
                                                    "can be read again", lease.days),
                                        fmt::format("此设备已有 {} 天或更久未连接服务器，其记录已锁定；所有修改都是安全的。同步后即可再次读取", lease.days)}, "lease");
}

void Replica::Inside::move_credentials()
{
    const auto device = DeviceId::from(as_bytes(setting("device")));
    if (!device) return;
    const auto token = setting("token");
    options.vault->keep({*device, to_bytes(as_bytes(token)), setting("server"), setting("trust")});
    storage::Transaction transaction{db};
    for (const auto* name : {"device", "token", "server", "trust"}) db.statement(delete_setting).bind(":name", std::string_view{name}).run();
    transaction.commit();
}

void Replica::Inside::reconcile_sealed()
{
    auto& vault = *options.vault;
    const auto ids = vault.sealed_ids();
    std::set<IntentId> sealed{ids.begin(), ids.end()};
    for (const auto* sql : {select_unsent, select_only_here}) {
        auto rows = db.statement(sql);
        while (rows.step()) {
            const auto kept = rows.blob(0);
            const auto intent = merge::read_intent(kept);
            if (!intent || intent->steps.empty()) continue; // an accepted change that the server asked for again
            if (sealed.erase(intent->id) == 0) vault.seal(intent->id, kept);
        }
    }
    for (const auto& file : files_waiting())
        if (file.to_send)
            for (const auto& part : seal_file(file.record, file.file, file.size)) sealed.erase(part);
    vault.forget(std::vector<IntentId>{sealed.begin(), sealed.end()});
}

void Replica::Inside::seal_to(const std::function<void()>& keep, ByteView server_key)
{
    auto& vault = *options.vault;
    const bool is_new = !server_key.empty() && !std::ranges::equal(vault.server_key(), server_key);
    if (is_new) vault.forget(vault.sealed_ids()); // the replica has them; a kill before the end is mended when it is opened
    keep();
    if (is_new) reconcile_sealed();
}

void Replica::Inside::note_contact(const protocol::v1::Welcome& welcome)
{
    const auto token = as_bytes(welcome.new_token());
    if (!token.empty() && !options.vault) {
        storage::Transaction transaction{db};
        set_setting("token", as_text(token));
        transaction.commit();
    }
    if (!options.vault) return;
    if (!token.empty()) options.vault->keep_token(token);
    const auto key = as_bytes(welcome.sealing_key());
    seal_to([&] { options.vault->note_contact(Time{Duration{welcome.server_time()}}, static_cast<int>(welcome.lease_days()), key); }, key);
}

std::uint64_t Replica::Inside::bytes_stored()
{
    return static_cast<std::uint64_t>(count("PRAGMA page_count")) * static_cast<std::uint64_t>(count("PRAGMA page_size"));
}

Result<void> Replica::may_read()
{
    return inside_->may_read();
}

storage::OpenOptions Replica::reader_options() const
{
    return {inside_->options.folder / file_name, true, inside_->options.key, inside_->options.vfs};
}

std::shared_ptr<Vault> Replica::vault() const
{
    return inside_->options.vault;
}

Result<void> Replica::set_pin(std::string_view pin)
{
    if (!inside_->options.vault) return fail(Errc::bad_argument, "this replica has no vault");
    return inside_->options.vault->set_pin(inside_->options.key, pin);
}

Result<void> Replica::remove_pin()
{
    if (!inside_->options.vault) return fail(Errc::bad_argument, "this replica has no vault");
    return inside_->options.vault->remove_pin(inside_->options.key);
}

} // namespace roadbook::replica
