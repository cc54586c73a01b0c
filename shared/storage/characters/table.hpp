#pragma once
#include <string_view>

namespace roadbook::storage::characters {

/// "Àa Ææae Ａa ": a character and what it is folded to, each pair ended by a space; rising by character within a block.
extern const std::string_view folded;

/// The first letter of the commonest reading of each character from U+4E00 to U+9FFF; '.' where none is known.
extern const std::string_view han_initials;

} // namespace roadbook::storage::characters
