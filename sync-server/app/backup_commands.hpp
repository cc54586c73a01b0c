#pragma once
// `backup`, `restore` and `admin confirm-restore`.
#include "sync-server/app/administer.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

/// Errors: as make_backup.
[[nodiscard]] Result<Answer> back_up(Hub& hub, const std::filesystem::path& data, const BackupCall& call);
/// Opens no server: there is none yet. Errors: as restore_backup.
[[nodiscard]] Result<Answer> restore(const std::filesystem::path& data, const RestoreCall& call);
/// Without --yes it shows what is granted, and changes nothing. Errors: bad_argument, not_found.
[[nodiscard]] Result<Answer> confirm_restore(Hub& hub, const ConfirmRestoreCall& call);

} // namespace roadbook::server
