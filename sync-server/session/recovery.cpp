#include "sync-server/session/recovery.hpp"

#include "shared/base/log.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/rules/numbers.hpp"
#include "shared/storage/durable_file.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr std::size_t hash_prefix_bytes = 8;
constexpr int leases_in_offer_max = 10'000; // of one installation: as many as it can have

void add(Bytes& to, ByteView bytes)
{
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void add(Bytes& to, std::int64_t number)
{
    auto rest = static_cast<std::uint64_t>(number);
    for (int i = 0; i < 8; ++i, rest >>= 8) to.push_back(static_cast<std::byte>(rest & 0xff));
}

} // namespace

Result<Bytes> seal_key(const std::filesystem::path& folder, Random& random)
{
    const auto path = folder / seal_key_file;
    if (std::error_code ec; std::filesystem::exists(path, ec)) {
        auto key = read_seal_key(path);
        if (!key) return key.error();
        if (key->empty())
            return fail(Errc::file_unreadable, fmt::format("{} holds no key: put the right one back, or delete it; without it a device can bring "
                                                           "back only what its own person wrote, after a restore",
                                                           path.string()));
        return key;
    }
    auto key = random.bytes(seal_key_bytes);
    ROADBOOK_CHECK(storage::write_durably(path, as_bytes(to_hex(key) + "\n")));
    return key;
}

std::string seal(ByteView key, const RecordId& document, const Hash& change, const merge::Attribution& by)
{
    Bytes text;
    text.reserve(160);
    add(text, as_bytes("roadbook change"));
    add(text, document.view());
    add(text, change.view());
    add(text, by.person.view());
    add(text, by.device.view());
    add(text, by.device_time.time_since_epoch().count());
    add(text, by.clock_offset.count());
    add(text, by.received_at.value_or(Time{}).time_since_epoch().count());
    add(text, sha256(as_bytes(by.reason)).view()); // of free length, so hashed by itself
    text.push_back(static_cast<std::byte>(by.late));
    if (by.released_by) add(text, by.released_by->view());
    Hash mac;
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(mac.bytes.data()), &size);
    return protocol::to_field(mac).substr(0, protocol::mac_bytes);
}

std::optional<merge::Attribution> sealed_attribution(Hub::Inside& hub, const protocol::v1::PushedChange& pushed, const RecordId& document, const Hash& change)
{
    if (!pushed.has_original() || pushed.mac().size() != protocol::mac_bytes) return std::nullopt;
    auto by = merge::from_frame(pushed.original());
    if (!by || !by->received_at) return std::nullopt;
    const auto right = seal(hub.seal_key, document, change, *by);
    if (CRYPTO_memcmp(right.data(), pushed.mac().data(), right.size()) != 0) {
        log::warning("seal_wrong", "document={} person={}", document.text(), by->person.text());
        return std::nullopt;
    }
    return std::move(*by);
}

std::optional<Error> waits_for_confirmation(Hub::Inside& hub)
{
    if (hub.store.setting(restored_at_setting).empty()) return std::nullopt;
    return fail(Errc::server_busy, Bilingual{"the server was restored from a backup and waits for its administrator: all edits are safe on the device, which will "
                                             "connect again by itself",
                                             "服务器刚从备份恢复，正等待管理员确认：所有修改都安全保存在设备上，设备会自动重新连接"});
}

std::int64_t lost_since(Hub::Inside& hub)
{
    const auto text = hub.store.setting(lost_since_setting);
    return text.empty() ? 0 : std::stoll(text);
}

protocol::v1::Wanted Hub::wanted_of(const Caller& caller, const protocol::v1::Offer& offer)
{
    protocol::v1::Wanted wanted;
    int changes = 0;
    for (const auto& record : offer.records()) {
        const auto id = RecordId::from(as_bytes(record.document()));
        const auto row = id ? inside_->store.document(*id) : std::nullopt;
        std::string missing;
        for (std::size_t at = 0; id && at + hash_prefix_bytes <= record.hashes().size() && ++changes <= protocol::offer_changes_max; at += hash_prefix_bytes) {
            const auto prefix = record.hashes().substr(at, hash_prefix_bytes);
            if (!row || !inside_->store.has_change_like(row->num, as_bytes(prefix))) missing += prefix;
        }
        if (missing.empty()) continue;
        auto& one = *wanted.add_records();
        one.set_document(record.document());
        one.set_hashes(missing);
    }
    const auto install = as_bytes(offer.install());
    if (offer.leases_size() == 0 || install.size() != store::install_bytes || offer.leases_size() > leases_in_offer_max) return wanted;
    storage::Transaction transaction{inside_->store.db()};
    for (const auto& lease : offer.leases())
        if (lease.first() > 0 && lease.count() > 0 && lease.count() <= rules::number_block_max && schema::find_kind(lease.record_type()) != nullptr)
            inside_->store.take_back_lease({{lease.record_type(), lease.period()}, lease.first(), lease.count(), caller.device, {}, inside_->options.clock->now()}, install);
    transaction.commit();
    return wanted;
}

} // namespace roadbook::server
