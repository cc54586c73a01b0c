// What a connection meets that keeps no rules: broken framing, floods, silence, half requests. Each is answered,
// bounded in time, and hurts nobody else.
#include "tests/support/raw_peer.hpp"
#include "tests/support/wire_world.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

wire::Options quick()
{
    wire::Options options;
    options.timeouts.connect = std::chrono::milliseconds{100};
    options.timeouts.tls_handshake = std::chrono::milliseconds{100};
    options.timeouts.upgrade = std::chrono::milliseconds{100};
    options.timeouts.close = std::chrono::milliseconds{20};
    return options;
}

/// Keeps how each connection ended, and echoes until then.
struct Arena : WireWorld {
    explicit Arena(wire::Options options = {})
        : WireWorld{[this](wire::Wire wire) { return play(std::move(wire)); }, options}
    {
    }
    asio::awaitable<void> play(wire::Wire wire)
    {
        for (;;) {
            auto frame = co_await wire.read();
            if (!frame) {
                ends.push_back(frame.error());
                co_return;
            }
            const auto sent = co_await wire.write(*frame);
            if (!sent) continue; // the next read says why
        }
    }
    /// A peer past the upgrade, free to send what it likes.
    std::unique_ptr<RawPeer> intruder()
    {
        auto peer = std::make_unique<RawPeer>(context, listener.port());
        REQUIRE(!peer->start_tls());
        REQUIRE(peer->upgrade() == "HTTP/1.1 101 Switching Protocols");
        return peer;
    }
    const Error& end()
    {
        run_until([this] { return !ends.empty(); });
        return ends.front();
    }

    std::vector<Error> ends;
};

} // namespace

TEST_CASE("a peer that keeps the rules byte by byte is served", "[wire]")
{
    Arena arena;
    auto peer = arena.intruder();
    REQUIRE(peer->send(client_frame(0x82, "hello")));
    CHECK(peer->read(7) == "\x82\x05hello");
    for (const char byte : client_frame(0x82, "slowly")) REQUIRE(peer->send({&byte, 1}));
    CHECK(peer->read(8) == "\x82\x06slowly");
    REQUIRE(peer->send(client_frame(0x02, "in ") + client_frame(0x00, "") + client_frame(0x89, "?") +
                       client_frame(0x80, "parts")));
    CHECK(peer->read(3) == "\x8a\x01?"); // the ping between the fragments is answered at once
    CHECK(peer->read(10) == "\x82\x08in parts");
    REQUIRE(peer->send(client_frame(0x88, "\x03\xe8")));
    CHECK(close_code_in(peer->read_to_end()) == 1000);
    peer->cut();
    CHECK(arena.end().code == Errc::link_lost);
}

TEST_CASE("framing that breaks the protocol is told so and closed", "[wire]")
{
    struct Case {
        const char* name;
        std::string bytes;
        int close_code;
        Errc error;
    };
    using namespace std::string_literals;
    const auto kilobyte = std::string(1'024, 'x');
    const std::vector<Case> cases{
        {"text", client_frame(0x81, "hello"), 1003, Errc::bad_frame},
        {"text that is no UTF-8", client_frame(0x81, "\xff\xfe"), 1007, Errc::bad_frame},
        {"unmasked", client_frame(0x82, "hello", false), 1002, Errc::bad_frame},
        {"reserved bit 1, as of permessage-deflate", client_frame(0xc2, "hello"), 1002, Errc::bad_frame},
        {"reserved bit 3", client_frame(0x92, "hello"), 1002, Errc::bad_frame},
        {"reserved opcode", client_frame(0x83, "hello"), 1002, Errc::bad_frame},
        {"reserved control opcode", client_frame(0x8b, ""), 1002, Errc::bad_frame},
        {"continuation of nothing", client_frame(0x80, "hello"), 1002, Errc::bad_frame},
        {"new message inside a message", client_frame(0x02, "a") + client_frame(0x82, "b"), 1002, Errc::bad_frame},
        {"fragmented ping", client_frame(0x09, "a"), 1002, Errc::bad_frame},
        {"ping of 126 bytes", client_frame(0x89, std::string(126, 'x')), 1002, Errc::bad_frame},
        {"close with one byte", client_frame(0x88, "\x03"), 1002, Errc::bad_frame},
        {"close with a reserved code", client_frame(0x88, "\x03\xed"), 1002, Errc::bad_frame},
        {"close with code 999", client_frame(0x88, "\x03\xe7"), 1002, Errc::bad_frame},
        {"close whose reason is no UTF-8", client_frame(0x88, "\x03\xe8\xff\xfe"), 1002, Errc::bad_frame},
        {"length of 5 in two bytes", "\x82\xfe\x00\x05\x12\x34\x56\x78hello"s, 1002, Errc::bad_frame},
        {"length of 2^63", "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00\x12\x34\x56\x78"s, 1009, Errc::too_large},
        {"length of 2^64-1", "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x12\x34\x56\x78"s, 1009, Errc::too_large},
        {"one byte over the limit, announced", "\x82\xff\x00\x00\x00\x00\x00\x10\x00\x01\x12\x34\x56\x78"s, 1009,
         Errc::too_large},
        {"2^64 in two fragments", client_frame(0x02, "a") + "\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\x12\x34\x56\x78"s,
         1009, Errc::too_large},
        {"a limit's worth and one byte, in fragments",
         client_frame(0x02, std::string(wire::limits::frame_bytes_max, 'x')) + client_frame(0x80, "y"), 1009,
         Errc::too_large},
        {"plain text", "GET / HTTP/1.1\r\n\r\n", 1002, Errc::bad_frame},
    };
    Arena arena{quick()};
    auto bystander = arena.connect();
    for (const auto& wrong : cases) {
        CAPTURE(wrong.name);
        auto peer = arena.intruder();
        peer->send(wrong.bytes);
        CHECK(close_code_in(peer->read_to_end()) == wrong.close_code);
        peer->cut();
        CHECK(arena.end().code == wrong.error);
        arena.ends.clear();
        REQUIRE(run(arena.context, bystander->write(as_bytes("me too"))).has_value());
        REQUIRE(run(arena.context, bystander->read()).has_value());
    }
}

TEST_CASE("what comes behind a close frame is neither read nor answered", "[wire]")
{
    const auto behind =
        GENERATE(as<std::string>{}, client_frame(0x88, ""), client_frame(0x82, "late"), client_frame(0x89, ""),
                 client_frame(0x82, "unmasked", false), std::string(100'000, '\xff'));
    Arena arena{quick()};
    auto peer = arena.intruder();
    peer->send(client_frame(0x88, "\x03\xe9") + behind);
    CHECK(peer->read_to_end() == std::string("\x88\x02\x03\xe9", 4));
    peer->cut();
    CHECK(arena.end().code == Errc::link_lost);
    CHECK(arena.end().message == "The other end closed the connection (code 1001).");
}

TEST_CASE("a peer that says goodbye and stays is cut off", "[wire]")
{
    Arena arena{quick()};
    auto peer = arena.intruder();
    peer->send(client_frame(0x88, "")); // and neither reads nor closes
    CHECK(arena.end().code == Errc::link_lost);
}

TEST_CASE("a frame cut off in the middle is never delivered", "[wire]")
{
    const auto frame = client_frame(0x82, std::string(70'000, 'x'));
    for (const std::size_t cut_at : {std::size_t{1}, std::size_t{2}, std::size_t{9}, std::size_t{13}, std::size_t{14},
                                     std::size_t{15}, std::size_t{40'000}, frame.size() - 1}) {
        CAPTURE(cut_at);
        Arena arena;
        auto peer = arena.intruder();
        REQUIRE(peer->send(std::string_view{frame}.substr(0, cut_at)));
        peer->cut();
        CHECK(arena.end().code == Errc::link_lost);
    }
}

TEST_CASE("floods of control frames and of fragments are closed with 1008", "[wire]")
{
    const auto flood = [](unsigned char kind, const std::string& payload, int count) {
        std::string bytes;
        for (int i = 0; i < count; ++i) bytes += client_frame(kind, payload);
        return bytes;
    };
    const auto opening = client_frame(0x02, "a");
    const auto [name, bytes] = GENERATE_COPY(table<const char*, std::string>({
        {"pings", flood(0x89, "", 10'000)},
        {"pongs that nobody asked for", flood(0x8a, "x", 10'000)},
        {"empty fragments", opening + flood(0x00, "", 10'000)},
        {"fragments of one byte", opening + flood(0x00, "x", 10'000)},
    }));
    CAPTURE(name);
    Arena arena{quick()};
    auto bystander = arena.connect();
    auto peer = arena.intruder();
    peer->send(bytes);
    CHECK(close_code_in(peer->read_to_end()) == 1008);
    peer->cut();
    CHECK(arena.end().code == Errc::bad_frame);
    REQUIRE(run(arena.context, bystander->write(as_bytes("me too"))).has_value());
    REQUIRE(run(arena.context, bystander->read()).has_value());
}

TEST_CASE("a flood that never reads its answers is cut off all the same", "[wire]")
{
    Arena arena{quick()};
    auto peer = arena.intruder();
    std::string pings;
    for (int i = 0; i < 101; ++i) pings += client_frame(0x89, "");
    REQUIRE(peer->send(pings));
    CHECK(arena.end().code == Errc::bad_frame); // after Timeouts::close, for the peer says nothing more
}

TEST_CASE("the bounds themselves are still fine", "[wire]")
{
    Arena arena;
    auto peer = arena.intruder();
    std::string bytes;
    for (int i = 0; i < wire::limits::control_frames_per_minute_max; ++i) bytes += client_frame(0x8a, "");
    bytes += client_frame(0x02, "a");
    for (int i = 0; i < wire::limits::fragments_per_message_max - 2; ++i) bytes += client_frame(0x00, "b");
    REQUIRE(peer->send(bytes + client_frame(0x80, "c")));
    CHECK(peer->read(4) == std::string("\x82\x7e\x04\x00", 4));
}

TEST_CASE("silence is answered by pings, then by the end; a peer that answers stays", "[wire]")
{
    wire::Options options;
    options.timeouts.ping_after = std::chrono::milliseconds{50};
    options.timeouts.idle = std::chrono::milliseconds{400};
    Arena arena{options};
    auto peer = arena.intruder();
    for (int i = 0; i < 12; ++i) { // longer than the idle time
        CHECK(peer->read(2) == std::string("\x89\x00", 2));
        REQUIRE(peer->send(client_frame(0x8a, "")));
    }
    CHECK(arena.ends.empty());
    CHECK(arena.end().code == Errc::timed_out);
}

TEST_CASE("two quiet ends keep each other alive", "[wire]")
{
    wire::Options options;
    options.timeouts.ping_after = std::chrono::milliseconds{30};
    options.timeouts.idle = std::chrono::milliseconds{400};
    Arena arena{options};
    auto wire = arena.connect(options);
    std::vector<Errc> ended;
    start(arena.context, [](wire::Wire& from, std::vector<Errc>& codes) -> asio::awaitable<void> {
        auto frame = co_await from.read();
        codes.push_back(frame.error().code);
    }(*wire, ended));
    const auto at_upgrade = wire->bytes_in();
    arena.run_until([&] { return wire->bytes_in() > at_upgrade + 20 * (2 + 22); }); // some twenty pings and pongs
    CHECK(arena.ends.empty());
    CHECK(ended.empty());
}

TEST_CASE("a peer that takes no bytes is given up, and no memory is spent on it", "[wire]")
{
    wire::Options options;
    options.timeouts.write_stall = std::chrono::milliseconds{50};
    std::optional<Error> end;
    WireWorld world{[&](wire::Wire wire) -> asio::awaitable<void> {
                        const auto frame = std::make_shared<const Bytes>(500'000);
                        for (;;) {
                            const auto sent = co_await wire.write(frame);
                            if (sent) continue;
                            end = sent.error();
                            co_return;
                        }
                    },
                    options};
    RawPeer peer{world.context, world.listener.port()};
    REQUIRE(!peer.start_tls());
    peer.upgrade();
    world.run_until([&] { return end.has_value(); });
    CHECK(end->code == Errc::timed_out);
}

TEST_CASE("a close that is not answered ends by itself", "[wire]")
{
    bool closed = false;
    WireWorld world{[&](wire::Wire wire) -> asio::awaitable<void> {
                        co_await wire.close(wire::CloseCode::going_away);
                        closed = true;
                    },
                    quick()};
    RawPeer peer{world.context, world.listener.port()};
    REQUIRE(!peer.start_tls());
    peer.upgrade();
    world.run_until([&] { return closed; });
}

TEST_CASE("who does not get on with TLS or with the request is shut out in time", "[wire]")
{
    Arena arena{quick()};
    RawPeer silent{arena.context, arena.listener.port()};
    RawPeer half_hello{arena.context, arena.listener.port()};
    half_hello.send(std::string("\x16\x03\x01\x01\x00\x01", 6));
    RawPeer half_request{arena.context, arena.listener.port()};
    REQUIRE(!half_request.start_tls());
    half_request.send("GET /roadbook/v1 HTTP/1.1\r\nHost:");
    arena.run_until([&] { return arena.refusals.size() == 3; });
    for (const auto& refusal : arena.refusals) CHECK(refusal.code == Errc::timed_out);
    CHECK(silent.read_to_end().empty());
    CHECK(arena.served == 0);
}

TEST_CASE("plain HTTP on the TLS port gets no answer", "[wire]")
{
    Arena arena;
    RawPeer peer{arena.context, arena.listener.port()};
    peer.send("GET /roadbook/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    const auto answer = peer.read_to_end();
    CHECK(answer.find("HTTP") == std::string::npos);
    arena.run_until([&] { return !arena.refusals.empty(); });
    CHECK(arena.refusals[0].code == Errc::tls_failed);
    CHECK(arena.served == 0);
}

TEST_CASE("requests that are no upgrade to Roadbook get their status and nothing else", "[wire]")
{
    const std::string upgrade =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: roadbook.v1\r\n";
    const std::string host = "Host: roadbook.example.com\r\n";
    const auto get = [&](const std::string& path, const std::string& fields) {
        return "GET " + path + " HTTP/1.1\r\n" + host + fields + "\r\n";
    };
    struct Case {
        const char* name;
        std::string request;
        int status;
    };
    const std::vector<Case> cases{
        {"wrong path", get("/", upgrade), 404},
        {"path with dots", get("/roadbook/../v1", upgrade), 404},
        {"no upgrade", get("/roadbook/v1", ""), 426},
        {"other version",
         get("/roadbook/v1", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                             "Sec-WebSocket-Protocol: roadbook.v1\r\n"),
         426},
        {"no subprotocol",
         get("/roadbook/v1", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
         426},
        {"foreign origin", get("/roadbook/v1", upgrade + "Origin: https://evil.example\r\n"), 403},
        {"origin null", get("/roadbook/v1", upgrade + "Origin: null\r\n"), 403},
        {"wrong method", "POST /roadbook/v1 HTTP/1.1\r\n" + host + upgrade + "\r\n", 405},
        {"no method", "HELLO\r\n\r\n", 400},
        {"HTTP/1.0", "GET /roadbook/v1 HTTP/1.0\r\n" + host + upgrade + "\r\n", 400},
        {"no host", "GET /roadbook/v1 HTTP/1.1\r\n" + upgrade + "\r\n", 400},
        {"two hosts", get("/roadbook/v1", upgrade + host), 400},
        {"body", get("/roadbook/v1", upgrade + "Content-Length: 5\r\n") + "hello", 400},
        {"chunks", get("/roadbook/v1", upgrade + "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
        {"both lengths", get("/roadbook/v1", upgrade + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"a frame before the answer", get("/roadbook/v1", upgrade) + client_frame(0x82, "x"), 400},
        {"header over the limit",
         get("/roadbook/v1", "X: " + std::string(wire::limits::http_header_bytes_max, 'x') + "\r\n"), 431},
        {"line over the limit", "GET /" + std::string(100'000, 'x'), 431},
        {"key that is none",
         get("/roadbook/v1", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: " +
                                 std::string(500, 'x') +
                                 "\r\n"
                                 "Sec-WebSocket-Protocol: roadbook.v1\r\n"),
         400},
    };
    Arena arena{quick()};
    for (const auto& wrong : cases) {
        CAPTURE(wrong.name);
        RawPeer peer{arena.context, arena.listener.port()};
        REQUIRE(!peer.start_tls());
        peer.send(wrong.request);
        const auto answer = peer.read_to_end();
        CHECK(answer.substr(0, 12) == "HTTP/1.1 " + std::to_string(wrong.status));
        peer.cut();
        arena.run_until([&] { return !arena.refusals.empty(); });
        CHECK(arena.refusals[0].code == Errc::upgrade_refused);
        arena.refusals.clear();
    }
    CHECK(arena.served == 0);
}

TEST_CASE("an own origin may come in, a page is served where the caller has one", "[wire]")
{
    Arena arena;
    arena.rules.page = [](std::string_view path) -> std::optional<std::string> {
        if (path == "/healthz") return "ok\n";
        return std::nullopt;
    };
    RawPeer browser{arena.context, arena.listener.port()};
    REQUIRE(!browser.start_tls());
    CHECK(browser.upgrade("Origin: https://127.0.0.1\r\n") == "HTTP/1.1 101 Switching Protocols");
    RawPeer monitor{arena.context, arena.listener.port()};
    REQUIRE(!monitor.start_tls());
    monitor.send("GET /healthz?full=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = monitor.read_to_end();
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\nServer: roadbook\r\n"));
    CHECK(answer.ends_with("\r\n\r\nok\n"));
}

TEST_CASE("random frames never end the server and never reach another connection", "[wire]")
{
    auto options = quick();
    options.timeouts.ping_after = std::chrono::milliseconds{20}; // the only answer that half a frame gets
    Arena arena{options};
    for (unsigned seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        std::mt19937 random{seed};
        const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
        auto bystander = arena.connect(); // a new one: on a slow machine the pings of a hundred rounds would be a flood
        auto peer = arena.intruder();
        std::string bytes;
        for (unsigned i = 0; i < 1 + below(30); ++i) {
            static constexpr unsigned char kinds[] = {0x82, 0x02, 0x00, 0x80, 0x89, 0x8a, 0x88, 0x81};
            auto frame = client_frame(kinds[below(8)], std::string(below(4) == 0 ? below(3'000) : below(8), 'x'),
                                      below(40) != 0);
            if (below(10) == 0) frame[below(static_cast<unsigned>(frame.size()))] ^= static_cast<char>(1u << below(8));
            if (below(15) == 0) frame.resize(below(static_cast<unsigned>(frame.size())));
            bytes += frame;
        }
        while (!bytes.empty()) { // in pieces that meet every state
            const auto piece = std::min<std::size_t>(bytes.size(), 1 + below(2'000));
            if (!peer->send(std::string_view{bytes}.substr(0, piece))) break;
            bytes.erase(0, piece);
            for (unsigned i = below(4); i > 0; --i) arena.context.poll_one();
        }
        if (below(2) == 0) peer->send(client_frame(0x88, ""));
        if (below(2) == 0) static_cast<void>(peer->read(1));
        peer->cut();
        REQUIRE(run(arena.context, bystander->write(as_bytes("me too"))).has_value());
        REQUIRE(run(arena.context, bystander->read()).has_value());
    }
    arena.run_until([&] { return arena.ends.size() == 2 * 150; });
}
