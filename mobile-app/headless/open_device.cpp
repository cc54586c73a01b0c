#include "mobile-app/headless/open_device.hpp"

#include "shared/storage/folder_lock.hpp"

#include <fmt/format.h>

#include <fstream>

namespace roadbook::headless {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t key_digits = 64; // 32 bytes

Result<Bytes> key_of(const fs::path& file)
{
    if (file.empty()) return Bytes{};
    std::ifstream in{file};
    std::string digits;
    in >> digits;
    const auto key = digits.size() == key_digits ? from_hex(digits) : std::nullopt;
    if (!in || !key)
        return fail(
            Errc::file_unreadable,
            fmt::format("the key file {} cannot be read, or does not hold 64 hexadecimal digits: nothing was opened",
                        file.string()));
    return *key;
}

/// The lock alone is what an enrolment leaves that was killed in its first moment.
bool holds_other_files(const fs::path& folder)
{
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator{folder, ec})
        if (entry.path().filename() != storage::FolderLock::file_name) return true;
    return false;
}

/// Opening a replica takes the folder for its own: never one that holds other things.
Result<void> check_folder(const Call& call)
{
    std::error_code ec;
    if (fs::exists(call.data / replica::Replica::file_name, ec)) return {};
    const auto folder = fs::absolute(call.data, ec).string();
    if (!std::holds_alternative<EnrolCall>(call.command))
        return fail(Errc::not_enrolled, fmt::format("there is no device in {}: enrol one there (roadbook-device --data "
                                                    "DIR enrol --server URL --code CODE), or look for a slip in --data",
                                                    folder));
    if (holds_other_files(call.data))
        return fail(Errc::bad_argument,
                    fmt::format("{} holds other files and no device: choose a new or an empty folder", folder), "data");
    return {};
}

} // namespace

Result<std::unique_ptr<replica::Replica>> open_device(const Call& call)
{
    ROADBOOK_CHECK(check_folder(call));
    auto key = key_of(call.key_file);
    if (!key) return key.error();
    replica::Replica::Options options;
    options.folder = call.data;
    options.key = std::move(*key);
    return replica::Replica::open(options);
}

} // namespace roadbook::headless
