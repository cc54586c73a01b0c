#pragma once
// The running hash of a feed: both ends extend it entry by entry, so a device that missed, lost or was told something else
// notices at the next page.
#include "shared/protocol/frames.hpp"

namespace roadbook::protocol {

/// What an entry stands for, without its bytes: a change by its hash, a whole record by its heads.
struct EntryIdentity {
    v1::Entry::Kind kind = v1::Entry::CHANGE; ///< OWN counts as CHANGE
    RecordId document;
    Hash content; ///< hash of the change; for ENTER and LEAVE zero
};

/// `by` is null for ENTER and LEAVE.
[[nodiscard]] Hash extend(const Hash& running, const EntryIdentity& entry, const v1::Attribution* by);

} // namespace roadbook::protocol
