#pragma once
// The thread of the replica in the app: it opens the replica, makes edits and syncs, one after the other. The screens never wait for it.
#include "mobile-app/replica/replica.hpp"
#include "mobile-app/sync/sync_loop.hpp"
#include "mobile-app/viewmodels/record_source.hpp"

#include <QObject>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace roadbook::app {

/// What the screens hear of the replica after something changed in it.
struct News {
    viewmodels::Overview overview;
    sync::Watch::State link = sync::Watch::State::connecting;
    sync::Tally tally;              ///< of the connection under way
    std::optional<Error> trouble;   ///< why the last connection ended
    std::optional<Error> locked;    ///< why nothing may be read now: the server was not seen for too long
    std::optional<Time> last_success; ///< by this device's clock
};

/// Threads: made, called and destroyed by the GUI thread; the listener is called there, too. Tasks run on the replica's thread, in
///          the order of their posting, those posted before the replica is open included.
/// Ending:  the destructor waits for the task or page under way, which is one transaction; a connection is cut.
class ReplicaThread {
public:
    using Task = std::function<void(replica::Replica&)>;
    struct Listener {
        /// With what a screen's own connection is opened; `vault` says whether it may be read.
        std::function<void(const storage::OpenOptions& database, const News&)> opened;
        std::function<void(const Error&)> failed; ///< it did not open; nothing else will come
        std::function<void(const News&)> news;
    };

    ReplicaThread(std::filesystem::path folder, std::string pin, Listener listener);
    ~ReplicaThread();
    ReplicaThread(const ReplicaThread&) = delete;
    ReplicaThread& operator=(const ReplicaThread&) = delete;

    /// Then the news are told, and what was saved is sent.
    void post(Task task);
    void sync_now();
    /// From the replica's thread: runs `call` on the GUI thread, unless this object is gone by then.
    void tell_screens(std::function<void()> call);

private:
    void run();
    Error run_loop(replica::Replica& replica);
    void heard(replica::Replica& replica, sync::Watch::State link, const sync::Tally& tally, const Error* why);
    void tell_news(replica::Replica& replica);
    [[nodiscard]] News news_of(replica::Replica& replica) const;

    std::filesystem::path folder_;
    std::string pin_;
    Listener listener_;
    QObject screens_; ///< lives in the GUI thread: what is told to it is dropped when it goes

    std::mutex mutex_; ///< guards the three below
    std::condition_variable woken_;
    sync::SyncLoop* loop_ = nullptr; ///< while it runs
    std::deque<Task> early_;         ///< posted while no loop ran
    bool stopping_ = false;

    // of the replica's thread alone
    sync::Watch::State link_ = sync::Watch::State::connecting;
    sync::Tally tally_;
    std::optional<Error> trouble_;
    News last_news_; ///< told again after a fault, when nothing can be read
    std::chrono::steady_clock::time_point next_news_;

    std::thread thread_; ///< last: it uses all of the above
};

} // namespace roadbook::app
