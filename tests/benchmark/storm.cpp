#include "tests/benchmark/storm.hpp"

#include "conflict/merge/genesis.hpp"
#include "mobile-app/sync/backoff.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "shared/wire/connect.hpp"
#include "shared/wire/url.hpp"
#include "tests/benchmark/running_server.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include <sys/resource.h>

namespace roadbook::benchmark {
namespace {

namespace asio = boost::asio;
namespace v1 = protocol::v1;
using Steady = std::chrono::steady_clock;

constexpr std::size_t devices_per_person = 10;
constexpr auto time_max = std::chrono::seconds{120}; // for all to be back
constexpr auto with_code = asio::as_tuple(asio::use_awaitable);

/// One device, as far as the storm goes: what it has stored of its feeds, and one edit.
struct Device {
    replica::Identity identity;
    std::uint32_t from = 0;    ///< the address that it calls from
    std::string server_epoch;
    std::map<std::string, v1::Cursor> cursors; ///< by scope
    v1::PushedChange edit;
    sync::Backoff backoff{0};
    bool is_connected = false; ///< and was told that it has all
    bool is_answered = false;
    int told_to_wait = 0;
    int lost = 0;              ///< connections that broke without a word
    std::optional<Steady::time_point> back_at;
};

v1::ClientFrame hello_of(const Device& device)
{
    v1::ClientFrame frame;
    auto& hello = *frame.mutable_hello();
    hello.set_version(protocol::version);
    hello.set_device(protocol::to_field(device.identity.device));
    hello.set_token(protocol::to_field(device.identity.token));
    hello.set_server_epoch(device.server_epoch);
    hello.set_unsent(device.is_answered ? 0 : 1);
    hello.set_credit(protocol::credit_bytes);
    for (const auto& [scope, cursor] : device.cursors) *hello.add_cursors() = cursor;
    return frame;
}

/// A task of the person's own, made offline.
v1::PushedChange a_task(const RecordId& owner)
{
    const auto& kind = *schema::find_kind("task");
    const auto now = system_clock().now();
    const auto id = new_id<RecordId>(now, system_random());
    merge::Intent intent;
    intent.record = id;
    intent.kind = kind.name;
    intent.create = true;
    intent.steps.push_back({{}, {}, false, {{"subject", schema::Value{std::string{"after the storm"}}}, {"owner", schema::Value{owner}}}});
    ActorId actor;
    system_random().fill(actor.bytes);
    auto document = merge::new_document(kind);
    v1::PushedChange pushed;
    pushed.set_document(protocol::to_field(id));
    pushed.set_change(protocol::to_field(document.commit(actor, merge::edits_of(intent).value()).value()->bytes));
    pushed.set_intent(protocol::to_field(new_id<IntentId>(now, system_random())));
    pushed.set_device_time(now.time_since_epoch().count());
    return pushed;
}

class Storm {
public:
    explicit Storm(const Settings& settings) : folder_{settings.folder / "storm"}
    {
        rlimit files{};
        if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
            files.rlim_cur = files.rlim_max;
            static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files)); // a connection is a file, here and in the server
        }
        people_and_devices(static_cast<std::size_t>(settings.devices));
    }

    std::vector<Row> run()
    {
        start_server("127.0.0.1:0");
        connect_all();
        server_->signal(SIGKILL);
        static_cast<void>(server_->wait());
        struck_at_ = Steady::now();
        start_server(address_);
        run_until([&](const Device& device) { return device.back_at.has_value(); });
        const auto peak = peak_memory();
        stop();
        return rows(peak);
    }

private:
    void people_and_devices(std::size_t count)
    {
        const auto hub = server::Hub::open({folder_, &system_clock(), &system_random(), {}, 2}).value();
        std::vector<merge::Intent> people;
        for (std::size_t i = 0; i * devices_per_person < count; ++i) {
            merge::Intent intent;
            intent.record = new_id<RecordId>(system_clock().now(), system_random());
            intent.kind = "person";
            intent.create = true;
            intent.steps.push_back({{}, {}, false, {{"name", schema::Value{fmt::format("Rep {}", i)}}, {"role", schema::Value{std::string{"rep"}}}}});
            people.push_back(std::move(intent));
        }
        for (const auto& added : hub->apply(people, {})) added.value();
        for (std::size_t i = 0; i < count; ++i) {
            auto& device = devices_.emplace_back();
            const auto& person = people[i / devices_per_person].record;
            device.identity = enrol(*hub, person);
            device.from = 0x7f01'0001 + static_cast<std::uint32_t>(i); // 127.1.0.1 and on
            device.edit = a_task(person);
            device.backoff = sync::Backoff{static_cast<std::uint32_t>(i + 1)};
        }
    }

    void start_server(const std::string& listen)
    {
        server_ = std::make_unique<testing::Process>(std::filesystem::read_symlink("/proc/self/exe").parent_path() / "roadbookd",
                                                     std::vector<std::string>{"serve", "--data", folder_.string(), "--listen", listen, "--log-level", "error"});
        std::istringstream line{server_->read_line()};
        std::string word, url, pin;
        line >> word >> url >> word >> pin;
        url_ = wire::Url::parse(url).value();
        address_ = url.substr(url.find("//") + 2);
        trust_ = wire::ClientTls::pinned(pin).value();
    }

    /// The first device of a person gets its scopes; the others of that person stored the same, and say so.
    void connect_all()
    {
        for (std::size_t i = 0; i < devices_.size(); i += devices_per_person) start(devices_[i]);
        run_until([&](const Device& device) { return index_of(device) % devices_per_person != 0 || device.is_connected; });
        for (std::size_t i = 0; i < devices_.size(); ++i) {
            if (i % devices_per_person == 0) continue;
            devices_[i].cursors = devices_[i - i % devices_per_person].cursors;
            devices_[i].server_epoch = devices_[i - i % devices_per_person].server_epoch;
            start(devices_[i]);
        }
        run_until([](const Device& device) { return device.is_connected; });
    }
    std::size_t index_of(const Device& device) const { return static_cast<std::size_t>(&device - devices_.data()); }

    void start(Device& device)
    {
        asio::co_spawn(io_, stay_connected(device), [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    }

    asio::awaitable<void> stay_connected(Device& device)
    {
        asio::steady_timer timer{io_};
        while (!stopping_) {
            wire::Options options;
            options.from_ipv4 = device.from;
            auto wire = co_await wire::connect(io_.get_executor(), url_, *trust_, options);
            auto why = wire ? Error{} : wire.error();
            if (wire) why = co_await exchange(device, *wire);
            device.is_connected = false;
            if (stopping_) co_return;
            const auto asked = retry_after(why);
            ++(asked ? device.told_to_wait : device.lost);
            timer.expires_after(device.backoff.next(asked));
            co_await timer.async_wait(with_code);
        }
    }

    asio::awaitable<Error> exchange(Device& device, wire::Wire& wire)
    {
        const auto hello = protocol::write(hello_of(device));
        const auto greeted = co_await wire.write(ByteView{hello});
        if (!greeted) co_return greeted.error();
        for (;;) {
            const auto bytes = co_await wire.read();
            if (!bytes) co_return bytes.error();
            const auto frame = protocol::read_server_frame(*bytes).value();
            if (frame.has_refusal())
                co_return busy({frame.refusal().message(), frame.refusal().message_zh()}, std::chrono::seconds{std::max(1U, frame.refusal().retry_after_seconds())});
            if (!take(device, frame) || !struck_at_ || device.is_answered) continue;
            const auto push = protocol::write(push_of(device));
            const auto pushed = co_await wire.write(ByteView{push});
            if (!pushed) co_return pushed.error();
        }
    }

    static v1::ClientFrame push_of(const Device& device)
    {
        v1::ChangeList list;
        *list.add_changes() = device.edit;
        v1::ClientFrame frame;
        frame.mutable_push()->set_batch(1);
        protocol::fill(*frame.mutable_push(), list);
        return frame;
    }

    /// True: it was a welcome, and the edit may go.
    bool take(Device& device, const v1::ServerFrame& frame)
    {
        if (frame.has_welcome()) {
            device.server_epoch = frame.welcome().server_epoch();
            device.is_connected = frame.welcome().up_to_date();
            device.backoff.reset();
        }
        if (frame.has_caught_up()) device.is_connected = true;
        if (frame.has_answers()) {
            if (frame.answers().exceptions_size() != 0) throw std::runtime_error{"an edit was not accepted: " + frame.answers().exceptions(0).reason()};
            device.is_answered = true;
        }
        if (frame.has_pack()) {
            auto& cursor = device.cursors[frame.pack().scope()];
            cursor.set_scope(frame.pack().scope());
            if (frame.pack().first()) {
                cursor.set_seq(frame.pack().as_of_seq());
                cursor.set_running_hash(frame.pack().running_hash());
            }
        }
        if (frame.has_page()) {
            auto& cursor = device.cursors[frame.page().scope()];
            cursor.set_scope(frame.page().scope());
            cursor.set_seq(frame.page().first_seq() + static_cast<std::uint64_t>(protocol::entries_of(frame.page()).value().entries_size()) - 1);
            cursor.set_running_hash(frame.page().running_hash());
        }
        if (struck_at_ && device.is_connected && device.is_answered && !device.back_at) device.back_at = Steady::now();
        return frame.has_welcome();
    }

    template <class Condition>
    void run_until(Condition holds)
    {
        const auto give_up = Steady::now() + time_max;
        const auto left = [&] { return std::count_if(devices_.begin(), devices_.end(), [&](const auto& device) { return !holds(device); }); };
        while (left() > 0) {
            if (Steady::now() > give_up) throw std::runtime_error{fmt::format("{} of {} devices are not there after {} s", left(), devices_.size(), time_max.count())};
            io_.restart();
            io_.run_for(std::chrono::milliseconds{20});
        }
    }

    /// In MiB, of the server since it was started again.
    double peak_memory() const
    {
        std::ifstream status{fmt::format("/proc/{}/status", server_->pid())};
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024.0;
        return 0;
    }

    void stop()
    {
        stopping_ = true;
        server_->signal(SIGTERM);
        io_.restart();
        io_.run_for(std::chrono::seconds{2});
        if (server_->wait().status != 0) throw std::runtime_error{"the server did not end well"};
    }

    std::vector<Row> rows(double peak) const
    {
        const auto hub = server::Hub::open({folder_, &system_clock(), &system_random(), {}, 2}).value();
        const auto kept = hub->count("task");
        if (kept != static_cast<std::int64_t>(devices_.size())) throw std::runtime_error{fmt::format("{} of {} edits are in the server", kept, devices_.size())};
        std::vector<double> seconds, told, lost;
        for (const auto& device : devices_) {
            seconds.push_back(std::chrono::duration<double>(*device.back_at - *struck_at_).count());
            told.push_back(device.told_to_wait);
            lost.push_back(device.lost);
        }
        const auto count = devices_.size();
        return {{fmt::format("kill -9 and restart: all {} devices caught up, each edit answered", count), "s", {*std::max_element(seconds.begin(), seconds.end())}, "120"},
                {"one of these devices", "s", seconds, ""},
                {"how often one was told to come again later", "", told, ""},
                {"how often one found nobody, or was cut", "", lost, ""},
                {"the server's peak memory", "MiB", {peak}, "1024"},
                {"devices starved, edits lost", "", {0}, "0"}};
    }

    std::filesystem::path folder_;
    asio::io_context io_{1};
    std::vector<Device> devices_;
    std::unique_ptr<testing::Process> server_;
    std::string address_;
    wire::Url url_;
    std::optional<wire::ClientTls> trust_;
    std::optional<Steady::time_point> struck_at_; ///< from then on devices have something to send
    bool stopping_ = false;
};

} // namespace

std::vector<Row> storm(const Settings& settings)
{
    return Storm{settings}.run();
}

} // namespace roadbook::benchmark
