#pragma once
// "an account", "a quote": names of record types, fields and roles stand in sentences.
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace roadbook {

/// By the first letter alone; a `u` is spoken as in "unit".
[[nodiscard]] inline std::string with_article(std::string_view noun)
{
    const bool is_vowel = !noun.empty() && std::string_view{"aeioAEIO"}.find(noun.front()) != std::string_view::npos;
    return fmt::format("{} {}", is_vowel ? "an" : "a", noun);
}

} // namespace roadbook
