#include "mobile-app/sync/sync_runner.hpp"

#include "mobile-app/sync/backoff.hpp"
#include "mobile-app/sync/link.hpp"
#include "mobile-app/sync/surrendering.hpp"
#include "mobile-app/sync/sync_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <random>
#include <thread>

namespace roadbook::sync {
namespace {

namespace asio = boost::asio;

/// How often a blocking watcher looks whether it shall stop: a signal handler can only set a flag.
constexpr auto stop_poll = std::chrono::milliseconds{100};

/// Somebody waits for the call to return: so many times it is tried again when the server says when, and for no longer hint than this.
constexpr int busy_tries_max = 5;
constexpr std::chrono::seconds busy_wait_max{30};

/// How often one call has been told to come again, and whether it does.
class Patience {
public:
    explicit Patience(asio::any_io_executor executor) : timer_{std::move(executor)}, backoff_{std::random_device{}()} {}
    [[nodiscard]] bool has_time_for(const std::optional<std::chrono::seconds>& asked) const { return asked && *asked <= busy_wait_max && tries_ < busy_tries_max; }
    asio::awaitable<void> wait(std::chrono::seconds asked)
    {
        ++tries_;
        timer_.expires_after(backoff_.next(asked));
        co_await timer_.async_wait(asio::use_awaitable);
    }
    /// The server has taken something: it is worth going on.
    void renew() { tries_ = 0; }

private:
    asio::steady_timer timer_;
    Backoff backoff_;
    int tries_ = 0;
};

/// dial(), again when the server is busy and says until when.
asio::awaitable<Result<wire::Wire>> dial_patiently(asio::any_io_executor executor, std::string server, std::string trust)
{
    Patience patience{executor};
    for (;;) {
        auto wire = co_await dial(executor, server, trust);
        const auto asked = wire ? std::nullopt : retry_after(wire.error());
        if (!patience.has_time_for(asked)) co_return wire;
        co_await patience.wait(*asked);
    }
}

Error ended(const SyncClient& client)
{
    if (client.why().code != Errc::ok) return client.why();
    return fail(Errc::link_lost, "the connection ended before everything was exchanged");
}

/// Exchanges until `done` says so or the connection ends.
asio::awaitable<Result<void>> exchange(SyncClient& client, wire::Wire& wire, std::vector<Bytes> first, const Progress& progress,
                                       std::function<bool()> done)
{
    const auto opened = co_await send_all(wire, std::move(first));
    if (!opened) co_return opened.error();
    while (!done()) {
        const auto frame = co_await wire.read();
        if (!frame) {
            client.lost(frame.error());
            co_return frame.error();
        }
        auto answers = client.receive(*frame);
        if (progress) progress(client.tally());
        const auto sent = co_await send_all(wire, std::move(answers));
        if (!sent && !client.is_closed()) co_return sent.error();
        if (client.is_closed()) break;
    }
    co_return Result<void>{};
}

template <class Work>
auto run_to_end(Work work)
{
    asio::io_context io{1};
    typename std::invoke_result_t<Work, asio::any_io_executor>::value_type result = fail(Errc::internal, "nothing was done");
    std::exception_ptr fault;
    asio::co_spawn(io, work(io.get_executor()), [&](std::exception_ptr thrown, auto value) {
        fault = thrown;
        if (!thrown) result = std::move(value);
    });
    io.run();
    if (fault) std::rethrow_exception(fault);
    return result;
}

/// Until all is exchanged. A server that takes no more edits for a moment gets the rest after it, on this same connection.
asio::awaitable<Result<void>> exchange_all(SyncClient& client, wire::Wire& wire, std::vector<Bytes> frames, const Progress& progress)
{
    Patience patience{wire.executor()};
    for (std::int64_t accepted = 0;;) {
        const auto exchanged = co_await exchange(client, wire, std::move(frames), progress, [&] { return client.is_quiet(); });
        if (client.tally().accepted > accepted) patience.renew();
        accepted = client.tally().accepted;
        if (!exchanged || !client.is_quiet() || !patience.has_time_for(client.retry_after())) co_return exchanged;
        co_await patience.wait(*client.retry_after());
        frames = client.try_again();
    }
}

/// What is asked beside a sync: `heard` gets the reply.
struct Question {
    protocol::v1::Enquiry enquiry;
    SyncClient::Heard heard;
};

asio::awaitable<Result<Report>> sync_over(asio::any_io_executor executor, replica::Replica& replica, const Progress& progress, const Question* question,
                                           SyncClient::Direction direction = SyncClient::Direction::both)
{
    const auto started = std::chrono::steady_clock::now();
    const auto me = replica.identity();
    if (!me) co_return fail(Errc::not_enrolled, "this device is not enrolled yet: enrol it with a code from your administrator");
    auto wire = co_await dial_patiently(executor, me->server, me->trust);
    if (!wire) co_return wire.error();
    SyncClient client{replica, direction};
    auto first = client.open();
    if (!first) co_return first.error();
    if (question != nullptr) (void)client.ask(question->enquiry, question->heard); // goes out after the welcome
    const auto exchanged = co_await exchange_all(client, *wire, std::move(*first), progress);
    if (!exchanged) co_return client.is_closed() && client.why().code != Errc::ok ? client.why() : exchanged.error();
    if (!client.is_quiet()) co_return ended(client);
    co_await wire->close();
    co_return Report{client.tally(), wire->bytes_out(), wire->bytes_in(),
                     std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started)};
}

asio::awaitable<Result<Report>> enrol_over(asio::any_io_executor executor, replica::Replica& replica, std::string server, Claim claim,
                                           std::string trust, std::string device_name)
{
    auto wire = co_await dial_patiently(executor, server, trust);
    if (!wire) co_return wire.error();
    SyncClient client{replica};
    auto first = client.open_to_enrol(claim.code, device_name, server, trust, claim.person, claim.password);
    const auto exchanged = co_await exchange(client, *wire, std::move(first), {}, [&] { return client.is_closed(); });
    if (!exchanged && !client.is_closed()) co_return exchanged.error();
    if (client.why().code != Errc::ok) co_return client.why();
    co_await wire->close();
    co_return Report{};
}

/// A greeting of surrender, since the replica may be locked; any answer but bad_token says that it is known.
asio::awaitable<Result<bool>> ask_if_known(asio::any_io_executor executor, replica::Vault& vault, std::string server, std::string trust)
{
    Surrendering surrendering{vault, "asked", Surrendering::Hand::if_access_ended};
    auto frames = surrendering.open();
    if (!frames) co_return frames.error();
    auto wire = co_await dial_patiently(executor, std::move(server), std::move(trust));
    if (!wire) co_return wire.error();
    const auto sent = co_await send_all(*wire, std::move(*frames));
    if (!sent) co_return sent.error();
    const auto frame = co_await wire->read();
    if (!frame) co_return frame.error();
    (void)surrendering.receive(*frame); // what it would say next stays unsaid
    co_await wire->close();
    co_return surrendering.failure().code != Errc::bad_token;
}

asio::awaitable<Result<Surrendered>> surrender_over(asio::any_io_executor executor, replica::Vault& vault, std::string why, Surrendering::Hand hand)
{
    Surrendering surrendering{vault, std::move(why), hand};
    auto frames = surrendering.open();
    if (!frames) co_return frames.error();
    const auto me = vault.credentials().value();
    auto wire = co_await dial_patiently(executor, me.server, me.trust);
    if (!wire) co_return wire.error();
    auto sent = co_await send_all(*wire, std::move(*frames));
    while (sent && !surrendering.is_done()) {
        const auto frame = co_await wire->read();
        if (!frame) co_return frame.error();
        sent = co_await send_all(*wire, surrendering.receive(*frame));
    }
    if (surrendering.failure().code != Errc::ok) co_return surrendering.failure();
    if (!sent && !surrendering.is_wiped()) co_return sent.error();
    co_await wire->close();
    co_return Surrendered{surrendering.handed_over(), surrendering.files_handed_over(), surrendering.is_wiped()};
}

} // namespace

Result<bool> is_known(replica::Vault& vault, const std::string& server, const std::string& trust)
{
    try {
        return run_to_end([&](asio::any_io_executor executor) { return ask_if_known(executor, vault, server, trust); });
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<Surrendered> surrender(replica::Vault& vault, const std::string& why)
{
    try {
        return run_to_end([&](asio::any_io_executor executor) { return surrender_over(executor, vault, why, Surrendering::Hand::all); });
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<Surrendered> surrender_if_revoked(replica::Vault& vault)
{
    try {
        return run_to_end([&](asio::any_io_executor executor) { return surrender_over(executor, vault, "revoked", Surrendering::Hand::if_access_ended); });
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<Report> receive_only(replica::Replica& replica, const Progress& progress)
{
    try {
        return run_to_end([&](asio::any_io_executor executor) { return sync_over(executor, replica, progress, nullptr, SyncClient::Direction::receive_only); });
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<Report> sync_once(replica::Replica& replica, const Progress& progress)
{
    try {
        return run_to_end([&](asio::any_io_executor executor) { return sync_over(executor, replica, progress, nullptr); });
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<protocol::v1::Reply> ask(replica::Replica& replica, const protocol::v1::Enquiry& enquiry)
{
    std::optional<protocol::v1::Reply> reply;
    const Question question{enquiry, [&](const protocol::v1::Reply& heard) { reply = heard; }};
    try {
        const auto synced = run_to_end([&](asio::any_io_executor executor) { return sync_over(executor, replica, {}, &question); });
        if (!reply && !synced) return synced.error();
    } catch (const Fault& fault) {
        return fault.error();
    }
    if (!reply) return fail(Errc::link_lost, "the connection ended before the server answered");
    if (!reply->code().empty()) return Error{errc_from_name(reply->code()), reply->message(), {}, reply->message_zh()};
    return std::move(*reply);
}

Result<void> enrol(replica::Replica& replica, const std::string& server, const Claim& claim, const std::string& trust, const std::string& device_name)
{
    try {
        const auto done =
            run_to_end([&](asio::any_io_executor executor) { return enrol_over(executor, replica, server, claim, trust, device_name); });
        if (!done) return done.error();
        return {};
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<void> watch(replica::Replica& replica, const Watch& watch, const std::atomic<bool>& stop)
{
    if (!replica.identity()) return fail(Errc::not_enrolled, "this device is not enrolled yet: enrol it with a code from your administrator");
    SyncLoop loop{replica, watch};
    std::jthread stopper{[&](const std::stop_token& ended) {
        while (!stop && !ended.stop_requested()) std::this_thread::sleep_for(stop_poll);
        loop.stop();
    }};
    try {
        if (auto why = loop.run(); why.code != Errc::ok) return why;
    } catch (const Fault& fault) {
        return fault.error(); // a full disk, say: the stopper ends with this function
    }
    return {};
}

} // namespace roadbook::sync
