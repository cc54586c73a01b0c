#pragma once
// A record as it was at a moment.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/schema/kind.hpp"

#include <functional>

namespace roadbook::merge {

/// Had this change been made by then?
using WasMade = std::function<bool(const automerge::Change& change)>;

/// As all changes that had been made make it; what builds on a later one counts as later. Nothing: it was not there yet. Errors: the document's.
[[nodiscard]] Result<std::optional<schema::Record>> as_of(const schema::Kind& kind, const RecordId& id, const automerge::Document& document, const WasMade& was_made);

} // namespace roadbook::merge
