#pragma once
// Who the two ends are to each other: the server's certificate, and what a device trusts.
// Both speak TLS 1.3, or 1.2 with ECDHE and an AEAD cipher; no renegotiation, no compression, no early data.
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::wire {

/// The server's certificate and key, ready for use. Copies share one state; connections keep it alive.
/// Threads: immutable after loading; may be used by several threads. A renewed certificate is a new object.
class ServerTls {
public:
    /// PEM files: the certificate with its chain, and its key. `file_unreadable`; `bad_argument` when they are no
    /// certificate and key or do not belong together; `tls_failed` when the certificate is expired or not yet valid.
    [[nodiscard]] static Result<ServerTls> load(const std::filesystem::path& certificate,
                                                const std::filesystem::path& key);
    /// The development certificate of `folder` (server.crt, server.key; mode 0600), made on first use: ECDSA P-256,
    /// self-signed, for localhost, 127.0.0.1, ::1 and `names`, valid 825 days. An existing one is used as it is, so
    /// that devices that pinned it go on; when it has expired, that is an error that says what to do.
    [[nodiscard]] static Result<ServerTls> development(const std::filesystem::path& folder,
                                                       std::span<const std::string> names = {});

    /// "sha256:" and 64 hexadecimal digits, over the certificate's DER: what a device pins.
    [[nodiscard]] const std::string& fingerprint() const noexcept;
    /// The last moment at which devices accept it.
    [[nodiscard]] Time valid_until() const noexcept;

    class State; ///< internal to this room
    [[nodiscard]] const std::shared_ptr<State>& state() const noexcept { return state_; }

private:
    explicit ServerTls(std::shared_ptr<State> state) noexcept : state_{std::move(state)} {}
    std::shared_ptr<State> state_;
};

/// What a device trusts. The certificate's dates are checked always, its host name (RFC 6125) unless it is pinned.
/// Nothing of the application is sent before the check. Keeps TLS sessions for resumption, in memory only.
/// Threads: may be used by several threads.
class ClientTls {
public:
    /// The certificate authorities of this machine.
    [[nodiscard]] static Result<ClientTls> system();
    /// The authorities (or the one self-signed certificate) in a PEM file. `file_unreadable`, `bad_argument`.
    [[nodiscard]] static Result<ClientTls> authority(const std::filesystem::path& file);
    /// Exactly the certificate with this fingerprint, under whatever name. "sha256:" and 64 hexadecimal digits (colons
    /// and capitals are fine); else `bad_argument`.
    [[nodiscard]] static Result<ClientTls> pinned(std::string_view fingerprint);

    class State; ///< internal to this room
    [[nodiscard]] const std::shared_ptr<State>& state() const noexcept { return state_; }

private:
    explicit ClientTls(std::shared_ptr<State> state) noexcept : state_{std::move(state)} {}
    std::shared_ptr<State> state_;
};

} // namespace roadbook::wire
