#pragma once
// Fields that lead from a record to another one of its own type: a territory's parent, whom a person reports to. Followed, they must not come
// back: a territory is no part of itself, and nobody reports to somebody who reports to him.
#include "shared/base/result.hpp"
#include "shared/schema/kind.hpp"

#include <functional>

namespace roadbook::merge {

/// Could a change of such a record close a circle that everybody could have seen coming? So it is for what all people hold: where a device
/// holds a part of the tree only, its author may not know the rest.
[[nodiscard]] bool has_shared_tree(const schema::Kind& kind);

/// What `field` of a record refers to; nothing at the top, and for a record that is not here.
using NextLink = std::function<std::optional<RecordId>(const RecordId& record)>;

/// The other records of the circle that `field` of `record` closes by referring to `target`, `target` first; empty: it closes none. A circle
/// of others, which somebody closed before, is followed once.
[[nodiscard]] std::vector<RecordId> circle_through(const RecordId& record, const RecordId& target, const NextLink& next);
[[nodiscard]] Error closes_circle(const schema::Kind& kind, const schema::Field& field);

} // namespace roadbook::merge
