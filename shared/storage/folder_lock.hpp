#pragma once
#include "shared/base/result.hpp"

#include <filesystem>

namespace roadbook::storage {

/// One process at a time works in a data folder. Held from acquire() until this object ends, or the process does: the system lets
/// go of the lock of a process that was killed, so none is ever left behind.
class FolderLock {
public:
    static constexpr auto file_name = "lock"; ///< in the folder; holds the process id, for people and messages

    /// Errors: storage_busy, naming the folder and the process that has it; file_unreadable, when the folder is not there or not ours.
    [[nodiscard]] static Result<FolderLock> acquire(const std::filesystem::path& folder);

    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&& other) noexcept;
    ~FolderLock();

private:
    explicit FolderLock(int file) noexcept : file_{file} {}
    int file_;
};

} // namespace roadbook::storage
