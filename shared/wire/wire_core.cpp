#include "shared/wire/wire_core.hpp"

#include "shared/wire/failure.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <cassert>

namespace roadbook::wire {
namespace {

namespace websocket = boost::beast::websocket;
using Clock = std::chrono::steady_clock;
constexpr auto with_code = asio::as_tuple(asio::use_awaitable);

// The client masks in pieces of this size; with the longest header of a masked frame they fill one TLS record. The
// server does not mask and has no such buffer.
constexpr std::size_t frame_header_bytes_max = 14;
constexpr std::size_t mask_buffer_bytes = (16 << 10) - frame_header_bytes_max;
constexpr std::size_t growth_min = 4 << 10;
constexpr std::size_t close_reason_bytes_max = 100; // RFC 6455 allows 123

/// Room for what is still to come of a message of which `have` bytes have arrived, at most as much again: a peer that
/// only announces a large frame gets no memory for it.
std::size_t grown(std::size_t have, std::size_t still_to_come)
{
    return have + std::min(std::max<std::size_t>(still_to_come, 1), std::max(have, growth_min));
}

} // namespace

Wire::Core::Core(TlsStream::Socket socket, SslPtr ssl, std::shared_ptr<const void> trust, std::string peer,
                 const Options& options)
    : trust_{std::move(trust)}, ws_{std::move(socket), std::move(ssl)}, watch_{ws_.get_executor()},
      timeouts_{options.timeouts}, peer_{std::move(peer)}
{
    ws_.read_message_max(options.frame_bytes_max);
    ws_.write_buffer_bytes(mask_buffer_bytes);
    ws_.auto_fragment(false);
    ws_.binary(true);
    tls().watch(this);
}

void Wire::Core::open(bool metered)
{
    metered_ = metered;
    silent_since_ = Clock::now();
}

/// Lives in the frame of the reading coroutine: silence is judged as long as it does, however it ends.
class Wire::Core::Reading {
public:
    explicit Reading(Core& core) : core_{core}
    {
        assert(!core_.reading_); // one reader at a time
        core_.reading_ = true;
        core_.silent_since_ = Clock::now();
        core_.look_again_at(core_.next_look(core_.silent_since_));
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() { core_.reading_ = false; }

private:
    Core& core_;
};

asio::awaitable<Result<Bytes>> Wire::Core::read(std::shared_ptr<Core> self)
{
    if (self->verdict_) co_return *self->verdict_;
    const Reading reading{*self};
    Bytes message(limits::first_read_bytes);
    std::size_t have = 0;
    for (;;) {
        const auto room = asio::buffer(message.data() + have, message.size() - have);
        const auto [ec, got] = co_await self->ws_.async_read_some(room, with_code);
        have += got;
        if (ec) co_return self->on_read_error(ec);
        if (self->ws_.got_text() || self->ws_.is_message_done()) break;
        if (have == message.size()) message.resize(grown(have, self->ws_.read_size_hint(growth_min)));
    }
    if (self->verdict_) co_return *self->verdict_;
    if (self->ws_.got_text()) {
        auto error = fail(Errc::bad_frame, "The other end sent text. Frames are binary; it does not speak Roadbook.");
        co_await close(self, CloseCode::unsupported, "binary frames only", error);
        co_return error;
    }
    message.resize(have);
    co_return message;
}

std::string Wire::Core::closing_words() const
{
    const auto code = closed_by_peer();
    return code ? fmt::format("The other end closed the connection (code {}).", static_cast<int>(*code))
                : "The other end closed the connection.";
}

Error Wire::Core::on_read_error(const error_code& ec)
{
    auto error = [&] {
        if (verdict_) return *verdict_;
        if (ec == websocket::error::closed) return fail(Errc::link_lost, closing_words());
        if (ec == websocket::error::message_too_big)
            return fail(Errc::too_large,
                        "The other end sent a frame over the limit; it was told, and the connection closed.");
        if (ec == websocket::condition::protocol_violation)
            return fail(Errc::bad_frame, "The other end broke the WebSocket protocol: " + ec.message() + ".");
        return link_failure(ec, "a frame was expected");
    }();
    cut(error);
    return error;
}

asio::awaitable<Result<void>> Wire::Core::write_shared(std::shared_ptr<Core> self, std::shared_ptr<const Bytes> message)
{
    co_return co_await write(std::move(self), *message);
}

void Wire::Core::drop() noexcept
{
    tls().drop();
    cut(fail(Errc::link_lost, "This end dropped the connection."));
}

void Wire::Core::cut(Error verdict) noexcept
{
    if (!verdict_) verdict_ = std::move(verdict);
    watch_at_ = SteadyTime::max();
    watch_.cancel();
    tls().cut();
}

asio::awaitable<void> Wire::Core::close(std::shared_ptr<Core> self, CloseCode code, std::string reason, Error verdict)
{
    if (self->verdict_) co_return;
    self->verdict_ = std::move(verdict);
    self->closing_since_ = Clock::now();
    self->look_again_at(*self->closing_since_ + self->timeouts_.close);
    reason.resize(std::min(reason.size(), close_reason_bytes_max));
    const websocket::close_reason why{static_cast<websocket::close_code>(code), reason};
    // The outcome does not matter: the peer answered, or it is cut off by the watch or here.
    static_cast<void>(co_await self->ws_.async_close(why, with_code));
    self->cut(*self->verdict_);
}

std::optional<CloseCode> Wire::Core::closed_by_peer() const noexcept
{
    const auto code = ws_.reason().code;
    if (code == websocket::close_code::none) return std::nullopt;
    return static_cast<CloseCode>(code);
}

// --- what the stream meets

void Wire::Core::on_plain(ByteView bytes)
{
    if (!metered_ || verdict_ || !meter_.feed(bytes, tls().end().heard)) return;
    metered_ = false; // said once
    auto error =
        fail(Errc::bad_frame, fmt::format("The other end sent {}; the connection is closed.", meter_.complaint()));
    asio::co_spawn(ws_.get_executor(),
                   close(shared_from_this(), CloseCode::policy, std::string{meter_.complaint()}, std::move(error)),
                   asio::detached);
}

void Wire::Core::on_write_blocked()
{
    blocked_since_ = Clock::now();
    look_again_at(blocked_since_ + timeouts_.write_stall);
}

void Wire::Core::on_teardown()
{
    if (closing_since_) return;
    closing_since_ = Clock::now();
    look_again_at(*closing_since_ + timeouts_.close);
}

// --- the watch: one timer for every deadline of an open connection, set for the soonest. Nothing is done per message.

void Wire::Core::look_again_at(SteadyTime when)
{
    if (when >= watch_at_) return;
    watch_at_ = when;
    watch_.expires_at(when); // ends the wait for the later moment
    watch_.async_wait([weak = weak_from_this()](const error_code& ec) {
        if (ec) return;
        if (const auto self = weak.lock()) self->look();
    });
}

SteadyTime Wire::Core::next_look(SteadyTime now) const
{
    auto soonest = SteadyTime::max();
    if (closing_since_) soonest = std::min(soonest, *closing_since_ + timeouts_.close);
    if (tls().write_blocked())
        soonest = std::min(soonest, std::max(blocked_since_, tls().end().sent) + timeouts_.write_stall);
    if (reading_) {
        const auto heard = std::max(silent_since_, tls().end().heard);
        soonest = std::min(soonest, heard + timeouts_.idle);
        if (!pinging_) soonest = std::min(soonest, std::max(heard, pinged_) + timeouts_.ping_after);
    }
    return std::max(soonest, now);
}

void Wire::Core::look()
{
    watch_at_ = SteadyTime::max();
    const auto now = Clock::now();
    // Why it closes is known already: to this end's close(), or to the read that met something wrong.
    if (closing_since_ && now >= *closing_since_ + timeouts_.close) return tls().cut();
    if (tls().write_blocked() && now >= std::max(blocked_since_, tls().end().sent) + timeouts_.write_stall)
        return cut(time_failure("The other end takes no more data; what it has not confirmed will be sent again."));
    const auto heard = std::max(silent_since_, tls().end().heard);
    if (reading_ && now >= heard + timeouts_.idle)
        return cut(time_failure("Nothing was heard from the other end for too long."));
    if (reading_ && !pinging_ && !closing_since_ && now >= std::max(heard, pinged_) + timeouts_.ping_after) ping();
    if (const auto next = next_look(now); next != SteadyTime::max()) look_again_at(next);
}

void Wire::Core::ping()
{
    pinging_ = true;
    pinged_ = Clock::now();
    ws_.async_ping({}, [self = shared_from_this()](const error_code&) {
        self->pinging_ = false; // an error ends the read as well
        if (self->is_open() && self->reading_) self->look_again_at(self->next_look(Clock::now()));
    });
}

} // namespace roadbook::wire
