#pragma once
// A record as plain values: what screens, rules, tables and exports work with. Knows no CRDT and no database.
#include "shared/base/id.hpp"
#include "shared/base/money.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace roadbook::schema {

/// Which alternative a field uses follows from its Type: text, note, choice, date -> std::string (a date is "2026-11-22");
/// integer, percent (hundredths of a percent), decimal (thousandths) -> int64; time -> Time; reference -> RecordId.
/// monostate: never set, or emptied.
using Value = std::variant<std::monostate, bool, std::int64_t, std::string, Money, Time, RecordId>;
using Fields = std::map<std::string, Value, std::less<>>;

[[nodiscard]] inline bool is_empty(const Value& value) noexcept
{
    return std::holds_alternative<std::monostate>(value);
}

/// A quote line, an expense item, a checklist entry: lives and dies with its record.
struct Child {
    ChildId id;
    Fields fields;        ///< includes "position", a fractional index (text) that orders siblings
    bool removed = false; ///< marked, never taken out
    bool operator==(const Child&) const = default;
};

struct Record {
    RecordId id;
    std::string kind; ///< name of its schema::Kind
    Fields fields;
    std::map<std::string, std::vector<Child>, std::less<>> collections; ///< children by position, then id; removed ones too
    std::optional<Time> deleted_at;
    /// What a newer version wrote and this one does not know, as text for people. Kept in the document, never lost.
    std::map<std::string, std::string> unknown;

    [[nodiscard]] const Value& operator[](std::string_view field) const noexcept;
    bool operator==(const Record&) const = default;
};

/// The typed value or the fallback when it is empty or of another type.
[[nodiscard]] std::string text_of(const Record& record, std::string_view field);
[[nodiscard]] std::optional<RecordId> reference_of(const Record& record, std::string_view field);

} // namespace roadbook::schema
