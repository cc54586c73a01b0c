#include "shared/wire/tls_stream.hpp"

#include "shared/wire/limits.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/err.h>

#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace roadbook::wire {
namespace {

// A BIO on a non-blocking socket. OpenSSL's own one writes with write(2), which raises SIGPIPE when the peer has gone.
int receive(BIO* bio, char* into, int size)
{
    auto& end = *static_cast<SocketEnd*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto got = ::recv(end.descriptor, into, static_cast<std::size_t>(size), 0);
    if (got > 0) {
        end.drained = got < size;
        end.bytes_in += static_cast<std::uint64_t>(got);
        end.heard = std::chrono::steady_clock::now();
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        end.drained = errno != EINTR;
        BIO_set_retry_read(bio);
    }
    return static_cast<int>(got);
}

int transmit(BIO* bio, const char* from, int size)
{
    auto& end = *static_cast<SocketEnd*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(end.descriptor, from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent > 0) {
        end.bytes_out += static_cast<std::uint64_t>(sent);
        end.sent = std::chrono::steady_clock::now();
    } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        BIO_set_retry_write(bio);
    }
    return static_cast<int>(sent);
}

long control(BIO*, int command, long, void*)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0; // nothing is held back here
}

int create(BIO* bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

const BIO_METHOD* socket_method()
{
    static const auto* const method = [] {
        auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "roadbook socket");
        if (!made || BIO_meth_set_read(made, receive) != 1 || BIO_meth_set_write(made, transmit) != 1 ||
            BIO_meth_set_ctrl(made, control) != 1 || BIO_meth_set_create(made, create) != 1)
            throw Fault{fail(Errc::internal, "OpenSSL has no memory: " + openssl_reason())};
        return made;
    }();
    return method;
}

error_code tls_failure()
{
    return make_error_code(boost::system::errc::protocol_error);
}

} // namespace

TlsStream::TlsStream(Socket socket, SslPtr ssl) : socket_{std::move(socket)}, ssl_{std::move(ssl)}
{
    error_code ignored; // a socket that is broken already says so in the handshake
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored); // frames are whole messages: never wait for more
    end_.descriptor = socket_.native_handle();
    auto* bio = BIO_new(socket_method());
    if (!bio) throw Fault{fail(Errc::internal, "OpenSSL has no memory: " + openssl_reason())};
    BIO_set_data(bio, &end_);
    SSL_set_bio(ssl_.get(), bio, bio);
}

TlsStream::~TlsStream()
{
    // Else OpenSSL takes a session whose link broke for unsafe to resume. Phones lose links all day; a truncated
    // message is found by the WebSocket's own lengths.
    if (SSL_is_init_finished(ssl_.get())) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void TlsStream::cut() noexcept
{
    end_.descriptor = -1; // its number may be another connection's soon
    error_code ignored;
    socket_.close(ignored);
}

void TlsStream::drop() noexcept
{
    error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    cut();
}

std::span<std::byte> TlsStream::scratch_of_thread() noexcept
{
    thread_local std::array<std::byte, record_bytes_max> scratch;
    return scratch;
}

TlsStream::Attempt TlsStream::judge(int ssl_result)
{
    const int system = errno;
    switch (SSL_get_error(ssl_.get(), ssl_result)) {
    case SSL_ERROR_WANT_READ:
        return {.wants = Wants::readable};
    case SSL_ERROR_WANT_WRITE:
        return {.wants = Wants::writable};
    case SSL_ERROR_ZERO_RETURN:
        return {.ec = asio::error::eof};
    case SSL_ERROR_SYSCALL:
        ERR_clear_error();
        return {.ec =
                    system == 0 ? error_code{asio::error::eof} : error_code{system, boost::system::system_category()}};
    default:
        reason_ = openssl_reason();
        return {.ec = tls_failure()};
    }
}

TlsStream::Attempt TlsStream::try_read(asio::mutable_buffer into)
{
    if (into.size() == 0) return {};
    if (end_.descriptor < 0) return {.ec = asio::error::operation_aborted};
    if (end_.drained && SSL_has_pending(ssl_.get()) == 0) return {.wants = Wants::readable};
    ERR_clear_error();
    errno = 0;
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
    if (result != 1) return judge(result);
    if (watcher_) watcher_->on_plain({static_cast<const std::byte*>(into.data()), got});
    return {.bytes = got};
}

TlsStream::Attempt TlsStream::try_write(ByteView record)
{
    if (end_.descriptor < 0) return {.ec = asio::error::operation_aborted};
    ERR_clear_error();
    errno = 0;
    std::size_t taken = 0;
    const int result = SSL_write_ex(ssl_.get(), record.data(), record.size(), &taken);
    const auto attempt = result == 1 ? Attempt{.bytes = taken} : judge(result);
    const bool blocked = attempt.wants == Wants::writable;
    if (blocked != std::exchange(write_blocked_, blocked) && blocked && watcher_) watcher_->on_write_blocked();
    return attempt;
}

TlsStream::Attempt TlsStream::try_handshake()
{
    if (end_.descriptor < 0) return {.ec = asio::error::operation_aborted};
    ERR_clear_error();
    errno = 0;
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? Attempt{} : judge(result);
}

void TlsStream::begin_teardown()
{
    if (watcher_) watcher_->on_teardown();
    if (end_.descriptor < 0) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get()); // sends close_notify if there is room; what follows does not need it
    ERR_clear_error();
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
}

/// Reads and throws away until the peer has closed. A socket closed with unread bytes sends a reset, and a reset takes
/// the close frame from the peer that has not read it yet.
TlsStream::Attempt TlsStream::try_teardown()
{
    const auto scratch = scratch_of_thread();
    while (end_.descriptor >= 0 && drained_bytes_ <= limits::drain_bytes_max) {
        const auto got = ::recv(end_.descriptor, scratch.data(), scratch.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {.wants = Wants::readable};
        if (got <= 0) break;
        end_.bytes_in += static_cast<std::uint64_t>(got);
        drained_bytes_ += static_cast<std::size_t>(got);
    }
    cut();
    return {};
}

asio::awaitable<error_code> TlsStream::handshake()
{
    error_code ec;
    co_await run<void(error_code)>([this] { return try_handshake(); }, asio::redirect_error(asio::use_awaitable, ec));
    co_return ec;
}

asio::awaitable<void> TlsStream::teardown()
{
    begin_teardown();
    error_code ignored;
    co_await run<void(error_code)>([this] { return try_teardown(); },
                                   asio::redirect_error(asio::use_awaitable, ignored));
}

} // namespace roadbook::wire
