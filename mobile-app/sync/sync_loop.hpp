#pragma once
// The replica's thread while an app runs: edits and the network take turns on it, so neither needs a lock.
#include "mobile-app/sync/sync_runner.hpp"

#include <memory>

namespace roadbook::sync {

/// Stays connected when there is a network: pushes what is saved, stores what comes, reconnects after waits of 1 to 60 s with full
/// jitter; a poke or an edit tries at once.
///
/// Ownership: borrows the replica. Threads: run() is the replica's thread until stop(); post(), sync_now() and stop() may be
/// called from any; events come on the replica's thread.
class SyncLoop {
public:
    SyncLoop(replica::Replica& replica, Watch watch);
    ~SyncLoop();
    SyncLoop(const SyncLoop&) = delete;
    SyncLoop& operator=(const SyncLoop&) = delete;

    /// Why it ended by itself: `revoked`; Errc::ok after stop().
    Error run();
    /// Runs `task` on the replica's thread, soon; what it saved is then sent.
    void post(std::function<void(replica::Replica&)> task);
    void sync_now();
    void stop();

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

} // namespace roadbook::sync
