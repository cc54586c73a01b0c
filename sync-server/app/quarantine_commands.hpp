#pragma once
// `admin quarantine`: edits that were refused or handed over, and what is decided about them.
#include "sync-server/app/administer.hpp"
#include "sync-server/app/calls.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

/// `with_sets`: what each would write, too, which only JSON has room for.
[[nodiscard]] Result<Answer> list_quarantine(Hub& hub, const QuarantineListCall& call, bool with_sets);
[[nodiscard]] Result<Answer> show_quarantined(Hub& hub, const QuarantineShowCall& call);
/// Each by itself: those that cannot be done are told, and the others are done.
[[nodiscard]] Result<Answer> decide(Hub& hub, const QuarantineDecideCall& call);

} // namespace roadbook::server
