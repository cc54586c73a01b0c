#pragma once
#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"

#include <filesystem>

namespace roadbook::storage {

/// Writes the plain database `from` to the new file `to`, encrypted under a key of 32 bytes, with its user_version; both are complete on
/// the disk, and the log of `from` is empty, when it returns. Errors: storage_busy, storage_full, storage_damaged; `to` is then worth nothing.
[[nodiscard]] Result<void> encrypt_copy(const std::filesystem::path& from, const std::filesystem::path& to, ByteView key);

} // namespace roadbook::storage
