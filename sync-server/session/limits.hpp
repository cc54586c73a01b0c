#pragma once
// What one connection, one device and one address may ask of this server, with the reason of each bound. Those of a frame are the protocol's,
// those of a socket and of who stands at the door are wire's.
#include "shared/base/rate.hpp"
#include "shared/protocol/limits.hpp"

#include <chrono>

namespace roadbook::server::limits {

// ---- a connection
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
/// Frames cost 0.1 to 0.3 ms. A day's photos over a fast network are some 2,000 at once; beyond that a connection is read more slowly,
/// and TCP makes its device wait: nothing is refused.
inline constexpr Rate frames{5'000, 200};

// ---- a device: it has proven who it is. What goes over these is answered by `server_busy` with a time to come again
/// An app, and its connection of a moment ago of which the server has not heard yet that it is dead. Of more, the oldest ends.
inline constexpr std::size_t connections_per_device = 2;
/// A new record waits so long for the one that decides where it belongs, and that may be on a colleague's device still: as long as late edits are taken.
/// Then it is refused, and kept in quarantine.
inline constexpr std::chrono::hours waits_for_place{30 * 24};
/// Each writes an entry to the audit log. A link that is cut every few seconds all day long stays below.
inline constexpr Rate greetings{300, 1, std::chrono::seconds{2}};
/// Two months of offline work at once. A change costs some 0.3 ms, so one device takes 3 % of the server on the long run.
inline constexpr Rate changes{5'000, 100};
/// What one device may put into the log in a day. The largest honest day is a list of customers imported on a device.
inline constexpr Rate changes_a_day{40'000, 40'000, std::chrono::hours{24}};
inline constexpr Rate change_bytes_a_day{64 << 20, 64 << 20, std::chrono::hours{24}};
/// Who is over one of these is not looked at again for so long at least: otherwise every second push would be put off.
inline constexpr std::chrono::seconds put_off_min{5};
/// ... and is asked to come again after no more than this, also when the day's allowance is used up: an hour brings some of it.
inline constexpr std::chrono::seconds put_off_max{600};
/// A preview of a hand-over may take the server two seconds, while nobody else is served.
inline constexpr Rate enquiries{10, 10, std::chrono::minutes{1}};
/// Devices of which all this is remembered at one time; further ones share.
inline constexpr std::size_t devices_counted_max = 20'000;

// ---- files
/// Begun by one device and not whole yet: it sends one after the other, and goes on where a link broke.
inline constexpr std::size_t unfinished_files_per_device = 16;
inline constexpr std::chrono::hours unfinished_counts{1}; ///< after its last part
/// Of all devices; then the ones that have not grown for a week go, and nobody begins another one.
inline constexpr std::int64_t unfinished_bytes_max = std::int64_t{4} << 30;
inline constexpr std::chrono::hours unfinished_kept{24 * 7};
/// An engineer's day of photos, several times over.
inline constexpr Rate file_bytes_a_day{std::int64_t{2} << 30, std::int64_t{2} << 30, std::chrono::hours{24}};
/// Reading a file leaves one audit entry for each device, file and hour; refused ones a few.
inline constexpr std::chrono::hours fetch_noted_again{1};
inline constexpr std::size_t fetches_remembered_max = 20'000;
inline constexpr Rate refused_fetches_noted{10, 1, std::chrono::minutes{1}};

// ---- an address: who enrols has not proven anything yet. Codes have 80 random bits, passwords are counted for each person, too
/// Wrong codes and passwords. A person mistypes a few times; ten people behind one address, too.
inline constexpr Rate wrong_tries_per_address{20, 20, std::chrono::minutes{10}};
inline constexpr Rate wrong_tries{300, 5};
/// Audit entries about them: each says how many there were since the last one.
inline constexpr Rate wrong_tries_noted{10, 1, std::chrono::minutes{1}};
inline constexpr std::size_t addresses_counted_max = 20'000;

} // namespace roadbook::server::limits
