#pragma once
// Writes what an import wants written, remembers it, and takes it back. One way for every kind of file.
#include "shared/exchange/undo.hpp"
#include "sync-server/admin/import_memory.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

/// One record of an import, compared with what is there.
struct ImportItem {
    exchange::Difference difference;
    ImportMemory::Origin origin;              ///< to be remembered
    const schema::Record* is = nullptr;       ///< as it was compared; null: it is new
};

/// Commits the edits of all that have some, then remembers them as one run ("csv account", the file's name).
/// The answer to each item; a refused one is not remembered.
[[nodiscard]] std::vector<Result<void>> write_import(Hub& hub, ImportMemory& memory, std::string_view what, std::string_view file, std::span<const ImportItem> items);

struct UndoReport {
    ImportMemory::Run run;
    int taken_back = 0; ///< records
    struct Kept {
        RecordId record;
        std::string kind, title;
        std::string why; ///< "edited since: phone, lines/0190.../quantity", or why the server refused it
    };
    std::vector<Kept> kept;
};
/// Takes a run back by ordinary edits: the latest one that was not taken back yet, or the named one.
/// Errors: not_found; bad_argument when it was taken back already.
[[nodiscard]] Result<UndoReport> undo_import(Hub& hub, ImportMemory& memory, std::optional<std::int64_t> run);

} // namespace roadbook::server
