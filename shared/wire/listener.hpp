#pragma once
// The server's end before anybody has said who he is: an open port, and the connections that come in.
#include "shared/wire/wire.hpp"

#include <cstdint>

namespace roadbook::wire {

/// A TCP connection that has not sent a byte yet. Move-only; destroying it closes it.
class Socket {
public:
    class State; ///< internal to this room
    explicit Socket(std::unique_ptr<State> state) noexcept;
    Socket(Socket&&) noexcept;
    Socket& operator=(Socket&&) noexcept;
    ~Socket();

    /// The peer's IP address without the port, for counting; see admission.hpp.
    [[nodiscard]] const std::string& address() const noexcept;
    [[nodiscard]] std::unique_ptr<State> release() noexcept;

private:
    std::unique_ptr<State> state_;
};

/// Ownership: move-only; destroying it closes the port. Threads: its executor only.
class Listener {
public:
    class State; ///< internal to this room
    explicit Listener(std::shared_ptr<State> state) noexcept;
    Listener(Listener&&) noexcept;
    Listener& operator=(Listener&&) noexcept;
    ~Listener();

    /// The next connection, to live on `executor` (or on the listener's own). Waits and tries again while the machine
    /// has no more file descriptors or memory: that passes as others leave. `session_over` after close().
    [[nodiscard]] boost::asio::awaitable<Result<Socket>> accept(boost::asio::any_io_executor executor);
    [[nodiscard]] boost::asio::awaitable<Result<Socket>> accept();
    /// Takes no more connections; a waiting accept() ends. Those that are open go on.
    void close() noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept;
    /// "127.0.0.1:7443"
    [[nodiscard]] const std::string& address() const noexcept;

private:
    std::shared_ptr<State> state_;
};

/// Opens a port. `host` is an address of this machine, "0.0.0.0" or "::" for all, or a name for one; port 0 takes a
/// free one. `port_in_use`; `not_allowed` below 1024 without the right; `bad_argument` when the address is not this
/// machine's.
[[nodiscard]] Result<Listener> listen(boost::asio::any_io_executor executor, const std::string& host,
                                      std::uint16_t port);

} // namespace roadbook::wire
