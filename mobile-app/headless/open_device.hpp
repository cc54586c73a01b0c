#pragma once
// The data folder of a call, opened.
#include "mobile-app/headless/calls.hpp"
#include "mobile-app/replica/replica.hpp"

namespace roadbook::headless {

/// `enrol` makes the folder; every other command wants one that is there, so that a mistyped path makes nothing and
/// touches nothing. Errors: not_enrolled when there is no replica, bad_argument for a folder of other things,
/// file_unreadable for the key; and the replica's own.
[[nodiscard]] Result<std::unique_ptr<replica::Replica>> open_device(const Call& call);

} // namespace roadbook::headless
