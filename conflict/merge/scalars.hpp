#pragma once
// How a field's value stands in a document. Money is "128000 CNY" in one register, so that amount and currency cannot part.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/schema/kind.hpp"

namespace roadbook::merge {

[[nodiscard]] automerge::Scalar to_scalar(const schema::Value& value);
/// Nothing when a field of this type cannot hold the scalar: a newer or foreign writer. It then shows as unknown.
[[nodiscard]] std::optional<schema::Value> from_scalar(schema::Type type, const automerge::Scalar& scalar);
/// What stands at the end of a path from the root; null: nothing does.
[[nodiscard]] const automerge::Node* node_at(const automerge::Content& content, const std::vector<std::string>& path);
/// For people, whatever it is.
[[nodiscard]] std::string text_of(const automerge::Scalar& scalar);

} // namespace roadbook::merge
