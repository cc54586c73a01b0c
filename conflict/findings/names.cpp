#include "conflict/findings/names.hpp"

#include "shared/base/utf8.hpp"
#include "shared/storage/characters/fold.hpp"
#include "shared/storage/search_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace roadbook::findings {
namespace {

using storage::characters::Class;

constexpr std::array legal_forms{U"股份有限公司", U"有限责任公司", U"集团有限公司", U"有限公司", U"分公司", U"总公司", U"公司", U"集团", U"股份", U"中国"};
constexpr std::array legal_words{U"gmbh", U"mbh", U"ag", U"kg", U"kgaa", U"ohg", U"ug", U"ek", U"se", U"co", U"company", U"ltd", U"limited", U"inc",
                                 U"incorporated", U"corp", U"corporation", U"llc", U"llp", U"lp", U"plc", U"pte", U"pty", U"sa", U"sas", U"sarl", U"srl",
                                 U"spa", U"sl", U"bv", U"nv", U"oy", U"ab", U"as", U"aps", U"kft", U"doo", U"kk", U"und", U"and", U"et", U"the", U"cie"};
// Longer names of one place first: 内蒙古 before 内蒙.
constexpr std::array places{U"内蒙古", U"黑龙江", U"石家庄", U"哈尔滨", U"北京", U"上海", U"天津", U"重庆", U"广东", U"广州", U"深圳", U"东莞", U"佛山", U"珠海", U"江苏", U"南京",
                            U"苏州", U"无锡", U"常州", U"南通", U"浙江", U"杭州", U"宁波", U"温州", U"嘉兴", U"山东", U"济南", U"青岛", U"烟台", U"福建", U"福州", U"厦门",
                            U"四川", U"成都", U"湖北", U"武汉", U"湖南", U"长沙", U"河南", U"郑州", U"河北", U"安徽", U"合肥", U"江西", U"南昌", U"辽宁", U"沈阳", U"大连",
                            U"吉林", U"长春", U"陕西", U"西安", U"山西", U"太原", U"广西", U"南宁", U"云南", U"昆明", U"贵州", U"贵阳", U"海南", U"海口", U"甘肃", U"兰州",
                            U"新疆", U"西藏", U"宁夏", U"青海", U"香港", U"澳门", U"台湾", U"台北"};

// How long a name must be for a slip to be taken as one: of shorter names too many differ by a letter.
constexpr std::size_t one_slip_from = 8;
constexpr std::size_t two_slips_from = 14;
constexpr std::size_t word_with_slip_min = 6;  // "Adler" and "Alder" are both names
constexpr std::size_t word_with_two_slips_min = 9;
constexpr std::size_t chinese_slip_from = 3;   // of one that sounds alike
constexpr std::size_t chinese_half_from = 6;
constexpr std::size_t name_max = 80;           // characters compared; the rest says what it does

std::u32string characters_of(std::string_view text)
{
    std::u32string all;
    while (!text.empty() && all.size() < name_max) {
        const auto character = take_utf8(text);
        if (!character) break;
        all += *character;
    }
    return all;
}

std::string text_of(std::u32string_view characters)
{
    std::string text;
    for (const auto character : characters) append_utf8(text, character);
    return text;
}

bool is_digit(char32_t c)
{
    return c >= U'0' && c <= U'9';
}

/// Small letters without accents, punctuation gone, words parted by one blank.
std::u32string plain(std::string_view name)
{
    std::u32string all;
    for (const auto c : characters_of(storage::title_key(name))) {
        const auto kind = storage::characters::class_of(c);
        if (kind == Class::word || kind == Class::dense) all += c;
        else if (kind == Class::space || c == U'-' || c == U'&' || c == U'+' || c == U'/')
            all += U' ';
    }
    return all;
}

std::vector<std::u32string> words_of(const std::u32string& text)
{
    std::vector<std::u32string> words;
    std::u32string word;
    for (const auto c : text + U" ") {
        if (c != U' ') word += c;
        else if (!word.empty())
            words.push_back(std::exchange(word, {}));
    }
    return words;
}

void replace_all(std::u32string& text, std::u32string_view from, std::u32string_view to)
{
    for (auto at = text.find(from); at != std::u32string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

bool take_place(std::u32string& text, std::u32string& place)
{
    for (const auto* name : places) {
        const std::u32string_view one{name};
        if (text.size() < one.size() + 2 || !place.empty()) continue;
        if (text.starts_with(one)) text.erase(0, one.size());
        else if (text.ends_with(one))
            text.erase(text.size() - one.size());
        else
            continue;
        place = one;
        if (text.starts_with(U"市") || text.starts_with(U"省")) text.erase(0, 1);
        return true;
    }
    return false;
}

bool take_legal_form(std::u32string& text)
{
    for (const auto* form : legal_forms) {
        const std::u32string_view one{form};
        if (text.size() < one.size() + 2 || !text.ends_with(one)) continue;
        text.erase(text.size() - one.size());
        return true;
    }
    return false;
}

void finish(Core& core, std::vector<std::u32string> words)
{
    for (auto& word : words) { // "Müller" is written "Mueller", too
        replace_all(word, U"ae", U"a");
        replace_all(word, U"oe", U"o");
        replace_all(word, U"ue", U"u");
    }
    for (const auto& word : words) core.text += word;
    core.words = words;
    std::sort(words.begin(), words.end());
    for (const auto& word : words) core.sorted += word;
}

Core core_of(std::string_view name, bool is_company)
{
    Core core;
    auto text = plain(name);
    core.is_chinese = std::any_of(text.begin(), text.end(), [](char32_t c) { return storage::characters::class_of(c) == Class::dense; });
    if (core.is_chinese) {
        std::erase(text, U' ');
        while (is_company && (take_legal_form(text) || take_place(text, core.place))) {}
        core.text = std::move(text);
        return core;
    }
    auto words = words_of(text);
    const auto all = words;
    if (is_company) std::erase_if(words, [](const auto& word) { return std::find(legal_words.begin(), legal_words.end(), std::u32string_view{word}) != legal_words.end(); });
    // "G m b H", "A.G." and "S.p.A." are parted by their points.
    const auto single = std::find_if(words.rbegin(), words.rend(), [](const auto& word) { return word.size() > 1 || is_digit(word.front()); });
    if (is_company && single != words.rend() && single - words.rbegin() >= 2) words.erase(single.base(), words.end()); // one letter is a name: "Alpha B"
    finish(core, words.empty() ? all : std::move(words));
    return core;
}

/// Insertions, deletions, replacements and swapped neighbours; stops above `most`. Digits never slip: two branches differ by one.
int slips(std::u32string_view a, std::u32string_view b, int most)
{
    const auto far = most + 1;
    if (a.size() > b.size() + static_cast<std::size_t>(most) || b.size() > a.size() + static_cast<std::size_t>(most)) return far;
    std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
    const auto cost = [&](char32_t c) { return is_digit(c) ? far : 1; };
    for (std::size_t i = 1; i <= a.size(); ++i) d[i][0] = d[i - 1][0] + cost(a[i - 1]);
    for (std::size_t j = 1; j <= b.size(); ++j) d[0][j] = d[0][j - 1] + cost(b[j - 1]);
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto x = a[i - 1];
            const auto y = b[j - 1];
            d[i][j] = std::min({d[i - 1][j] + cost(x), d[i][j - 1] + cost(y), d[i - 1][j - 1] + (x == y ? 0 : std::max(cost(x), cost(y)))});
            if (i > 1 && j > 1 && x == b[j - 2] && y == a[i - 2]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + std::max(cost(x), cost(y)));
        }
    return std::min(d[a.size()][b.size()], far);
}

std::string initials_of(std::u32string_view text)
{
    std::string all;
    for (const auto c : text) {
        const auto initial = storage::characters::initial_of(c);
        if (initial != 0) all += initial;
        else append_utf8(all, c);
    }
    return all;
}

/// One character stands for another that begins with the same sound, as a pinyin keyboard offers it; or two changed places.
bool is_chinese_slip(const Core& a, const Core& b)
{
    const auto& one = a.text;
    const auto& other = b.text;
    if (one.size() != other.size() || one.size() < chinese_slip_from) return false;
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < one.size(); ++i)
        if (one[i] != other[i]) at.push_back(i);
    if (std::any_of(at.begin(), at.end(), [&](auto i) { return is_digit(one[i]) || is_digit(other[i]); })) return false;
    if (at.size() == 1) return initials_of(one.substr(at[0], 1)) == initials_of(other.substr(at[0], 1)) && storage::characters::initial_of(one[at[0]]) != 0;
    return at.size() == 2 && at[1] == at[0] + 1 && one.size() > chinese_slip_from && one[at[0]] == other[at[1]] && one[at[1]] == other[at[0]];
}

/// A short word says who it is: "Alpha A" and "Alpha B" are two, and so are "Global East" and "Global West".
bool differ_in_word(const Core& a, const Core& b)
{
    if (a.words.size() != b.words.size()) return false;
    for (std::size_t i = 0; i < a.words.size(); ++i) {
        const auto shorter = std::min(a.words[i].size(), b.words[i].size());
        if (a.words[i] == b.words[i]) continue;
        const int most = shorter < word_with_two_slips_min ? 1 : 2;
        if (shorter < word_with_slip_min || slips(a.words[i], b.words[i], most) > most) return true;
    }
    return false;
}

} // namespace

Core company_core(std::string_view name)
{
    return core_of(name, true);
}

Core person_core(std::string_view name)
{
    return core_of(name, false);
}

bool is_similar(const Core& a, const Core& b)
{
    constexpr std::size_t least = 2;
    if (a.is_chinese != b.is_chinese || a.text.size() < least || b.text.size() < least) return false;
    if (!a.place.empty() && !b.place.empty() && a.place != b.place) return false;
    if (a.text == b.text) return true;
    if (a.is_chinese) return is_chinese_slip(a, b);
    if (a.sorted == b.sorted) return true;
    const auto shorter = std::min(a.text.size(), b.text.size());
    if (shorter < one_slip_from || differ_in_word(a, b)) return false;
    const int most = shorter < two_slips_from ? 1 : 2;
    return slips(a.text, b.text, most) <= most;
}

std::vector<std::string> blocks_of(const Core& core)
{
    std::vector<std::string> blocks;
    const auto size = core.text.size();
    const auto half_from = core.is_chinese ? chinese_half_from : one_slip_from;
    if (size < 2) return blocks;
    blocks.push_back("=" + text_of(core.is_chinese ? core.text : core.sorted));
    if (core.is_chinese && size >= chinese_slip_from) blocks.push_back("~" + initials_of(core.text));
    // A name with one slip has a half without it. Both lengths of a half, since a slip may make a name longer.
    for (std::size_t half = size / 2; size >= half_from && half <= (size + 1) / 2; ++half) {
        blocks.push_back("<" + text_of(std::u32string_view{core.text}.substr(0, half)));
        blocks.push_back(">" + text_of(std::u32string_view{core.text}.substr(size - half)));
    }
    std::sort(blocks.begin(), blocks.end());
    blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
    return blocks;
}

std::vector<std::string> phones_of(std::string_view field)
{
    constexpr std::size_t digits_min = 7; // without an area code it is nobody's in particular
    constexpr std::u32string_view between = U"/;,、；，\n";
    constexpr std::u32string_view before_extension = U"xXeE转轉分";
    std::vector<std::string> all;
    std::string digits;
    bool is_extension = false;
    const auto end = [&] {
        digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
        if (digits.size() >= digits_min) all.push_back(digits);
        digits.clear();
        is_extension = false;
    };
    for (auto c : characters_of(field)) {
        constexpr char32_t wide_zero = U'０';
        if (c >= wide_zero && c <= U'９') c = U'0' + (c - wide_zero);
        if (is_digit(c) && !is_extension) digits += static_cast<char>(c);
        else if (between.find(c) != std::u32string_view::npos) end();
        else if (before_extension.find(c) != std::u32string_view::npos) is_extension = true;
    }
    end();
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

bool is_same_phone(std::string_view a, std::string_view b)
{
    constexpr std::size_t with_area_code = 9;
    if (a == b) return true;
    return std::min(a.size(), b.size()) >= with_area_code && (a.ends_with(b) || b.ends_with(a));
}

std::string plain_tax_number(std::string_view text)
{
    constexpr std::size_t letters_min = 6;
    std::string all;
    for (const auto c : storage::fold(text)) {
        if (c >= 'a' && c <= 'z') all += static_cast<char>(c - 'a' + 'A');
        else if (c >= '0' && c <= '9') all += c;
    }
    const bool says_nothing = all.find_first_not_of('0') == std::string::npos || all.find_first_of("0123456789") == std::string::npos;
    return all.size() < letters_min || says_nothing ? std::string{} : all;
}

} // namespace roadbook::findings
