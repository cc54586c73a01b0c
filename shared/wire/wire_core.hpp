#pragma once
// Internal to the room: the state behind a Wire. Every operation under way holds it alive.
#include "shared/wire/frame_meter.hpp"
#include "shared/wire/tls_stream.hpp"
#include "shared/wire/wire.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffer_traits.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <list>

namespace roadbook::wire {

class Wire::Core final : public std::enable_shared_from_this<Core>, private StreamWatcher {
public:
    using Stream = boost::beast::websocket::stream<TlsStream, false>; // false: no permessage-deflate, compiled out

    /// `trust` is what the callbacks of `ssl` work on; kept as long as it.
    Core(TlsStream::Socket socket, SslPtr ssl, std::shared_ptr<const void> trust, std::string peer,
         const Options& options);

    /// For the handshakes of connect() and serve_upgrade(), before open().
    [[nodiscard]] Stream& stream() noexcept { return ws_; }
    [[nodiscard]] TlsStream& tls() noexcept { return ws_.next_layer(); }
    [[nodiscard]] const TlsStream& tls() const noexcept { return ws_.next_layer(); }
    /// The upgrade is done: frames follow. `metered` on the server: it does not trust its peer's framing.
    void open(bool metered);

    [[nodiscard]] static asio::awaitable<Result<Bytes>> read(std::shared_ptr<Core> self);
    [[nodiscard]] static asio::awaitable<Result<void>> write(std::shared_ptr<Core> self, ByteView message);
    [[nodiscard]] static asio::awaitable<Result<void>> write_shared(std::shared_ptr<Core> self,
                                                                    std::shared_ptr<const Bytes> message);
    [[nodiscard]] static asio::awaitable<void> close(std::shared_ptr<Core> self, CloseCode code, std::string reason,
                                                     Error verdict);
    void cut(Error verdict) noexcept;
    void drop() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return !verdict_; }
    [[nodiscard]] std::optional<CloseCode> closed_by_peer() const noexcept;
    [[nodiscard]] const std::string& peer() const noexcept { return peer_; }
    [[nodiscard]] const Timeouts& timeouts() const noexcept { return timeouts_; }

private:
    struct Waiting; // a write that waits for its turn
    class Turn;     // a write whose turn it is
    class Reading;  // a read under way

    void on_plain(ByteView bytes) override;
    void on_write_blocked() override;
    void on_teardown() override;

    [[nodiscard]] std::string closing_words() const;
    [[nodiscard]] Error on_read_error(const error_code& ec);
    [[nodiscard]] Error on_write_error(const error_code& ec);
    [[nodiscard]] static asio::awaitable<Result<void>> wait_for_turn(std::shared_ptr<Core> self, std::size_t bytes);
    void give_turn_on() noexcept;

    void look_again_at(SteadyTime when);
    void look();
    [[nodiscard]] SteadyTime next_look(SteadyTime now) const;
    void ping();

    const std::shared_ptr<const void> trust_;
    Stream ws_;
    asio::steady_timer watch_;
    SteadyTime watch_at_ = SteadyTime::max();
    const Timeouts timeouts_;
    const std::string peer_;
    FrameMeter meter_;
    bool metered_ = false;

    std::optional<Error> verdict_; // why it is over, from the first moment on
    std::optional<SteadyTime> closing_since_;
    bool reading_ = false;
    SteadyTime silent_since_{}; // judged only while reading: else it is us who do not listen
    SteadyTime pinged_{};
    bool pinging_ = false;
    SteadyTime blocked_since_{};
    bool writing_ = false;
    std::list<Waiting*> waiting_; // first come, first served
    std::size_t waiting_bytes_ = 0;
};

} // namespace roadbook::wire
