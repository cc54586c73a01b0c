#pragma once
// What a set of declarations must hold to be a schema. kinds() asks this once, at start, and throws if anything is wrong, so that a
// mistake in a declaration never reaches a table, a document or a device.
#include "shared/schema/kind.hpp"

namespace roadbook::schema {

/// Every mistake in these declarations, each naming kind and field. Empty: they are a schema.
[[nodiscard]] std::vector<std::string> mistakes(std::span<const Kind> kinds);

} // namespace roadbook::schema
