#pragma once
// FIELD=VALUE words, read by the schema.
#include "mobile-app/headless/calls.hpp"
#include "shared/schema/validation.hpp"

#include <span>

namespace roadbook::headless {

/// What the words can mean beside their text.
struct Reading {
    std::string owner;          ///< "account" or "lines of a quote", for messages
    std::optional<RecordId> me; ///< `me` in a field that refers to a person
};

/// Reads one value: `me` for oneself, @FILE for the text of a note (@@ is one @), otherwise as schema::parse does;
/// empty clears. Errors: invalid_value, file_unreadable, too_large, each with the field.
[[nodiscard]] Result<schema::Value> value_of(const schema::Field& field, std::string_view text, const Reading& reading);

/// Each word is F=V, each field at most once, at least one. Errors: those above; bad_argument for a word or name that
/// is wrong.
[[nodiscard]] Result<schema::Fields> fields_of(std::span<const schema::Field> fields, const Words& words,
                                               const Reading& reading);

} // namespace roadbook::headless
