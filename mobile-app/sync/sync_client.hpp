#pragma once
// The device's side of one connection, without the network: the protocol's decisions carried out on the replica. The socket in
// production and the simulation drive this same object.
#include "mobile-app/replica/replica.hpp"
#include "mobile-app/sync/files_under_way.hpp"
#include "shared/protocol/client_session.hpp"

#include <functional>
#include <limits>
#include <map>
#include <set>

namespace roadbook::sync {

/// What one connection has done so far, for progress and reports.
struct Tally {
    std::int64_t records_received = 0; ///< whole records out of packs
    std::int64_t records_expected = 0; ///< in the packs seen so far
    std::int64_t copies_received = 0;  ///< of what is needed today, ahead of the packs
    std::int64_t decisions_heard = 0;  ///< about refused edits, since the greeting
    std::int64_t entries_received = 0; ///< changes out of pages
    std::int64_t sent = 0;             ///< edits sent, each once
    std::int64_t accepted = 0;
    std::int64_t late = 0;             ///< of the accepted: made before a hand-over was known
    std::int64_t refused = 0;
    std::int64_t waiting = 0;
    std::int64_t scopes_purged = 0;
};

/// Ownership: borrows the replica. Threads: the replica's. One object is one connection.
class SyncClient {
public:
    enum class Direction { both, receive_only }; ///< receive_only: edits and files stay here, and nothing that was withdrawn is purged
    explicit SyncClient(replica::Replica& replica, Direction direction = Direction::both) : replica_{replica}, direction_{direction} {}

    /// The first frames of a connection. `open` needs an identity (not_enrolled else).
    [[nodiscard]] Result<std::vector<Bytes>> open();
    [[nodiscard]] std::vector<Bytes> open_to_enrol(const std::string& code, const std::string& device_name, const std::string& server,
                                                   const std::string& trust, const std::string& person = {}, const std::string& password = {});
    /// A frame came: stores what it brought, durably, and returns what to send now.
    [[nodiscard]] std::vector<Bytes> receive(ByteView frame);
    /// The user saved something while we are connected.
    [[nodiscard]] std::vector<Bytes> outbox_grew();
    /// Asks what only the server knows, also before the first frame. The reply goes to `heard`, on this thread, from receive() or from here; with
    /// an error when the server has none. Never called when the link breaks before: whoever owns the connection knows.
    using Heard = std::function<void(const protocol::v1::Reply&)>;
    [[nodiscard]] std::vector<Bytes> ask(protocol::v1::Enquiry enquiry, Heard heard);
    /// The time of retry_after() has passed: pushes what waits, from its beginning.
    [[nodiscard]] std::vector<Bytes> try_again();
    void lost(const Error& why);

    [[nodiscard]] bool is_closed() const noexcept { return session_.state() == protocol::ClientSession::State::closed; }
    /// All is sent, answered and received: a one-shot sync is done.
    [[nodiscard]] bool is_quiet() const noexcept { return session_.is_quiet(); }
    /// With is_quiet(): edits wait, and the server has said when it takes more of them.
    [[nodiscard]] const std::optional<std::chrono::seconds>& retry_after() const noexcept { return session_.retry_after(); }
    /// Why it closed; Errc::ok for an enrolment that worked.
    [[nodiscard]] const Error& why() const noexcept { return why_; }
    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }

private:
    void count_sent(const protocol::v1::PushedChange& change);
    std::vector<Bytes> drive(const protocol::ClientSession::Event& event);

    replica::Replica& replica_;
    const Direction direction_;
    protocol::ClientSession session_;
    std::deque<std::pair<std::uint64_t, std::vector<std::int64_t>>> batches_; ///< sequences of each batch under way
    std::int64_t taken_up_to_ = std::numeric_limits<std::int64_t>::min();
    std::uint64_t next_batch_ = 1;
    std::set<IntentId> sent_; ///< on this connection
    FilesUnderWay files_{replica_};
    std::map<std::uint64_t, Heard> asked_; ///< by ticket
    std::uint64_t next_ticket_ = 1;
    std::string server_, trust_; ///< of an enrolment under way
    Error why_{Errc::ok, {}, {}};
    Tally tally_;
};

} // namespace roadbook::sync
