#pragma once
// A server out of a backup: what has to be different from the one that made it.
#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/base/result.hpp"

#include <filesystem>

namespace roadbook::server {

inline constexpr auto seal_key_file = "recovery.key";          ///< in the data folder; not in a backup
inline constexpr auto seal_key_print_setting = "seal_key_print"; ///< SHA-256 of it: a backup knows by this which key is its server's
inline constexpr auto restored_at_setting = "restored_at";     ///< set by a restore, taken away by Hub::confirm_restore()
inline constexpr auto lost_since_setting = "lost_since";       ///< milliseconds: of all restores of this server the earliest

/// Empty when this file holds no key. Errors: file_unreadable.
[[nodiscard]] Result<Bytes> read_seal_key(const std::filesystem::path& file);
/// Is `file` the key of the server whose database is in `folder`? The database of an older version does not know: then any key passes.
/// Errors: bad_argument; file_unreadable; as Store::open.
[[nodiscard]] Result<void> check_seal_key(const std::filesystem::path& file, const std::filesystem::path& folder);
/// Turns the database in this folder into that of a restored server: a new epoch, no open enrolment codes (each may have been used since), and
/// numbers leased far above those that were given out since. When the last change in it was received.
/// Errors: as Store::open.
[[nodiscard]] Result<std::optional<Time>> make_restored(const std::filesystem::path& folder, Clock& clock, Random& random, const std::string& vfs = {});

} // namespace roadbook::server
