#include "shared/wire/certificate.hpp"
#include "shared/wire/server_tls_state.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace roadbook::wire {
namespace {

namespace fs = std::filesystem;

constexpr auto development_certificate = "server.crt";
constexpr auto development_key = "server.key";
constexpr auto development_validity = std::chrono::hours{24 * 825}; // the longest that Apple's platforms accept
constexpr auto clock_slack = std::chrono::hours{24};                // a device whose clock is behind accepts it too

int no_passphrase(char*, int, int, void*)
{
    return -1; // never ask on the terminal: a server has nobody there
}

Error unreadable(const fs::path& file)
{
    return fail(Errc::file_unreadable, fmt::format("{} cannot be read: {}.", file.string(), std::strerror(errno)));
}

Result<void> use_files(SSL_CTX* context, const fs::path& certificate, const fs::path& key)
{
    if (::access(certificate.c_str(), R_OK) != 0) return unreadable(certificate);
    if (::access(key.c_str(), R_OK) != 0) return unreadable(key);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
        return fail(Errc::bad_argument,
                    fmt::format("{} holds no PEM certificate ({}).", certificate.string(), openssl_reason()));
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(context) == 1)
        return {};
    const auto mismatch = ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH ||
                          ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_TYPE_MISMATCH;
    const auto reason = openssl_reason();
    if (mismatch)
        return fail(Errc::bad_argument, fmt::format("The key in {} does not belong to the certificate in {}.",
                                                    key.string(), certificate.string()));
    return fail(Errc::bad_argument,
                fmt::format("{} holds no PEM key without a passphrase ({}).", key.string(), reason));
}

Result<void> check_dates(const X509* certificate, const fs::path& file, std::string_view advice)
{
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return fail(Errc::tls_failed,
                    fmt::format("The certificate in {} expired on {}; devices would refuse it. {}", file.string(),
                                to_text(time_of(X509_get0_notAfter(certificate))), advice));
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        return fail(Errc::tls_failed,
                    fmt::format("The certificate in {} is not valid before {}; check this machine's clock. {}",
                                file.string(), to_text(time_of(X509_get0_notBefore(certificate))), advice));
    return {};
}

/// A key file is never readable by others, not even for a moment, and never half written under its name.
Result<void> write_private(const fs::path& file, std::string_view text)
{
    const auto temporary = file.string() + ".new";
    ::unlink(temporary.c_str());
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const auto failed = [&] {
        return fail(Errc::file_unreadable,
                    fmt::format("{} cannot be written: {}.", file.string(), std::strerror(errno)));
    };
    if (descriptor < 0) return failed();
    const auto written = ::write(descriptor, text.data(), text.size());
    const bool stored = written == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!stored || ::rename(temporary.c_str(), file.c_str()) != 0) return failed();
    return {};
}

Result<void> make_development_files(const fs::path& folder, std::span<const std::string> names)
{
    std::error_code ec;
    fs::create_directories(folder, ec);
    if (ec) return fail(Errc::file_unreadable, fmt::format("{} cannot be made: {}.", folder.string(), ec.message()));
    CertificateWish wish;
    wish.common_name = "Roadbook development server";
    wish.names = {"localhost", "127.0.0.1", "::1"};
    wish.names.insert(wish.names.end(), names.begin(), names.end());
    wish.valid_from = system_clock().now() - clock_slack;
    wish.valid_until = system_clock().now() + development_validity;
    const auto made = make_certificate(wish);
    // The key first: a crash in between leaves no certificate, and both are made again.
    ROADBOOK_CHECK(write_private(folder / development_key, made.key_pem));
    return write_private(folder / development_certificate, made.certificate_pem);
}

Result<std::shared_ptr<ServerTls::State>> load_state(const fs::path& certificate, const fs::path& key,
                                                     std::string_view advice)
{
    auto state = std::make_shared<ServerTls::State>();
    state->context = make_context(TLS_server_method());
    auto* context = state->context.get();
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    ROADBOOK_CHECK(use_files(context, certificate, key));
    const auto* own = SSL_CTX_get0_certificate(context);
    ROADBOOK_CHECK(check_dates(own, certificate, advice));
    // Sessions live in tickets that the devices hold: one each is enough, and the server keeps nothing.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    static constexpr unsigned char resumed_as[] = "roadbook";
    SSL_CTX_set_session_id_context(context, resumed_as, sizeof resumed_as - 1);
    state->fingerprint = fingerprint_text(certificate_hash(own));
    state->valid_until = time_of(X509_get0_notAfter(own));
    return state;
}

} // namespace

Result<ServerTls> ServerTls::load(const fs::path& certificate, const fs::path& key)
{
    auto state = load_state(certificate, key, "Install a renewed one.");
    if (!state) return state.error();
    return ServerTls{std::move(*state)};
}

Result<ServerTls> ServerTls::development(const fs::path& folder, std::span<const std::string> names)
{
    const auto certificate = folder / development_certificate;
    const auto key = folder / development_key;
    std::error_code ignored;
    if (!fs::exists(certificate, ignored)) ROADBOOK_CHECK(make_development_files(folder, names));
    auto state =
        load_state(certificate, key,
                   "Delete it and its key to have a new one made; devices that pinned it must then trust the new one.");
    if (!state) return state.error();
    return ServerTls{std::move(*state)};
}

const std::string& ServerTls::fingerprint() const noexcept
{
    return state_->fingerprint;
}

Time ServerTls::valid_until() const noexcept
{
    return state_->valid_until;
}

} // namespace roadbook::wire
