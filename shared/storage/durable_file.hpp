#pragma once
// Files beside a database: there whole or not at all, whatever is switched off meanwhile.
#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"

#include <filesystem>

namespace roadbook::storage {

/// Written beside, synced and renamed; then the folder is synced, too. Only the owner may read it. Errors: file_unreadable, storage_full.
[[nodiscard]] Result<void> write_durably(const std::filesystem::path& path, ByteView bytes);
/// A file that was written in place: on disk when this returns. Errors: file_unreadable, storage_full.
[[nodiscard]] Result<void> sync_file(const std::filesystem::path& path);
/// What was made or renamed in a folder stays so. Errors: as above.
[[nodiscard]] Result<void> sync_folder(const std::filesystem::path& path);
/// Moves a synced file to its name, and syncs the folder. Errors: as above.
[[nodiscard]] Result<void> put_in_place(const std::filesystem::path& from, const std::filesystem::path& to);
/// Errors: file_unreadable; too_large.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max);

} // namespace roadbook::storage
