#pragma once
// What the server holds for one connection at most, with the reason of each bound. Those of the socket itself are wire's.
#include "shared/protocol/limits.hpp"

#include <chrono>

namespace roadbook::server::limits {

/// A Hello with its greatest number of cursors has some 170 KiB; nobody unknown may send more.
inline constexpr std::size_t hello_bytes_max = 256 << 10;
/// While so much waits to be sent, no further page is read for a connection: a slow reader costs this and one page.
inline constexpr std::size_t write_ahead_bytes = 256 << 10;
/// Answers and grants come on top of pages. A device that takes none of them, but goes on pushing, is cut here.
inline constexpr std::size_t write_queue_bytes_max = 4 << 20;
/// A revoked device has this long to hear why; then the connection is dropped, with all that it has not taken.
inline constexpr std::chrono::milliseconds revoked_goodbye{500};
/// One process; each idle connection costs some 20 KiB and a file descriptor.
inline constexpr std::size_t connections_max = 20'000;

} // namespace roadbook::server::limits
