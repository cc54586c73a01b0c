#pragma once
// Are two names one customer's? Legal forms, width, capitals, accents, word order and a slip of the keys do not tell two companies apart;
// a number, a place or another word does. Inside this room.
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::findings {

/// What is left of a company's or person's name when it is compared.
struct Core {
    std::u32string text;   ///< small letters without blanks, legal forms and place
    std::u32string sorted; ///< the same with its words in order of the alphabet; Latin alone
    std::u32string place;  ///< that a Chinese name names: "上海"
    std::vector<std::u32string> words;
    bool is_chinese = false;
};
[[nodiscard]] Core company_core(std::string_view name);
[[nodiscard]] Core person_core(std::string_view name);
[[nodiscard]] bool is_similar(const Core& a, const Core& b);
/// Two similar names share at least one of these keys, but for some with two slips. At most seven.
[[nodiscard]] std::vector<std::string> blocks_of(const Core& core);

/// Digits of each telephone number in a field, without country prefix zeros and extension; too short ones are left out.
[[nodiscard]] std::vector<std::string> phones_of(std::string_view field);
/// With and without country and area code.
[[nodiscard]] bool is_same_phone(std::string_view a, std::string_view b);
/// Letters and digits in capitals; empty for what is too short to tell anybody.
[[nodiscard]] std::string plain_tax_number(std::string_view text);

} // namespace roadbook::findings
