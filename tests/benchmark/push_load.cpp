#include "tests/benchmark/push_load.hpp"

#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "shared/wire/connect.hpp"
#include "shared/wire/url.hpp"
#include "sync-server/store/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace roadbook::benchmark {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr int records_per_client = 50;

Bytes frame_of(auto fill)
{
    protocol::v1::ClientFrame frame;
    fill(frame);
    return protocol::write(frame);
}

std::vector<Bytes> pushes(const std::vector<protocol::v1::PushedChange>& changes, int per_push)
{
    std::vector<Bytes> frames;
    for (std::size_t first = 0; first < changes.size(); first += static_cast<std::size_t>(per_push)) {
        protocol::v1::ChangeList list;
        for (auto i = first; i < std::min(changes.size(), first + static_cast<std::size_t>(per_push)); ++i) *list.add_changes() = changes[i];
        frames.push_back(frame_of([&](protocol::v1::ClientFrame& frame) {
            frame.mutable_push()->set_batch(frames.size() + 1);
            protocol::fill(*frame.mutable_push(), list);
        }));
    }
    return frames;
}

/// Two pushes under way at any time, as the protocol allows.
asio::awaitable<void> push_all(wire::Wire& wire, std::vector<Bytes> frames)
{
    std::size_t sent = 0;
    std::size_t answered = 0;
    while (answered < frames.size()) {
        while (sent < frames.size() && sent - answered < static_cast<std::size_t>(protocol::batches_in_flight_max)) (co_await wire.write(ByteView{frames[sent++]})).value();
        const auto bytes = (co_await wire.read()).value();
        const auto frame = protocol::read_server_frame(bytes).value();
        if (!frame.has_answers()) continue;
        if (frame.answers().exceptions_size() != 0) throw std::runtime_error{"a change of the load was refused: " + frame.answers().exceptions(0).reason()};
        ++answered;
    }
}

asio::awaitable<wire::Wire> greet(asio::any_io_executor executor, const replica::Identity& identity)
{
    auto wire = (co_await wire::connect(executor, wire::Url::parse(identity.server).value(), wire::ClientTls::pinned(identity.trust).value())).value();
    const auto hello = frame_of([&](protocol::v1::ClientFrame& frame) {
        frame.mutable_hello()->set_version(protocol::version);
        frame.mutable_hello()->set_device(protocol::to_field(identity.device));
        frame.mutable_hello()->set_token(protocol::to_field(identity.token));
    });
    (co_await wire.write(ByteView{hello})).value();
    if (!protocol::read_server_frame((co_await wire.read()).value()).value().has_welcome()) throw std::runtime_error{"no welcome"};
    co_return wire;
}

/// Leaves the context ready to run again.
void greet_all(asio::io_context& io, std::vector<wire::Wire>& wires, const std::vector<replica::Identity>& identities)
{
    std::exception_ptr fault;
    asio::co_spawn(io, [&]() -> asio::awaitable<void> {
        for (const auto& identity : identities) wires.push_back(co_await greet(io.get_executor(), identity));
    }, [&](std::exception_ptr thrown) {
        fault = thrown;
        io.stop();
    });
    io.run();
    if (fault) std::rethrow_exception(fault);
    io.restart();
}

} // namespace

std::shared_ptr<void> connect_idle(const std::vector<replica::Identity>& devices)
{
    struct Open {
        asio::io_context io{1};
        std::vector<wire::Wire> wires;
    };
    auto open = std::make_shared<Open>();
    greet_all(open->io, open->wires, devices);
    return open;
}

PushLoad::PushLoad(const std::filesystem::path& server_folder, RunningServer& server, const DataSet& data, int clients, int changes)
{
    auto store = store::Store::open({.path = server_folder / server::Hub::file_name}).value();
    for (int i = 0; i < clients; ++i) {
        auto& client = clients_.emplace_back(Client{server.enrol(data.rep), {}});
        ActorId actor;
        system_random().fill(actor.bytes);
        std::vector<std::pair<RecordId, automerge::Document>> documents;
        for (int record = 0; record < std::min(records_per_client, changes); ++record) {
            const auto& id = data.accounts[static_cast<std::size_t>(i * records_per_client + record) % data.accounts.size()];
            documents.emplace_back(id, automerge::Document::load(store.snapshot(store.document(id)->num)).value());
        }
        for (int n = 0; n < changes; ++n) {
            auto& [id, document] = documents[static_cast<std::size_t>(n) % documents.size()];
            const automerge::Edit edit{{"phone"}, automerge::Edit::Put{fmt::format("+1 {} {}", i, n)}};
            const auto change = document.commit(actor, std::span{&edit, 1}).value().value();
            auto& pushed = client.changes.emplace_back();
            pushed.set_document(protocol::to_field(id));
            pushed.set_change(protocol::to_field(change.bytes));
            pushed.set_intent(protocol::to_field(new_id<IntentId>(system_clock().now(), system_random())));
            pushed.set_device_time(system_clock().now().time_since_epoch().count());
        }
    }
}

double PushLoad::run(int per_push)
{
    asio::io_context io{1};
    std::vector<wire::Wire> wires;
    std::vector<replica::Identity> identities;
    for (const auto& client : clients_) identities.push_back(client.identity);
    greet_all(io, wires, identities);
    std::exception_ptr fault;
    const auto keep = [&](std::exception_ptr thrown) { if (thrown) fault = thrown; };
    std::size_t total = 0;
    std::vector<std::vector<Bytes>> frames;
    for (const auto& client : clients_) {
        total += client.changes.size();
        frames.push_back(pushes(client.changes, per_push));
    }
    const auto start = Clock::now();
    auto left = clients_.size();
    for (std::size_t i = 0; i < clients_.size(); ++i)
        asio::co_spawn(io, push_all(wires[i], std::move(frames[i])), [&](std::exception_ptr thrown) {
            keep(thrown);
            if (--left == 0) io.stop(); // the connections' own timers would go on
        });
    io.run();
    const auto seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (fault) std::rethrow_exception(fault);
    return static_cast<double>(total) / seconds;
}

} // namespace roadbook::benchmark
