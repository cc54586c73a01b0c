#pragma once
// Values as a person at a terminal reads them. JSON has the exact ones.
#include "mobile-app/headless/table.hpp"
#include "mobile-app/headless/titles.hpp"
#include "shared/schema/kind.hpp"

namespace roadbook::headless {

/// In a table: a reference is its title.
[[nodiscard]] std::string cell_of(const schema::Value& value, const schema::Field& field, Titles& titles);
/// With room: a reference is its title and id, so that the id can be picked up.
[[nodiscard]] std::string text_of(const schema::Value& value, const schema::Field& field, Titles& titles);

/// Numbers stand at the right of their column.
[[nodiscard]] Table::Align align_of(const schema::Field& field) noexcept;

/// "2026-11-22 14:05:09 UTC"
[[nodiscard]] std::string moment(Time time);
/// "Nancy Davolio, 2026-11-22 14:05:09 UTC, device 019a..."; with the reason when one was given.
[[nodiscard]] std::string author(const std::optional<merge::Attribution>& by, const std::string& person_name);

/// "line", "item": what one of them is called in a sentence.
[[nodiscard]] std::string item_word(const schema::Collection& collection);
/// "1 record", "2 records"
[[nodiscard]] std::string counted(std::int64_t count, std::string_view one, std::string_view many);
/// "840 bytes", "18.2 KB", "2.4 MB": thousands, as the trade counts what goes over a line.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

} // namespace roadbook::headless
