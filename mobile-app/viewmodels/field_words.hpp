#pragma once
// Names of fields and values of a record in the schema's own words, for lists that speak of edits and conflicts.
#include "mobile-app/viewmodels/preferences.hpp"
#include "mobile-app/viewmodels/records.hpp"

namespace roadbook::viewmodels {

/// "Account", "客户"; the name itself for a kind of a newer version.
[[nodiscard]] QString kind_word(const std::string& kind, const Preferences& preferences);
/// The field at the end of "phone", "lines/ID/quantity" or "lines.quantity"; null for one that this version does not know.
[[nodiscard]] const schema::Field* field_at(const std::string& kind, std::string_view path);
/// "Phone, Quantity" for "phone, lines.quantity": each name once.
[[nodiscard]] QString field_words(const std::string& kind, const std::string& paths, const Preferences& preferences);
/// What a conflict is about: the field's name, or that an entry or the record was taken out and edited apart.
[[nodiscard]] QString conflict_words(const std::string& kind, std::string_view path, const Preferences& preferences);
/// A value as people read it; a reference by the title of its record, an empty one as a word.
[[nodiscard]] QString value_words(const std::string& kind, std::string_view path, const schema::Value& value, Time now,
                                  Records& records, const Preferences& preferences);

} // namespace roadbook::viewmodels
