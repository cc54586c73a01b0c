#include "shared/protocol/frames.hpp"

#include "shared/protocol/limits.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

namespace roadbook::protocol {
namespace {

constexpr int nesting_max = 8; // the deepest, a remark in a record that enters a scope, lies 7 below the frame

template <class Frame>
Result<Frame> read(ByteView bytes)
{
    if (bytes.size() > frame_bytes_max)
        return fail(Errc::too_large, fmt::format("a frame of {} bytes is over the limit of {}", bytes.size(), frame_bytes_max));
    // The library prints a line about each text that is not UTF-8: a hostile device could fill the server's log.
    [[maybe_unused]] static auto* const printed_before = google::protobuf::SetLogHandler(nullptr);
    google::protobuf::io::CodedInputStream input{reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size())};
    input.SetRecursionLimit(nesting_max);
    Frame frame;
    if (!frame.ParseFromCodedStream(&input) || !input.ConsumedEntireMessage() || frame.body_case() == Frame::BODY_NOT_SET)
        return fail(Errc::bad_frame, Bilingual{"the other end sent bytes that are no frame of this protocol", "对方发送的数据不是本协议的帧"});
    return frame;
}

template <class Frame>
Bytes serialize(const Frame& frame)
{
    Bytes bytes(frame.ByteSizeLong());
    frame.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.data()));
    return bytes;
}

} // namespace

Result<v1::ClientFrame> read_client_frame(ByteView bytes)
{
    return read<v1::ClientFrame>(bytes);
}
Result<v1::ServerFrame> read_server_frame(ByteView bytes)
{
    return read<v1::ServerFrame>(bytes);
}
Bytes write(const v1::ClientFrame& frame)
{
    return serialize(frame);
}
Bytes write(const v1::ServerFrame& frame)
{
    return serialize(frame);
}

} // namespace roadbook::protocol
