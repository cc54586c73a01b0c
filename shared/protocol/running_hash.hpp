#pragma once
// The running hash of a feed: both ends extend it entry by entry, so a device that missed, lost or was told something else
// notices at the next page.
#include "shared/protocol/frames.hpp"

namespace roadbook::protocol {

/// What an entry stands for, without its bytes.
struct EntryIdentity {
    v1::Entry::Kind kind = v1::Entry::CHANGE; ///< OWN counts as CHANGE
    RecordId document;
    /// Hash of the change; for ENTER and LEAVE of the move's id, which is drawn by lot: a server out of a backup that makes a lost move anew, perhaps with
    /// more in the record, must not come to the hash of before.
    Hash content;
};

/// `by` is null for ENTER and LEAVE.
[[nodiscard]] Hash extend(const Hash& running, const EntryIdentity& entry, const v1::Attribution* by);

} // namespace roadbook::protocol
