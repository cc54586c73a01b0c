#pragma once
// Internal to the room.
#include "shared/wire/tls.hpp"
#include "shared/wire/tls_context.hpp"
#include "shared/wire/url.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace roadbook::wire {

class ClientTls::State {
public:
    explicit State(ContextPtr made);

    /// A connection's SSL object, set to this server's name, to our trust, and to an earlier session if there is one.
    [[nodiscard]] static SslPtr prepare(const std::shared_ptr<State>& state, const Url& url);
    /// Accepts the pinned certificate only, in place of OpenSSL's own check. Before the first connection.
    void pin_to(const Hash& hash);
    /// Why the handshake on `ssl` failed, for the person who waits for it.
    [[nodiscard]] Error explain(SSL* ssl, const Url& url, const std::string& openssl_said) const;

    ContextPtr context;

private:
    static int verify_pin(X509_STORE_CTX* store, void* state);
    static int on_session(SSL* ssl, SSL_SESSION* session);
    void expect_name(SSL* ssl, const Url& url) const;

    std::optional<Hash> pin_;
    std::mutex mutex_; // guards what follows
    std::map<std::string, SessionPtr> sessions_;
};

} // namespace roadbook::wire
