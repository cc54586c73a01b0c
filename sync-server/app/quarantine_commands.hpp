#pragma once
// `admin quarantine`: edits that were refused or handed over, and what is decided about them.
#include "sync-server/app/administer.hpp"
#include "sync-server/app/calls.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

[[nodiscard]] Result<Answer> list_quarantine(Hub& hub, const QuarantineListCall& call);
[[nodiscard]] Result<Answer> show_quarantined(Hub& hub, const QuarantineShowCall& call);
/// Stops at the first that cannot be done; its error says how many were.
[[nodiscard]] Result<Answer> decide(Hub& hub, const QuarantineDecideCall& call);

} // namespace roadbook::server
