#include "mobile-app/sync/sync_loop.hpp"

#include "mobile-app/sync/backoff.hpp"
#include "mobile-app/sync/link.hpp"
#include "shared/base/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <random>

namespace roadbook::sync {
namespace {

namespace asio = boost::asio;

/// These do not go away by trying again soon: only a person can help, so we wait the longest time.
bool needs_person(Errc code)
{
    return code == Errc::bad_token || code == Errc::unsupported_version || code == Errc::tls_failed;
}

} // namespace

class SyncLoop::Inside {
public:
    Inside(replica::Replica& replica, Watch watch) : replica_{replica}, watch_{std::move(watch)}, wake_{io_}, again_{io_}, backoff_{std::random_device{}()} {}

    Error run()
    {
        asio::co_spawn(io_, keep_connected(), [this](std::exception_ptr thrown) {
            if (thrown) fault_ = thrown;
            io_.stop();
        });
        io_.run();
        if (fault_) std::rethrow_exception(fault_);
        return ended_;
    }

    void post(std::function<void(replica::Replica&)> task)
    {
        asio::post(io_, [this, task = std::move(task)] {
            task(replica_);
            poke(Poked::by_edit);
        });
    }
    void sync_now()
    {
        asio::post(io_, [this] { poke(Poked::by_person); });
    }
    void stop()
    {
        asio::post(io_, [this] {
            stopping_ = true;
            if (wire_ != nullptr) wire_->cut();
            else io_.stop(); // asleep or dialling: nothing under way is worth waiting for
        });
    }

private:
    enum class Poked { by_edit, by_person };

    void poke(Poked poked)
    {
        if (client_ == nullptr || wire_ == nullptr) {
            if (poked == Poked::by_edit && asked_to_wait_) return; // it is safe here, and the server has said when it wants to see us
            backoff_.reset();
            wake_.cancel();
            return;
        }
        backoff_.reset();
        send(client_->outbox_grew());
    }

    void send(std::vector<Bytes> frames)
    {
        if (frames.empty()) return;
        tell(Watch::State::syncing);
        asio::co_spawn(io_, send_later(std::move(frames)), asio::detached);
    }

    asio::awaitable<void> send_later(std::vector<Bytes> frames)
    {
        // The reader notices a broken link; what was not sent stays in the outbox.
        if (wire_ != nullptr) (void)co_await send_all(*wire_, std::move(frames));
    }

    asio::awaitable<void> keep_connected()
    {
        while (!stopping_) {
            const auto me = replica_.identity();
            if (!me) {
                co_await sleep(Backoff::longest);
                continue;
            }
            tell(Watch::State::connecting);
            auto wire = co_await dial(io_.get_executor(), me->server, me->trust);
            auto why = wire ? Error{} : wire.error();
            if (wire) why = co_await serve(*wire); // by itself: g++ 12 frees a temporary of `?:` around co_await twice
            if (stopping_) co_return;
            tell(Watch::State::offline, &why);
            if (why.code == Errc::revoked) { // never comes back: the caller hands over what is left
                ended_ = std::move(why);
                co_return;
            }
            if (needs_person(why.code)) backoff_.slow_down();
            const auto asked = retry_after(why);
            asked_to_wait_ = asked.has_value();
            co_await sleep(backoff_.next(asked));
            asked_to_wait_ = false;
        }
    }

    /// The server takes no more edits for a while: they come again on this connection.
    void push_later(std::chrono::seconds asked)
    {
        if (std::exchange(again_waits_, true)) return; // what comes in meanwhile puts it off no further
        again_.expires_after(backoff_.next(asked));
        again_.async_wait([this](const boost::system::error_code& cancelled) {
            again_waits_ = false;
            if (!cancelled && client_ != nullptr) send(client_->try_again());
        });
    }

    /// One connection until it ends; says why.
    asio::awaitable<Error> serve(wire::Wire& wire)
    {
        SyncClient client{replica_};
        auto first = client.open();
        if (!first) co_return first.error();
        wire_ = &wire;
        client_ = &client;
        const auto why = co_await exchange(client, wire, std::move(*first));
        wire_ = nullptr;
        client_ = nullptr;
        again_.cancel();
        co_return client.why().code == Errc::ok ? why : client.why();
    }

    asio::awaitable<Error> exchange(SyncClient& client, wire::Wire& wire, std::vector<Bytes> frames)
    {
        tell(Watch::State::syncing);
        for (;;) {
            const auto sent = co_await send_all(wire, std::move(frames));
            if (!sent) co_return sent.error();
            if (client.is_closed()) co_return client.why();
            if (client.is_quiet()) {
                backoff_.reset();
                tell(Watch::State::synced);
                if (client.retry_after()) push_later(*client.retry_after());
            }
            const auto frame = co_await wire.read();
            if (!frame) {
                client.lost(frame.error());
                co_return frame.error();
            }
            frames = client.receive(*frame);
            if (!client.is_quiet() && !client.is_closed()) tell(Watch::State::syncing); // how far it got
        }
    }

    asio::awaitable<void> sleep(std::chrono::milliseconds wait)
    {
        wake_.expires_after(wait);
        co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable)); // poke() and stop() end it early
    }

    void tell(Watch::State state, const Error* why = nullptr)
    {
        if (why != nullptr) log::info("sync_offline", "code={}", name(why->code));
        if (watch_.event) watch_.event(state, client_ != nullptr ? client_->tally() : Tally{}, why);
    }

    replica::Replica& replica_;
    Watch watch_;
    asio::io_context io_{1};
    asio::steady_timer wake_;
    asio::steady_timer again_;
    bool again_waits_ = false; ///< again_ is under way
    Backoff backoff_;
    bool asked_to_wait_ = false; ///< asleep because the server said until when
    SyncClient* client_ = nullptr; ///< of the connection under way
    wire::Wire* wire_ = nullptr;
    bool stopping_ = false;
    std::exception_ptr fault_;
    Error ended_{Errc::ok, {}, {}};
};

SyncLoop::SyncLoop(replica::Replica& replica, Watch watch) : inside_{std::make_unique<Inside>(replica, std::move(watch))} {}
SyncLoop::~SyncLoop() = default;

Error SyncLoop::run()
{
    return inside_->run();
}
void SyncLoop::post(std::function<void(replica::Replica&)> task)
{
    inside_->post(std::move(task));
}
void SyncLoop::sync_now()
{
    inside_->sync_now();
}
void SyncLoop::stop()
{
    inside_->stop();
}

} // namespace roadbook::sync
