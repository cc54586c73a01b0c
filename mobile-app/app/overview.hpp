#pragma once
#include "mobile-app/replica/replica.hpp"
#include "mobile-app/viewmodels/record_source.hpp"

namespace roadbook::app {

/// The replica's unsettled work in the words of the view-models. Threads: the replica's. Faults throw.
[[nodiscard]] viewmodels::Overview overview_of(replica::Replica& replica, const replica::Status& status);

} // namespace roadbook::app
