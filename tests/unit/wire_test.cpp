#include "tests/support/wire_world.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

#include <malloc.h>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

Bytes pattern(std::size_t size, unsigned char seed = 1)
{
    Bytes bytes(size);
    unsigned value = seed;
    for (auto& byte : bytes) byte = static_cast<std::byte>((value = value * 1'103'515'245u + 12'345u) >> 16);
    return bytes;
}

} // namespace

TEST_CASE("what is written at one end is read at the other", "[wire]")
{
    WireWorld world{echo};
    auto wire = world.connect();
    REQUIRE(wire.has_value());
    for (const std::string text : {"hello", "", "second"}) {
        REQUIRE(run(world.context, wire->write(as_bytes(text))).has_value());
        CHECK(as_text(run(world.context, wire->read()).value()) == text);
    }
    CHECK(wire->peer() == world.listener.address());
}

TEST_CASE("frames of every size up to the limit go through whole, one byte more is not sent", "[wire]")
{
    WireWorld world{echo};
    auto wire = world.connect();
    REQUIRE(wire.has_value());
    const auto limit = wire::limits::frame_bytes_max;
    for (const auto size : {std::size_t{1}, std::size_t{125}, std::size_t{126}, std::size_t{511}, std::size_t{512},
                            std::size_t{513}, std::size_t{4'096}, std::size_t{16'383}, std::size_t{16'384},
                            std::size_t{65'535}, std::size_t{65'536}, limit - 1, limit}) {
        CAPTURE(size);
        const auto frame = std::make_shared<const Bytes>(pattern(size));
        start(world.context, [](wire::Wire& to, std::shared_ptr<const Bytes> bytes) -> asio::awaitable<void> {
            static_cast<void>(co_await to.write(bytes));
        }(*wire, frame));
        CHECK(run(world.context, wire->read()).value() == *frame);
    }
    const auto refused = run(world.context, wire->write(std::make_shared<const Bytes>(limit + 1)));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::too_large);
    REQUIRE(run(world.context, wire->write(as_bytes("still open"))).has_value());
    CHECK(as_text(run(world.context, wire->read()).value()) == "still open");
}

TEST_CASE("a frame over the reader's limit ends that connection and no other", "[wire]")
{
    WireWorld world{echo};
    auto other = world.connect();
    wire::Options narrow;
    narrow.frame_bytes_max = 1'000;
    auto wire = world.connect(narrow);
    REQUIRE(wire.has_value());
    REQUIRE(run(world.context, wire->write(pattern(1'001))).has_value());
    const auto answer = run(world.context, wire->read());
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::too_large);
    CHECK(run(world.context, wire->write(as_bytes("more"))).error().code == Errc::too_large);
    CHECK_FALSE(wire->is_open());
    REQUIRE(run(world.context, other->write(as_bytes("fine"))).has_value());
    CHECK(as_text(run(world.context, other->read()).value()) == "fine");
}

TEST_CASE("a limit can be widened once the peer is known", "[wire]")
{
    std::vector<Result<Bytes>> read;
    wire::Options narrow;
    narrow.frame_bytes_max = 64;
    narrow.timeouts.close = std::chrono::milliseconds{50}; // the device does not read, so it does not answer
    WireWorld world{[&](wire::Wire wire) -> asio::awaitable<void> {
                        read.push_back(co_await wire.read());
                        wire.limit_frames(1'000);
                        read.push_back(co_await wire.read());
                        read.push_back(co_await wire.read());
                    },
                    narrow};
    auto wire = world.connect();
    for (const auto size : {std::size_t{64}, std::size_t{1'000}, std::size_t{1'001}})
        REQUIRE(run(world.context, wire->write(pattern(size))).has_value());
    world.run_until([&] { return read.size() == 3; });
    CHECK(read[0].value().size() == 64);
    CHECK(read[1].value().size() == 1'000);
    CHECK(read[2].error().code == Errc::too_large);
    CHECK(run(world.context, wire->read()).error().code == Errc::link_lost);
    CHECK(wire->closed_by_peer() == wire::CloseCode::too_large);
}

TEST_CASE("writes from many coroutines go out whole and in the order of the calls", "[wire]")
{
    WireWorld world{echo};
    auto wire = world.connect();
    constexpr int writers = 50;
    int written = 0;
    for (int i = 0; i < writers; ++i)
        start(world.context, [](wire::Wire& to, int number, int& count) -> asio::awaitable<void> {
            const auto bytes = pattern(static_cast<std::size_t>(number * 397 + 1), static_cast<unsigned char>(number));
            const auto sent = co_await to.write(bytes);
            if (sent) ++count;
        }(*wire, i, written));
    for (int i = 0; i < writers; ++i)
        CHECK(run(world.context, wire->read()).value() ==
              pattern(static_cast<std::size_t>(i * 397 + 1), static_cast<unsigned char>(i)));
    CHECK(written == writers);
}

TEST_CASE("too many writes in line are refused without harm to the connection", "[wire]")
{
    WireWorld world;
    auto wire = world.connect();
    const auto large = std::make_shared<const Bytes>(wire::limits::frame_bytes_max);
    std::vector<Errc> ended;
    constexpr int writers = 40; // the kernel takes a few, one waits, the others do not fit
    for (int i = 0; i < writers; ++i)
        start(
            world.context,
            [](wire::Wire& to, std::shared_ptr<const Bytes> bytes, std::vector<Errc>& codes) -> asio::awaitable<void> {
                const auto sent = co_await to.write(bytes);
                codes.push_back(sent ? Errc::ok : sent.error().code);
            }(*wire, large, ended));
    world.run_until([&] { return std::count(ended.begin(), ended.end(), Errc::server_busy) == writers - 2; });
    CHECK(wire->is_open());
    wire->cut();
    world.run_until([&] { return ended.size() == writers; });
    CHECK(std::count(ended.begin(), ended.end(), Errc::link_lost) == 2);
}

TEST_CASE("both ends count the same bytes, TLS and HTTP included", "[wire]")
{
    WireWorld world;
    auto wire = world.connect();
    world.run_until([&] { return !world.kept.empty(); });
    auto& server = world.kept.front();
    const auto after_upgrade = wire->bytes_out();
    REQUIRE(run(world.context, wire->write(pattern(100))).has_value());
    REQUIRE(run(world.context, server.read()).has_value());
    REQUIRE(run(world.context, server.write(pattern(100))).has_value());
    REQUIRE(run(world.context, wire->read()).has_value());
    CHECK(wire->bytes_out() == server.bytes_in());
    CHECK(wire->bytes_in() == server.bytes_out());
    CHECK(wire->bytes_out() - after_upgrade == 100 + 2 + 4 + 22); // frame header, mask, TLS record
    CHECK(after_upgrade < 1'000);
}

TEST_CASE("a second connection resumes the TLS session and sends less", "[wire]")
{
    WireWorld world{echo};
    const auto trust = world.trust();
    const auto cost = [&] {
        auto wire = world.connect(world.url(), trust);
        REQUIRE(run(world.context, wire.value().write(as_bytes("x"))).has_value());
        REQUIRE(run(world.context, wire.value().read()).has_value());
        return wire->bytes_in();
    };
    const auto first = cost();
    const auto second = cost();
    CHECK(second + 400 < first); // no certificate
    CHECK(cost() == second);
}

TEST_CASE("a close says its code, and writes that wait end with session_over", "[wire]")
{
    std::vector<Error> ended;
    std::optional<wire::CloseCode> code;
    WireWorld world{[&](wire::Wire wire) -> asio::awaitable<void> {
        auto frame = co_await wire.read();
        ended.push_back(frame.error());
        code = wire.closed_by_peer();
    }};
    auto wire = world.connect();
    run(world.context, wire->close(wire::CloseCode::going_away, "the app sleeps"));
    world.run_until([&] { return ended.size() == 1; });
    CHECK(ended[0].code == Errc::link_lost);
    CHECK(code == wire::CloseCode::going_away);
    CHECK(run(world.context, wire->write(as_bytes("late"))).error().code == Errc::session_over);
    CHECK(run(world.context, wire->read()).error().code == Errc::session_over);
    run(world.context, wire->close()); // harmless
}

TEST_CASE("close ends a read that waits, and both ends closing at once is fine", "[wire]")
{
    WireWorld world;
    auto wire = world.connect();
    world.run_until([&] { return !world.kept.empty(); });
    auto& server = world.kept.front();
    std::vector<Errc> ended;
    const auto read_on = [&](wire::Wire& from) -> asio::awaitable<void> {
        auto frame = co_await from.read();
        ended.push_back(frame.error().code);
    };
    start(world.context, read_on(*wire));
    start(world.context, read_on(server));
    start(world.context, server.close());
    run(world.context, wire->close());
    world.run_until([&] { return ended.size() == 2; });
    CHECK(ended == std::vector{Errc::session_over, Errc::session_over});
}

TEST_CASE("cut ends a read and a write that wait", "[wire]")
{
    WireWorld world;
    auto wire = world.connect();
    std::vector<Errc> ended;
    start(world.context, [](wire::Wire& from, std::vector<Errc>& codes) -> asio::awaitable<void> {
        auto frame = co_await from.read();
        codes.push_back(frame.error().code);
    }(*wire, ended));
    start(world.context, [](wire::Wire& to, std::vector<Errc>& codes) -> asio::awaitable<void> {
        for (;;) { // until the kernel takes no more
            const auto sent = co_await to.write(std::make_shared<const Bytes>(wire::limits::frame_bytes_max));
            if (sent) continue;
            codes.push_back(sent.error().code);
            co_return;
        }
    }(*wire, ended));
    while (world.context.poll_one() != 0) {
    } // everything that can happen has happened
    REQUIRE(ended.empty());
    wire->cut();
    world.run_until([&] { return ended.size() == 2; });
    CHECK(ended == std::vector{Errc::link_lost, Errc::link_lost});
}

TEST_CASE("destroying a Wire ends what waits on it", "[wire]")
{
    WireWorld world{echo};
    auto wire = std::make_optional(world.connect().value());
    std::vector<Errc> ended;
    start(world.context, [](wire::Wire& from, std::vector<Errc>& codes) -> asio::awaitable<void> {
        auto frame = co_await from.read();
        codes.push_back(frame.error().code);
    }(*wire, ended));
    world.context.poll();
    wire.reset();
    world.run_until([&] { return !ended.empty(); });
    CHECK(ended == std::vector{Errc::link_lost});
}

TEST_CASE("a read that is cancelled breaks the connection, and says so from then on", "[wire]")
{
    using namespace asio::experimental::awaitable_operators;
    WireWorld world{echo};
    auto wire = world.connect();
    run(world.context, [](wire::Wire& from) -> asio::awaitable<void> {
        asio::steady_timer at_once{from.executor(), std::chrono::milliseconds{1}};
        co_await (from.read() || at_once.async_wait(asio::use_awaitable));
    }(*wire));
    CHECK_FALSE(wire->is_open());
    CHECK(run(world.context, wire->write(as_bytes("x"))).error().code == Errc::link_lost);
}

TEST_CASE("a context that goes away with connections open frees everything", "[wire]")
{
    // Leaks and late asserts would show under the address sanitizer. Each round stops at another state.
    for (int steps = 0; steps < 40; ++steps) {
        WireWorld world;
        auto wire = world.connect();
        start(world.context,
              [](wire::Wire& from) -> asio::awaitable<void> { static_cast<void>(co_await from.read()); }(*wire));
        for (int i = 0; i < 20; ++i)
            start(world.context, [](wire::Wire& to) -> asio::awaitable<void> {
                static_cast<void>(co_await to.write(std::make_shared<const Bytes>(60'000)));
            }(*wire));
        start(world.context, wire->close());
        for (int i = 0; i < steps; ++i) world.context.poll_one();
    }
}

TEST_CASE("an idle connection holds little memory", "[wire]")
{
    // Both ends are here: some 21 KiB on the server, 36 KiB on the device, which needs a buffer to mask in.
    constexpr std::size_t both_ends_max = 80 << 10;
    constexpr std::size_t connections = 50;
    WireWorld world{echo};
    const auto trust = world.trust();
    std::vector<wire::Wire> wires;
    const auto before = ::mallinfo2().uordblks;
    for (std::size_t i = 0; i < connections; ++i) {
        wires.push_back(world.connect(world.url(), trust).value());
        REQUIRE(run(world.context, wires.back().write(pattern(100))).has_value());
        REQUIRE(run(world.context, wires.back().read()).has_value());
    }
    CHECK((::mallinfo2().uordblks - before) / connections < both_ends_max); // sanitizers count nothing here
}

TEST_CASE("threads that each have their own connections share a certificate and a trust", "[wire]")
{
    WireWorld shared;
    const auto trust = shared.trust();
    std::atomic<int> echoed = 0;
    const auto visit = [&] {
        WireWorld world{echo};
        world.tls = shared.tls;
        for (int i = 0; i < 10; ++i) {
            auto wire = world.connect({"localhost", world.listener.port()}, trust);
            if (!wire || !run(world.context, wire->write(as_bytes("hello")))) return;
            if (const auto frame = run(world.context, wire->read()); frame && as_text(*frame) == "hello") ++echoed;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(visit);
    for (auto& thread : threads) thread.join();
    CHECK(echoed == 40);
}
