#pragma once
// What makes a lost day come back. Every change that is delivered carries a seal: a MAC of this server over the change and its attribution.
// After a restore from a backup, a change with a good seal is taken back from whoever brings it, as its author's; without one it is an
// ordinary edit of the bringer. The key is a file beside the database and not in the backup: who steals a backup can forge nothing.
#include "sync-server/session/inside.hpp"
#include "sync-server/session/restore.hpp"

namespace roadbook::server {

inline constexpr std::size_t seal_key_bytes = 32;

/// Made when it is not there. Errors: file_unreadable, storage_full.
[[nodiscard]] Result<Bytes> seal_key(const std::filesystem::path& folder, Random& random);
/// Over all that the server fixed, and what the author said, but the intent's id, which packs do not carry.
[[nodiscard]] std::string seal(ByteView key, const RecordId& document, const Hash& change, const merge::Attribution& by);
/// The attribution that comes with a pushed change, if its seal is good.
[[nodiscard]] std::optional<merge::Attribution> sealed_attribution(Hub::Inside& hub, const protocol::v1::PushedChange& pushed, const RecordId& document,
                                                                   const Hash& change);

// ---- of a restored server
/// Serves nobody until an administrator has looked at grants and revocations, which are as old as the backup.
[[nodiscard]] std::optional<Error> waits_for_confirmation(Hub::Inside& hub);
/// 0: this server was never restored.
[[nodiscard]] std::int64_t lost_since(Hub::Inside& hub);

} // namespace roadbook::server
