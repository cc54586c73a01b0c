#include "mobile-app/app/replica_thread.hpp"

#include "mobile-app/app/overview.hpp"
#include "shared/base/log.hpp"

namespace roadbook::app {
namespace {

using Steady = std::chrono::steady_clock;

/// While records stream in, screens are told at most this often: four times a second looks live.
constexpr auto news_pause = std::chrono::milliseconds{250};
/// ... and news may take a fifth of the thread's time at most, however many conflicts there are to read.
constexpr int news_share = 4;
/// After a full disk or the like: as long as a person needs to do something about it. A save or "sync now" tries at once.
constexpr auto fault_pause = std::chrono::seconds{60};

} // namespace

ReplicaThread::ReplicaThread(replica::Replica::Options options, Listener listener)
    : options_{std::move(options)}, listener_{std::move(listener)}, thread_{[this] { run(); }}
{
}

ReplicaThread::~ReplicaThread()
{
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        if (loop_ != nullptr) loop_->stop();
    }
    woken_.notify_all();
    thread_.join();
}

void ReplicaThread::post(Task task)
{
    auto told = [this, task = std::move(task)](replica::Replica& replica) {
        try {
            task(replica);
            tell_news(replica);
        } catch (const Fault& fault) {
            log::error("task_failed", "code={}", name(fault.error().code));
        }
    };
    const std::lock_guard lock{mutex_};
    if (loop_ != nullptr) loop_->post(std::move(told));
    else early_.push_back(std::move(told));
    woken_.notify_all();
}

void ReplicaThread::sync_now()
{
    const std::lock_guard lock{mutex_};
    if (loop_ != nullptr) loop_->sync_now();
    woken_.notify_all();
}

void ReplicaThread::tell_screens(std::function<void()> call)
{
    QMetaObject::invokeMethod(&screens_, std::move(call), Qt::QueuedConnection);
}

void ReplicaThread::run()
{
    auto replica = replica::Replica::open(options_);
    if (!replica) {
        tell_screens([this, why = replica.error()] { listener_.failed(why); });
        return;
    }
    last_news_ = news_of(**replica);
    tell_screens([this, path = (*replica)->database_path(), news = last_news_] { listener_.opened(path, news); });
    for (;;) {
        run_loop(**replica);
        std::unique_lock lock{mutex_};
        if (stopping_) return;
        woken_.wait_for(lock, fault_pause);
        if (stopping_) return;
    }
}

/// Until it is stopped, or until a fault of the machine ends it.
void ReplicaThread::run_loop(replica::Replica& replica)
{
    sync::SyncLoop loop{replica, {[&](sync::Watch::State link, const sync::Tally& tally, const Error* why) { heard(replica, link, tally, why); }}};
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) return;
        loop_ = &loop;
        for (auto& task : early_) loop.post(std::move(task));
        early_.clear();
    }
    try {
        loop.run();
    } catch (const Fault& fault) {
        log::error("sync_fault", "code={}", name(fault.error().code));
        last_news_.link = link_ = sync::Watch::State::offline;
        last_news_.trouble = trouble_ = fault.error();
        tell_screens([this, news = last_news_] { listener_.news(news); });
    }
    const std::lock_guard lock{mutex_};
    loop_ = nullptr;
}

void ReplicaThread::heard(replica::Replica& replica, sync::Watch::State link, const sync::Tally& tally, const Error* why)
{
    const bool same = link == link_;
    link_ = link;
    tally_ = tally;
    if (why != nullptr) trouble_ = *why;
    if (link == sync::Watch::State::synced) trouble_.reset();
    if (same && link == sync::Watch::State::syncing && Steady::now() < next_news_) return; // more comes
    tell_news(replica);
}

void ReplicaThread::tell_news(replica::Replica& replica)
{
    const auto started = Steady::now();
    last_news_ = news_of(replica);
    const auto took = Steady::now() - started;
    next_news_ = Steady::now() + std::max<Steady::duration>(news_pause, took * news_share);
    tell_screens([this, news = last_news_] { listener_.news(news); });
}

News ReplicaThread::news_of(replica::Replica& replica) const
{
    const auto status = replica.status();
    News news{overview_of(replica, status), link_, tally_, trouble_, {}};
    if (status.last_sync) news.last_success = *status.last_sync + status.clock_offset;
    return news;
}

} // namespace roadbook::app
