#include "shared/wire/tls_context.hpp"

#include <openssl/err.h>

#include <ctime>

namespace roadbook::wire {
namespace {

// AEAD with forward secrecy only. The smallest hash first: its messages are the shortest, and nothing here outlives it.
constexpr auto suites_of_tls13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto suites_of_tls12 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                 "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                 "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto groups = "X25519:P-256";
// One key share and few signature kinds: a hello that fits one small packet.
constexpr auto signatures = "ECDSA+SHA256:ECDSA+SHA384:ed25519:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA+SHA256:RSA+SHA384";
constexpr long session_seconds = 12 * 60 * 60; // a working day: who comes back within it saves the certificate

} // namespace

ContextPtr make_context(const SSL_METHOD* method)
{
    ContextPtr context{SSL_CTX_new(method)};
    if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_ciphersuites(context.get(), suites_of_tls13) != 1 ||
        SSL_CTX_set_cipher_list(context.get(), suites_of_tls12) != 1 ||
        SSL_CTX_set1_groups_list(context.get(), groups) != 1 ||
        SSL_CTX_set1_sigalgs_list(context.get(), signatures) != 1)
        throw Fault{fail(Errc::internal, "OpenSSL cannot set up TLS: " + openssl_reason())};
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                           SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                           SSL_OP_IGNORE_UNEXPECTED_EOF);
    // An idle connection gives its record buffers (2 x 16 KiB) back. A retried write may come from another address.
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context.get(), 1); // header and body of a record in one system call
    SSL_CTX_set_timeout(context.get(), session_seconds);
    return context;
}

SslPtr make_ssl(SSL_CTX* context)
{
    SslPtr ssl{SSL_new(context)};
    if (!ssl) throw Fault{fail(Errc::internal, "OpenSSL has no memory for a connection: " + openssl_reason())};
    return ssl;
}

std::string openssl_reason()
{
    const auto code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return "no reason given";
    const auto* text = ERR_reason_error_string(code);
    return text ? text : "error " + std::to_string(code);
}

Hash certificate_hash(const X509* certificate)
{
    Hash hash;
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(hash.bytes.data()), &size) != 1)
        throw Fault{fail(Errc::internal, "OpenSSL cannot hash a certificate: " + openssl_reason())};
    return hash;
}

Time time_of(const ASN1_TIME* time)
{
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return Time{};
    return Time{std::chrono::seconds{timegm(&parts)}};
}

} // namespace roadbook::wire
