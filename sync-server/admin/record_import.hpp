#pragma once
// Brings records from files into the store: makes those that are not there, changes what the files changed, leaves the rest.
#include "sync-server/admin/import_memory.hpp"
#include "sync-server/admin/northwind.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

struct ImportCount {
    int created = 0;
    int changed = 0;
    int unchanged = 0;
    int skipped = 0; ///< broken rows
};

struct ImportReport {
    std::vector<std::pair<std::string, ImportCount>> counts; ///< by kind, or "order line"; in the order of the import
    std::vector<BrokenRow> broken;
};

/// One commit for all. A record that the server refuses counts as a broken row, with the reason.
/// A field is written when its file has changed since the last import that `memory` knows of; without a memory of it, when it differs
/// from the record. So a second run of the same files writes nothing, and what people edited since stays as they made it.
[[nodiscard]] ImportReport import_records(Hub& hub, ImportMemory& memory, std::string_view folder, NorthwindData data);

} // namespace roadbook::server
