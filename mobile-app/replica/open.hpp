#pragma once
// Opens a device's folder as its programs do.
#include "mobile-app/replica/replica.hpp"

namespace roadbook::replica {

/// The records of the vault's folder, always encrypted; a plain replica of an older version is taken over. Errors: locked (the PIN), and those
/// of Replica::open().
[[nodiscard]] Result<std::unique_ptr<Replica>> open_device(std::shared_ptr<Vault> vault, std::string_view pin, Clock& clock = system_clock(),
                                                           Random& random = system_random());
/// The same for a folder without other wishes. Errors: also those of Vault::open().
[[nodiscard]] Result<std::unique_ptr<Replica>> open_device(const std::filesystem::path& folder, std::string_view pin = {});

} // namespace roadbook::replica
