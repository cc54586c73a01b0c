#pragma once
// Was this approval, signature, payment, or step to "approved" right where it was made? Judged as check_change() judges, on what the author saw:
// the order of arrival decides nothing. The device asks before it says "saved", the server before it accepts.
#include "conflict/merge/write_rules.hpp"

#include <functional>
#include <span>

namespace roadbook::merge {

/// One change in its place.
struct Placed {
    const automerge::Document& document; ///< has the change and all before it, and maybe more
    std::span<const Hash> deps;          ///< what it builds on
    const automerge::Content& before;    ///< at `deps`
    const automerge::Content& after;     ///< with the change
};

/// How many have to approve what an approval is over. Errors: those of the rules.
using StepsNeeded = std::function<Result<int>(const schema::Record& seen)>;

/// To be asked after check_change(). `is_system`: administration brings in records of before, whose approvals have no seal; they show as such.
/// Errors, with the field at fault: conflict_open when what is approved or signed waits for a person to choose; not_allowed when the entry was
/// typed in, is over something else than it says, or its author may not take that step, when a record is called approved before all have said
/// yes, when an approval says that fewer have to approve than `steps_needed` does (empty: it is believed), and for a payment that is not due; missing_parents when its author cannot have seen what it is over.
[[nodiscard]] Result<void> check_endorsements(const schema::Kind& kind, const RecordId& id, const Placed& change, const Author& author, bool is_system,
                                              const StepsNeeded& steps_needed = {});

/// Is there a conflict that a person must settle in what an approval or signature is over? Its words say where.
[[nodiscard]] Result<void> check_no_open_conflict(const schema::Kind& kind, const RecordId& id, const automerge::Content& content,
                                                  const schema::Endorsement& endorsement);

} // namespace roadbook::merge
