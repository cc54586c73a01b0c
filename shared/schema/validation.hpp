#pragma once
// Values in and out of text, and the rules of a record: the same code on both ends.
#include "shared/schema/kind.hpp"

namespace roadbook::schema {

/// Reads what a person typed, or a cell of a file. An empty text gives the empty value. Errors: invalid_value with the field's
/// name and the reason ("'1/0/2026' is no date: write it as 2026-01-31"). References are read as ids.
[[nodiscard]] Result<Value> parse(const Field& field, std::string_view text);
/// The reverse, exact: parse(field, format(field, v)) == v.
[[nodiscard]] std::string format(const Field& field, const Value& value);

/// Is this value, by itself, one that this field may hold? Type, range, length, choice, UTF-8 without control characters.
[[nodiscard]] Result<void> check(const Field& field, const Value& value);

/// One broken rule, in both languages. `path` is "name" or "lines/0190.../quantity".
struct Breach {
    std::string path;
    std::string rule; ///< stable: required, type, range, length, choice, characters, count, unknown_kind
    std::string en;
    std::string zh;
    bool operator==(const Breach&) const = default;
};
/// invalid_value in both languages, with the path as its field.
[[nodiscard]] Error error_of(Breach breach);
/// Why parse() would not take what somebody types, or check() a value, for a screen in either language; nothing: it may stand there.
/// Where parse() and check() fail, `en` is the message of their error. `path` is the field's name.
[[nodiscard]] std::optional<Breach> broken_by_text(const Field& field, std::string_view text);
[[nodiscard]] std::optional<Breach> broken_by(const Field& field, const Value& value);
/// All broken rules of a whole record, sorted by path. Empty: valid. Deleted records and removed children break none.
[[nodiscard]] std::vector<Breach> validate(const Record& record);

/// "customer_id" when a caller wrote "custmer_id": the nearest name among those that exist, empty if none is near.
[[nodiscard]] std::string nearest_name(std::string_view wrong, std::span<const std::string> names);

} // namespace roadbook::schema
