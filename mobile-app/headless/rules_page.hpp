#pragma once
// The page of what becomes of edits made apart, in Markdown: conflict/RULES.md is this text, and a test holds it to it.
#include <string>

namespace roadbook::headless {

/// Every rule with CONFLICT and RESOLUTION in English and Chinese, and the fields that it holds for. Pure; no errors.
[[nodiscard]] std::string rules_page();

} // namespace roadbook::headless
