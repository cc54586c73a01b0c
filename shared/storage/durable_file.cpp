#include "shared/storage/durable_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace roadbook::storage {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& path, std::string_view what)
{
    const int why = errno;
    const auto code = why == ENOSPC || why == EDQUOT ? Errc::storage_full : Errc::file_unreadable;
    return fail(code, fmt::format("{} cannot be {} ({}): nothing was changed", path.string(), what, std::strerror(why)));
}

struct Descriptor {
    int number = -1;
    explicit Descriptor(int opened) : number{opened} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (number >= 0) ::close(number);
    }
};

bool write_all(int descriptor, ByteView bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

Result<void> sync_at(const fs::path& path, int flags)
{
    const Descriptor opened{::open(path.c_str(), flags | O_CLOEXEC)};
    if (opened.number < 0 || ::fsync(opened.number) != 0) return failed(path, "written to disk");
    return {};
}

fs::path folder_of(const fs::path& path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path{"."};
}

} // namespace

Result<void> sync_file(const fs::path& path)
{
    return sync_at(path, O_RDONLY);
}

Result<void> sync_folder(const fs::path& path)
{
    return sync_at(path, O_RDONLY | O_DIRECTORY);
}

Result<void> put_in_place(const fs::path& from, const fs::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0) return failed(to, "put in its place");
    return sync_at(folder_of(to), O_RDONLY | O_DIRECTORY);
}

Result<void> write_durably(const fs::path& path, ByteView bytes)
{
    auto beside = path;
    beside += ".new";
    {
        const Descriptor made{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
        if (made.number < 0 || !write_all(made.number, bytes) || ::fsync(made.number) != 0) {
            const auto why = failed(path, "written");
            ::unlink(beside.c_str());
            return why;
        }
    }
    return put_in_place(beside, path);
}

Result<Bytes> read_file(const fs::path& path, std::size_t bytes_max)
{
    const Descriptor opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat about {};
    if (opened.number < 0 || ::fstat(opened.number, &about) != 0 || !S_ISREG(about.st_mode)) {
        if (errno == 0) errno = EINVAL;
        return failed(path, "read");
    }
    if (static_cast<std::uint64_t>(about.st_size) > bytes_max)
        return fail(Errc::too_large, fmt::format("{} has {} bytes; at most {} are allowed", path.string(), about.st_size, bytes_max));
    Bytes bytes(static_cast<std::size_t>(about.st_size));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto got = ::read(opened.number, bytes.data() + done, bytes.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(path, "read");
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

} // namespace roadbook::storage
