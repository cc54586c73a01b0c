#pragma once
// One open connection that carries frames: binary WebSocket messages over TLS. Made by connect() or serve_upgrade().
#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/limits.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace roadbook::wire {

/// Why a connection is closed, as the peer reads it (RFC 6455 section 7.4; 4000 to 4999 are Roadbook's own).
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001, ///< the server drains, the app goes to sleep
    protocol_error = 1002,
    unsupported = 1003, ///< a text frame
    policy = 1008,      ///< a flood, or too many refused changes
    too_large = 1009,
    internal = 1011,
    try_later = 1013,
    out_of_sequence = 4002, ///< a gap in the batch numbers: reconnect and resume
    not_authenticated = 4401,
};

/// Ownership: move-only; destroying it cuts the connection. Calls under way stay valid and end with the reason. Must be
///            destroyed before the execution context that it runs on.
/// Threads:   the executor it was made on, and no other: call from coroutines that run there. No locks inside.
/// Calls:     at most one read() at a time; any number of write()s, which go out whole, in the order they were called.
///            Keep a read() waiting: pings of the peer are answered inside it, and silence is judged only during it.
///            Cancelling a read() or write() (by `||`) breaks the connection: half a frame cannot be taken back.
/// Errors:    once a call has failed for a reason of the link, every later one fails with the same first reason.
class Wire {
public:
    class Core; ///< internal to this room
    explicit Wire(std::shared_ptr<Core> core) noexcept;
    Wire(Wire&&) noexcept;
    Wire& operator=(Wire&& other) noexcept;
    ~Wire();

    /// One whole message. `bad_frame`: a text frame, broken framing, a flood; the peer was told by a close frame and is
    /// gone. `too_large`: over the limit, likewise. `timed_out`: silence, or a peer that takes no bytes. `link_lost`:
    /// the peer closed (see closed_by_peer()) or the network broke. `session_over`: this end closed.
    [[nodiscard]] boost::asio::awaitable<Result<Bytes>> read();

    /// One message; done when the kernel has taken it all. The bytes must live until then. `too_large`: over
    /// limits::frame_bytes_max, nothing was sent, the connection goes on. `server_busy`: limits::writes_waiting_max or
    /// write_bytes_waiting_max writes wait already, nothing was sent, the connection goes on. Else as read().
    [[nodiscard]] boost::asio::awaitable<Result<void>> write(ByteView message);
    /// The same, sharing one buffer among many connections: it is encrypted from there, never copied per reader.
    [[nodiscard]] boost::asio::awaitable<Result<void>> write(std::shared_ptr<const Bytes> message);

    /// Says goodbye and waits for the peer's answer, at most Timeouts::close; then the connection is gone either way.
    /// Writes that wait for their turn fail with session_over; one that is going out is finished first. A second call
    /// does nothing. `reason` is for logs of the peer, at most 100 bytes, never a secret.
    [[nodiscard]] boost::asio::awaitable<void> close(CloseCode code = CloseCode::normal, std::string reason = {});
    /// Ends it now, without a word. Calls under way end with link_lost.
    void cut() noexcept;
    /// As cut(), and what was written but lies in the kernel yet goes out no more: for a peer that must get nothing from now on.
    void drop() noexcept;

    [[nodiscard]] bool is_open() const noexcept;
    /// The code of the peer's close frame, if one came.
    [[nodiscard]] std::optional<CloseCode> closed_by_peer() const noexcept;
    /// Received messages over `bytes` are refused from the next one on: small before hello, larger after it.
    void limit_frames(std::size_t bytes);
    /// Bytes of the TCP stream so far, with TLS, HTTP and WebSocket overhead (without TCP and IP headers).
    [[nodiscard]] std::uint64_t bytes_in() const noexcept;
    [[nodiscard]] std::uint64_t bytes_out() const noexcept;
    /// "192.0.2.7:50122" or "[2001:db8::7]:50122".
    [[nodiscard]] const std::string& peer() const noexcept;
    [[nodiscard]] boost::asio::any_io_executor executor() const;
    [[nodiscard]] const Timeouts& timeouts() const noexcept;

private:
    std::shared_ptr<Core> core_;
};

} // namespace roadbook::wire
