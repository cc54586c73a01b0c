#include "shared/base/secrets.hpp"

#include <sodium.h>

#include <cassert>
#include <new>
#include <stdexcept>

namespace roadbook {
namespace {

static_assert(secret_bytes == crypto_box_SEEDBYTES && secret_bytes == crypto_box_SECRETKEYBYTES && secret_bytes == crypto_box_PUBLICKEYBYTES);
static_assert(secret_bytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES && salt_bytes == crypto_pwhash_SALTBYTES);

constexpr unsigned long long password_passes = 2;
constexpr std::size_t password_memory = 19'456 << 10;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* in(ByteView bytes) noexcept
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::span<std::byte> bytes) noexcept
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

void start()
{
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error{"the cryptographic library does not start on this machine"};
}

} // namespace

void forget(Bytes& secret) noexcept
{
    sodium_memzero(secret.data(), secret.size());
    secret.clear();
}

bool equal_in_constant_time(ByteView a, ByteView b) noexcept
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

SealingKeys SealingKeys::make(Random& random)
{
    return of(random.bytes(secret_bytes));
}

SealingKeys SealingKeys::of(ByteView secret_key)
{
    assert(secret_key.size() == secret_bytes);
    SealingKeys keys{Bytes(secret_bytes), to_bytes(secret_key)};
    if (crypto_scalarmult_base(out(keys.public_key), in(secret_key)) != 0) throw std::runtime_error{"no public key belongs to this secret key"};
    return keys;
}

Bytes seal(ByteView public_key, ByteView plain)
{
    start();
    assert(public_key.size() == secret_bytes);
    Bytes sealed(plain.size() + crypto_box_SEALBYTES);
    if (crypto_box_seal(out(sealed), in(plain), plain.size(), in(public_key)) != 0) throw std::runtime_error{"this public key is none"};
    return sealed;
}

std::optional<Bytes> unseal(const SealingKeys& keys, ByteView sealed)
{
    if (sealed.size() < crypto_box_SEALBYTES) return std::nullopt;
    Bytes plain(sealed.size() - crypto_box_SEALBYTES);
    if (crypto_box_seal_open(out(plain), in(sealed), sealed.size(), in(keys.public_key), in(keys.secret_key)) != 0) return std::nullopt;
    return plain;
}

Bytes wrap(ByteView key, ByteView plain, ByteView context, Random& random)
{
    assert(key.size() == secret_bytes);
    auto wrapped = random.bytes(nonce_bytes);
    wrapped.resize(nonce_bytes + plain.size() + tag_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out(wrapped) + nonce_bytes, nullptr, in(plain), plain.size(), in(context), context.size(), nullptr,
                                               in(wrapped), in(key));
    return wrapped;
}

std::optional<Bytes> unwrap(ByteView key, ByteView wrapped, ByteView context)
{
    if (wrapped.size() < nonce_bytes + tag_bytes) return std::nullopt;
    const auto body = wrapped.subspan(nonce_bytes);
    Bytes plain(body.size() - tag_bytes);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out(plain), nullptr, nullptr, in(body), body.size(), in(context), context.size(), in(wrapped), in(key)) != 0)
        return std::nullopt;
    return plain;
}

Bytes stretch(std::string_view secret, ByteView salt, StretchCost cost)
{
    start();
    assert(salt.size() == salt_bytes);
    Bytes key(secret_bytes);
    if (crypto_pwhash(out(key), key.size(), secret.data(), secret.size(), in(salt), cost.passes, std::size_t{cost.kibibytes} << 10,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc{};
    return key;
}

std::string hash_password(std::string_view password)
{
    start();
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str(hash.data(), password.data(), password.size(), password_passes, password_memory) != 0) throw std::bad_alloc{};
    hash.resize(hash.find('\0'));
    return hash;
}

bool password_fits(const std::string& hash, std::string_view password)
{
    start();
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

Bytes keyed_hash(ByteView key, ByteView message)
{
    Bytes made(secret_bytes);
    crypto_generichash(out(made), made.size(), in(message), message.size(), in(key), key.size());
    return made;
}

} // namespace roadbook
