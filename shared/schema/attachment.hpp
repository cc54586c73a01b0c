#pragma once
// A file that a record refers to: a photo, a receipt, a signed paper. The record says what it is and its SHA-256; the bytes travel apart.
#include "shared/schema/record.hpp"

namespace roadbook::schema {

inline constexpr std::string_view attachments_collection = "attachments"; ///< in every record type that can have files
inline constexpr std::int64_t attachment_bytes_max = 10 << 20;             ///< a photo of a good phone; a film does not belong here

struct AttachedFile {
    Hash hash;
    std::int64_t size = 0;
    std::string name;
};
/// Nothing for an entry that names no file: a hash that is none, a size that cannot be.
[[nodiscard]] std::optional<AttachedFile> attached_file(const Child& child);

} // namespace roadbook::schema
