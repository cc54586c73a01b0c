#pragma once
// Connections that run by themselves: connect, exchange, and for a watcher: reconnect for ever with jittered waits.
#include "mobile-app/sync/sync_client.hpp"

#include <atomic>
#include <functional>

namespace roadbook::sync {

struct Report {
    Tally tally;
    std::uint64_t bytes_out = 0; ///< on the TCP stream, TLS included
    std::uint64_t bytes_in = 0;
    Duration took{0};
};

using Progress = std::function<void(const Tally&)>;

/// Blocks until the server has taken everything and sent everything. Errors: not_enrolled, link_lost, timed_out, tls_failed,
/// bad_token, revoked ... : all edits stay safe in the outbox.
[[nodiscard]] Result<Report> sync_once(replica::Replica& replica, const Progress& progress = {});

/// Receives what others saved, and sends nothing: so that the user sees what the merge will be before his own edits go out. Errors: as sync_once().
[[nodiscard]] Result<Report> receive_only(replica::Replica& replica, const Progress& progress = {});

/// The same, and asks what only the server knows. Errors: as sync_once(); the server's own, such as not_found, when it has no answer.
[[nodiscard]] Result<protocol::v1::Reply> ask(replica::Replica& replica, const protocol::v1::Enquiry& enquiry);

/// Who is to be enrolled: by a one-time code, or by name or e-mail address and password.
struct Claim {
    std::string code;
    std::string person, password;
};
/// Enrols this installation; keeps the identity before it returns. Errors: bad_code, link_lost, tls_failed ...
[[nodiscard]] Result<void> enrol(replica::Replica& replica, const std::string& server, const Claim& claim, const std::string& trust,
                                 const std::string& device_name);

/// Does this server know the device? One that was restored may not: it may then be enrolled anew, and keeps its replica. Nothing is handed over.
/// Errors: not_enrolled, link_lost, tls_failed ...
[[nodiscard]] Result<bool> is_known(replica::Vault& vault, const std::string& server, const std::string& trust);

struct Surrendered {
    std::int64_t edits = 0; ///< handed over; the server keeps them for a decision
    std::int64_t files = 0;
    bool wiped = false;     ///< nothing is left of the device but its empty folder
};
/// Hands over what a device has not sent, without opening its records, and wipes it if the server says so. The replica must be closed. Errors:
/// not_enrolled, bad_token, link_lost ...: whatever was not handed over stays.
[[nodiscard]] Result<Surrendered> surrender(replica::Vault& vault, const std::string& why);
/// The same only if the device's access was ended; asks the server whether it was.
[[nodiscard]] Result<Surrendered> surrender_if_revoked(replica::Vault& vault);

/// Stays connected until `stop` is set: pushes what is saved, stores what comes, reconnects after waits of 1 to 60 s with full
/// jitter. Ends with `revoked` when the server says that this device has no access any more. `event` hears each change of state, and how far a sync has got. Polls the outbox through the replica, so edits of the same process go out at once when
/// `poke` is called by it.
struct Watch {
    enum class State { connecting, syncing, synced, offline };
    std::function<void(State, const Tally&, const Error*)> event;
};
[[nodiscard]] Result<void> watch(replica::Replica& replica, const Watch& watch, const std::atomic<bool>& stop);

} // namespace roadbook::sync
