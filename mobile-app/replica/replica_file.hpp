#pragma once
// The file of the replica: is it encrypted, and how an older one, which was not, becomes so.
#include "shared/base/result.hpp"
#include "shared/base/bytes.hpp"

#include <filesystem>

namespace roadbook::replica {

inline constexpr auto replica_file_name = "replica.db";
inline constexpr auto replica_file_taken_over = "replica.db.keyed"; ///< while it is made

/// It is there, and it is not a plain database.
[[nodiscard]] bool is_encrypted_file(const std::filesystem::path& file);

/// A plain replica of an older version is written anew under the key, and takes the old one's place in one step; killed before, the old
/// one stands as it was. Nothing happens when there is none, or it is encrypted. Errors: storage_full, storage_damaged, newer_file never.
[[nodiscard]] Result<void> take_over_plain_file(const std::filesystem::path& folder, ByteView key);

} // namespace roadbook::replica
