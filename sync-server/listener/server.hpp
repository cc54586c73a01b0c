#pragma once
// One server's port and its connections: moves bytes between sockets and the ServerCore, and keeps its clock.
#include "shared/wire/admission.hpp"
#include "shared/wire/upgrade.hpp"
#include "sync-server/session/limits.hpp"
#include "sync-server/session/server_core.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>

namespace roadbook::server {

/// Ownership: borrows the context and the hub; both outlive it. The context's handlers must not run after it is gone.
/// Threads:   the one that runs the context, and no other: hub and core are driven from there, so nothing is locked.
/// Order:     all frames that are ready are taken in, then one commit answers them: the group grows with the load.
/// Failures:  a full disk refuses pushes and nothing else. An error of the disk itself ends the server, since nothing more could be
///            promised: see failure().
class Server {
public:
    struct Options {
        std::string host = "127.0.0.1";
        std::uint16_t port = 0; ///< 0: a free one
        wire::Timeouts timeouts;
        Duration poll_every = std::chrono::milliseconds{250}; ///< until what administration did reaches the devices
        Duration drain_max = std::chrono::seconds{10};        ///< for devices to take their last frames, when the server stops
        Rate frames = limits::frames;                         ///< of one connection
    };
    /// Opens the port. Errors: as wire::listen.
    [[nodiscard]] static Result<std::unique_ptr<Server>> open(boost::asio::io_context& context, Hub& hub, wire::ServerTls tls, Options options);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    /// Serves from now on, as the context runs.
    void start();
    /// Takes nobody new in, commits and answers what has come, tells every device and closes. The context runs out of work when all
    /// are gone, or stops after Options::drain_max. A second call does nothing.
    void drain(const Error& why);
    /// Why the server ended by itself; nothing while all is well.
    [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

    /// "127.0.0.1:7443"
    [[nodiscard]] const std::string& address() const noexcept { return listener_.address(); }
    [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port(); }
    [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }

private:
    struct Connection;
    using Connections = std::map<ConnectionId, std::shared_ptr<Connection>>;

    Server(boost::asio::io_context& context, Hub& hub, wire::ServerTls tls, Options options, wire::Listener listener);
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(wire::Socket socket, wire::Admission::Ticket ticket);
    boost::asio::awaitable<void> read(std::shared_ptr<Connection> connection);
    boost::asio::awaitable<void> keep_pace(Connection& connection);
    boost::asio::awaitable<void> write(std::shared_ptr<Connection> connection);
    boost::asio::awaitable<void> watch_for_hello(std::shared_ptr<Connection> connection);
    boost::asio::awaitable<void> poll();

    void spawn(boost::asio::awaitable<void> work);
    template <class Work>
    void attempt(ConnectionId id, Work work);
    /// After each step of the core: hands out its frames, reads the next page, and sees to the next commit.
    void pump();
    void hand_out();
    bool read_page();
    void queue(Connection& connection, Output& output);
    void cast_out(Connection& connection);
    boost::asio::awaitable<void> drop_soon(std::shared_ptr<Connection> connection);
    void note_greeting(Connection& connection);
    void log_end(const Connection& connection, const Error& link) const;

    boost::asio::io_context& context_;
    Hub& hub_;
    ServerCore core_;
    wire::ServerTls tls_;
    Options options_;
    wire::Listener listener_;
    wire::Admission admission_;
    wire::UpgradeRules rules_;
    Connections connections_;
    Bucket refusals_logged_{{10, 1}}; ///< a flood of connections is no flood of the log
    boost::asio::steady_timer poll_timer_;
    boost::asio::steady_timer drain_timer_;
    bool commit_posted_ = false;
    bool page_posted_ = false;
    bool draining_ = false;
    std::optional<Error> failure_;
};

} // namespace roadbook::server
