#pragma once
// What one change wrote, in words: for histories, and for whoever decides about an edit that was refused.
#include "conflict/merge/intent.hpp"

namespace roadbook::merge {

struct WrittenField {
    std::string path;  ///< "phone", "lines/ID/quantity"
    std::string value; ///< as text; empty: cleared, or an entry was made
    bool operator==(const WrittenField&) const = default;
};

/// Without the record's id. Errors: not_found, when the document lacks the change or what it builds on.
[[nodiscard]] Result<std::vector<WrittenField>> written_by(const automerge::Document& document, const schema::Kind& kind, const Hash& change,
                                                          std::span<const Hash> deps);

/// What it wrote as an edit that writes the same: for one whose own is gone, since the server had accepted it. Without id, reason and time. What only
/// a newer version knows is left out. Errors: as above.
[[nodiscard]] Result<Intent> edit_again(const automerge::Document& document, const schema::Kind& kind, const RecordId& record, const automerge::Change& change);

/// The same of an edit as data.
[[nodiscard]] std::vector<WrittenField> written_by(const Intent& intent);

} // namespace roadbook::merge
