#include "shared/wire/client_tls_state.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace roadbook::wire {
namespace {

constexpr std::size_t sessions_max = 16; // a device has one server; tools a few
constexpr auto nothing_sent = "Nothing was sent.";

bool is_address(const std::string& host)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address(host, ec);
    return !ec;
}

void free_text(void*, void* text, CRYPTO_EX_DATA*, int, long, void*)
{
    delete static_cast<std::string*>(text);
}

int url_slot()
{
    static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_text);
    return slot;
}

int state_slot()
{
    static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

} // namespace

ClientTls::State::State(ContextPtr made) : context{std::move(made)}
{
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context.get(), on_session);
    SSL_CTX_set_ex_data(context.get(), state_slot(), this);
    // A certificate in the given file is trusted as it stands: a server's own, or an authority below a root.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
}

/// The server sent a ticket. Returns 1 when the session is kept.
int ClientTls::State::on_session(SSL* ssl, SSL_SESSION* session)
{
    auto* state = static_cast<State*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), state_slot()));
    const auto* url = static_cast<const std::string*>(SSL_get_ex_data(ssl, url_slot()));
    if (!state || !url) return 0;
    const std::lock_guard lock{state->mutex_};
    if (state->sessions_.size() >= sessions_max && !state->sessions_.contains(*url)) return 0;
    state->sessions_[*url].reset(session);
    return 1;
}

/// Exactly this certificate, and within its dates.
int ClientTls::State::verify_pin(X509_STORE_CTX* store, void* state)
{
    const auto& pin = static_cast<const State*>(state)->pin_;
    const auto* leaf = X509_STORE_CTX_get0_cert(store);
    int verdict = X509_V_OK;
    if (certificate_hash(leaf) != *pin)
        verdict = X509_V_ERR_CERT_UNTRUSTED;
    else if (X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0)
        verdict = X509_V_ERR_CERT_HAS_EXPIRED;
    else if (X509_cmp_current_time(X509_get0_notBefore(leaf)) > 0)
        verdict = X509_V_ERR_CERT_NOT_YET_VALID;
    X509_STORE_CTX_set_error(store, verdict);
    return verdict == X509_V_OK ? 1 : 0;
}

void ClientTls::State::pin_to(const Hash& hash)
{
    pin_ = hash;
    SSL_CTX_set_cert_verify_callback(context.get(), verify_pin, this);
}

SslPtr ClientTls::State::prepare(const std::shared_ptr<State>& state, const Url& url)
{
    auto ssl = make_ssl(state->context.get());
    SSL_set_connect_state(ssl.get());
    if (!is_address(url.host)) SSL_set_tlsext_host_name(ssl.get(), url.host.c_str());
    if (!state->pin_) state->expect_name(ssl.get(), url);
    auto key = std::make_unique<std::string>(url.text());
    const std::lock_guard lock{state->mutex_};
    if (const auto found = state->sessions_.find(*key); found != state->sessions_.end()) {
        SSL_set_session(ssl.get(), found->second.get());
        state->sessions_.erase(found); // a ticket is used once; the server sends the next
    }
    if (SSL_set_ex_data(ssl.get(), url_slot(), key.get()) == 1) static_cast<void>(key.release());
    return ssl;
}

void ClientTls::State::expect_name(SSL* ssl, const Url& url) const
{
    auto* expected = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int set = is_address(url.host) ? X509_VERIFY_PARAM_set1_ip_asc(expected, url.host.c_str())
                                         : X509_VERIFY_PARAM_set1_host(expected, url.host.c_str(), url.host.size());
    if (set != 1) throw Fault{fail(Errc::internal, "OpenSSL takes no host name: " + openssl_reason())};
}

Error ClientTls::State::explain(SSL* ssl, const Url& url, const std::string& openssl_said) const
{
    const auto failure = [&](std::string text) {
        return fail(Errc::tls_failed, fmt::format("{} {}", text, nothing_sent));
    };
    switch (const auto why = SSL_get_verify_result(ssl)) {
    case X509_V_OK:
        return failure(
            fmt::format("{} does not agree on a safe connection ({}). Is it a Roadbook server, and is the port right?",
                        url.text(), openssl_said));
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return failure(
            fmt::format("The certificate of {} has expired. Check this device's date; if it is right, the server needs "
                        "a new certificate.",
                        url.text()));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return failure(fmt::format("The certificate of {} is not valid yet. Check this device's date.", url.text()));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return failure(
            fmt::format("The certificate that answers at {} is for another host name. Check the address.", url.text()));
    default:
        if (pin_)
            return failure(
                fmt::format("The server at {} shows another certificate than the one this device knows. Either it was "
                            "renewed, or somebody stands in between: ask your manager for its fingerprint.",
                            url.text()));
        return failure(
            fmt::format("The certificate of {} comes from an authority that this device does not trust ({}). On a "
                        "foreign network, somebody may stand in between.",
                        url.text(), X509_verify_cert_error_string(why)));
    }
}

Result<ClientTls> ClientTls::system()
{
    auto state = std::make_shared<State>(make_context(TLS_client_method()));
    if (SSL_CTX_set_default_verify_paths(state->context.get()) != 1)
        return fail(Errc::file_unreadable,
                    "The certificate authorities of this machine cannot be read: " + openssl_reason());
    return ClientTls{std::move(state)};
}

Result<ClientTls> ClientTls::authority(const std::filesystem::path& file)
{
    if (::access(file.c_str(), R_OK) != 0)
        return fail(Errc::file_unreadable, fmt::format("{} cannot be read: {}.", file.string(), std::strerror(errno)));
    auto state = std::make_shared<State>(make_context(TLS_client_method()));
    ERR_clear_error();
    if (SSL_CTX_load_verify_file(state->context.get(), file.c_str()) != 1)
        return fail(Errc::bad_argument,
                    fmt::format("{} holds no PEM certificate ({}).", file.string(), openssl_reason()));
    return ClientTls{std::move(state)};
}

Result<ClientTls> ClientTls::pinned(std::string_view fingerprint)
{
    constexpr std::string_view prefix = "sha256:";
    std::string digits{fingerprint};
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    const bool named = digits.starts_with(prefix);
    if (named) digits.erase(0, prefix.size());
    std::erase(digits, ':');
    const auto bytes = from_hex(digits);
    const auto pin = bytes ? Hash::from(*bytes) : std::nullopt;
    if (!named || !pin)
        return fail(Errc::bad_argument,
                    "A fingerprint is \"sha256:\" and 64 hexadecimal digits, as the server prints it.");
    auto state = std::make_shared<State>(make_context(TLS_client_method()));
    state->pin_to(*pin);
    return ClientTls{std::move(state)};
}

} // namespace roadbook::wire
