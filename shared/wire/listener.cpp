#include "shared/wire/listener.hpp"

#include "shared/wire/failure.hpp"
#include "shared/wire/socket_state.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

namespace roadbook::wire {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;
constexpr auto with_code = asio::as_tuple(asio::use_awaitable);
constexpr auto pause_when_exhausted = std::chrono::milliseconds{100}; // until other connections have gone

/// Failures of one connection or of the moment; the port itself is well.
bool passes(const error_code& ec)
{
    return ec == asio::error::connection_aborted || ec == asio::error::no_descriptors ||
           ec == asio::error::no_buffer_space || ec == asio::error::no_memory ||
           ec == boost::system::errc::too_many_files_open_in_system || ec == asio::error::connection_reset ||
           ec == boost::system::errc::protocol_error || ec == asio::error::network_down ||
           ec == asio::error::host_unreachable || ec == asio::error::network_unreachable;
}

Result<asio::ip::address> address_of(const asio::any_io_executor& executor, const std::string& host)
{
    error_code ec;
    if (const auto address = asio::ip::make_address(host, ec); !ec) return address;
    const auto found = tcp::resolver{executor}.resolve(host, "", ec);
    if (ec || found.empty())
        return fail(Errc::bad_argument, fmt::format("\"{}\" is no address of this machine: {}.", host, ec.message()),
                    "listen");
    return found.begin()->endpoint().address();
}

Error listen_failure(const error_code& ec, const std::string& where)
{
    if (ec == asio::error::address_in_use)
        return fail(
            Errc::port_in_use,
            fmt::format("{} is in use by another program, perhaps a server that still runs. Stop it, or choose another "
                        "port. Nothing was changed.",
                        where),
            "listen");
    if (ec == asio::error::access_denied)
        return fail(
            Errc::not_allowed,
            fmt::format("This user may not open {}. Choose a port above 1023, or grant CAP_NET_BIND_SERVICE.", where),
            "listen");
    return fail(Errc::bad_argument, fmt::format("{} cannot be opened: {}.", where, ec.message()), "listen");
}

error_code open_port(tcp::acceptor& acceptor, const tcp::endpoint& endpoint)
{
    error_code ec;
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(tcp::acceptor::reuse_address{true}, ec); // a restart need not wait for old connections
    if (!ec && endpoint.protocol() == tcp::v6()) acceptor.set_option(asio::ip::v6_only{false}, ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(limits::accept_backlog, ec);
    return ec;
}

} // namespace

std::string endpoint_text(const tcp::endpoint& endpoint)
{
    const auto address = endpoint.address().to_string();
    return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                      : fmt::format("{}:{}", address, endpoint.port());
}

class Listener::State {
public:
    explicit State(const asio::any_io_executor& executor) : acceptor{executor}, pause{executor} {}
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    std::string address;
    std::uint16_t port = 0;
};

Socket::Socket(std::unique_ptr<State> state) noexcept : state_{std::move(state)} {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

const std::string& Socket::address() const noexcept
{
    return state_->address;
}

std::unique_ptr<Socket::State> Socket::release() noexcept
{
    return std::move(state_);
}

Listener::Listener(std::shared_ptr<State> state) noexcept : state_{std::move(state)} {}
Listener::Listener(Listener&&) noexcept = default;

Listener& Listener::operator=(Listener&& other) noexcept
{
    if (this == &other) return *this;
    if (state_) close();
    state_ = std::move(other.state_);
    return *this;
}

Listener::~Listener()
{
    if (state_) close();
}

namespace {

asio::awaitable<Result<Socket>> accept_on(std::shared_ptr<Listener::State> state, asio::any_io_executor executor)
{
    for (;;) {
        auto [ec, socket] = co_await state->acceptor.async_accept(executor, with_code);
        error_code gone;
        if (!ec) {
            const auto peer = socket.remote_endpoint(gone);
            if (gone) continue; // left between the two calls
            co_return Socket{std::make_unique<Socket::State>(
                Socket::State{std::move(socket), peer.address().to_string(), endpoint_text(peer)})};
        }
        if (!state->acceptor.is_open()) co_return fail(Errc::session_over, "The port is closed.");
        if (!passes(ec)) co_return link_failure(ec, "connections were awaited");
        state->pause.expires_after(pause_when_exhausted);
        static_cast<void>(co_await state->pause.async_wait(with_code));
    }
}

} // namespace

asio::awaitable<Result<Socket>> Listener::accept(asio::any_io_executor executor)
{
    return accept_on(state_, std::move(executor));
}

asio::awaitable<Result<Socket>> Listener::accept()
{
    return accept_on(state_, state_->acceptor.get_executor());
}

void Listener::close() noexcept
{
    error_code ignored;
    state_->acceptor.close(ignored);
    state_->pause.cancel();
}

std::uint16_t Listener::port() const noexcept
{
    return state_->port;
}

const std::string& Listener::address() const noexcept
{
    return state_->address;
}

Result<Listener> listen(asio::any_io_executor executor, const std::string& host, std::uint16_t port)
{
    const auto address = address_of(executor, host);
    if (!address) return address.error();
    auto state = std::make_shared<Listener::State>(executor);
    const tcp::endpoint wanted{*address, port};
    if (const auto ec = open_port(state->acceptor, wanted)) return listen_failure(ec, endpoint_text(wanted));
    error_code ec;
    const auto bound = state->acceptor.local_endpoint(ec);
    if (ec) return listen_failure(ec, endpoint_text(wanted));
    state->port = bound.port();
    state->address = endpoint_text(bound);
    return Listener{std::move(state)};
}

} // namespace roadbook::wire
