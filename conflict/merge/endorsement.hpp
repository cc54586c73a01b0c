#pragma once
// Approvals and signatures: who stands by what. Each is an entry of its own with the heads that its author saw and a digest of what the record
// said there, so it is over that content and no other. Whether it holds is read, never stored: an approval and an edit made apart meet here.
#include "conflict/merge/canonical.hpp"
#include "shared/schema/kind.hpp"

namespace roadbook::merge {

/// What somebody stood by, as the entry says it.
struct Seal {
    std::vector<Hash> heads;
    std::string digest;
    std::int64_t version = 0;
    LeftOut left_out;
};

/// Over `content`, which is what the document says at `heads`.
[[nodiscard]] Seal seal_of(const automerge::Content& content, std::vector<Hash> heads, const schema::Endorsement& endorsement);
/// Into the fields of an entry, and from them. Nothing: a field is missing, was written twice apart, or is no seal.
void write(const Seal& seal, schema::Fields& entry);
[[nodiscard]] std::optional<Seal> seal_from(const automerge::Node& entry);

struct Endorsed {
    std::string collection;
    ChildId id;
    schema::Fields fields;   ///< of the entry: approver, decision, signer ...
    enum class Standing {
        holds,         ///< over exactly what the record says now
        changed_since, ///< over what it said then: read `heads`; `moved` says what has changed
        does_not_fit,  ///< over nothing that can be told: `why`
    };
    Standing standing = Standing::does_not_fit;
    bool rejects = false;    ///< an approval that says no
    int step = 0;            ///< of approvals, from 1
    /// Of approvals that hold: all earlier steps hold, too, over the same content, and nobody has rejected it since.
    bool counts = false;
    std::vector<Hash> heads; ///< what its author saw; Document::read_at shows it
    std::vector<Moved> moved;
    Bilingual why;
    Moved::Writer written;   ///< the operation that made it
};

/// One content that was approved by all who had to.
struct Approved {
    std::vector<ChildId> entries; ///< the last one first: it stands for all of them
    std::vector<Hash> heads;      ///< of that one
    std::string total, amounts;   ///< of that one, as text; payout.hpp reads them
    bool holds = false;           ///< it is what the record says now
};

struct Endorsements {
    std::vector<Endorsed> entries;   ///< as the kind lists the collections, then in the order in which they were made
    int steps_needed = 0;            ///< for what the record says now; 0: its kind is not approved
    int next_step = 0;               ///< the first one that is missing; 0: none
    std::vector<Approved> approved;  ///< contents that were wholly approved, the last one first
    [[nodiscard]] bool is_approved() const noexcept { return !approved.empty() && approved.front().holds; }
};

/// Of what the document says in `content`: now, or just after some change. A pure function of both, so replicas with the same changes show the same.
/// Errors: the document's.
///
/// CONFLICT: one approves while another edits. RESOLUTION: the approval is over what its author saw; it shows as "approved then, changed since".
/// CONFLICT: one approves while another rejects the same content. RESOLUTION: it is not approved, until somebody who has seen the no says yes.
[[nodiscard]] Result<Endorsements> endorsements_of(const automerge::Document& document, const schema::Kind& kind, const automerge::Content& content);

} // namespace roadbook::merge
