#pragma once
// Who loses and who gains what when a territory goes to another holder, before it does. Pure.
#include "sync-server/access/organisation.hpp"

namespace roadbook::access {

struct Shift {
    using Scopes = std::map<RecordId, std::set<schema::ScopeId>>;
    Scopes lost, gained;              ///< by person; nobody who has none
    std::set<schema::ScopeId> moved;  ///< all of both
};

/// `at`: covers and hand-overs by date count as on that moment.
[[nodiscard]] Shift shift_of(const Organisation& organisation, const RecordId& territory, const RecordId& to, Time at);

} // namespace roadbook::access
