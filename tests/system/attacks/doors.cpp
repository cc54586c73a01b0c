// Before anybody has said who he is: TLS, HTTP, framing, silence.
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace roadbook::attacks {
namespace {

using namespace std::string_literals;
using testing::client_frame;
using testing::RawPeer;

std::unique_ptr<RawPeer> stranger(Arena& arena)
{
    return std::make_unique<RawPeer>(arena.io(), arena.port(), arena.fresh_address());
}

Attack tls(std::string what, int version, const char* suites, std::string expected)
{
    return {"1", std::move(what), std::move(expected), [=](Arena& arena) {
                const auto failed = stranger(arena)->start_tls([&](SSL_CTX* context) {
                    SSL_CTX_set_security_level(context, 0); // or our own library would not even offer it
                    SSL_CTX_set_max_proto_version(context, version);
                    SSL_CTX_set_min_proto_version(context, version);
                    if (suites != nullptr) SSL_CTX_set_cipher_list(context, suites);
                });
                return failed ? "TLS alert"s : "agreed"s;
            }};
}

Attack plain(std::string what, std::string request)
{
    return {"2", std::move(what), "no byte of HTTP", [=](Arena& arena) {
                const auto peer = stranger(arena);
                peer->send(request);
                return peer->read_to_end().find("HTTP") == std::string::npos ? "no byte of HTTP"s : "an answer"s;
            }};
}

Attack request(std::string row, std::string what, std::string text, std::string expected)
{
    return {std::move(row), std::move(what), std::move(expected), [=](Arena& arena) {
                const auto peer = stranger(arena);
                if (peer->start_tls()) return "no TLS"s;
                peer->send(text);
                const auto answer = peer->read_to_end();
                const auto body = answer.find("\r\n\r\n");
                const bool has_body = body != std::string::npos && body + 4 < answer.size();
                return answer.substr(0, answer.find("\r\n")) + (has_body ? ", with a body" : "");
            }};
}

std::string upgrade_with(const std::string& first_line, const std::string& protocol, const std::string& more = {})
{
    return first_line + "\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " +
           protocol + "\r\n" + more + "\r\n";
}

constexpr auto good_line = "GET /roadbook/v1 HTTP/1.1";
constexpr auto good_protocol = "roadbook.v1";

Attack framing(std::string what, std::string bytes, int code)
{
    return {"31", std::move(what), fmt::format("closed {}", code), [=](Arena& arena) {
                const auto peer = raw_peer(arena);
                peer->send(bytes);
                return fmt::format("closed {}", testing::close_code_in(peer->read_to_end()));
            }};
}

std::string flood(unsigned char kind, const std::string& payload, int count)
{
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes += client_frame(kind, payload);
    return bytes;
}

/// Four that do not get on, at the same time: each is cut when its own step has taken too long.
std::string slow_ones(Arena& arena)
{
    const auto start = std::chrono::steady_clock::now();
    const auto silent = stranger(arena);
    const auto half_tls = stranger(arena);
    half_tls->send("\x16\x03\x01\x01\x00\x01"s);
    const auto half_request = stranger(arena);
    if (half_request->start_tls()) return "no TLS";
    half_request->send("GET /roadbook/v1 HTTP/1.1\r\nHost:");
    Intruder no_greeting{arena};
    std::string answer;
    for (const auto* peer : {&silent, &half_tls, &half_request}) {
        const bool said_something = !(*peer)->read_to_end().empty();
        const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        answer += said_something ? "answered, " : seconds < 4 || seconds > 7 ? fmt::format("cut after {:.1f} s, ", seconds) : "cut after 5 s, ";
    }
    const auto end = no_greeting.end();
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return answer + end + (seconds < 9 || seconds > 12 ? fmt::format(" after {:.1f} s", seconds) : " after 10 s");
}

/// Many from one address that never speak: so many are kept, and the rest is gone at once; a neighbour gets in meanwhile.
std::string crowd(Arena& arena)
{
    const auto from = arena.fresh_address();
    std::vector<std::unique_ptr<RawPeer>> crowd;
    for (int i = 0; i < 400; ++i) crowd.push_back(std::make_unique<RawPeer>(arena.io(), arena.port(), from));
    Intruder neighbour{arena};
    int kept = 0;
    for (const auto& peer : crowd) {
        peer->socket().non_blocking(true);
        char byte = 0;
        boost::system::error_code ec;
        peer->socket().read_some(boost::asio::buffer(&byte, 1), ec);
        kept += ec == boost::asio::error::would_block;
    }
    return fmt::format("{} kept, a neighbour let in", kept);
}

/// ... and those of them that speak TLS are told when to come again.
std::string told_busy(Arena& arena)
{
    const auto from = arena.fresh_address();
    std::vector<std::unique_ptr<RawPeer>> crowd;
    for (int i = 0; i < 20; ++i) crowd.push_back(std::make_unique<RawPeer>(arena.io(), arena.port(), from));
    RawPeer peer{arena.io(), arena.port(), from};
    if (peer.start_tls()) return "no TLS";
    peer.send(upgrade_with(good_line, good_protocol));
    const auto answer = peer.read_to_end();
    return answer.substr(0, answer.find("\r\n")) + (answer.find("Retry-After: ") != std::string::npos ? ", Retry-After" : "");
}

} // namespace

std::vector<Attack> attacks_at_the_door()
{
    const auto opening = client_frame(0x02, "a");
    return {
        tls("TLS 1.0", TLS1_VERSION, nullptr, "TLS alert"),
        tls("TLS 1.1", TLS1_1_VERSION, nullptr, "TLS alert"),
        tls("RSA key exchange", TLS1_2_VERSION, "AES128-GCM-SHA256", "TLS alert"),
        tls("a suite without AEAD", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256", "TLS alert"),
        tls("TLS 1.2 with a modern suite (allowed)", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", "agreed"),
        plain("plain HTTP", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        plain("plain ws://", upgrade_with(good_line, good_protocol)),
        request("4", "a foreign Origin", upgrade_with(good_line, good_protocol, "Origin: https://evil.example\r\n"), "HTTP/1.1 403 Forbidden"),
        request("4", "an unknown subprotocol", upgrade_with(good_line, "chat"), "HTTP/1.1 426 Upgrade Required"),
        request("4", "another path", upgrade_with("GET /admin HTTP/1.1", good_protocol), "HTTP/1.1 404 Not Found"),
        request("32", "POST", upgrade_with("POST /roadbook/v1 HTTP/1.1", good_protocol), "HTTP/1.1 405 Method Not Allowed"),
        request("32", "HTTP/1.0", upgrade_with("GET /roadbook/v1 HTTP/1.0", good_protocol), "HTTP/1.1 400 Bad Request"),
        request("32", "an upgrade with a body", upgrade_with(good_line, good_protocol, "Content-Length: 5\r\n") + "hello", "HTTP/1.1 400 Bad Request"),
        request("32", "a chunked upgrade", upgrade_with(good_line, good_protocol, "Transfer-Encoding: chunked\r\n"), "HTTP/1.1 400 Bad Request"),
        request("32", "two hosts", upgrade_with(good_line, good_protocol, "Host: other\r\n"), "HTTP/1.1 400 Bad Request"),
        request("32", "headers of 20 KB", upgrade_with(good_line, good_protocol, "X: " + std::string(20'000, 'x') + "\r\n"), "HTTP/1.1 431 Request Header Fields Too Large"),
        framing("a text frame", client_frame(0x81, "hello"), 1003),
        framing("an unmasked frame", client_frame(0x82, "hello", false), 1002),
        framing("reserved bit 1, as of permessage-deflate", client_frame(0xc2, "hello"), 1002),
        framing("a reserved opcode", client_frame(0x83, "hello"), 1002),
        framing("a continuation of nothing", client_frame(0x80, "hello"), 1002),
        framing("a frame of 2^63 bytes, announced", "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00\x12\x34\x56\x78"s, 1009),
        framing("a first frame of 257 KB, announced", "\x82\xff\x00\x00\x00\x00\x00\x04\x04\x00\x12\x34\x56\x78"s, 1009),
        framing("10,000 pings", flood(0x89, "", 10'000), 1008),
        framing("10,000 pongs that nobody asked for", flood(0x8a, "x", 10'000), 1008),
        framing("10,000 fragments of one byte", opening + flood(0x00, "x", 10'000), 1008),
        framing("10,000 empty fragments", opening + flood(0x00, "", 10'000), 1008),
        {"M12", "no TLS, half a TLS hello, half a request, no greeting", "cut after 5 s, cut after 5 s, cut after 5 s, refused timed_out, closed 1008 after 10 s", slow_ones},
        {"M12", "400 silent connections from one address", "120 kept, a neighbour let in", crowd},
        {"M12", "a request beyond the 20 strangers of one address", "HTTP/1.1 503 Service Unavailable, Retry-After", told_busy},
    };
}

} // namespace roadbook::attacks
