#pragma once
#include "mobile-app/app/replica_thread.hpp"
#include "mobile-app/viewmodels/sync_source.hpp"

namespace roadbook::app {

/// The pill's picture of what the replica's thread last said.
[[nodiscard]] viewmodels::SyncPicture picture_of(const News& news);

/// Threads: GUI. Borrows the thread.
class LiveSync final : public viewmodels::SyncSource {
public:
    explicit LiveSync(ReplicaThread& replica) : replica_{replica} {}

    [[nodiscard]] viewmodels::SyncPicture picture() const override { return picture_; }
    void sync_now() override { replica_.sync_now(); }
    void listen(std::function<void()> changed) override { changed_ = std::move(changed); }
    void heard(const News& news);

private:
    ReplicaThread& replica_;
    viewmodels::SyncPicture picture_;
    std::function<void()> changed_ = [] {};
};

} // namespace roadbook::app
