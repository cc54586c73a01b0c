#pragma once
// Files in one file, in the format of tar (POSIX ustar), so that ordinary tools read it, too. Only what a backup needs: plain files.
#include "shared/base/result.hpp"
#include "shared/base/bytes.hpp"

#include <filesystem>
#include <fstream>
#include <functional>

namespace roadbook::server {

/// Ownership: owns its file. Errors of writing come out of finish().
class TarWriter {
public:
    explicit TarWriter(const std::filesystem::path& file) : out_{file, std::ios::binary | std::ios::trunc}, path_{file} {}

    /// Names of at most 99 bytes. The SHA-256 of what was read. Errors: file_unreadable for the source.
    [[nodiscard]] Result<Hash> add_file(const std::string& name, const std::filesystem::path& source);
    void add_text(const std::string& name, std::string_view text);
    /// Errors: storage_full, file_unreadable.
    [[nodiscard]] Result<void> finish();

private:
    void add_header(const std::string& name, std::uint64_t size);
    void pad(std::uint64_t size);

    std::ofstream out_;
    std::filesystem::path path_;
};

/// Gives each file's name and a way to read its bytes, in pieces; `take` reads as much as it wants. Errors: file_unreadable for what is no tar, or
/// is cut off; those of `take`.
struct TarEntry {
    std::string name;
    std::uint64_t size = 0;
    std::function<Result<void>(const std::function<void(ByteView)>&)> read; ///< all of it, once
};
[[nodiscard]] Result<void> read_tar(const std::filesystem::path& file, const std::function<Result<void>(const TarEntry&)>& take);

} // namespace roadbook::server
