#pragma once
// JSON for scripts: snake_case names in a fixed order, documented in README.md; nothing is renamed once it stands
// there.
#include "mobile-app/headless/titles.hpp"
#include "shared/schema/kind.hpp"

#include <nlohmann/json.hpp>

namespace roadbook::headless {

using Json = nlohmann::ordered_json;

/// One line, always valid UTF-8.
[[nodiscard]] std::string line_of(const Json& json);

/// null when empty. Money {text, minor, currency}; a reference {id, title}; decimals and percentages as exact text;
/// whole numbers and yes/no as themselves; times in UTC, "2026-11-22T14:05:09.120Z".
[[nodiscard]] Json json_of(const schema::Value& value, const schema::Field& field, Titles& titles);
[[nodiscard]] Json json_of(const Money& money);
[[nodiscard]] Json json_of(const std::optional<Time>& time);

/// {id, kind, title, fields{}, collections{}, deleted_at?, unknown?}: every field of the schema is there.
[[nodiscard]] Json json_of(const schema::Record& record, const schema::Kind& kind, Titles& titles);

} // namespace roadbook::headless
