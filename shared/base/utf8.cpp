#include "shared/base/utf8.hpp"

#include <cstddef>

namespace roadbook {

std::optional<char32_t> take_utf8(std::string_view& text) noexcept
{
    if (text.empty()) return std::nullopt;
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) {
        text.remove_prefix(1);
        return lead;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return std::nullopt;
    char32_t character = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0U) != 0x80U) return std::nullopt;
        character = character << 6 | (next & 0x3fU);
    }
    const bool is_overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
    const bool is_surrogate = character >= 0xd800 && character < 0xe000;
    if (is_overlong || is_surrogate || character > 0x10ffff) return std::nullopt;
    text.remove_prefix(length);
    return character;
}

void append_utf8(std::string& text, char32_t character)
{
    const auto tail = [&](int shift) { text.push_back(static_cast<char>(0x80U | (character >> shift & 0x3fU))); };
    if (character < 0x80) {
        text.push_back(static_cast<char>(character));
    } else if (character < 0x800) {
        text.push_back(static_cast<char>(0xc0U | character >> 6));
        tail(0);
    } else if (character < 0x10000) {
        text.push_back(static_cast<char>(0xe0U | character >> 12));
        tail(6), tail(0);
    } else {
        text.push_back(static_cast<char>(0xf0U | character >> 18));
        tail(12), tail(6), tail(0);
    }
}

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty())
        if (!take_utf8(text)) return false;
    return true;
}

} // namespace roadbook
