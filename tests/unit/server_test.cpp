// The server behind its port: real sockets, TLS, store and merge core; devices are real replicas or a bare wire.
#include "mobile-app/sync/sync_runner.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/wire/connect.hpp"
#include "sync-server/admin/directory.hpp"
#include "sync-server/listener/server.hpp"
#include "tests/support/coroutine.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/post.hpp>

#include <fstream>
#include <future>
#include <thread>

#include <sys/mount.h>

using namespace roadbook;
using namespace roadbook::server;
using testing::TempFolder;
namespace asio = boost::asio;

namespace {

constexpr auto lifetime = std::chrono::hours{1};
const Error restart = fail(Errc::server_busy, "server restarts");

std::unique_ptr<Hub> open_hub(const std::filesystem::path& folder)
{
    Hub::Options options;
    options.folder = folder;
    return Hub::open(options).value();
}

/// A disk of 4 MiB under a folder, where the test may mount one.
class SmallDisk {
public:
    explicit SmallDisk(std::filesystem::path folder) : folder_{std::move(folder)}
    {
        std::filesystem::create_directories(folder_);
        mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=4m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk()
    {
        if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    }
    [[nodiscard]] bool is_there() const { return mounted_; }
    void fill() const
    {
        std::ofstream file{folder_ / "filler", std::ios::binary | std::ios::app};
        for (std::size_t size = 1 << 20; size > 0; size /= 2)
            for (file.clear(); file.write(std::string(size, 'x').data(), static_cast<std::streamsize>(size)) && file.flush();) {}
    }
    void free() const { std::filesystem::remove(folder_ / "filler"); }

private:
    std::filesystem::path folder_;
    bool mounted_ = false;
};

/// A server on a thread of its own, as roadbookd runs it. Administration goes through a second hub on the same folder, as another process.
class RunningServer {
public:
    explicit RunningServer(const Server::Options& options = {}, std::filesystem::path folder = {})
        : path_{folder.empty() ? folder_.path() : std::move(folder)}
        , server_{Server::open(context_, *hub_, wire::ServerTls::development(path_).value(), options).value()}
    {
        server_->start();
        thread_ = std::thread{[this] { context_.run(); }};
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    ~RunningServer() { stop(); }

    void stop()
    {
        if (!thread_.joinable()) return;
        asio::post(context_, [this] { server_->drain(restart); });
        thread_.join();
    }
    [[nodiscard]] std::size_t connections()
    {
        std::promise<std::size_t> said;
        asio::post(context_, [&] { said.set_value(server_->connections()); });
        return said.get_future().get();
    }
    [[nodiscard]] Hub& admin() { return *admin_; }
    [[nodiscard]] std::string url() const { return "wss://" + server_->address(); }
    [[nodiscard]] std::string pin() const { return wire::ServerTls::development(path_).value().fingerprint(); }
    [[nodiscard]] RecordId add_person(const std::string& name, const std::string& role)
    {
        return Directory{*admin_}.add_person({name, role, {}, {}, {}, {}}).value();
    }
    [[nodiscard]] std::string code_for(const RecordId& person) { return admin_->make_code(person, lifetime).value(); }

private:
    TempFolder folder_;
    std::filesystem::path path_;
    std::unique_ptr<Hub> hub_ = open_hub(path_);
    std::unique_ptr<Hub> admin_ = open_hub(path_);
    asio::io_context context_{1};
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

struct Device {
    explicit Device(RunningServer& server, const RecordId& person)
    {
        replica::Replica::Options options;
        options.folder = folder.path();
        replica = replica::Replica::open(options).value();
        const auto enrolled = sync::enrol(*replica, server.url(), {server.code_for(person), {}, {}}, server.pin(), "test device");
        INFO((enrolled ? "" : enrolled.error().message));
        REQUIRE(enrolled.has_value());
    }
    sync::Report sync() const
    {
        auto report = sync::sync_once(*replica);
        INFO((report ? "" : report.error().message));
        REQUIRE(report.has_value());
        return *report;
    }
    TempFolder folder;
    std::unique_ptr<replica::Replica> replica;
};

/// A connection without a device behind it, which says what it likes.
class BareWire {
public:
    explicit BareWire(const RunningServer& server)
        : wire_{testing::run(context_, wire::connect(context_.get_executor(), wire::Url::parse(server.url()).value(),
                                                     wire::ClientTls::pinned(server.pin()).value())).value()}
    {
    }
    void send(ByteView frame) { REQUIRE(testing::run(context_, wire_.write(frame)).has_value()); }
    /// The next frame that is not Grants, nothing when the connection has ended. Grants come to everybody whenever the server sees that another process,
    /// here admin(), has committed, and that may be late.
    std::optional<protocol::v1::ServerFrame> read()
    {
        for (;;) {
            const auto bytes = testing::run(context_, wire_.read());
            if (!bytes) return std::nullopt;
            auto frame = protocol::read_server_frame(*bytes).value();
            if (!frame.has_grants()) return frame;
        }
    }
    /// The reason of the refusal that comes next.
    protocol::v1::Refusal refusal()
    {
        const auto bytes = testing::run(context_, wire_.read());
        REQUIRE(bytes.has_value());
        const auto frame = protocol::read_server_frame(*bytes);
        REQUIRE(frame->has_refusal());
        return frame->refusal();
    }
    std::optional<wire::CloseCode> end()
    {
        const auto gone = testing::run(context_, wire_.read());
        REQUIRE_FALSE(gone.has_value());
        return wire_.closed_by_peer();
    }

private:
    asio::io_context context_{1};
    wire::Wire wire_;
};

Bytes hello_of_a_stranger()
{
    protocol::v1::ClientFrame frame;
    auto& hello = *frame.mutable_hello();
    hello.set_version(protocol::version);
    hello.set_device(protocol::to_field(new_id<DeviceId>(system_clock().now(), system_random())));
    hello.set_token(std::string(32, 'x'));
    return protocol::write(frame);
}

} // namespace

TEST_CASE("what one device saves, another of the same person receives", "[server]")
{
    RunningServer server;
    const auto nancy = server.add_person("Nancy Davolio", "admin");
    const Device first{server, nancy};
    const Device second{server, nancy};
    first.sync();
    const auto task = first.replica->add("task", {{"subject", "Call 华泰机电"}, {"owner", nancy}}).value().record;
    CHECK(first.sync().tally.accepted == 1);
    second.sync();
    CHECK(schema::text_of(second.replica->show(task).value().merged.record, "subject") == "Call 华泰机电");
    CHECK(server.admin().record(task).has_value());
}

TEST_CASE("a first sync of more than fits into one page arrives whole", "[server]")
{
    RunningServer server;
    const auto nancy = server.add_person("Nancy Davolio", "admin");
    std::vector<merge::Intent> intents;
    for (int i = 0; i < 1'500; ++i) {
        merge::Intent intent;
        intent.id = new_id<IntentId>(system_clock().now(), system_random());
        intent.record = new_id<RecordId>(system_clock().now(), system_random());
        intent.kind = "product";
        intent.create = true;
        intent.steps = {{{}, {}, false, {{"name", "Product " + std::to_string(i) + to_hex(system_random().bytes(100))}}}};
        intents.push_back(intent);
    }
    for (const auto& result : server.admin().apply(intents, {})) REQUIRE(result.has_value());
    const Device device{server, nancy};
    CHECK(device.sync().tally.records_received >= 1'500);
    CHECK(device.replica->count("product") == 1'500);
    CHECK(device.sync().bytes_in < 4'000); // the second time there is nothing to send
}

TEST_CASE("a connection that says nothing is told so and closed", "[server]")
{
    Server::Options options;
    options.timeouts.hello = std::chrono::milliseconds{50};
    RunningServer server{options};
    BareWire wire{server};
    CHECK(wire.refusal().code() == "timed_out");
    CHECK(wire.end() == wire::CloseCode::policy);
}

TEST_CASE("a device that finds no room at the door is told when to come again, and does so by itself", "[server]")
{
    Server::Options options;
    options.timeouts.hello = std::chrono::seconds{2};
    options.timeouts.close = std::chrono::seconds{1}; // strangers do not answer a close either, and hold their places until then
    RunningServer server{options};
    const auto nancy = server.add_person("Nancy Davolio", "rep");
    const Device device{server, nancy};
    std::vector<std::unique_ptr<BareWire>> strangers;
    for (int i = 0; i < wire::limits::unauthenticated_per_address_max; ++i) strangers.push_back(std::make_unique<BareWire>(server));
    const auto start = std::chrono::steady_clock::now();
    device.sync();
    CHECK(std::chrono::steady_clock::now() - start >= std::chrono::seconds{1}); // no hint is shorter
}

TEST_CASE("strangers, and bytes that are no frame, get one refusal and a close", "[server]")
{
    RunningServer server;
    BareWire stranger{server};
    stranger.send(hello_of_a_stranger());
    CHECK(stranger.refusal().code() == "bad_token");
    CHECK(stranger.end() == wire::CloseCode::not_authenticated);

    BareWire noise{server};
    noise.send(as_bytes("\xff\xff\xff not a frame"));
    CHECK(noise.refusal().code() == "bad_frame");
    CHECK(noise.end() == wire::CloseCode::protocol_error);

    BareWire large{server};
    large.send(Bytes(limits::hello_bytes_max + 1));
    CHECK(large.end() == wire::CloseCode::too_large);
}

TEST_CASE("a used enrolment code is refused like a wrong one", "[server]")
{
    RunningServer server;
    const auto nancy = server.add_person("Nancy Davolio", "rep");
    const auto code = server.code_for(nancy);
    const auto enrol_with = [&](const std::string& typed) {
        const TempFolder folder;
        replica::Replica::Options options;
        options.folder = folder.path();
        const auto replica = replica::Replica::open(options).value();
        return sync::enrol(*replica, server.url(), {typed, {}, {}}, server.pin(), "phone");
    };
    REQUIRE(enrol_with(code).has_value());
    const auto again = enrol_with(code);
    const auto wrong = enrol_with("0000-0000-0000-0000");
    REQUIRE(!again);
    REQUIRE(!wrong);
    CHECK(again.error().code == Errc::bad_code);
    CHECK(again.error() == wrong.error());
}

TEST_CASE("a revoked device is refused, and another of the same person is not", "[server]")
{
    RunningServer server;
    const auto nancy = server.add_person("Nancy Davolio", "rep");
    const Device lost{server, nancy};
    const Device kept{server, nancy};
    lost.sync();
    REQUIRE(server.admin().revoke(lost.replica->identity()->device).has_value());
    const auto refused = sync::sync_once(*lost.replica);
    REQUIRE(!refused);
    CHECK(refused.error().code == Errc::revoked);
    kept.sync();
}

TEST_CASE("a live connection ends within a second of the revocation of its device or person, and says why", "[server]")
{
    RunningServer server;
    const auto nancy = server.add_person("Nancy Davolio", "rep");
    const Device device{server, nancy};
    device.sync();
    protocol::v1::ClientFrame hello;
    *hello.mutable_hello() = device.replica->hello();
    BareWire wire{server};
    wire.send(protocol::write(hello));
    REQUIRE(wire.read()->has_welcome());
    const auto revoked_at = std::chrono::steady_clock::now();
    SECTION("the device") { REQUIRE(server.admin().revoke(device.replica->identity()->device).has_value()); }
    SECTION("the person") { REQUIRE(server.admin().revoke_person(nancy).has_value()); }
    const auto frame = wire.read();
    REQUIRE((frame && frame->has_refusal()));
    CHECK(frame->refusal().code() == "revoked");
    CHECK_FALSE(wire.read().has_value());
    CHECK(std::chrono::steady_clock::now() - revoked_at < testing::patience * std::chrono::seconds{1});
}

TEST_CASE("what a slow reader had not taken when its access ended does not go out any more", "[server]")
{
    constexpr int tasks = 2'500; // some 5 MB of what no compression makes smaller: more than the buffers between the two hold
    RunningServer server;
    const auto nancy = server.add_person("Nancy Davolio", "rep");
    std::vector<merge::Intent> intents;
    for (int i = 0; i < tasks; ++i) {
        merge::Intent intent;
        intent.id = new_id<IntentId>(system_clock().now(), system_random());
        intent.record = new_id<RecordId>(system_clock().now(), system_random());
        intent.kind = "task";
        intent.create = true;
        intent.steps = {{{}, {}, false, {{"subject", to_hex(system_random().bytes(2'000))}, {"owner", nancy}}}};
        intents.push_back(std::move(intent));
    }
    for (const auto& result : server.admin().apply(intents, {})) REQUIRE(result.has_value());
    const Device device{server, nancy};
    protocol::v1::ClientFrame hello;
    *hello.mutable_hello() = device.replica->hello();
    BareWire wire{server};
    wire.send(protocol::write(hello));
    REQUIRE(wire.read()->has_welcome());
    const auto first = wire.read();
    REQUIRE((first->has_ahead() || first->has_pack()));
    const auto revoked_at = std::chrono::steady_clock::now();
    REQUIRE(server.admin().revoke(device.replica->identity()->device).has_value());
    while (server.connections() != 0) {
        REQUIRE(std::chrono::steady_clock::now() - revoked_at < testing::patience * std::chrono::seconds{1});
        std::this_thread::yield();
    }
    bool complete = false;
    while (const auto frame = wire.read()) complete = complete || (frame->has_pack() && frame->pack().last());
    CHECK_FALSE(complete);
}

TEST_CASE("a server that stops answers what it has taken and tells every device", "[server]")
{
    RunningServer server;
    BareWire waiting{server};
    server.stop();
    const auto refusal = waiting.refusal();
    CHECK(refusal.code() == "server_busy");
    CHECK(refusal.message() == "server restarts");
    CHECK(waiting.end() == wire::CloseCode::try_later);
}

TEST_CASE("a full disk refuses edits, keeps serving the rest, and takes them once there is room", "[server]")
{
    const TempFolder folder;
    const SmallDisk disk{folder / "disk"};
    if (!disk.is_there()) return; // it takes the rights of an administrator
    RunningServer server{{}, folder / "disk"};
    const auto nancy = server.add_person("Nancy Davolio", "admin");
    const Device writer{server, nancy};
    const Device reader{server, nancy};
    writer.sync();
    REQUIRE(writer.replica->add("task", {{"subject", "Before"}, {"owner", nancy}}).has_value());
    writer.sync();

    disk.fill();
    REQUIRE(writer.replica->add("task", {{"subject", std::string(4'000, 'x')}, {"owner", nancy}}).has_value());
    const auto refused = sync::sync_once(*writer.replica);
    REQUIRE(!refused);
    CHECK(refused.error().code == Errc::storage_full);
    CHECK(writer.replica->status().unsent == 1);
    reader.sync();
    CHECK(reader.replica->count("task") == 1);

    disk.free();
    CHECK(writer.sync().tally.accepted == 1);
    reader.sync();
    CHECK(reader.replica->count("task") == 2);
}

TEST_CASE("pages are read one by one, when there is room for them", "[server]")
{
    TempFolder folder;
    const auto hub = open_hub(folder.path());
    const auto nancy = Directory{*hub}.add_person({"Nancy Davolio", "rep", {}, {}, {}, {}}).value();
    protocol::v1::Enrol enrol;
    enrol.set_code(hub->make_code(nancy, lifetime).value());
    const auto enrolled = hub->enrol(enrol).value();
    protocol::v1::ClientFrame hello;
    hello.mutable_hello()->set_version(protocol::version);
    hello.mutable_hello()->set_device(enrolled.device());
    hello.mutable_hello()->set_token(enrolled.token());
    hello.mutable_hello()->set_credit(protocol::credit_bytes);

    ServerCore core{*hub, Reading::when_asked};
    const auto id = core.connect();
    core.receive(id, protocol::write(hello));
    CHECK(core.take_output().size() == 1); // the welcome
    REQUIRE(core.readers().size() == 1);
    int frames = 0;
    while (!core.readers().empty()) {
        core.read_page(core.readers().front());
        frames += static_cast<int>(core.take_output().size());
    }
    CHECK(frames >= 3); // a pack of each scope, and the word that this is all
    core.read_page(id); // nobody asked
    CHECK(core.take_output().empty());
    core.lost(id, restart);
    CHECK(core.readers().empty());
}

TEST_CASE("a port that is taken is said so", "[server]")
{
    TempFolder folder;
    const auto hub = open_hub(folder.path());
    asio::io_context context{1};
    const auto tls = wire::ServerTls::development(folder.path()).value();
    const auto first = Server::open(context, *hub, tls, {}).value();
    const auto second = Server::open(context, *hub, tls, {"127.0.0.1", first->port(), {}});
    REQUIRE(!second);
    CHECK(second.error().code == Errc::port_in_use);
}

TEST_CASE("what another process commits is told once, also when a greeting has seen it first", "[server]")
{
    TempFolder folder;
    const auto hub = open_hub(folder.path());
    const auto other = open_hub(folder.path());
    CHECK(hub->poll().regranted.empty());
    const auto nancy = Directory{*other}.add_person({"Nancy Davolio", "rep", {}, {}, {}, {}}).value();
    static_cast<void>(hub->greet({})); // takes in what was committed
    CHECK(hub->poll().regranted == std::vector{nancy});
    CHECK(hub->poll().regranted.empty());
}
