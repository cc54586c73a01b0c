#pragma once
// Every rule by which concurrent edits get one meaning, in words that a rep would use. The page made of it is conflict/RULES.md.
#include "conflict/merge/merged_record.hpp"

#include <span>

namespace roadbook::merge {

struct Rule {
    std::string_view name; ///< stable: "values_differ", "removed_and_edited"
    schema::Label conflict;
    schema::Label resolution;
};

/// For entries of collections and whole records; those of fields are schema::merge_rules.
[[nodiscard]] std::span<const Rule> record_rules();

/// What a conflict is about and what becomes of it. Errors: none; a field that only a newer version knows has the words of a text.
struct Explanation {
    schema::Label conflict;
    schema::Label resolution;
};
[[nodiscard]] Explanation explain(const schema::Kind& kind, std::string_view path, schema::Policy policy, Clash clash);

} // namespace roadbook::merge
