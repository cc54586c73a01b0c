#pragma once
#include "shared/wire/wire.hpp"

namespace roadbook::server {

/// What the close frame says when a session ended for this reason. The reason in words went before it, in a Refusal.
[[nodiscard]] wire::CloseCode close_code(Errc why) noexcept;

} // namespace roadbook::server
