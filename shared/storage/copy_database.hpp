#pragma once
#include "shared/base/result.hpp"

#include <filesystem>

namespace roadbook::storage {

/// A consistent copy of a plain database, as of one moment, while others read and write it: they wait for nothing, only its WAL grows meanwhile.
/// On disk when it returns. Errors: file_unreadable, storage_full, storage_damaged.
[[nodiscard]] Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to);
/// Reads all of it. Errors: storage_damaged.
[[nodiscard]] Result<void> check_database(const std::filesystem::path& file);

} // namespace roadbook::storage
