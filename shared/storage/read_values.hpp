#pragma once
// Values of fields in columns and back. Inside this room.
#include "shared/storage/database.hpp"
#include "shared/storage/read_plan.hpp"

namespace roadbook::storage {

/// Binds the fields from parameter `index` on. A value of another type than its field's is left out: the column cannot hold it, and
/// the document does. The record must live until the last step.
void bind_fields(Statement& statement, int index, const std::vector<schema::Field>& declared, const schema::Fields& values);
/// Binds one value that is there.
void bind_value(Statement& statement, int index, const schema::Value& value);

/// Reads the fields from column `column` on.
[[nodiscard]] schema::Fields read_fields(const Statement& row, int column, const std::vector<schema::Field>& declared);

/// What this version does not know, as one blob; empty for nothing.
[[nodiscard]] Bytes pack_unknown(const std::map<std::string, std::string>& unknown);
[[nodiscard]] std::map<std::string, std::string> unpack_unknown(ByteView packed);

/// Is this the alternative that a field of this type uses?
[[nodiscard]] bool fits_type(schema::Type type, const schema::Value& value) noexcept;

} // namespace roadbook::storage
