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

/// When the pages that sessions ask for are read: at once, or one by one when the driver has room for them, so that a slow reader
/// costs no memory and a first sync does not hold up the answers of others.
enum class Reading { at_once, when_asked };

/// Ownership: borrows the hub. Threads: one at a time, the hub's. Faults of the store pass through receive(), read_page() and poll():
/// end() the connection that met one; the others go on.
/// Group commit: receive() only queues pushes; commit_pending() commits all that came meanwhile with one fsync, then answers.
/// Bounds: each connection has at most protocol::batches_in_flight_max batches in the queue, so the queue is bounded by the connections.
class ServerCore {
public:
    explicit ServerCore(Hub& hub, Reading reading = Reading::at_once) : hub_{hub}, reading_{reading} {}

    /// `address`: the peer's, or his whole network's, by which wrong codes are counted.
    [[nodiscard]] ConnectionId connect(const std::string& address = {});
    void receive(ConnectionId connection, ByteView frame);
    void lost(ConnectionId connection, const Error& why);
    /// Refuses this connection anything more, with this reason, and closes it.
    void end(ConnectionId connection, const Error& why);
    /// Closes every connection with this reason: the server stops, or drains. Each device is told a moment of its own to come again.
    void end_all(const Error& why);

    [[nodiscard]] bool has_pending() const noexcept { return !pending_.empty(); }
    void commit_pending();
    /// Looks for what administration did beside us: new grants, revoked devices, imported records. Call some times a second.
    void poll();

    /// Reading::when_asked: connections that wait for a page, the longest waiting first.
    [[nodiscard]] const std::deque<ConnectionId>& readers() const noexcept { return readers_; }
    void read_page(ConnectionId connection);

    [[nodiscard]] std::vector<Output> take_output();
    [[nodiscard]] std::size_t connections() const noexcept { return peers_.size(); }
    /// Past the greeting: its idle limits are longer, and it counts no more as unauthenticated.
    [[nodiscard]] bool is_greeted(ConnectionId connection) const;
    /// Which device it is, for logs; nil before the greeting.
    [[nodiscard]] DeviceId device_of(ConnectionId connection) const;

private:
    struct Peer {
        protocol::ServerSession session;
        std::string address;
        Caller caller;
        std::string surrender_why;
        std::uint64_t decisions_told = 0; ///< the number of the last one
        std::deque<std::uint64_t> batches; ///< batch numbers under way, oldest first
        std::optional<std::variant<protocol::ServerSession::ReadFeed, protocol::ServerSession::ReadAhead>> read; ///< asked for, not read yet
    };
    void drive(ConnectionId id, const protocol::ServerSession::Event& event);
    void queue_push(ConnectionId id, Peer& peer, protocol::ServerSession::Commit& commit);
    [[nodiscard]] protocol::v1::Reply answer(const Peer& peer, const protocol::v1::Enquiry& enquiry);
    void crowd_out(const DeviceId& device);
    void spread(const News& news);
    void tell_decisions(ConnectionId id, Peer& peer);

    Hub& hub_;
    Reading reading_;
    std::map<ConnectionId, Peer> peers_;
    std::deque<ConnectionId> readers_;
    std::vector<Hub::Batch> pending_;
    std::vector<Output> output_;
    ConnectionId next_ = 1;
};

} // namespace roadbook::server
