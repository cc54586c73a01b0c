#pragma once
// Which passwords somebody who guesses tries first. Pure.
#include <span>
#include <string>
#include <string_view>

namespace roadbook::server {

/// How much of a password has to be guessed: its characters, but a common word, one of `known` (names of the person), a row of keys, a run such as
/// "4321" or "aaaa", and what stood in it before count as one each.
[[nodiscard]] std::size_t hard_characters(std::string_view password, std::span<const std::string> known);
/// As people count them: "密码" has two.
[[nodiscard]] std::size_t characters_of(std::string_view text);

} // namespace roadbook::server
