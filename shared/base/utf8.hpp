#pragma once
// Text as characters. Bytes of people's texts come from devices and files, so nothing here trusts them.
#include <optional>
#include <string>
#include <string_view>

namespace roadbook {

/// Takes the first character off `text`. Nothing, and `text` unchanged, if it is no valid UTF-8 (overlong forms, surrogates and
/// characters over U+10FFFF included) or `text` is empty.
[[nodiscard]] std::optional<char32_t> take_utf8(std::string_view& text) noexcept;

void append_utf8(std::string& text, char32_t character);

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

} // namespace roadbook
