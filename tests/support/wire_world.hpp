#pragma once
#include "shared/wire/connect.hpp"
#include "shared/wire/upgrade.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/temp_folder.hpp"

#include <functional>
#include <vector>

namespace roadbook::testing {

namespace asio = boost::asio;

/// A server on a free port of 127.0.0.1 that gives each connection to `serve`, on the test's own thread.
struct WireWorld {
    using Serve = std::function<asio::awaitable<void>(wire::Wire)>;

    /// Without `serve` the server's ends are kept, for the test to read from and write to.
    explicit WireWorld(Serve with = {}, wire::Options options = {}) : serve{std::move(with)}
    {
        rules.options = options;
        start(context, accept());
    }

    asio::awaitable<void> accept()
    {
        for (;;) {
            auto socket = co_await listener.accept();
            if (!socket) co_return;
            start(context, serve_one(std::move(*socket)));
        }
    }
    asio::awaitable<void> serve_one(wire::Socket socket)
    {
        auto made = co_await wire::serve_upgrade(std::move(socket), tls, rules);
        if (!made) {
            refusals.push_back(made.error());
            co_return;
        }
        ++served;
        if (serve)
            co_await serve(std::move(*made));
        else
            kept.push_back(std::move(*made));
    }

    [[nodiscard]] wire::Url url(const std::string& host = "127.0.0.1") const { return {host, listener.port()}; }
    [[nodiscard]] wire::ClientTls trust() const { return wire::ClientTls::pinned(tls.fingerprint()).value(); }
    [[nodiscard]] Result<wire::Wire> connect(wire::Options options = {}) { return connect(url(), trust(), options); }
    [[nodiscard]] Result<wire::Wire> connect(const wire::Url& to, const wire::ClientTls& trusting,
                                             wire::Options options = {})
    {
        return run(context, wire::connect(context.get_executor(), to, trusting, options));
    }
    /// Runs everything until `condition` holds.
    void run_until(const std::function<bool()>& condition)
    {
        const auto give_up = std::chrono::steady_clock::now() + hang_limit;
        while (!condition())
            if (context.restart(); context.run_one_until(give_up) == 0)
                throw std::runtime_error{"it does not come to pass"};
    }

    TempFolder folder;
    asio::io_context context{1};
    Serve serve;
    wire::ServerTls tls = wire::ServerTls::development(folder.path()).value();
    wire::UpgradeRules rules;
    wire::Listener listener = wire::listen(context.get_executor(), "127.0.0.1", 0).value();
    std::vector<Error> refusals; ///< of connections that did not become a Wire
    int served = 0;
    std::vector<wire::Wire> kept; ///< last: a Wire must go before its context
};

/// Sends every frame back until the other end has gone.
inline asio::awaitable<void> echo(wire::Wire wire)
{
    for (;;) {
        auto frame = co_await wire.read();
        if (!frame) co_return;
        const auto sent = co_await wire.write(*frame);
        if (!sent) co_return;
    }
}

} // namespace roadbook::testing
