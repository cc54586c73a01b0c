#pragma once
// All that a replica shows, as text, to be compared with what another one does.
#include "mobile-app/replica/replica.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::simulation::stories {

using View = std::map<std::string, std::string>; ///< record ids to what a reader finds

[[nodiscard]] View view_of(server::Hub& hub);
[[nodiscard]] View view_of(replica::Replica& replica);
/// Without what depends on who comes first: numbers of documents, and whether somebody was told of what was settled soon after.
[[nodiscard]] View in_any_order(const View& view);

} // namespace roadbook::simulation::stories
