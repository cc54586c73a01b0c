#pragma once
// Files in and out: `import csv`, `import list`, `import undo`, `export csv` and their like.
#include "sync-server/app/administer.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

/// Both errors: bad_argument for a kind, column, locale, zone or encoding that does not exist; file_unreadable, too_large; as the memory.
[[nodiscard]] Result<Answer> import_file(Hub& hub, const std::filesystem::path& data, const ImportFileCall& call);
[[nodiscard]] Result<Answer> export_file(Hub& hub, const std::filesystem::path& data, const ExportCall& call);
[[nodiscard]] Result<Answer> list_imports(const std::filesystem::path& data);
[[nodiscard]] Result<Answer> take_back_import(Hub& hub, const std::filesystem::path& data, const ImportUndoCall& call);

} // namespace roadbook::server
