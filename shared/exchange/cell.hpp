#pragma once
// One cell of a file as a value of a field, by the customs of the land that it comes from.
#include "shared/schema/kind.hpp"

#include <string>
#include <string_view>

namespace roadbook::exchange {

/// How a land writes numbers and days. By default as Roadbook exports them: 1234.56 and 2026-11-22.
struct Locale {
    enum class Days { year_first, day_first, month_first };
    Days days = Days::year_first;
    char point = '.';
    std::string groups{}; ///< the characters that may stand between thousands; empty: none
    /// "de", "en-US", "zh" ...; empty: the default. Errors: bad_argument, which names them all.
    [[nodiscard]] static Result<Locale> named(std::string_view name);
};

struct Reading {
    Locale locale{};
    std::string zone = "UTC"; ///< of times that name none
    std::string currency{};   ///< of amounts that name none
};

/// Days are also read as 2026-11-22, 2026/11/22, 2026年11月22日 and 22.11.2026 whatever the locale; 11/22/2026 needs one, and so does a
/// comma in a number: 1,234 is read by nobody's guess. Times: 2026-11-22T14:05:00Z, with an offset, or a day and 14:05 in the zone.
/// Money: "1234.56 EUR", or a number whose currency stands in `currency_cell`. References are read as ids.
/// A text that export guarded against spreadsheets loses its guard. Errors: as schema::parse.
[[nodiscard]] Result<schema::Value> read_cell(const schema::Field& field, std::string_view cell, std::string_view currency_cell, const Reading& reading);

/// A text that a spreadsheet would take for a formula gets an apostrophe in front, as people write it there; telephone numbers do not.
[[nodiscard]] std::string guarded(std::string text);
[[nodiscard]] std::string_view unguarded(std::string_view text);

/// Without the blanks at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

} // namespace roadbook::exchange
