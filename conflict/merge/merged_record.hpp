#pragma once
// Merging is reading: a record and its conflicts are a pure function of the merged document, so replicas with the same changes
// show the same, with no coordination.
#include "conflict/automerge-cpp/document.hpp"
#include "shared/schema/kind.hpp"

namespace roadbook::merge {

/// One of several values that people wrote without having seen each other's.
struct Candidate {
    schema::Value value;
    ActorId actor;             ///< with `counter`: the operation; Document::change_of leads to who and when
    std::uint64_t counter = 0;
    bool operator==(const Candidate&) const = default;
};

/// A register with concurrent, different values.
struct Conflict {
    std::string path; ///< "phone" or "lines/0190.../quantity"
    schema::Policy policy = schema::Policy::latest;
    std::vector<Candidate> candidates; ///< the one that shows first; then by falling (counter, actor)
    /// Policy::ask: it stays open until somebody writes the field having seen all values. The others are only told.
    [[nodiscard]] bool needs_person() const noexcept { return policy == schema::Policy::ask; }
    bool operator==(const Conflict&) const = default;
};

struct Merged {
    schema::Record record;
    std::vector<Conflict> conflicts; ///< by path
};

/// Reads `content` as a record of `kind`. Never fails: what does not fit the schema is in Record::unknown.
[[nodiscard]] Merged read(const schema::Kind& kind, const RecordId& id, const automerge::Content& content);

} // namespace roadbook::merge
