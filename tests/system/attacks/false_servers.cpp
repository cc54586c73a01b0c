// The other direction: an honest device meets a server that is not its own. Nothing of the application goes out to it.
#include "mobile-app/sync/sync_runner.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/wire_world.hpp"
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <thread>

namespace roadbook::attacks {
namespace {

namespace asio = boost::asio;
constexpr auto with_code = asio::as_tuple(asio::use_awaitable);

/// What a device with an edit to send says to the server at `port`; the error that its person sees.
Result<sync::Report> sync_with(Arena& arena, std::uint16_t port, const std::string& pin)
{
    const testing::TempFolder folder;
    const auto replica = replica::Replica::open({.folder = folder.path()}).value();
    replica->keep_identity({DeviceId::from(Bytes(16, std::byte{1})).value(), Bytes(32, std::byte{2}), arena.ann, "Ann", schema::Role::rep,
                            fmt::format("wss://127.0.0.1:{}", port), pin, {}, 14});
    return sync::sync_once(*replica);
}

std::string told(const Result<sync::Report>& outcome)
{
    return outcome ? "synced" : std::string{name(outcome.error().code)} + (outcome.error().message.empty() ? ", without a word" : ", said so");
}

/// A TLS server with a certificate of its own: does anything come in behind the handshake?
std::string meet(Arena& arena, testing::WireWorld& world)
{
    std::optional<Result<sync::Report>> outcome;
    std::thread device{[&] { outcome = sync_with(arena, world.listener.port(), arena.pin()); }};
    world.run_until([&] { return !world.refusals.empty() || world.served > 0; });
    device.join();
    return fmt::format("{}; {}", told(*outcome), world.served == 0 ? "no request came in" : "a request came in");
}

std::string wrong_certificate(Arena& arena)
{
    testing::WireWorld world;
    return meet(arena, world);
}

std::string wrong_authority(Arena& arena)
{
    testing::WireWorld world;
    const auto other = testing::make_authority("Another authority");
    auto wish = testing::good_certificate();
    wish.issuer = &other;
    world.tls = testing::load(world.folder.path(), wire::make_certificate(wish)).value();
    return meet(arena, world);
}

/// A hotel's network answers everything itself.
std::string captive_portal(Arena& arena)
{
    asio::io_context io{1};
    asio::ip::tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    std::string heard;
    testing::start(io, [](asio::ip::tcp::acceptor& door, std::string& came) -> asio::awaitable<void> {
        auto [failed, socket] = co_await door.async_accept(with_code);
        if (failed) co_return;
        came.resize(64 << 10);
        const auto [cut, count] = co_await socket.async_read_some(asio::buffer(came), with_code);
        came.resize(count);
        static constexpr std::string_view answer = "HTTP/1.1 302 Found\r\nLocation: http://hotel.example/login\r\nContent-Length: 0\r\n\r\n";
        co_await asio::async_write(socket, asio::buffer(answer), with_code);
    }(acceptor, heard));
    std::optional<Result<sync::Report>> outcome;
    std::thread device{[&] { outcome = sync_with(arena, acceptor.local_endpoint().port(), arena.pin()); }};
    io.run_for(std::chrono::seconds{5});
    device.join();
    const bool is_hello = heard.starts_with("\x16\x03") && heard.find(std::string(32, '\x02')) == std::string::npos;
    return fmt::format("{}; {}", told(*outcome), is_hello ? "a TLS hello came in" : "something else came in");
}

} // namespace

std::vector<Attack> attacks_by_false_servers()
{
    return {
        {"3, N6", "a server with another certificate than the pinned one", "tls_failed, said so; no request came in", wrong_certificate},
        {"3, N6", "... of an authority that the device was not given", "tls_failed, said so; no request came in", wrong_authority},
        {"N6", "a hotel that answers every connection with a redirect", "tls_failed, said so; a TLS hello came in", captive_portal},
    };
}

} // namespace roadbook::attacks
