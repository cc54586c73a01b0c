#pragma once
#include "shared/base/result.hpp"

namespace roadbook::server {

/// The text as a QR code of block characters, two modules a line, light on dark. Errors: too_large.
[[nodiscard]] Result<std::string> qr_code(const std::string& text);

} // namespace roadbook::server
