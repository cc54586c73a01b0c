#pragma once
// A line of a batch, taken apart as a shell would: the same command works at the prompt and in a file.
#include "shared/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace roadbook::headless {

/// One line of a batch may hold at most this: a note of the greatest length, escaped, and its command.
inline constexpr std::size_t line_bytes_max = 256 << 10;

/// Blanks part words. 'as it is', "with \" and \\ escaped", \x for one character, $'\n and \t inside', # begins a
/// comment. Nothing is expanded: no variables, no globs. Empty for a blank line. Errors: bad_argument for a quote
/// without its end, too_large.
[[nodiscard]] Result<std::vector<std::string>> words_of(std::string_view line);

} // namespace roadbook::headless
