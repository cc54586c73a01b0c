#pragma once
#include "shared/wire/tls_stream.hpp"
#include "tests/support/coroutine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <initializer_list>
#include <string>

namespace roadbook::testing {

/// The other end as an attacker or a stranger would play it: any bytes, over TLS or plain TCP, and no rules kept.
class RawPeer {
public:
    using Socket = boost::asio::ip::tcp::socket;

    /// `from`: as wire::Options::from_ipv4.
    explicit RawPeer(boost::asio::io_context& context, std::uint16_t port, std::uint32_t from = 0)
        : context_{context}, socket_{context.get_executor()}
    {
        if (from != 0) {
            socket_.open(boost::asio::ip::tcp::v4());
            socket_.bind({boost::asio::ip::address_v4{from}, 0});
        }
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    }
    RawPeer(boost::asio::io_context& context, Socket accepted) : context_{context}, socket_{std::move(accepted)} {}

    [[nodiscard]] Socket& socket() { return socket_; }

    /// The client's part of a handshake that trusts everybody; `set` may narrow what the client speaks.
    wire::error_code start_tls(const std::function<void(SSL_CTX*)>& set = {})
    {
        const wire::ContextPtr made{SSL_CTX_new(TLS_client_method())};
        if (set) set(made.get());
        auto ssl = wire::make_ssl(made.get());
        SSL_set_connect_state(ssl.get());
        return start_tls(std::move(ssl));
    }
    wire::error_code start_tls(wire::SslPtr ssl)
    {
        stream_ = std::make_unique<wire::TlsStream>(std::move(socket_), std::move(ssl));
        return run(context_, stream_->handshake());
    }
    /// Asks for the upgrade as a device does; the answer's status line.
    std::string upgrade(const std::string& extra_header = {})
    {
        send("GET /roadbook/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Protocol: roadbook.v1\r\n" +
             extra_header + "\r\n");
        const auto answer = read_until("\r\n\r\n");
        return answer.substr(0, answer.find("\r\n"));
    }
    /// False when the other end has gone.
    bool send(std::string_view bytes) { return run(context_, send_all(bytes)); }
    /// What came up to and with `mark`, or all there was when the other end closed before.
    std::string read_until(std::string_view mark)
    {
        while (kept_.find(mark) == std::string::npos)
            if (const auto more = run(context_, read_some()); more.empty())
                return std::exchange(kept_, {});
            else
                kept_ += more;
        const auto end = kept_.find(mark) + mark.size();
        const auto found = kept_.substr(0, end);
        kept_.erase(0, end);
        return found;
    }
    std::string read(std::size_t bytes)
    {
        while (kept_.size() < bytes)
            if (const auto more = run(context_, read_some()); more.empty())
                break;
            else
                kept_ += more;
        const auto found = kept_.substr(0, bytes);
        kept_.erase(0, bytes);
        return found;
    }
    std::string read_to_end() { return read(std::string::npos); }
    void cut()
    {
        if (stream_) stream_->cut();
        socket_.close();
    }
    [[nodiscard]] wire::TlsStream& stream() { return *stream_; }

private:
    boost::asio::awaitable<bool> send_all(std::string_view bytes)
    {
        constexpr auto with_code = boost::asio::as_tuple(boost::asio::use_awaitable);
        if (stream_) {
            const auto [ec, sent] = co_await boost::asio::async_write(*stream_, boost::asio::buffer(bytes), with_code);
            co_return !ec;
        }
        const auto [ec, sent] = co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes), with_code);
        co_return !ec;
    }
    boost::asio::awaitable<std::string> read_some()
    {
        constexpr auto with_code = boost::asio::as_tuple(boost::asio::use_awaitable);
        std::string bytes(16 << 10, '\0');
        std::size_t got = 0;
        if (stream_) {
            const auto [ec, count] = co_await stream_->async_read_some(boost::asio::buffer(bytes), with_code);
            got = count;
        } else {
            const auto [ec, count] = co_await socket_.async_read_some(boost::asio::buffer(bytes), with_code);
            got = count;
        }
        bytes.resize(got);
        co_return bytes;
    }

    boost::asio::io_context& context_;
    Socket socket_;
    std::unique_ptr<wire::TlsStream> stream_;
    std::string kept_;
};

/// A masked frame as a client sends it. `first` is the first byte: 0x82 is a whole binary message.
inline std::string client_frame(unsigned char first, std::string payload, bool masked = true)
{
    std::string frame{static_cast<char>(first)};
    const auto size = payload.size();
    const auto mask_bit = masked ? 0x80u : 0u;
    const auto put_length = [&](int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift & 0xff);
    };
    if (size < 126) {
        frame += static_cast<char>(mask_bit | size);
    } else if (size < 65'536) {
        frame += static_cast<char>(mask_bit | 126u);
        put_length(2);
    } else {
        frame += static_cast<char>(mask_bit | 127u);
        put_length(8);
    }
    if (!masked) return frame + payload;
    constexpr std::string_view mask = "\x12\x34\x56\x78";
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
    return frame + std::string{mask} + payload;
}

/// The code of the close frame that a server sent as the last thing, or 0.
inline int close_code_in(const std::string& bytes)
{
    const auto at = bytes.rfind('\x88');
    if (at == std::string::npos || bytes.size() < at + 4) return 0;
    return static_cast<unsigned char>(bytes[at + 2]) << 8 | static_cast<unsigned char>(bytes[at + 3]);
}

} // namespace roadbook::testing
