#include "shared/storage/folder_lock.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace roadbook::storage {
namespace {

/// The process id that the holder wrote, digits only: the file may hold anything.
std::string holder_of(int file)
{
    std::array<char, 20> text{};
    const auto size = ::pread(file, text.data(), text.size(), 0);
    std::string digits;
    for (ssize_t i = 0; i < size && text[static_cast<std::size_t>(i)] >= '0' && text[static_cast<std::size_t>(i)] <= '9'; ++i)
        digits.push_back(text[static_cast<std::size_t>(i)]);
    return digits.empty() ? "another process" : "process " + digits;
}

Error unreadable(const std::filesystem::path& folder, int error)
{
    return fail(Errc::file_unreadable, fmt::format("the folder {} cannot be used ({}). Check that it exists and is yours", folder.string(),
                                                   std::strerror(error)));
}

/// For messages only: a disk too full to hold it is no reason to stop, and the message is then without a number.
void write_holder(int file)
{
    const auto text = fmt::format("{}\n", ::getpid());
    [[maybe_unused]] const bool written =
        ::ftruncate(file, 0) == 0 && ::pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

} // namespace

Result<FolderLock> FolderLock::acquire(const std::filesystem::path& folder)
{
    constexpr mode_t owner_only = 0600;
    const int file = ::open((folder / file_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
    if (file < 0) return unreadable(folder, errno);
    FolderLock lock{file};
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) return unreadable(folder, errno);
        return fail(Errc::storage_busy, fmt::format("the folder {} is in use by {}: nothing was changed. End that program first, or "
                                                    "choose another folder",
                                                    folder.string(), holder_of(file)));
    }
    write_holder(file);
    return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept
{
    std::swap(file_, other.file_);
    return *this;
}

FolderLock::~FolderLock()
{
    if (file_ >= 0) ::close(file_); // the lock goes with it; the file stays, so that nobody locks a deleted one
}

} // namespace roadbook::storage
