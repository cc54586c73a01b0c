#include "mobile-app/headless/open_device.hpp"

#include "mobile-app/headless/pin.hpp"
#include "mobile-app/replica/open.hpp"
#include "shared/storage/folder_lock.hpp"

#include <fmt/format.h>

namespace roadbook::headless {
namespace {

namespace fs = std::filesystem;
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
    for (const auto* file : {replica::Replica::file_name, replica::Vault::file_name})
        if (fs::exists(call.data / file, ec)) return {};
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

Result<std::shared_ptr<replica::Vault>> open_vault(const Call& call)
{
    ROADBOOK_CHECK(check_folder(call));
    auto vault = replica::Vault::open({.folder = call.data});
    if (!vault) return vault.error();
    return std::shared_ptr<replica::Vault>{std::move(*vault)};
}

Result<std::unique_ptr<replica::Replica>> open_device(const Call& call, std::shared_ptr<replica::Vault> vault, std::istream& in)
{
    std::string pin;
    if (vault->lock() == replica::Vault::Lock::pin) {
        auto given = pin_from(call.pin_file, pin_variable, in);
        if (!given) return given.error();
        pin = std::move(*given);
    }
    return replica::open_device(std::move(vault), pin);
}

} // namespace roadbook::headless
