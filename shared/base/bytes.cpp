#include "shared/base/bytes.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace roadbook {
namespace {

int digit(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

struct DigestContext {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    DigestContext() = default;
    DigestContext(const DigestContext&) = delete;
    DigestContext& operator=(const DigestContext&) = delete;
    ~DigestContext() { EVP_MD_CTX_free(context); }
};

} // namespace

std::string to_hex(ByteView bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto b : bytes) {
        text.push_back(digits[std::to_integer<unsigned>(b) >> 4]);
        text.push_back(digits[std::to_integer<unsigned>(b) & 15]);
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text)
{
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return bytes;
}

Hash sha256(ByteView bytes)
{
    return sha256(bytes, {});
}

Hash sha256(ByteView a, ByteView b)
{
    static const EVP_MD* const algorithm = EVP_sha256();
    thread_local DigestContext digest; // made once a thread: a context costs more than a short hash
    Hash hash;
    unsigned size = 0;
    if (EVP_DigestInit_ex(digest.context, algorithm, nullptr) != 1 ||
        EVP_DigestUpdate(digest.context, a.data(), a.size()) != 1 ||
        EVP_DigestUpdate(digest.context, b.data(), b.size()) != 1 ||
        EVP_DigestFinal_ex(digest.context, reinterpret_cast<unsigned char*>(hash.bytes.data()), &size) != 1)
        throw std::runtime_error("OpenSSL cannot compute a SHA-256");
    return hash;
}

} // namespace roadbook
