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
    std::optional<Time> last_success; ///< by this device's clock
};

/// Threads: made, called and destroyed by the GUI thread; the listener is called there, too. Tasks run on the replica's thread, in
///          the order of their posting, those posted before the replica is open included.
/// Ending:  the destructor waits for the task or page under way, which is one transaction; a connection is cut.
class ReplicaThread {
public:
    using Task = std::function<void(replica::Replica&)>;
    struct Listener {
        std::function<void(const std::filesystem::path& database, const News&)> opened;
        std::function<void(const Error&)> failed; ///< it did not open; nothing else will come
        std::function<void(const News&)> news;
    };

    ReplicaThread(replica::Replica::Options options, Listener listener);
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
    void run_loop(replica::Replica& replica);
    void heard(replica::Replica& replica, sync::Watch::State link, const sync::Tally& tally, const Error* why);
    void tell_news(replica::Replica& replica);
    [[nodiscard]] News news_of(replica::Replica& replica) const;

    replica::Replica::Options options_;
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
