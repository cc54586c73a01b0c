#include "mobile-app/app/replica_thread.hpp"

#include "mobile-app/app/overview.hpp"
#include "mobile-app/replica/open.hpp"
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

ReplicaThread::ReplicaThread(std::filesystem::path folder, std::string pin, Listener listener)
    : folder_{std::move(folder)}, pin_{std::move(pin)}, listener_{std::move(listener)}, thread_{[this] { run(); }}
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
    auto replica = replica::open_device(folder_, pin_);
    if (!replica) {
        tell_screens([this, why = replica.error()] { listener_.failed(why); });
        return;
    }
    last_news_ = news_of(**replica);
    tell_screens([this, database = (*replica)->reader_options(), news = last_news_] { listener_.opened(database, news); });
    for (;;) {
        if (const auto why = run_loop(**replica); why.code == Errc::revoked) {
            const auto vault = (*replica)->vault();
            replica->reset();
            (void)sync::surrender(*vault, "revoked"); // if the link breaks: at the next start, when the server says it again
            tell_screens([this, why] { listener_.failed(why); });
            return;
        }
        std::unique_lock lock{mutex_};
        if (stopping_) return;
        woken_.wait_for(lock, fault_pause);
        if (stopping_) return;
    }
}

/// Until it is stopped, until a fault of the machine ends it, or until this device has no access any more.
Error ReplicaThread::run_loop(replica::Replica& replica)
{
    sync::SyncLoop loop{replica, {[&](sync::Watch::State link, const sync::Tally& tally, const Error* why) { heard(replica, link, tally, why); }}};
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) return {Errc::ok, {}, {}};
        loop_ = &loop;
        for (auto& task : early_) loop.post(std::move(task));
        early_.clear();
    }
    Error ended{Errc::ok, {}, {}};
    try {
        ended = loop.run();
    } catch (const Fault& fault) {
        log::error("sync_fault", "code={}", name(fault.error().code));
        last_news_.link = link_ = sync::Watch::State::offline;
        last_news_.trouble = trouble_ = fault.error();
        tell_screens([this, news = last_news_] { listener_.news(news); });
    }
    const std::lock_guard lock{mutex_};
    loop_ = nullptr;
    return ended;
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
    News news{overview_of(replica, status), link_, tally_, trouble_, {}, {}};
    if (const auto readable = replica.may_read(); !readable) news.locked = readable.error();
    if (status.last_sync) news.last_success = *status.last_sync + status.clock_offset;
    return news;
}

} // namespace roadbook::app
