#include "tests/system/attacks/bystander.hpp"

#include "mobile-app/sync/sync_runner.hpp"

#include <fmt/format.h>

#include <future>

namespace roadbook::attacks {
namespace {

/// With both cores busy at an attack's other end an edit takes longer than by itself; a person would notice more than this.
constexpr std::chrono::seconds noticeable{2};
constexpr std::chrono::seconds gives_up{20};

} // namespace

Bystander::Bystander(const std::filesystem::path& folder, const std::string& url, const std::string& pin, const std::string& code, const RecordId& account)
    : replica_{replica::Replica::open({.folder = folder}).value()}, account_{account}
{
    sync::enrol(*replica_, url, {code, {}, {}}, pin, "bystander").value();
    static_cast<void>(sync::sync_once(*replica_).value());
    records_ = replica_->status().records;
    loop_ = std::make_unique<sync::SyncLoop>(*replica_, sync::Watch{[this](sync::Watch::State state, const sync::Tally&, const Error* why) { on_event(state, why); }});
    thread_ = std::thread{[this] { static_cast<void>(loop_->run()); }};
    if (!wait_until_sent()) throw std::runtime_error{"the honest device does not come in"};
}

Bystander::~Bystander()
{
    loop_->stop();
    thread_.join();
}

void Bystander::on_event(sync::Watch::State state, const Error* why)
{
    const bool all_sent = state == sync::Watch::State::synced && replica_->status().unsent == 0 && !replica_->has_files_waiting();
    const std::lock_guard lock{mutex_};
    all_sent_ = all_sent;
    if (why != nullptr && state == sync::Watch::State::offline) lost_ = fmt::format("it was offline: {}", why->message);
    changed_.notify_all();
}

void Bystander::with_replica(const std::function<void(replica::Replica&)>& task)
{
    std::promise<void> done;
    loop_->post([&](replica::Replica& replica) {
        {
            const std::lock_guard lock{mutex_};
            all_sent_ = false;
        }
        task(replica);
        done.set_value();
    });
    done.get_future().get();
}

bool Bystander::wait_until_sent()
{
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, gives_up, [this] { return all_sent_; });
}

std::pair<RecordId, Hash> Bystander::photograph(const RecordId& account)
{
    const Bytes photo(50'000, std::byte{7});
    RecordId visit;
    with_replica([&](replica::Replica& replica) {
        visit = replica.add("visit", {{"subject", std::string{"With a photo"}}, {"account", account}}).value().record;
        static_cast<void>(replica.attach(visit, "photo.jpg", "image/jpeg", photo).value());
    });
    ++records_;
    if (!wait_until_sent()) throw std::runtime_error{"the photo does not arrive"};
    return {visit, sha256(photo)};
}

std::string Bystander::check()
{
    const auto start = std::chrono::steady_clock::now();
    with_replica([&](replica::Replica& replica) { static_cast<void>(replica.set(account_, {{"phone", fmt::format("+49 {}", ++beats_)}}).value()); });
    const bool arrived = wait_until_sent();
    took_ = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    longest_ = std::max(longest_, took_);
    if (!arrived) return "its edit does not reach the server";
    if (took_ > noticeable) return fmt::format("an edit took {} ms", took_.count());
    return oddities();
}

std::string Bystander::oddities()
{
    std::string seen;
    with_replica([&](replica::Replica& replica) {
        const auto status = replica.status();
        if (status.records != records_) seen = fmt::format("it holds {} records instead of {}", status.records, records_);
        if (status.refused != 0 || status.conflicts_open != 0) seen = "an edit was refused, or there is a conflict";
    });
    const std::lock_guard lock{mutex_};
    if (!lost_.empty()) seen = std::exchange(lost_, {});
    return seen.empty() ? "nothing" : seen;
}

} // namespace roadbook::attacks
