#pragma once
// Internal to the room: OpenSSL objects with owners, and the settings that both ends share.
#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace roadbook::wire {

template <auto function>
struct FreedBy {
    template <class T>
    void operator()(T* object) const noexcept
    {
        function(object);
    }
};
using ContextPtr = std::unique_ptr<SSL_CTX, FreedBy<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, FreedBy<SSL_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, FreedBy<SSL_SESSION_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, FreedBy<X509_free>>;
using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;

/// A context with our versions, suites and memory settings. Throws Fault when OpenSSL has no memory.
[[nodiscard]] ContextPtr make_context(const SSL_METHOD* method);
/// A connection's state, or a Fault.
[[nodiscard]] SslPtr make_ssl(SSL_CTX* context);
/// OpenSSL's first complaint in words, and an empty error queue.
[[nodiscard]] std::string openssl_reason();
[[nodiscard]] Hash certificate_hash(const X509* certificate);
[[nodiscard]] Time time_of(const ASN1_TIME* time);

} // namespace roadbook::wire
