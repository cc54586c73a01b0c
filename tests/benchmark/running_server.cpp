#include "tests/benchmark/running_server.hpp"

#include <boost/asio/post.hpp>

#include <future>

#include <pthread.h>
#include <time.h>

namespace roadbook::benchmark {

replica::Identity enrol(server::Hub& hub, const RecordId& person)
{
    protocol::v1::Enrol enrol;
    enrol.set_code(hub.make_code(person, std::chrono::hours{1}).value());
    const auto enrolled = hub.enrol(enrol).value();
    return {DeviceId::from(as_bytes(enrolled.device())).value(), to_bytes(as_bytes(enrolled.token())), person, enrolled.person_name(),
            schema::role_from_name(enrolled.role()).value(), {}, {}};
}

RunningServer::RunningServer(const std::filesystem::path& folder)
    : hub_{server::Hub::open({folder, &system_clock(), &system_random(), {}, 2}).value()}, tls_{wire::ServerTls::development(folder).value()},
      server_{server::Server::open(context_, *hub_, tls_, {}).value()}
{
    server_->start();
    thread_ = std::thread{[this] { context_.run(); }};
}

RunningServer::~RunningServer()
{
    boost::asio::post(context_, [this] { server_->drain(fail(Errc::server_busy, "the benchmark ends")); });
    thread_.join();
}

replica::Identity RunningServer::enrol(const RecordId& person)
{
    std::promise<replica::Identity> promise;
    boost::asio::post(context_, [&] { promise.set_value(benchmark::enrol(*hub_, person)); });
    auto identity = promise.get_future().get();
    identity.server = url();
    identity.trust = tls_.fingerprint();
    return identity;
}

Duration RunningServer::cpu() const
{
    clockid_t clock{};
    timespec spent{};
    // The thread runs as long as this object lives.
    pthread_getcpuclockid(const_cast<std::thread&>(thread_).native_handle(), &clock);
    clock_gettime(clock, &spent);
    return Duration{spent.tv_sec * 1000 + spent.tv_nsec / 1'000'000};
}

} // namespace roadbook::benchmark
