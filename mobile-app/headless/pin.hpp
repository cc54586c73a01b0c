#pragma once
// Where a PIN comes from. Never from the command line: every program of the machine can read that.
#include "shared/base/result.hpp"

#include <filesystem>
#include <istream>

namespace roadbook::headless {

inline constexpr auto pin_variable = "ROADBOOK_PIN";
inline constexpr auto new_pin_variable = "ROADBOOK_NEW_PIN";
inline constexpr auto password_variable = "ROADBOOK_PASSWORD";

/// A PIN or password: the first line of `file`, of standard input for "-", or the environment's variable; empty if nobody said one. Errors: file_unreadable.
[[nodiscard]] Result<std::string> pin_from(const std::filesystem::path& file, const char* variable, std::istream& in);

} // namespace roadbook::headless
