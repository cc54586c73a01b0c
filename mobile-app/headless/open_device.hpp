#pragma once
// The device in the folder that a call names.
#include "mobile-app/headless/calls.hpp"
#include "mobile-app/replica/replica.hpp"

#include <istream>

namespace roadbook::headless {

/// Only `enrol` makes a new folder. Errors: not_enrolled for a folder that holds no device, bad_argument for one that holds other things; those of
/// replica::Vault::open().
[[nodiscard]] Result<std::shared_ptr<replica::Vault>> open_vault(const Call& call);
/// Reads the PIN where the call says, if one is needed. Errors: locked, file_unreadable; those of replica::open_device().
[[nodiscard]] Result<std::unique_ptr<replica::Replica>> open_device(const Call& call, std::shared_ptr<replica::Vault> vault, std::istream& in);

} // namespace roadbook::headless
