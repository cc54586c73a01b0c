#include "mobile-app/headless/display_width.hpp"

#include "shared/base/utf8.hpp"

#include <algorithm>
#include <array>

namespace roadbook::headless {
namespace {

struct Range {
    char32_t first, last;
};

// From Unicode's EastAsianWidth.txt (W and F), neighbours joined; sorted. libc's wcwidth() would depend on the user's
// locale.
constexpr std::array wide{
    Range{0x1100, 0x115f},   Range{0x231a, 0x231b},   Range{0x2e80, 0x303e},   Range{0x3041, 0x33ff},
    Range{0x3400, 0x4dbf},   Range{0x4e00, 0xa4cf},   Range{0xa960, 0xa97f},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff},   Range{0xfe10, 0xfe19},   Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},
    Range{0xffe0, 0xffe6},   Range{0x16fe0, 0x18cff}, Range{0x1b000, 0x1b2ff}, Range{0x1f300, 0x1f64f},
    Range{0x1f680, 0x1f6ff}, Range{0x1f900, 0x1faff}, Range{0x20000, 0x3fffd},
};
// Combining marks, joiners and variation selectors of the scripts that the product's texts are written in.
constexpr std::array none{
    Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x0591, 0x05bd}, Range{0x0610, 0x061a},
    Range{0x064b, 0x065f}, Range{0x0e31, 0x0e31}, Range{0x0e34, 0x0e3a}, Range{0x0e47, 0x0e4e},
    Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff}, Range{0x200b, 0x200f}, Range{0x202a, 0x202e},
    Range{0x2060, 0x2064}, Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f},
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t c) noexcept
{
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), c,
                                        [](char32_t value, const Range& range) { return value < range.first; });
    return after != ranges.begin() && c <= std::prev(after)->last;
}

std::size_t width_of(char32_t c) noexcept
{
    if (is_in(none, c)) return 0;
    return is_in(wide, c) ? 2 : 1;
}

/// Text that turns the direction of what follows it could make a table say what it does not.
bool is_unsafe(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

constexpr char32_t replacement = 0xfffd;

std::string made_safe(std::string_view text, bool keep_lines)
{
    std::string safe;
    safe.reserve(text.size());
    while (!text.empty()) {
        const auto c = take_utf8(text);
        if (!c) {
            append_utf8(safe, replacement);
            text.remove_prefix(1);
        } else if (*c == '\n' && keep_lines) {
            safe += '\n';
        } else if (*c == '\n' || *c == '\t' || *c == '\r') {
            safe += ' ';
        } else {
            append_utf8(safe, is_unsafe(*c) ? replacement : *c);
        }
    }
    return safe;
}

} // namespace

std::size_t display_width(std::string_view text) noexcept
{
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto c = take_utf8(text);
        if (!c) text.remove_prefix(1);
        columns += c ? width_of(*c) : 1;
    }
    return columns;
}

std::string one_line(std::string_view text)
{
    return made_safe(text, false);
}

std::string safe_lines(std::string_view text)
{
    return made_safe(text, true);
}

std::string cut_to_width(std::string_view text, std::size_t columns)
{
    if (display_width(text) <= columns) return std::string{text};
    std::string cut;
    std::size_t used = 0;
    while (const auto c = take_utf8(text)) {
        used += width_of(*c);
        if (used > columns - 1) break; // one column is the ellipsis's
        append_utf8(cut, *c);
    }
    return cut + "…";
}

} // namespace roadbook::headless
