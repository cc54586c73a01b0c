#pragma once
// What search takes two characters to be the same, and what Chinese characters sound like.
#include <string_view>

namespace roadbook::storage::characters {

enum class Class {
    word,  ///< letters and digits of scripts that separate words
    dense, ///< Chinese, kana, hangul: no spaces between words
    mark,  ///< combining accents: as if they were not there
    space,
    other, ///< punctuation and symbols
};
[[nodiscard]] Class class_of(char32_t character) noexcept;

/// "Ａ" and "À" are "a", "ﬁ" is "fi"; empty: the character stands for itself.
[[nodiscard]] std::string_view folded_form(char32_t character) noexcept;

/// The pinyin initial, 'b' for 北; 0 for a character that has none.
[[nodiscard]] char initial_of(char32_t character) noexcept;
/// The same for two characters that are read otherwise together than alone: "cq" for 重庆. Empty: nothing special.
[[nodiscard]] std::string_view initials_of_word(char32_t first, char32_t second) noexcept;

} // namespace roadbook::storage::characters
