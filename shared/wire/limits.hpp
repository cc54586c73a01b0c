#pragma once
// Every limit and timeout of a connection, with its reason. Beast and Asio set none of them by themselves.
#include "shared/base/clock.hpp"
#include "shared/base/rate.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace roadbook::wire {

namespace limits {

// Sizes.
inline constexpr std::size_t frame_bytes_max =
    1 << 20; // a page of first sync; more would hold up urgent frames behind it
inline constexpr std::size_t http_header_bytes_max =
    8 << 10;                                         // a Roadbook upgrade has some 250 bytes; proxies add a little
inline constexpr std::size_t first_read_bytes = 512; // holds nearly every live frame; grows with what has arrived
inline constexpr std::size_t drain_bytes_max =
    4 << 20; // read and thrown away while closing, so that a close frame gets through

// Floods: an honest device sends one fragment a frame and some ten control frames a minute.
inline constexpr int fragments_per_message_max = 1'024;
inline constexpr int control_frames_per_minute_max = 100;

// Writers that wait for their turn on one connection. Beyond these the caller is told, and reads from its cursor later.
inline constexpr std::size_t writes_waiting_max = 256;
inline constexpr std::size_t write_bytes_waiting_max = 1 << 20;

// Connections that have not proven who they are: one office behind one address, and the whole server. Who comes beyond the first number,
// or faster than the rates below, is told when to come again (HTTP 503 with Retry-After, which costs a TLS handshake); who comes
// beyond the second one is cut without a word.
inline constexpr int unauthenticated_per_address_max = 20;
inline constexpr int told_busy_per_address_max = 100;
inline constexpr int unauthenticated_max = 2'000;
// Each greeting is a handshake (1 ms of CPU) and a transaction of its own (an fsync): 200 a second leave half of the server to those who
// are in. A house with 200 devices behind one address comes in at once.
inline constexpr Rate handshakes{400, 200};
inline constexpr Rate handshakes_per_address{200, 50};
inline constexpr std::size_t addresses_max = 20'000; // that are counted at one time; further ones share a rate
inline constexpr Duration come_again_max = std::chrono::seconds{60}; // at 200 a second, 12,000 devices each have a moment of their own
inline constexpr int accept_backlog = 1'024; // a restart storm queues in the kernel instead of being refused

} // namespace limits

/// How long each step may take. The defaults are the product's; tests set small ones.
struct Timeouts {
    Duration connect =
        std::chrono::seconds{10}; ///< name lookup and TCP; a phone on a bad network needs several tries of SYN
    Duration tls_handshake = std::chrono::seconds{5}; ///< two round trips and a signature; slow ones are floods
    Duration upgrade = std::chrono::seconds{5};       ///< one request and its answer
    Duration hello = std::chrono::seconds{10}; ///< for the session: from the upgrade until the peer has authenticated
    Duration ping_after = std::chrono::seconds{20}; ///< silence after which a ping asks whether the peer is there
    Duration idle = std::chrono::seconds{60}; ///< silence after which it is not: a half-open link is found within this
    Duration close = std::chrono::seconds{5}; ///< the peer's answer to a close frame
    Duration write_stall = std::chrono::seconds{30}; ///< the peer takes no byte of what is being written
};

/// What both ends of one connection may set.
struct Options {
    Timeouts timeouts;
    std::size_t frame_bytes_max =
        limits::frame_bytes_max; ///< of a received message; the session may narrow it until hello
    std::uint32_t from_ipv4 = 0; ///< connect(): the address of this machine to call from, 0x7f000001 for 127.0.0.1; 0: the system's choice
};

// It stands as a default argument in co_await expressions, and g++ 12 destroys such a temporary twice.
static_assert(std::is_trivially_destructible_v<Options>);

} // namespace roadbook::wire
