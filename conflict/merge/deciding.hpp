#pragma once
// Who may settle a conflict: whoever may write what it is about, by the rules of writing in the schema.
#include "conflict/merge/merged_record.hpp"
#include "conflict/merge/write_rules.hpp"

namespace roadbook::merge {

/// Where a conflict stands: "lines/ID/quantity", taken apart; `child` is nil for a field of the record itself.
struct Place {
    std::string collection;
    ChildId child;
    std::string name;
};
/// Nothing: it is no such path.
[[nodiscard]] std::optional<Place> place_of(std::string_view path);

/// `content`: the record as it is now.
[[nodiscard]] bool may_decide(const schema::Kind& kind, const automerge::Content& content, const Conflict& conflict, const Author& author);

} // namespace roadbook::merge
