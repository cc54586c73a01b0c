#pragma once
// What an import wrote into one record, and how that is taken back by an ordinary edit.
#include "shared/exchange/edit.hpp"

namespace roadbook::exchange {

struct Written {
    RecordId record;
    std::string kind;
    bool created = false;
    Texts before, after; ///< of the paths that were written; empty text: nothing was there. "lines/ID/" is a child that was made
    bool operator==(const Written&) const = default;
};
/// `is`: the record before the edit; null when the edit makes it.
[[nodiscard]] Written written_by(const Edit& edit, const schema::Record* is);

struct Undo {
    Edit edit;                         ///< no steps: there is nothing to do
    std::vector<std::string> kept;     ///< paths that somebody has edited since: they stay as they are
};
/// A record that the import made gets `deleted_at`, unless somebody has written in it since: then it stays as a whole. Fields that it
/// changed go back to what they were, each unless somebody has edited it since.
[[nodiscard]] Undo undo_of(const Written& written, const schema::Record& is, Time now);

} // namespace roadbook::exchange
