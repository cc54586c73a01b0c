#pragma once
// Internal to the room: TLS straight on a socket, in the shape that Beast reads from and writes to.
//
// Asio's own ssl::stream keeps four buffers of 17 KiB a connection for its whole life. Here OpenSSL reads from and
// writes to the socket itself, through a BIO that counts the bytes, and owns buffers only while a record is under way.
#include "shared/base/bytes.hpp"
#include "shared/wire/tls_context.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>

#include <chrono>
#include <cstring>
#include <utility>

namespace roadbook::wire {

namespace asio = boost::asio;
using error_code = boost::system::error_code;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Told by the stream what it meets; all calls come from inside the stream's operations.
class StreamWatcher {
public:
    StreamWatcher() = default;
    StreamWatcher(const StreamWatcher&) = delete;
    StreamWatcher& operator=(const StreamWatcher&) = delete;
    virtual ~StreamWatcher() = default;
    virtual void on_plain(ByteView bytes) = 0; ///< decrypted, about to be handed to the reader
    virtual void on_write_blocked() = 0;       ///< the peer's window is full
    virtual void on_teardown() = 0;            ///< the WebSocket is over; the TCP connection is being closed in order
};

/// What the BIO works on.
struct SocketEnd {
    int descriptor = -1;
    bool drained = false; ///< the last receive emptied the socket: wait before the next one
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    SteadyTime heard = std::chrono::steady_clock::now();
    SteadyTime sent = heard;
};

/// Owned by one connection; its executor only. At most one read and one write at a time, as Beast does it.
class TlsStream {
public:
    using executor_type = asio::any_io_executor;
    using Socket = asio::ip::tcp::socket;

    TlsStream(Socket socket, SslPtr ssl);
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    ~TlsStream();

    void watch(StreamWatcher* watcher) noexcept { watcher_ = watcher; }
    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
    [[nodiscard]] SSL* ssl() const noexcept { return ssl_.get(); }
    [[nodiscard]] const SocketEnd& end() const noexcept { return end_; }
    [[nodiscard]] bool write_blocked() const noexcept { return write_blocked_; }
    /// Closes the socket under every operation; they end with an error.
    void cut() noexcept;
    /// The same, and what the kernel has not sent yet is never sent.
    void drop() noexcept;

    /// The client's or the server's part, as the SSL object was set. errc::protocol_error: see reason().
    [[nodiscard]] asio::awaitable<error_code> handshake();
    /// Says goodbye in TLS and TCP and waits until the peer has gone, at most limits::drain_bytes_max later.
    [[nodiscard]] asio::awaitable<void> teardown();
    /// What OpenSSL said about the last errc::protocol_error.
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        auto attempt = [this, into = first_of(buffers)] { return try_read(into); };
        return run<void(error_code, std::size_t)>(std::move(attempt), std::forward<Token>(token));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        auto attempt = [this, buffers] { return try_write_all(buffers); };
        return run<void(error_code, std::size_t)>(std::move(attempt), std::forward<Token>(token));
    }

    // Beast finds these two by the type of their argument.
    friend void beast_close_socket(TlsStream& stream) noexcept { stream.cut(); }
    template <class Handler>
    friend void async_teardown(boost::beast::role_type, TlsStream& stream, Handler&& handler)
    {
        stream.begin_teardown();
        stream.template run<void(error_code)>([&stream] { return stream.try_teardown(); },
                                              std::forward<Handler>(handler),
                                              Failures::passed_over); // Beast knows already why it closes
    }

private:
    static constexpr std::size_t record_bytes_max = 16 << 10; // the most that one TLS record carries
    static constexpr std::size_t burst_bytes_max = 64 << 10;  // written at a stretch before others get their turn

    enum class Wants { nothing, readable, writable };
    enum class Failures { told, passed_over };
    struct Attempt {
        Wants wants = Wants::nothing;
        error_code ec{};
        std::size_t bytes = 0;
    };

    /// Attempts, waits for the socket, attempts again. A first attempt that succeeds completes by a post: a handler
    /// must not run inside the call that started it.
    template <class Signature, class Try>
    struct Operation {
        TlsStream& stream;
        Try attempt;
        Failures failures;
        bool started = false;
        bool finished = false;
        Attempt result{};

        template <class Self>
        void operator()(Self& self, error_code ec = {})
        {
            if (finished) return complete(self);
            if (ec) {
                result.ec = ec;
                return complete(self);
            }
            if (started) stream.end_.drained = false;
            result = attempt();
            if (result.wants == Wants::nothing) {
                if (started) return complete(self);
                finished = true;
                return asio::post(std::move(self));
            }
            started = true;
            const auto what = result.wants == Wants::readable ? Socket::wait_read : Socket::wait_write;
            stream.socket_.async_wait(what, std::move(self));
        }

    private:
        template <class Self>
        void complete(Self& self)
        {
            const auto ec = failures == Failures::told ? result.ec : error_code{};
            if constexpr (std::is_same_v<Signature, void(error_code)>)
                self.complete(ec);
            else
                self.complete(ec, result.bytes);
        }
    };

    template <class Signature, class Try, class Token>
    auto run(Try attempt, Token&& token, Failures failures = Failures::told)
    {
        return asio::async_compose<Token, Signature>(Operation<Signature, Try>{*this, std::move(attempt), failures},
                                                     token, socket_);
    }

    template <class Buffers>
    static asio::mutable_buffer first_of(const Buffers& buffers)
    {
        for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at)
            if (const asio::mutable_buffer found{*at}; found.size() > 0) return found;
        return {};
    }

    /// Joins header and payload into full records: one record and one system call for a small frame.
    template <class Buffers>
    Attempt try_write_all(const Buffers& buffers)
    {
        Attempt all;
        while (all.bytes < burst_bytes_max) {
            const auto record = gather(buffers, all.bytes);
            if (record.empty()) break;
            const auto one = try_write(record);
            all.bytes += one.bytes;
            all.ec = one.ec;
            if (one.wants != Wants::nothing && all.bytes == 0) all.wants = one.wants;
            if (one.wants != Wants::nothing || one.ec) break;
        }
        return all;
    }
    template <class Buffers>
    static ByteView gather(const Buffers& buffers, std::size_t skip)
    {
        const auto scratch = scratch_of_thread();
        std::size_t filled = 0;
        for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
            asio::const_buffer piece{*at};
            const auto skipped = std::min(skip, piece.size());
            skip -= skipped;
            piece += skipped;
            filled += asio::buffer_copy(asio::buffer(scratch.data() + filled, scratch.size() - filled), piece);
            if (filled == scratch.size()) break;
        }
        return scratch.first(filled);
    }
    [[nodiscard]] static std::span<std::byte> scratch_of_thread() noexcept;

    [[nodiscard]] Attempt try_read(asio::mutable_buffer into);
    [[nodiscard]] Attempt try_write(ByteView record);
    [[nodiscard]] Attempt try_handshake();
    [[nodiscard]] Attempt try_teardown();
    void begin_teardown();
    [[nodiscard]] Attempt judge(int ssl_result);

    SocketEnd end_;
    Socket socket_;
    SslPtr ssl_;
    StreamWatcher* watcher_ = nullptr;
    bool write_blocked_ = false;
    std::size_t drained_bytes_ = 0;
    std::string reason_;
};

} // namespace roadbook::wire
