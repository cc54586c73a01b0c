#pragma once
// The whole server in one file, made while it runs, and a server out of one. The key of the seals is not in it (recovery.key in the data folder):
// keep that elsewhere.
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

struct BackupReport {
    std::uint64_t bytes = 0;
    std::size_t files = 0; ///< attachments
    store::AuditHead head; ///< of the audit log as it is in the backup
};
/// `file` is there whole or not at all; another one of this name is replaced. Needs free space of twice the data's size beside it.
/// Errors: not_found for a folder without a server; file_unreadable, storage_full, storage_damaged.
[[nodiscard]] Result<BackupReport> make_backup(const std::filesystem::path& data, const std::filesystem::path& file);

struct RestoreReport {
    std::optional<Time> last_received; ///< of the changes in the backup: what came later is lost, until devices bring it back
    bool has_key = false;              ///< the seals that devices hold can be checked
};
/// Makes a server in an empty folder, with a new epoch; it serves nobody before confirm_restore(). Everything is checked before anything is put
/// in its place. `keys`: the recovery.key of the server that made the backup; empty: a new one.
/// Errors: bad_argument for a folder that holds a server, and for a file of keys that is none, or another server's; storage_busy; file_unreadable, storage_damaged, storage_full; newer_file.
[[nodiscard]] Result<RestoreReport> restore_backup(const std::filesystem::path& file, const std::filesystem::path& data, const std::filesystem::path& keys);

} // namespace roadbook::server
