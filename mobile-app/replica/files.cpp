#include "mobile-app/replica/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace roadbook::replica {
namespace {

constexpr mode_t owner_only = 0600;

Error failed(const std::filesystem::path& path)
{
    const int why = errno;
    if (why == ENOSPC || why == EDQUOT)
        return fail(Errc::storage_full, fmt::format("the disk of {} is full: this was not saved, all earlier data is safe", path.string()));
    return fail(Errc::file_unreadable, fmt::format("{} cannot be written ({})", path.string(), std::strerror(why)));
}

class File {
public:
    File(const std::filesystem::path& path, int flags) : fd_{::open(path.c_str(), flags | O_CLOEXEC, owner_only)} {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File()
    {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
    [[nodiscard]] bool write(ByteView bytes) const
    {
        while (!bytes.empty()) {
            const auto done = ::write(fd_, bytes.data(), bytes.size());
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        }
        return true;
    }
    [[nodiscard]] bool sync() const { return ::fsync(fd_) == 0; }
    /// In place, so that the blocks that held it hold it no more.
    [[nodiscard]] bool overwrite() const
    {
        struct stat about {};
        if (::fstat(fd_, &about) != 0 || ::lseek(fd_, 0, SEEK_SET) != 0) return false;
        constexpr std::array<std::byte, 64 << 10> nothing{};
        for (auto left = static_cast<std::size_t>(about.st_size); left > 0;) {
            const auto part = std::min(left, nothing.size());
            if (!write(ByteView{nothing}.first(part))) return false;
            left -= part;
        }
        return sync();
    }

private:
    int fd_;
};

bool sync_folder(const std::filesystem::path& folder)
{
    const File opened{folder, O_RDONLY | O_DIRECTORY};
    return opened.is_open() && opened.sync();
}

} // namespace

Result<void> write_whole(const std::filesystem::path& path, ByteView content)
{
    auto made = path;
    made += ".new";
    {
        const File file{made, O_WRONLY | O_CREAT | O_TRUNC};
        if (!file.is_open() || !file.write(content) || !file.sync()) {
            const auto why = failed(path);
            ::unlink(made.c_str());
            return why;
        }
    }
    return put_in_place(made, path);
}

Result<void> put_in_place(const std::filesystem::path& made, const std::filesystem::path& path)
{
    const File before{path, O_WRONLY};
    if (::rename(made.c_str(), path.c_str()) != 0 || !sync_folder(path.parent_path())) return failed(path);
    if (before.is_open()) static_cast<void>(before.overwrite()); // it has no name any more: at worst its blocks wait to be used again
    return {};
}

Result<void> overwrite_and_remove(const std::filesystem::path& path)
{
    {
        const File file{path, O_WRONLY};
        if (!file.is_open()) {
            if (errno == ENOENT) return {};
            return failed(path);
        }
        if (!file.overwrite()) return failed(path);
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed(path);
    if (!sync_folder(path.parent_path())) return failed(path);
    return {};
}

} // namespace roadbook::replica
