#pragma once
// The page of record types, in Markdown: shared/schema/RECORDS.md is this text, and a test holds it to it.
#include <string>

namespace roadbook::headless {

/// Every record type with its fields, labels in both languages, rules, readers and writers. Pure; no errors.
[[nodiscard]] std::string schema_page();

} // namespace roadbook::headless
