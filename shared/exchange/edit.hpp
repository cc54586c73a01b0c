#pragma once
// What an import writes, as plain values, and what it wrote last time. No CRDT here: who keeps the records makes changes of it.
#include "shared/schema/kind.hpp"

#include <map>
#include <string>
#include <vector>

namespace roadbook::exchange {

struct Edit {
    struct Step {
        std::string collection; ///< empty: the record itself
        ChildId child;
        bool add = false;       ///< the child is made by this step
        schema::Fields values;  ///< "removed" and "position" of a child, "deleted_at" of a record, too
    };
    RecordId record;
    std::string kind;
    bool create = false;
    std::vector<Step> steps;
};

/// Values by path, as exact text: "phone", "lines/0190.../quantity".
using Texts = std::map<std::string, std::string>;

/// Every value of a record that is set. Children that are marked as removed are left out.
[[nodiscard]] Texts texts_of(const schema::Record& record);

/// What a file that does not speak of a field says of it.
enum class Absent {
    clears, ///< an import of whole records: what it wrote last time and is in its files no longer is emptied
    stays,  ///< a file has the columns that it has. An empty cell empties what the import wrote last time
};

struct Difference {
    Edit edit;
    int children_created = 0, children_changed = 0, children_unchanged = 0, children_removed = 0;
    [[nodiscard]] bool is_none() const noexcept { return edit.steps.empty(); }
};

/// All of a record that is not there yet.
[[nodiscard]] Difference creation(const schema::Record& wanted);
/// What must be written for a record to say what the files say. A value that the files said last time already (`remembered`) is left as
/// people made it since. An empty value in `wanted` is an empty cell. `empty_clears`: it empties a field whoever has filled it in.
[[nodiscard]] Difference change(const schema::Record& is, const schema::Record& wanted, const Texts& remembered, Absent absent, bool empty_clears = false);

} // namespace roadbook::exchange
