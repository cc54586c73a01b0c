#include "sync-server/listener/server.hpp"

#include "shared/base/log.hpp"
#include "sync-server/listener/close_code.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

namespace asio = boost::asio;
constexpr auto with_code = asio::as_tuple(asio::use_awaitable);

wire::UpgradeRules make_rules(const wire::Timeouts& timeouts)
{
    wire::UpgradeRules rules;
    rules.page = [](std::string_view path) { return path == "/healthz" ? std::optional<std::string>{"ok\n"} : std::nullopt; };
    rules.options.timeouts = timeouts;
    rules.options.frame_bytes_max = limits::hello_bytes_max;
    return rules;
}

} // namespace

/// One open connection. Its reader and its writer keep it alive.
struct Server::Connection {
    Connection(ConnectionId number, wire::Wire opened, wire::Admission::Ticket place, asio::io_context& context, const Rate& rate)
        : id{number}, wire{std::move(opened)}, ticket{std::move(place)}, hello_timer{context}, pace_timer{context}, pace{rate}
    {
    }
    ConnectionId id;
    wire::Wire wire;
    wire::Admission::Ticket ticket; ///< its place at the door, until it has greeted
    asio::steady_timer hello_timer;
    asio::steady_timer pace_timer;
    Bucket pace; ///< of its frames
    std::deque<std::shared_ptr<const Bytes>> frames; ///< to be sent, in order
    std::size_t bytes = 0;                           ///< of all of them
    bool writing = false;
    bool greeted = false;
    std::optional<Error> end; ///< close for this reason once the frames are sent
};

Result<std::unique_ptr<Server>> Server::open(asio::io_context& context, Hub& hub, wire::ServerTls tls, Options options)
{
    auto listener = wire::listen(context.get_executor(), options.host, options.port);
    if (!listener) return listener.error();
    return std::unique_ptr<Server>{new Server{context, hub, std::move(tls), std::move(options), std::move(*listener)}};
}

Server::Server(asio::io_context& context, Hub& hub, wire::ServerTls tls, Options options, wire::Listener listener)
    : context_{context}
    , hub_{hub}
    , core_{hub, Reading::when_asked}
    , tls_{std::move(tls)}
    , options_{std::move(options)}
    , listener_{std::move(listener)}
    , rules_{make_rules(options_.timeouts)}
    , poll_timer_{context}
    , drain_timer_{context}
{
}

Server::~Server() = default;

void Server::start()
{
    spawn(accept());
    spawn(poll());
}

/// A coroutine that ends by an exception has met a fault of this program: the server stops rather than go on half alive.
void Server::spawn(asio::awaitable<void> work)
{
    asio::co_spawn(context_, std::move(work), [this](const std::exception_ptr& failure) {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& exception) {
            log::error("coroutine_failed", "what={}", exception.what());
            failure_ = fail(Errc::internal, fmt::format("a fault of the server: {}. Everything that was acknowledged is safe; start it again", exception.what()));
            context_.stop();
        }
    });
}

asio::awaitable<void> Server::accept()
{
    for (;;) {
        auto socket = co_await listener_.accept();
        if (!socket && socket.error().code == Errc::session_over) co_return;
        if (!socket) {
            log::error("accept_failed", "reason={}", socket.error().message);
            failure_ = socket.error();
            drain(fail(Errc::server_busy, Bilingual{"the server restarts: connect again in a moment; all edits are safe on the device", "服务器正在重启：请稍后重新连接；所有修改都安全保存在设备上"}));
            co_return;
        }
        auto ticket = admission_.admit(socket->address(), hub_.clock().now());
        if (!ticket || connections_.size() >= limits::connections_max) {
            if (refusals_logged_.take(1, hub_.clock().now()) == Duration{0}) log::warning("connection_refused", "connections={} waiting={}", connections_.size(), admission_.waiting());
            continue; // closed by leaving scope: whoever it is comes again
        }
        spawn(serve(std::move(*socket), std::move(*ticket)));
    }
}

asio::awaitable<void> Server::serve(wire::Socket socket, wire::Admission::Ticket ticket)
{
    const auto address = wire::network_of(socket.address());
    auto rules = rules_;
    rules.busy = ticket.come_again();
    auto wire = co_await wire::serve_upgrade(std::move(socket), tls_, std::move(rules));
    if (!wire) {
        log::debug("no_session", "code={} reason={}", name(wire.error().code), wire.error().message);
        co_return;
    }
    if (draining_) {
        co_await wire->close(wire::CloseCode::going_away, "the server restarts");
        co_return;
    }
    const auto id = core_.connect(address);
    auto connection = std::make_shared<Connection>(id, std::move(*wire), std::move(ticket), context_, options_.frames);
    connections_.emplace(id, connection);
    spawn(watch_for_hello(connection));
    co_await read(connection);
}

asio::awaitable<void> Server::read(std::shared_ptr<Connection> connection)
{
    const auto id = connection->id;
    for (;;) {
        const auto frame = co_await connection->wire.read();
        if (!frame) {
            log_end(*connection, frame.error());
            attempt(id, [&] { core_.lost(id, frame.error()); });
            break;
        }
        attempt(id, [&] { core_.receive(id, *frame); });
        note_greeting(*connection);
        pump();
        co_await keep_pace(*connection);
    }
    connection->hello_timer.cancel();
    connections_.erase(id);
    if (draining_ && connections_.empty()) drain_timer_.cancel(); // then the context stops
    pump();
}

/// Who sends faster than he may is read more slowly; TCP makes him wait, and nothing of it is lost.
asio::awaitable<void> Server::keep_pace(Connection& connection)
{
    for (;;) {
        const auto wait = connection.pace.take(1, hub_.clock().now());
        if (wait == Duration{0} || !connection.wire.is_open()) co_return;
        connection.pace_timer.expires_after(wait);
        co_await connection.pace_timer.async_wait(with_code);
    }
}

void Server::log_end(const Connection& connection, const Error& link) const
{
    const auto& wire = connection.wire;
    const auto code = connection.end ? connection.end->code : wire.closed_by_peer() == wire::CloseCode::normal ? Errc::ok : link.code;
    log::info("session_closed", "connection={} device={} code={} bytes_in={} bytes_out={}", connection.id, core_.device_of(connection.id).text(),
              name(code), wire.bytes_in(), wire.bytes_out());
}

void Server::note_greeting(Connection& connection)
{
    if (connection.greeted || !core_.is_greeted(connection.id)) return;
    connection.greeted = true;
    connection.hello_timer.cancel();
    connection.ticket.release();
    connection.wire.limit_frames(protocol::frame_bytes_max);
    log::info("session_opened", "connection={} device={}", connection.id, core_.device_of(connection.id).text());
}

asio::awaitable<void> Server::watch_for_hello(std::shared_ptr<Connection> connection)
{
    if (connection->greeted) co_return;
    connection->hello_timer.expires_after(options_.timeouts.hello);
    const auto [cancelled] = co_await connection->hello_timer.async_wait(with_code);
    if (cancelled || connection->greeted || connection->end) co_return;
    core_.end(connection->id, fail(Errc::timed_out, Bilingual{"no greeting came in time: connect again; all edits are safe on the device", "未及时完成握手：请重新连接；所有修改都安全保存在设备上"}));
    pump();
}

/// A fault of the store ends the connection that met it; all others go on.
template <class Work>
void Server::attempt(ConnectionId id, Work work)
{
    try {
        work();
    } catch (const Fault& fault) {
        log::error("store_failed", "connection={} code={} reason={}", id, name(fault.error().code), fault.error().message);
        core_.end(id, fault.error());
    }
}

void Server::pump()
{
    hand_out();
    const bool more_pages = read_page();
    hand_out();
    // Posted behind all that is ready now: frames that came meanwhile share one commit, and a first sync lets the others in between.
    if (more_pages && !std::exchange(page_posted_, true))
        asio::post(context_, [this] {
            page_posted_ = false;
            pump();
        });
    if (core_.has_pending() && !std::exchange(commit_posted_, true))
        asio::post(context_, [this] {
            commit_posted_ = false;
            core_.commit_pending();
            pump();
        });
}

/// For the connection that waits longest among those that keep up. False: there is none.
bool Server::read_page()
{
    const auto keeps_up = [&](ConnectionId id) {
        const auto found = connections_.find(id);
        return found != connections_.end() && found->second->bytes < limits::write_ahead_bytes;
    };
    const auto& readers = core_.readers();
    const auto reader = std::find_if(readers.begin(), readers.end(), keeps_up);
    if (reader == readers.end()) return false;
    const auto id = *reader;
    attempt(id, [&] { core_.read_page(id); });
    return true;
}

void Server::hand_out()
{
    for (auto& output : core_.take_output()) {
        const auto found = connections_.find(output.connection);
        if (found == connections_.end()) continue;
        queue(*found->second, output);
        if (std::exchange(found->second->writing, true)) continue;
        spawn(write(found->second));
    }
}

void Server::queue(Connection& connection, Output& output)
{
    if (output.frame) {
        connection.bytes += output.frame->size();
        connection.frames.push_back(std::move(output.frame));
        if (connection.bytes <= limits::write_queue_bytes_max) return;
        log::warning("reader_too_slow", "connection={} bytes={}", connection.id, connection.bytes);
        connection.end = fail(Errc::server_busy, "the device takes none of its answers");
        connection.wire.cut();
        return;
    }
    if (!connection.end) connection.end = output.why;
    if (output.why.code == Errc::revoked && connection.greeted) cast_out(connection);
    if (output.why.code != Errc::storage_damaged || failure_) return;
    failure_ = output.why;
    asio::post(context_, [this] { drain(fail(Errc::server_busy, Bilingual{"the server's disk reports errors, it stops: all edits are safe on the device", "服务器磁盘报错，即将停止：所有修改都安全保存在设备上"})); });
}

/// Pages that wait for a slow reader are not its business any more: only the refusal, the last of them, still goes out.
void Server::cast_out(Connection& connection)
{
    while (connection.frames.size() > 1) {
        connection.bytes -= connection.frames.front()->size();
        connection.frames.pop_front();
    }
    if (const auto found = connections_.find(connection.id); found != connections_.end()) spawn(drop_soon(found->second));
}

asio::awaitable<void> Server::drop_soon(std::shared_ptr<Connection> connection)
{
    connection->hello_timer.expires_after(limits::revoked_goodbye);
    co_await connection->hello_timer.async_wait(with_code); // cancelled: it is gone already
    connection->wire.drop();
}

asio::awaitable<void> Server::write(std::shared_ptr<Connection> connection)
{
    while (!connection->frames.empty()) {
        const auto frame = std::move(connection->frames.front());
        connection->frames.pop_front();
        const auto sent = co_await connection->wire.write(frame);
        connection->bytes -= frame->size();
        if (!sent) {
            connection->frames.clear();
            connection->wire.cut(); // the reader hears of it, and sees to the rest
            co_return;
        }
        if (connection->bytes < limits::write_ahead_bytes) pump(); // there is room for the next page
    }
    connection->writing = false;
    if (connection->end) co_await connection->wire.close(close_code(connection->end->code), std::string{name(connection->end->code)});
}

asio::awaitable<void> Server::poll()
{
    std::optional<Errc> last_fault; // told once, not four times a second
    while (!draining_) {
        poll_timer_.expires_after(options_.poll_every);
        const auto [cancelled] = co_await poll_timer_.async_wait(with_code);
        if (cancelled) co_return;
        try {
            core_.poll();
            last_fault.reset();
        } catch (const Fault& fault) {
            if (last_fault != fault.error().code) log::error("poll_failed", "code={} reason={}", name(fault.error().code), fault.error().message);
            last_fault = fault.error().code;
        }
        pump();
    }
}

void Server::drain(const Error& why)
{
    if (std::exchange(draining_, true)) return;
    log::info("draining", "connections={}", connections_.size());
    listener_.close();
    poll_timer_.cancel();
    core_.commit_pending();
    core_.end_all(why);
    hand_out();
    if (connections_.empty()) return context_.stop();
    drain_timer_.expires_after(options_.drain_max);
    drain_timer_.async_wait([this](const boost::system::error_code&) { context_.stop(); });
}

} // namespace roadbook::server
