#pragma once
// Files of the device's folder that are written whole, and gone when they are removed. Private to this room.
#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"

#include <filesystem>

namespace roadbook::replica {

/// Whole or not at all, and on the disk when this returns; what stood there before is overwritten. Errors: storage_full, file_unreadable.
[[nodiscard]] Result<void> write_whole(const std::filesystem::path& path, ByteView content);
/// `made` takes the place of `path`, which is then overwritten. Both lie in one folder.
[[nodiscard]] Result<void> put_in_place(const std::filesystem::path& made, const std::filesystem::path& path);
/// Overwritten first, then removed. A file that is not there is no error.
[[nodiscard]] Result<void> overwrite_and_remove(const std::filesystem::path& path);

} // namespace roadbook::replica
