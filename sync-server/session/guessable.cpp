#include "sync-server/session/guessable.hpp"

#include "shared/base/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace roadbook::server {
namespace {

constexpr std::size_t word_min = 2;  // a Chinese name has two characters
constexpr std::size_t piece_min = 3; // of a run, a row or a repetition: two alike are chance
constexpr std::array<std::string_view, 36> common_words{
    "password", "passwort", "passw0rd", "motdepasse", "contrasena", "kennwort", "secret", "geheim",  "letmein", "welcome",  "willkommen", "changeme",
    "default",  "login",    "admin",    "master",     "user",       "test",     "hello",  "hallo",   "iloveyou", "sunshine", "princess",  "dragon",
    "monkey",   "football", "baseball", "superman",   "shadow",     "roadbook", "company", "office", "woaini",  "mima",     "nihao",     "passphrase"};
constexpr std::array<std::string_view, 7> rows{"1234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "1q2w3e4r5t6y7u8i9o0p"};

/// Lower case; bytes that are no UTF-8 stand for themselves.
std::u32string characters(std::string_view text)
{
    std::u32string all;
    while (!text.empty()) {
        auto one = take_utf8(text);
        if (!one) {
            one = static_cast<unsigned char>(text.front());
            text.remove_prefix(1);
        }
        all += *one >= 'A' && *one <= 'Z' ? *one - 'A' + 'a' : *one;
    }
    return all;
}

bool is_part_of_word(char32_t c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// "Nancy Davolio" and "nancy@firm.example" are five words.
void add_words(std::vector<std::u32string>& words, std::string_view text)
{
    std::u32string word;
    for (const auto c : characters(text) + U' ') {
        if (is_part_of_word(c)) word += c;
        else if (word.size() >= word_min) words.push_back(std::exchange(word, {}));
        else word.clear();
    }
}

std::size_t common_prefix(std::u32string_view a, std::u32string_view b)
{
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::size_t run_at(std::u32string_view rest)
{
    std::size_t length = std::min<std::size_t>(rest.size(), 2);
    if (length < 2) return length;
    const auto step = static_cast<std::int64_t>(rest[1]) - static_cast<std::int64_t>(rest[0]);
    if (step < -1 || step > 1) return 1;
    while (length < rest.size() && static_cast<std::int64_t>(rest[length]) - static_cast<std::int64_t>(rest[length - 1]) == step) ++length;
    return length;
}

std::size_t row_at(std::u32string_view rest, std::u32string_view row)
{
    std::size_t longest = 0;
    for (std::size_t at = 0; at < row.size(); ++at) longest = std::max(longest, common_prefix(rest, row.substr(at)));
    return longest;
}

/// How long the piece is that begins here and counts as one.
std::size_t piece_at(std::u32string_view text, std::size_t at, const std::vector<std::u32string>& words, const std::vector<std::u32string>& keys)
{
    const auto rest = text.substr(at);
    std::size_t longest = run_at(rest);
    for (const auto& row : keys) longest = std::max(longest, row_at(rest, row));
    for (std::size_t before = 0; before < at; ++before) longest = std::max(longest, common_prefix(rest, text.substr(before)));
    if (longest < piece_min) longest = 1;
    for (const auto& word : words)
        if (rest.starts_with(word)) longest = std::max(longest, word.size());
    return longest;
}

} // namespace

std::size_t hard_characters(std::string_view password, std::span<const std::string> known)
{
    std::vector<std::u32string> words, keys;
    for (const auto word : common_words) add_words(words, word);
    for (const auto& name : known) add_words(words, name);
    for (const auto row : rows) {
        keys.push_back(characters(row));
        keys.emplace_back(keys.back().rbegin(), keys.back().rend());
    }
    const auto text = characters(password);
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at += piece_at(text, at, words, keys)) ++count;
    return count;
}

std::size_t characters_of(std::string_view text)
{
    return characters(text).size();
}

} // namespace roadbook::server
