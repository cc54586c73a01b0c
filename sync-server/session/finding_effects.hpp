#pragma once
// What the server does because of findings, as its own actor and in the transaction that stores their cause: a van is to be counted again, an
// invoice waits for a decision, a manager is told what none of his people can see. Each is a task with an id made from its cause, so it is
// made once; it is closed, with the reason, when the cause is gone.
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// For all findings that came or went since the last call.
[[nodiscard]] std::vector<merge::Intent> effects_of_findings(Hub::Inside& hub, Time now);

/// Who is told of a finding that none of the people concerned sees whole: the lowest manager above all of them who does. Nobody when one of
/// them sees it himself.
[[nodiscard]] std::optional<RecordId> to_be_told(Hub::Inside& hub, const findings::Finding& finding);

} // namespace roadbook::server
