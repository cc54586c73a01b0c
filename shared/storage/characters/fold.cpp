#include "shared/storage/characters/fold.hpp"

#include "shared/base/utf8.hpp"
#include "shared/storage/characters/table.hpp"

#include <algorithm>
#include <vector>

namespace roadbook::storage::characters {
namespace {

constexpr char32_t han_first = 0x4e00;

struct Range {
    char32_t first, last;
};
constexpr bool in(char32_t c, const Range* ranges, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        if (c >= ranges[i].first && c <= ranges[i].last) return true;
    return false;
}

constexpr Range dense[] = {{0x3005, 0x3007}, {0x3041, 0x3096}, {0x309d, 0x309f}, {0x30a1, 0x30fa}, {0x30fc, 0x30ff},
                           {0x3105, 0x312f}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
                           {0x20000, 0x3ffff}};
constexpr Range symbols[] = {{0x80, 0xa9},     {0xab, 0xb4},     {0xb6, 0xb8},     {0xbb, 0xbb},     {0xbf, 0xbf},
                             {0xd7, 0xd7},     {0xf7, 0xf7},     {0x2010, 0x2027}, {0x202a, 0x205e}, {0x2060, 0x206f},
                             {0x20a0, 0x20cf}, {0x2190, 0x245f}, {0x2500, 0x2bff}, {0x3001, 0x3004}, {0x3008, 0x3040},
                             {0x3097, 0x309c}, {0x30a0, 0x30a0}, {0x30fb, 0x30fb}, {0xe000, 0xf8ff}, {0xfe00, 0xfe6f},
                             {0xff01, 0xffff}, {0x1f000, 0x1faff}};
constexpr Range spaces[] = {{0x2000, 0x200f}, {0x2028, 0x2029}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xa0, 0xa0}, {0xfeff, 0xfeff}};

struct Pair {
    char32_t character;
    std::string_view form;
};

std::vector<Pair> read_table()
{
    std::vector<Pair> pairs;
    for (auto rest = folded; !rest.empty();) {
        const auto character = take_utf8(rest);
        const auto end = rest.find(' ');
        if (!character || end == std::string_view::npos) break;
        pairs.push_back({*character, rest.substr(0, end)});
        rest.remove_prefix(end + 1);
    }
    std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.character < b.character; });
    return pairs;
}

/// Read otherwise in a name than the table's commonest reading.
constexpr Pair single_readings[] = {{U'长', "c"}, {U'曾', "z"}, {U'翟', "z"}};

struct Word {
    char32_t first, second;
    std::string_view initials;
};
constexpr Word words[] = {
    {U'重', U'庆', "cq"}, {U'重', U'阳', "cy"}, {U'厦', U'门', "xm"}, {U'银', U'行', "yh"}, {U'分', U'行', "fh"},
    {U'支', U'行', "zh"}, {U'商', U'行', "sh"}, {U'车', U'行', "ch"}, {U'行', U'业', "hy"}, {U'同', U'行', "th"},
    {U'洋', U'行', "yh"}, {U'会', U'计', "kj"}, {U'音', U'乐', "yy"}, {U'乐', U'器', "yq"}, {U'乐', U'团', "yt"},
    {U'空', U'调', "kt"}, {U'西', U'藏', "xz"}, {U'藏', U'族', "zz"}, {U'番', U'禺', "py"}, {U'社', U'长', "sz"},
    {U'成', U'长', "cz"}, {U'校', U'长', "xz"}, {U'院', U'长', "yz"}, {U'传', U'记', "zj"}, {U'家', U'长', "jz"},
};

} // namespace

Class class_of(char32_t c) noexcept
{
    if (c < 0x80) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return Class::word;
        return c <= ' ' ? Class::space : Class::other;
    }
    if (c >= han_first && c <= 0x9fff) return Class::dense;
    if ((c >= 0x300 && c <= 0x36f) || c == 0x3099 || c == 0x309a || c == 0xff9e || c == 0xff9f) return Class::mark;
    if (in(c, dense, std::size(dense))) return Class::dense;
    if (in(c, spaces, std::size(spaces))) return Class::space;
    return in(c, symbols, std::size(symbols)) ? Class::other : Class::word;
}

std::string_view folded_form(char32_t c) noexcept
{
    if (c >= han_first && c <= 0x9fff) return {};
    static const auto pairs = read_table();
    const auto found = std::lower_bound(pairs.begin(), pairs.end(), c, [](const Pair& pair, char32_t wanted) { return pair.character < wanted; });
    return found != pairs.end() && found->character == c ? found->form : std::string_view{};
}

char initial_of(char32_t c) noexcept
{
    if (c < han_first || c - han_first >= han_initials.size()) return 0;
    for (const auto& [character, reading] : single_readings)
        if (c == character) return reading[0];
    const char initial = han_initials[c - han_first];
    return initial == '.' ? '\0' : initial;
}

std::string_view initials_of_word(char32_t first, char32_t second) noexcept
{
    for (const auto& word : words)
        if (word.first == first && word.second == second) return word.initials;
    return {};
}

} // namespace roadbook::storage::characters
