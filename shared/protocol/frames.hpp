#pragma once
// Frames as bytes and back. Reading checks every size before it allocates: no byte from the other end is trusted.
#include "shared/base/bytes.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"

#include "shared/protocol/sync.pb.h"

namespace roadbook::protocol {

/// Errors: bad_frame for bytes that are no such frame or hold a field of the wrong size; too_large over frame_bytes_max.
[[nodiscard]] Result<v1::ClientFrame> read_client_frame(ByteView bytes);
[[nodiscard]] Result<v1::ServerFrame> read_server_frame(ByteView bytes);
[[nodiscard]] Bytes write(const v1::ClientFrame& frame);
[[nodiscard]] Bytes write(const v1::ServerFrame& frame);

[[nodiscard]] inline std::string to_field(ByteView bytes)
{
    return std::string{as_text(bytes)};
}
template <class Tag>
[[nodiscard]] std::string to_field(const Id<Tag>& id)
{
    return to_field(id.view());
}
[[nodiscard]] inline std::string to_field(const Hash& hash)
{
    return to_field(hash.view());
}
/// The id in a bytes field; bad_frame unless it has 16 bytes.
template <class AnyId>
[[nodiscard]] Result<AnyId> id_field(const std::string& field, std::string_view what)
{
    if (const auto id = AnyId::from(as_bytes(field))) return *id;
    return fail(Errc::bad_frame, "a frame names a " + std::string{what} + " that is no id");
}

} // namespace roadbook::protocol
