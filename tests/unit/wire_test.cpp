#include "shared/wire/connect.hpp"
#include "shared/wire/upgrade.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;
namespace asio = boost::asio;

namespace {

/// A server on a free port of 127.0.0.1 that gives each connection to `serve`.
struct World {
    using Serve = std::function<asio::awaitable<void>(wire::Wire)>;

    explicit World(Serve with) : serve{std::move(with)} { start(context, accept()); }

    asio::awaitable<void> accept()
    {
        for (;;) {
            auto socket = co_await listener.accept();
            if (!socket) co_return;
            asio::co_spawn(context, serve_one(std::move(*socket)), asio::detached);
        }
    }
    asio::awaitable<void> serve_one(wire::Socket socket)
    {
        auto made = co_await wire::serve_upgrade(std::move(socket), tls, rules);
        if (!made) {
            refusals.push_back(made.error());
            co_return;
        }
        co_await serve(std::move(*made));
    }
    [[nodiscard]] wire::Url url() const { return {"127.0.0.1", listener.port()}; }
    [[nodiscard]] wire::ClientTls trust() const { return wire::ClientTls::pinned(tls.fingerprint()).value(); }
    [[nodiscard]] Result<wire::Wire> connect(wire::Options options = {})
    {
        return run(context, wire::connect(context.get_executor(), url(), trust(), options));
    }

    TempFolder folder;
    asio::io_context context{1};
    Serve serve;
    wire::ServerTls tls = wire::ServerTls::development(folder.path()).value();
    wire::UpgradeRules rules;
    wire::Listener listener = wire::listen(context.get_executor(), "127.0.0.1", 0).value();
    std::vector<Error> refusals;
};

asio::awaitable<void> echo(wire::Wire wire)
{
    for (;;) {
        auto frame = co_await wire.read();
        if (!frame) co_return;
        const auto sent = co_await wire.write(*frame);
        if (!sent) co_return;
    }
}

} // namespace

TEST_CASE("what is written at one end is read at the other", "[wire]")
{
    World world{echo};
    auto wire = world.connect();
    REQUIRE(wire.has_value());
    for (const std::string text : {"hello", "", "second"}) {
        REQUIRE(run(world.context, wire->write(as_bytes(text))).has_value());
        CHECK(as_text(run(world.context, wire->read()).value()) == text);
    }
    CHECK(wire->bytes_in() > 0);
}
