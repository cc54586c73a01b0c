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

/// What met what.
enum class Clash {
    values,  ///< two values of one field
    removed, ///< an entry was taken out (true) and edited (empty) apart; it stays until a person decides
    deleted, ///< the record was deleted (a time) and edited (empty) apart; it stays until a person decides
};

/// A register with concurrent, different values.
struct Conflict {
    std::string path; ///< "phone", "lines/0190.../quantity", "lines/0190.../removed", "deleted_at"
    schema::Policy policy = schema::Policy::latest;
    std::vector<Candidate> candidates; ///< the one that shows first; then by falling (counter, actor)
    Clash clash = Clash::values;
    /// It stays open until somebody writes the field having seen all values. The others are only told.
    [[nodiscard]] bool needs_person() const noexcept { return policy == schema::Policy::ask; }
    bool operator==(const Conflict&) const = default;
};

/// Entries of one collection that are about the same.
struct Twins {
    std::string collection;
    std::vector<ChildId> ids; ///< two or more, least first
    bool operator==(const Twins&) const = default;
};

/// What the entries of a collection come to.
struct Sum {
    std::string collection;
    std::string field;
    schema::Value total; ///< one for each currency
    bool operator==(const Sum&) const = default;
};

struct Merged {
    schema::Record record;
    std::vector<Conflict> conflicts; ///< by path
    std::vector<Twins> united;       ///< of sets: shown as the first one, which has the values of all
    std::vector<Twins> twins;        ///< of lists: added apart, offered to be joined. Only where the document itself was read
    std::vector<Sum> sums;           ///< one that does not fit into a number is left out
};

/// Reads `content` as a record of `kind`. Never fails: what does not fit the schema is in Record::unknown.
[[nodiscard]] Merged read(const schema::Kind& kind, const RecordId& id, const automerge::Content& content);

/// The same record with every entry of a set by itself, as people entered them: what rules are held to. (United, an entry that lacks what it
/// must have would pass while its twin has it.)
[[nodiscard]] schema::Record read_as_entered(const schema::Kind& kind, const RecordId& id, const automerge::Content& content);

/// The same as read(), and what only the history tells: entries added twice apart, a record deleted and edited apart. Errors: the document's.
[[nodiscard]] Result<Merged> read(const schema::Kind& kind, const RecordId& id, const automerge::Document& document);
/// For who has read it already: `content` is what `document` holds.
[[nodiscard]] Result<Merged> read(const schema::Kind& kind, const RecordId& id, const automerge::Document& document, const automerge::Content& content);

/// The record as it would be if this value were chosen where a conflict is: to show what each choice comes to. A path that leads nowhere changes nothing.
[[nodiscard]] schema::Record if_chosen(const schema::Record& record, std::string_view path, const schema::Value& value);

} // namespace roadbook::merge
