#pragma once
// An honest device that works all the time: whatever others do to the server, it must notice nothing.
#include "mobile-app/sync/sync_loop.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace roadbook::attacks {

/// Ownership: owns its replica and the thread on which it lives. Threads: the test's; everything is handed over to the replica's own.
class Bystander {
public:
    /// Enrols, syncs, and stays connected. `account`: one that it goes on editing.
    Bystander(const std::filesystem::path& folder, const std::string& url, const std::string& pin, const std::string& code, const RecordId& account);
    ~Bystander();

    /// A visit at the account with a photo, both on the server when this returns.
    [[nodiscard]] std::pair<RecordId, Hash> photograph(const RecordId& account);
    /// Saves an edit and waits until the server has it. "nothing", or what the device has noticed since the last call.
    [[nodiscard]] std::string check();
    /// How long the last edit took, and the longest one.
    [[nodiscard]] std::chrono::milliseconds took() const noexcept { return took_; }
    [[nodiscard]] std::chrono::milliseconds longest() const noexcept { return longest_; }

private:
    void on_event(sync::Watch::State state, const Error* why);
    /// On the replica's thread; waits for it.
    void with_replica(const std::function<void(replica::Replica&)>& task);
    [[nodiscard]] bool wait_until_sent();
    [[nodiscard]] std::string oddities();

    std::unique_ptr<replica::Replica> replica_;
    RecordId account_;
    std::int64_t records_ = 0; ///< that it should hold
    int beats_ = 0;
    std::chrono::milliseconds took_{0}, longest_{0};

    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    bool all_sent_ = false;
    std::string lost_; ///< why it was offline, if it was

    std::unique_ptr<sync::SyncLoop> loop_; ///< last: its thread uses all of the above
    std::thread thread_;
};

} // namespace roadbook::attacks
