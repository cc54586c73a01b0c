#pragma once
// How many columns of a terminal a text takes: a Chinese character takes two, an accent none.
#include <cstddef>
#include <string>
#include <string_view>

namespace roadbook::headless {

[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

/// One line that a terminal may be handed: what people wrote elsewhere must not move the cursor or ring a bell here.
/// Line breaks and tabs become one blank; control characters and bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string one_line(std::string_view text);
/// The same, but line breaks stay.
[[nodiscard]] std::string safe_lines(std::string_view text);

/// At most `columns` wide; what is cut off shows as "…". `columns` > 0.
[[nodiscard]] std::string cut_to_width(std::string_view text, std::size_t columns);

} // namespace roadbook::headless
