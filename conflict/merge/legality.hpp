#pragma once
// Was this change legal where it was made? Judged on the record just before and just after it, never on concurrent values, so the order
// of arrival decides nothing. The same function refuses an edit on the device before it is saved.
#include "conflict/merge/write_rules.hpp"
#include "shared/schema/kind.hpp"

#include <functional>

namespace roadbook::merge {

/// Could there be such a record? Asked for every reference that a change writes.
using ReferenceCheck = std::function<bool(std::string_view kind, const RecordId& id)>;

/// An empty `exists` asks for no references. The device asks for what is here, the server also lets pass what may still be on its way.
/// Errors, with the field at fault: not_allowed (WriteRules; who may add a kind may mark it as deleted), invalid_value (type, range, required, a reference to nothing),
/// too_large (entries of a collection), bad_change (a shape that no honest device makes: a foreign container, a removed key, another
/// id). A change that builds on nothing but the genesis creates its record; that this happens once is the server's to watch.
[[nodiscard]] Result<void> check_change(const schema::Kind& kind, const RecordId& id, const automerge::Content& before,
                                        const automerge::Content& after, const Author& author, const ReferenceCheck& exists = {});

} // namespace roadbook::merge
