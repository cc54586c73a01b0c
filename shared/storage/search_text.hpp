#pragma once
// Text as the search index holds it and as a query asks for it: both go through the same folding, so that what was typed and what was
// stored need not be written alike. Inside this room.
#include "shared/schema/kind.hpp"

namespace roadbook::storage {

/// Part of the read model's fingerprint: raised when the same text gives other terms.
inline constexpr int search_text_version = 1;

/// "Ａlfreds Fütter-kiste" is "alfreds futter-kiste": small letters without accents, one space or '-' between words.
[[nodiscard]] std::string fold(std::string_view text);
/// The folded text with spaces only: what titles sort and match by.
[[nodiscard]] std::string title_key(std::string_view title);

/// The three columns of the index: terms separated by spaces.
struct Terms {
    std::string title;
    std::string initials; ///< pinyin initials of the title
    std::string rest;     ///< the other searched fields, of children too
    bool operator==(const Terms&) const = default;
};
/// A deleted record has none.
[[nodiscard]] Terms terms_of(const schema::Record& record, const schema::Kind& kind);

/// What a person typed, in FTS5's language; empty when nothing in it can be searched for.
[[nodiscard]] std::string match_expression(std::string_view typed);
/// Does this one text contain any of the words typed? For showing why a record was found.
[[nodiscard]] bool mentions(std::string_view text, std::string_view typed);

} // namespace roadbook::storage
