#pragma once
// Bytes as a file that has a path, for readers that open one: in memory, and gone with its owner.
#include "shared/base/bytes.hpp"

#include <filesystem>
#include <stdexcept>

#include <sys/mman.h>
#include <unistd.h>

namespace roadbook::fuzz {

class FileOf {
public:
    explicit FileOf(ByteView bytes) : descriptor_{::memfd_create("input", 0)}
    {
        if (descriptor_ < 0 || ::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) throw std::runtime_error{"no file in memory"};
    }
    FileOf(const FileOf&) = delete;
    FileOf& operator=(const FileOf&) = delete;
    ~FileOf() { ::close(descriptor_); }
    [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

} // namespace roadbook::fuzz
