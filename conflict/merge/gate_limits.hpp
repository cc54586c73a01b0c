#pragma once
// What both ends let through the gate: a device refuses an edit over these before it says "saved", the server when it comes.
#include "conflict/automerge-cpp/gate.hpp"
#include "shared/protocol/limits.hpp"

namespace roadbook::merge {

[[nodiscard]] inline automerge::GateLimits gate_limits()
{
    automerge::GateLimits limits;
    limits.change_bytes_max = protocol::change_bytes_max;
    limits.document_bytes_max = protocol::document_bytes_max;
    return limits;
}

} // namespace roadbook::merge
