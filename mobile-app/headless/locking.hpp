#pragma once
// How long and for whom the records of this device can be read, as `status` says it.
#include "mobile-app/headless/json.hpp"
#include "mobile-app/replica/vault.hpp"

namespace roadbook::headless {

/// {days, left_ms, last_contact}; null for a device whose server asks for no lease.
[[nodiscard]] Json json_of(const replica::Lease& lease);
[[nodiscard]] std::string text_of(const replica::Lease& lease);

} // namespace roadbook::headless
