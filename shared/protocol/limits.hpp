#pragma once
// Every bound of the sync protocol, with its reason. Sent in the Welcome where a device must keep to it, and enforced at both ends.
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace roadbook::protocol {

/// What this build speaks. A server answers any other version with unsupported_version and both numbers.
inline constexpr std::uint32_t version = 1;
/// Of this version: what a device says that it can take beyond what the first one could. Raised with frames that an older device would not know.
inline constexpr std::uint32_t revision = 1;

/// One WebSocket message: a page or batch must fit, and a hostile one must not cost more memory than this.
inline constexpr std::size_t frame_bytes_max = 1 << 20;
/// One change: a 64 KiB note written at once is the largest honest one.
inline constexpr std::size_t change_bytes_max = 64 << 10;
/// One saved document: with its envelope it fits a frame even when it cannot be compressed.
inline constexpr std::size_t document_bytes_max = 768 << 10;
/// Changes in one Push: enough to make one fsync cheap for each, few enough that an answer comes soon on a slow link.
inline constexpr int batch_changes_max = 256;
/// Bytes of one Push before compression: below the frame limit with room for the envelope.
inline constexpr std::size_t batch_bytes_max = 768 << 10;
/// The first one on a connection aims at this, and each next at twice as much as the last that was answered: a link that breaks every 20 KB, with
/// two of these and a greeting under way, still brings a long day's work over.
inline constexpr std::size_t first_batch_bytes = 4 << 10;
/// Pushes under way without an answer: the next one is prepared while the server commits the one before.
inline constexpr int batches_in_flight_max = 2;
/// Bytes of a page or pack block before compression. A block is inflated into memory of this size at most.
inline constexpr std::size_t page_bytes_max = 4 << 20;
/// What a page aims at: a phone shows progress several times a second on a slow link.
inline constexpr std::size_t page_bytes_aim = 192 << 10;
/// A first sync gets through a link that breaks every 20 KB as well: the first stretch of a pack on a connection is so long, and each later one at
/// most half of what has been sent on it so far, so that a break costs a third at most.
inline constexpr std::size_t first_stretch_bytes = 4 << 10;
/// Pages and copies aim at so many times a stretch before compression.
inline constexpr std::size_t packs_to = 4;
/// A larger record is not sent ahead of its pack, where it comes in parts.
inline constexpr std::size_t copy_bytes_max = 24 << 10;
/// Copies of one scope: more is no day's work.
inline constexpr std::size_t copies_max = 512;
/// Records in a pack block: zstd finds most of what they share within so many.
inline constexpr int pack_records_max = 256;
/// Bytes of pages that may be under way to one device before it grants more.
inline constexpr std::uint64_t credit_bytes = 4 << 20;
/// Below this a payload is sent as it is: zstd makes a lone change larger.
inline constexpr std::size_t compress_from_bytes = 512;
/// Edits handed over in one frame, and their bytes: what a device of months without a network has comes in a few dozen.
inline constexpr int sealed_intents_max = 256;
inline constexpr std::size_t sealed_bytes_max = 512 << 10;
inline constexpr std::size_t sealed_part_bytes = 64 << 10; // of a file: a seal costs 48 bytes, and what one frame holds can be read at once
/// A reason or a device name that a person typed.
inline constexpr std::size_t reason_bytes_max = 1'000;
/// Cursors in a Hello: one a scope; a manager of 500 territories fits.
inline constexpr int cursors_max = 2'000;
/// Missing hashes named in one answer; the rest follow once these are there.
inline constexpr int need_max = 64;
/// Bytes of one file in one frame; and of the first one on a connection, doubled with each that gets through: a link that breaks every 20 KB
/// still brings a file over.
inline constexpr std::size_t part_bytes_max = 256 << 10;
inline constexpr std::size_t first_part_bytes = 8 << 10;
/// Enquiries of one device without a reply: a person asks one thing at a time, a screen a few.
inline constexpr int enquiries_in_flight_max = 8;
/// Changes in one Offer to a restored server: with 8 bytes each, and their records' ids, it fits a frame.
inline constexpr int offer_changes_max = 20'000;
/// A seal is checked on the server only, one try a push: 64 bits cannot be guessed, and 32 bytes a change would cost a tenth of a first sync.
inline constexpr std::size_t mac_bytes = 8;
/// Changes of one device that wait in quarantine; a device that fills it is asked to stop by `server_busy`.
inline constexpr int quarantine_changes_max = 10'000;
/// Decisions about refused edits in one Welcome, and refused edits given up or handed over in one Hello: with their texts they fit a frame. The
/// rest goes with the next connection.
inline constexpr int decisions_max = 256;
inline constexpr std::size_t stranded_bytes_max = 256 << 10;
/// Edits in one answer to a question for the quarantine, and their bytes: what a manager can look through, within a frame.
inline constexpr int kept_edits_max = 500;
inline constexpr std::size_t kept_edits_bytes_max = 512 << 10;

} // namespace roadbook::protocol
