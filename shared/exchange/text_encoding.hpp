#pragma once
// The bytes of somebody's file as UTF-8, and back. What people send from spreadsheets comes in whatever their machine writes.
#include "shared/base/result.hpp"

#include <string>
#include <string_view>

namespace roadbook::exchange {

/// Reads UTF-8, GB18030 (also for GBK and GB2312, which it contains), UTF-16 (LE or BE), windows-1252. `encoding` empty: found out from
/// the byte order mark, else from the bytes: of UTF-8 and GB18030 the one in which fewer lines are broken.
/// What cannot be decoded becomes the byte FF, which is no UTF-8: so its line can be named, and the other lines are read.
/// Errors: bad_argument for an encoding that this does not know.
[[nodiscard]] Result<std::string> to_utf8(std::string_view bytes, std::string_view encoding = {});

/// The reverse. "utf-8-bom", "utf-16", "utf-16le" and "utf-16be" begin with a byte order mark; spreadsheets need one.
/// Errors: bad_argument; invalid_value for a character that the encoding does not have.
[[nodiscard]] Result<std::string> from_utf8(std::string_view text, std::string_view encoding);

} // namespace roadbook::exchange
