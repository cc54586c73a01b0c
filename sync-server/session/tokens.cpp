#include "sync-server/session/tokens.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace roadbook::server {
namespace {

constexpr std::size_t person_bytes = 16, time_bytes = 8, chance_bytes = 16, mac_bytes = 24;
constexpr std::size_t said_bytes = person_bytes + time_bytes + chance_bytes;
static_assert(token_bytes == said_bytes + mac_bytes);

void add(Bytes& to, ByteView bytes)
{
    to.insert(to.end(), bytes.begin(), bytes.end());
}

/// The device is not in the token, only in its MAC: a token is worth nothing under another device's name.
Bytes mac_of(ByteView key, const DeviceId& device, ByteView said)
{
    Bytes text;
    add(text, as_bytes("roadbook device token"));
    add(text, device.view());
    add(text, said);
    Hash mac;
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(mac.bytes.data()), &size);
    return to_bytes(mac.view().first(mac_bytes));
}

} // namespace

Bytes make_token(ByteView key, const DeviceId& device, const RecordId& person, Time now, Random& random)
{
    Bytes token;
    token.reserve(token_bytes);
    add(token, person.view());
    auto rest = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = 0; i < time_bytes; ++i, rest >>= 8) token.push_back(static_cast<std::byte>(rest & 0xff));
    add(token, random.bytes(chance_bytes));
    add(token, mac_of(key, device, token));
    return token;
}

std::optional<Issued> read_token(ByteView key, const DeviceId& device, ByteView token)
{
    if (token.size() != token_bytes) return std::nullopt; // one of an older version, or none of ours
    const auto said = token.first(said_bytes);
    const auto right = mac_of(key, device, said);
    if (CRYPTO_memcmp(right.data(), token.data() + said_bytes, mac_bytes) != 0) return std::nullopt;
    const auto person = RecordId::from(said.first(person_bytes));
    std::uint64_t at = 0;
    for (std::size_t i = time_bytes; i-- > 0;) at = at << 8 | std::to_integer<std::uint64_t>(said[person_bytes + i]);
    if (!person) return std::nullopt;
    return Issued{*person, Time{Duration{static_cast<std::int64_t>(at)}}};
}

} // namespace roadbook::server
