#pragma once
// Keys and passwords, over libsodium: sealing to a public key, wrapping under a secret one, and stretching what a person can remember.
// Threads: any. Errors: a machine without randomness or memory throws.
#include "shared/base/random.hpp"

#include <optional>
#include <string>

namespace roadbook {

inline constexpr std::size_t secret_bytes = 32; ///< of every key here
inline constexpr std::size_t salt_bytes = 16;

/// Overwrites it: a key must not lie about in freed memory.
void forget(Bytes& secret) noexcept;
[[nodiscard]] bool equal_in_constant_time(ByteView a, ByteView b) noexcept;

/// What is sealed to the public key can be read with the secret one alone, also not by whoever sealed it (X25519, XSalsa20-Poly1305).
struct SealingKeys {
    Bytes public_key;
    Bytes secret_key;

    [[nodiscard]] static SealingKeys make(Random& random);
    [[nodiscard]] static SealingKeys of(ByteView secret_key);
};
[[nodiscard]] Bytes seal(ByteView public_key, ByteView plain);
/// Nothing: sealed to another key, or not what was sealed.
[[nodiscard]] std::optional<Bytes> unseal(const SealingKeys& keys, ByteView sealed);

/// Encrypted and authenticated under a key of secret_bytes (XChaCha20-Poly1305). `context` must be the same to unwrap it.
[[nodiscard]] Bytes wrap(ByteView key, ByteView plain, ByteView context, Random& random);
[[nodiscard]] std::optional<Bytes> unwrap(ByteView key, ByteView wrapped, ByteView context);

/// What one guess costs with argon2id.
struct StretchCost {
    std::uint32_t passes = 3;
    std::uint32_t kibibytes = 64 << 10;
};
/// A key of secret_bytes out of a PIN and a salt of salt_bytes.
[[nodiscard]] Bytes stretch(std::string_view secret, ByteView salt, StretchCost cost);

/// A password as it may be stored: argon2id with 19 MiB, 2 passes and its own salt (what OWASP's ASVS 5.0 asks for at least).
[[nodiscard]] std::string hash_password(std::string_view password);
[[nodiscard]] bool password_fits(const std::string& hash, std::string_view password);

/// A value that only who has `key` can make (keyed BLAKE2b, 32 bytes).
[[nodiscard]] Bytes keyed_hash(ByteView key, ByteView message);

} // namespace roadbook
