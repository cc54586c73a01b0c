#pragma once
// zstd for batches, pages and packs. Inflating is bounded: a bomb costs page_bytes_max of memory, not what it claims.
#include "shared/protocol/frames.hpp"

namespace roadbook::protocol {

enum class Effort { live, pack }; ///< live: as fast as the link; pack: worth more work, since many devices read it

[[nodiscard]] std::string deflate(std::string_view plain, Effort effort);
/// Errors: bad_frame for anything that is not one whole zstd frame; too_large when it would be over `bytes_max`.
[[nodiscard]] Result<std::string> inflate(std::string_view packed, std::size_t bytes_max);

/// Puts the list into the frame's body, compressed when that is smaller.
void fill(v1::Push& push, const v1::ChangeList& changes);
void fill(v1::Page& page, const v1::EntryList& entries);
void fill(v1::Pack& pack, const v1::RecordList& records);
void fill(v1::Ahead& ahead, const v1::RecordList& records);
/// A pack's block as it is sent, whole or in parts.
[[nodiscard]] std::string pack(const v1::RecordList& records);
[[nodiscard]] Result<v1::ChangeList> changes_of(const v1::Push& push);
[[nodiscard]] Result<v1::EntryList> entries_of(const v1::Page& page);
/// Of a whole block.
[[nodiscard]] Result<v1::RecordList> records_of(const v1::Pack& pack);
[[nodiscard]] Result<v1::RecordList> records_of(const v1::Ahead& ahead);

} // namespace roadbook::protocol
