#include "shared/wire/admission.hpp"
#include "shared/wire/frame_meter.hpp"
#include "shared/wire/listener.hpp"
#include "shared/wire/url.hpp"
#include "tests/support/coroutine.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>

#include <sys/resource.h>
#include <unistd.h>

using namespace roadbook;
using namespace roadbook::testing;
namespace asio = boost::asio;

TEST_CASE("a server's address is read in every form that people write", "[wire]")
{
    using wire::Url;
    CHECK(Url::parse("wss://roadbook.example.com:7443").value() == Url{"roadbook.example.com", 7443});
    CHECK(Url::parse("https://Roadbook.Example.com/").value() == Url{"roadbook.example.com", 443});
    CHECK(Url::parse("WSS://a").value() == Url{"a", 443});
    CHECK(Url::parse("127.0.0.1:1").value() == Url{"127.0.0.1", 1});
    CHECK(Url::parse("[::1]:65535").value() == Url{"::1", 65535});
    CHECK(Url::parse("wss://[2001:DB8::7]").value() == Url{"2001:db8::7", 443});
    CHECK(Url::parse("wss://[::1]:7443").value().text() == "wss://[::1]:7443");
    CHECK(Url::parse("a:443").value().authority() == "a");
    CHECK(Url::parse("[::1]:7443").value().authority() == "[::1]:7443");
    for (const auto* wrong : {"",
                              "wss://",
                              "ftp://a",
                              "a:0",
                              "a:65536",
                              "a:",
                              "a:x",
                              "a:-1",
                              "a:7443x",
                              "a b",
                              "a/b",
                              "a?b",
                              "u@a",
                              "[::1",
                              "[a]",
                              "[::1]x",
                              "[fe80::1%eth0]",
                              "::1",
                              "ä.example",
                              "wss://a:7443/roadbook"}) {
        CAPTURE(wrong);
        const auto url = Url::parse(wrong);
        REQUIRE(url.has_error());
        CHECK(url.error().code == Errc::bad_argument);
    }
    CHECK(Url::parse("ws://a:80").error().message.find("without TLS") != std::string::npos);
    CHECK(Url::parse("http://a").error().message.find("without TLS") != std::string::npos);
    CHECK(Url::parse(std::string(254, 'a')).has_error());
}

TEST_CASE("a port that is taken, forbidden or elsewhere is refused with the reason", "[wire]")
{
    asio::io_context context{1};
    const auto first = wire::listen(context.get_executor(), "127.0.0.1", 0).value();
    CHECK(first.port() != 0);
    CHECK(first.address() == "127.0.0.1:" + std::to_string(first.port()));
    const auto second = wire::listen(context.get_executor(), "127.0.0.1", first.port());
    REQUIRE(second.has_error());
    CHECK(second.error().code == Errc::port_in_use);
    CHECK(second.error().message.find(first.address()) != std::string::npos);
    const auto elsewhere = wire::listen(context.get_executor(), "192.0.2.1", 0); // documentation's own network
    REQUIRE(elsewhere.has_error());
    CHECK(elsewhere.error().code == Errc::bad_argument);
}

TEST_CASE("a listener that closes ends the accept that waits, and frees its port", "[wire]")
{
    asio::io_context context{1};
    auto listener = wire::listen(context.get_executor(), "127.0.0.1", 0).value();
    std::optional<Errc> ended;
    start(context, [](wire::Listener& on, std::optional<Errc>& code) -> asio::awaitable<void> {
        auto socket = co_await on.accept();
        code = socket.has_error() ? socket.error().code : Errc::ok;
    }(listener, ended));
    context.poll();
    CHECK_FALSE(ended);
    listener.close();
    while (!ended) context.run_one();
    CHECK(ended == Errc::session_over);
    CHECK(wire::listen(context.get_executor(), "127.0.0.1", listener.port()).has_value());
}

TEST_CASE("a machine without free descriptors takes the connection once it has one", "[wire]")
{
    asio::io_context context{1};
    auto listener = wire::listen(context.get_executor(), "127.0.0.1", 0).value();
    std::optional<Errc> ended;
    const auto accept_one = [&] {
        ended.reset();
        context.restart();
        start(context, [](wire::Listener& on, std::optional<Errc>& code) -> asio::awaitable<void> {
            auto socket = co_await on.accept();
            code = socket.has_error() ? socket.error().code : Errc::ok;
        }(listener, ended));
        context.run_one(); // the coroutine starts to wait
    };
    const asio::ip::tcp::endpoint here{asio::ip::address_v4::loopback(), listener.port()};
    asio::ip::tcp::socket earlier{context};
    earlier.connect(here);
    accept_one(); // UBSan's first look at a type takes a descriptor
    while (!ended) context.run_one();
    REQUIRE(ended == Errc::ok);
    asio::ip::tcp::socket peer{context};
    peer.connect(here);
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
    const int next = ::dup(0);
    REQUIRE(next > 0);
    ::close(next);
    auto none_left = usual;
    none_left.rlim_cur = static_cast<rlim_t>(next);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none_left) == 0);

    accept_one();
    context.run_one(); // and is told that there is no descriptor
    const auto meanwhile = ended;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
    CHECK_FALSE(meanwhile);
    while (!ended) context.run_one();
    CHECK(ended == Errc::ok);
}

TEST_CASE("the door holds so many strangers an address, and so many in all", "[wire]")
{
    wire::Admission door{{.per_address_max = 2, .told_per_address_max = 0, .in_all_max = 3}};
    const Time now{std::chrono::hours{1}};
    auto a = door.admit("192.0.2.1", now);
    auto b = door.admit("::ffff:192.0.2.1", now); // the same, as a dual-stack socket writes it
    REQUIRE(a.has_value());
    REQUIRE(b.has_value());
    CHECK(door.admit("192.0.2.1", now).error().code == Errc::server_busy);
    auto c = door.admit("2001:db8::1", now);
    REQUIRE(c.has_value());
    CHECK(door.admit("2001:db8:1::1", now).error().code == Errc::server_busy); // the house is full
    a->release();
    a->release(); // once is enough
    auto d = door.admit("2001:db8::2", now);
    REQUIRE(d.has_value());
    CHECK(door.waiting() == 3);
    b = wire::Admission::Ticket{};
    CHECK(door.admit("2001:db8::3", now).error().code == Errc::server_busy); // one network of 64 bits, one owner
    CHECK(door.admit("192.0.2.1", now).has_value());                         // and gone at once
    CHECK(door.waiting() == 2);
}

TEST_CASE("beyond its places an address is told when to come again, and beyond that nothing", "[wire]")
{
    wire::Admission door{{.per_address_max = 2, .told_per_address_max = 3}};
    const Time now{std::chrono::hours{1}};
    std::vector<wire::Admission::Ticket> at_the_door;
    for (int i = 0; i < 5; ++i) at_the_door.push_back(door.admit("192.0.2.1", now).value());
    for (std::size_t i = 0; i < 5; ++i) CHECK(at_the_door[i].come_again().has_value() == (i >= 2));
    CHECK(door.admit("192.0.2.1", now).error().code == Errc::server_busy);
    CHECK_FALSE(door.admit("192.0.2.2", now)->come_again()); // a neighbour is not kept waiting by it
    at_the_door.clear();
    CHECK_FALSE(door.admit("192.0.2.1", now)->come_again());
}

TEST_CASE("so many are taken in at once, and the others are told when to come again", "[wire]")
{
    wire::Admission door{{.at_once_max = 2}};
    const Time now{std::chrono::hours{1}};
    auto a = door.admit("192.0.2.1", now);
    const auto b = door.admit("192.0.2.2", now);
    CHECK_FALSE(a->come_again());
    CHECK_FALSE(b->come_again());
    const auto told = door.admit("192.0.2.3", now);
    CHECK(told->come_again());
    a->release();
    CHECK_FALSE(door.admit("192.0.2.4", now)->come_again());
}

TEST_CASE("who comes faster than the server takes people in is told a moment of his own", "[wire]")
{
    wire::Admission door{{.rate = {10, 10}, .rate_per_address = {5, 1}}};
    Time now{std::chrono::hours{1}};
    for (int i = 0; i < 5; ++i) CHECK_FALSE(door.admit("192.0.2.1", now)->come_again());
    CHECK(door.admit("192.0.2.1", now)->come_again()); // one address has its own rate
    for (int i = 0; i < 5; ++i) CHECK_FALSE(door.admit(fmt::format("198.51.100.{}", i), now)->come_again());
    std::map<std::chrono::seconds, int> told;
    for (int i = 0; i < 100; ++i) ++told[door.admit(fmt::format("203.0.113.{}", i), now)->come_again().value()];
    for (const auto& [seconds, count] : told) CHECK(count <= 10); // as many a second as come in
    CHECK(told.rbegin()->first <= std::chrono::seconds{12});
    now += std::chrono::seconds{1};
    for (int i = 0; i < 10; ++i) CHECK_FALSE(door.admit(fmt::format("203.0.113.{}", i), now)->come_again());
    CHECK(door.admit("203.0.113.99", now)->come_again());
}

TEST_CASE("the meter counts the same however the bytes are cut", "[wire]")
{
    const auto now = wire::FrameMeter::Time{} + std::chrono::hours{1};
    Bytes bytes;
    const auto add = [&](std::initializer_list<unsigned> head, std::size_t payload) {
        for (const auto byte : head) bytes.push_back(static_cast<std::byte>(byte));
        bytes.resize(bytes.size() + payload, std::byte{0x89}); // looks like a ping, and is none
    };
    for (int i = 0; i < wire::limits::control_frames_per_minute_max; ++i) {
        add({0x89, 0x80 | 3, 1, 2, 3, 4}, 3);
        add({0x82, 0x80 | 126, 0x01, 0x00, 1, 2, 3, 4}, 256);
        add({0x02, 0x80 | 127, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3, 4}, 256);
        add({0x80, 0x00}, 0);
    }
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1'000}, bytes.size()}) {
        CAPTURE(piece);
        wire::FrameMeter meter;
        bool over = false;
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            over = meter.feed(ByteView{bytes}.subspan(at, std::min(piece, bytes.size() - at)), now);
        CHECK_FALSE(over);
        const Bytes ping{std::byte{0x89}, std::byte{0x00}};
        CHECK_FALSE(wire::FrameMeter{meter}.feed(ping, now + std::chrono::minutes{1})); // a new minute
        CHECK(meter.feed(ping, now + std::chrono::seconds{59}));
        CHECK(meter.complaint() == "too many control frames in a minute");
    }
}
