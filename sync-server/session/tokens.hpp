#pragma once
// The secrets that devices come in with. The server keeps only the hash of each; but it can also tell by its own key, which is not in a backup,
// that it made a token, for whom and when: so a restored server knows a device again whose token, or which itself, is younger than the backup.
#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/base/random.hpp"

#include <optional>

namespace roadbook::server {

inline constexpr std::size_t token_bytes = 64; ///< person 16, time 8, chance 16, MAC 24

[[nodiscard]] Bytes make_token(ByteView key, const DeviceId& device, const RecordId& person, Time now, Random& random);

struct Issued {
    RecordId person;
    Time at;
};
/// Nothing: this key did not make it for this device.
[[nodiscard]] std::optional<Issued> read_token(ByteView key, const DeviceId& device, ByteView token);

} // namespace roadbook::server
