#include "shared/wire/connect.hpp"

#include "shared/wire/client_tls_state.hpp"
#include "shared/wire/deadline.hpp"
#include "shared/wire/failure.hpp"
#include "shared/wire/socket_state.hpp"
#include "shared/wire/upgrade.hpp"
#include "shared/wire/wire_core.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

namespace roadbook::wire {
namespace {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
constexpr auto with_code = asio::as_tuple(asio::use_awaitable);
constexpr auto client_name = "roadbook";

using Endpoints = std::vector<tcp::endpoint>;

asio::awaitable<Result<Endpoints>> look_up(tcp::resolver& resolver, const Url& url)
{
    error_code ec;
    if (const auto address = asio::ip::make_address(url.host, ec); !ec) co_return Endpoints{{address, url.port}};
    // By definition this machine (RFC 6761); a bare system without /etc/hosts does not know it.
    if (url.host == "localhost") co_return Endpoints{{asio::ip::address_v4::loopback(), url.port}, {asio::ip::address_v6::loopback(), url.port}};
    const auto [failed, found] = co_await resolver.async_resolve(url.host, std::to_string(url.port), with_code);
    if (failed)
        co_return fail(Errc::link_lost, fmt::format("{} was not found: no network, or a mistyped name.", url.host));
    co_return Endpoints(found.begin(), found.end());
}

/// To an endpoint, from the address that the caller chose; without one the system chooses.
error_code prepare(tcp::socket& socket, const tcp::endpoint& to, std::uint32_t from_ipv4)
{
    error_code ec;
    socket.close(ec);
    if (from_ipv4 == 0) return {};
    socket.open(to.protocol(), ec);
    if (!ec) socket.bind({asio::ip::address_v4{from_ipv4}, 0}, ec);
    return ec;
}

asio::awaitable<Result<tcp::socket>> open_socket(asio::any_io_executor executor, const Url& url,
                                                 const Timeouts& timeouts, std::uint32_t from_ipv4)
{
    tcp::resolver resolver{executor};
    tcp::socket socket{executor};
    const Deadline deadline{executor, timeouts.connect, [&] {
                                resolver.cancel();
                                error_code ignored;
                                socket.close(ignored);
                            }};
    const auto late = [&] {
        return time_failure(fmt::format("{} did not answer. All edits are safe on this device.", url.text()));
    };
    auto endpoints = co_await look_up(resolver, url);
    if (deadline.passed()) co_return late();
    if (!endpoints) co_return endpoints.error();
    error_code ec;
    for (const auto& endpoint : *endpoints) {
        ec = prepare(socket, endpoint, from_ipv4);
        if (ec) continue;
        const auto [failed] = co_await socket.async_connect(endpoint, with_code);
        if (deadline.passed()) co_return late();
        ec = failed;
        if (!ec) co_return std::move(socket);
    }
    co_return fail(Errc::link_lost, fmt::format("{} cannot be reached: {}.", url.text(), ec.message()));
}

asio::awaitable<Result<void>> agree_on_tls(Wire::Core& core, const Url& url, const ClientTls::State& trust)
{
    const Deadline deadline{core.stream().get_executor(), core.timeouts().tls_handshake, [&] { core.tls().cut(); }};
    const auto ec = co_await core.tls().handshake();
    if (!ec) co_return Result<void>{};
    if (deadline.passed())
        co_return time_failure(
            fmt::format("{} took too long to agree on a safe connection. Nothing was sent.", url.text()));
    if (ec == boost::system::errc::protocol_error) co_return trust.explain(core.tls().ssl(), url, core.tls().reason());
    co_return link_failure(ec, "a safe connection was being agreed on");
}

Error refused(const Url& url, const websocket::response_type& response, const error_code& ec)
{
    if (response.result() == http::status::service_unavailable)
        return fail(Errc::server_busy,
                    fmt::format("{} is busy and asks to come again later. All edits are safe.", url.text()),
                    std::string{response[http::field::retry_after]});
    if (ec == websocket::error::upgrade_declined)
        return fail(
            Errc::upgrade_refused,
            fmt::format("{} answered with HTTP status {}, not as a Roadbook server. Check the address and the port.",
                        url.text(), response.result_int()));
    return fail(Errc::upgrade_refused,
                fmt::format("{} did not answer as a Roadbook server ({}). Check the address and the port.", url.text(),
                            ec.message()));
}

bool comes_from_a_server(const error_code& ec)
{
    return ec.category() == make_error_code(websocket::error::closed).category() ||
           ec.category() == make_error_code(http::error::bad_version).category();
}

asio::awaitable<Result<void>> ask_for_upgrade(Wire::Core& core, const Url& url)
{
    const UpgradeRules defaults;
    core.stream().set_option(websocket::stream_base::decorator([&defaults](websocket::request_type& request) {
        request.set(http::field::user_agent, client_name);
        request.set(http::field::sec_websocket_protocol, defaults.subprotocol);
    }));
    websocket::response_type response;
    const Deadline deadline{core.stream().get_executor(), core.timeouts().upgrade, [&] { core.tls().cut(); }};
    const auto [ec] = co_await core.stream().async_handshake(response, url.authority(), defaults.path, with_code);
    if (deadline.passed()) co_return time_failure(fmt::format("{} took too long to answer.", url.text()));
    if (ec && comes_from_a_server(ec)) co_return refused(url, response, ec);
    if (ec) co_return link_failure(ec, "the server's answer was expected");
    if (response[http::field::sec_websocket_protocol] != defaults.subprotocol)
        co_return refused(url, response, make_error_code(websocket::error::no_upgrade_websocket));
    co_return Result<void>{};
}

} // namespace

asio::awaitable<Result<Wire>> connect(asio::any_io_executor executor, Url url, ClientTls trust, Options options)
{
    auto socket = co_await open_socket(executor, url, options.timeouts, options.from_ipv4);
    if (!socket) co_return socket.error();
    error_code ignored;
    auto peer = endpoint_text(socket->remote_endpoint(ignored));
    auto core = std::make_shared<Wire::Core>(std::move(*socket), ClientTls::State::prepare(trust.state(), url),
                                             trust.state(), std::move(peer), options);
    if (const auto agreed = co_await agree_on_tls(*core, url, *trust.state()); !agreed) co_return agreed.error();
    if (const auto upgraded = co_await ask_for_upgrade(*core, url); !upgraded) co_return upgraded.error();
    core->open(false);
    co_return Wire{std::move(core)};
}

} // namespace roadbook::wire
