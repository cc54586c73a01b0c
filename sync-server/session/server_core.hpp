#pragma once
// All connections of one server, without their sockets: the listener moves bytes in and out, the simulation does the same.
#include "sync-server/session/hub.hpp"

#include <deque>
#include <map>

namespace roadbook::server {

using ConnectionId = std::uint64_t;

struct Output {
    ConnectionId connection = 0;
    std::shared_ptr<const Bytes> frame; ///< null: close now, after what was sent before
    Error why;                          ///< with a null frame
};

/// Ownership: borrows the hub. Threads: one at a time, the hub's.
/// Group commit: receive() only queues pushes; commit_pending() commits all that came meanwhile with one fsync, then answers.
/// Bounds: each connection has at most protocol::batches_in_flight_max batches in the queue, so the queue is bounded by the connections.
class ServerCore {
public:
    explicit ServerCore(Hub& hub) : hub_{hub} {}

    [[nodiscard]] ConnectionId connect();
    void receive(ConnectionId connection, ByteView frame);
    void lost(ConnectionId connection, const Error& why);
    /// Closes every connection with this reason: the server stops, or drains.
    void end_all(const Error& why);

    [[nodiscard]] bool has_pending() const noexcept { return !pending_.empty(); }
    void commit_pending();
    /// Looks for what administration did beside us: new grants, revoked devices, imported records. Call some times a second.
    void poll();

    [[nodiscard]] std::vector<Output> take_output();
    [[nodiscard]] std::size_t connections() const noexcept { return peers_.size(); }
    /// Past the greeting: its idle limits are longer, and it counts no more as unauthenticated.
    [[nodiscard]] bool is_greeted(ConnectionId connection) const;

private:
    struct Peer {
        protocol::ServerSession session;
        Caller caller;
        std::deque<std::uint64_t> batches; ///< batch numbers under way, oldest first
    };
    void drive(ConnectionId id, const protocol::ServerSession::Event& event);
    void spread(const News& news);

    Hub& hub_;
    std::map<ConnectionId, Peer> peers_;
    std::vector<Hub::Batch> pending_;
    std::vector<Output> output_;
    ConnectionId next_ = 1;
};

} // namespace roadbook::server
