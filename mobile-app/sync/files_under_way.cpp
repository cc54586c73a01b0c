#include "mobile-app/sync/files_under_way.hpp"

#include <algorithm>

namespace roadbook::sync {
namespace {

std::pair<RecordId, Hash> key_of(const auto& frame)
{
    return {RecordId::from(as_bytes(frame.document())).value_or(RecordId{}), Hash::from(as_bytes(frame.sha256())).value_or(Hash{})};
}

} // namespace

std::optional<protocol::v1::ClientFrame> FilesUnderWay::next()
{
    for (const auto& file : replica_.files_waiting()) {
        const Key key{file.record, file.file};
        if (put_off_.contains(key)) continue;
        protocol::v1::ClientFrame frame;
        if (!file.to_send) {
            auto& ask = *frame.mutable_ask_part();
            ask.set_document(protocol::to_field(file.record));
            ask.set_sha256(protocol::to_field(file.file));
            ask.set_offset(static_cast<std::uint64_t>(file.here));
            ask.set_bytes_max(part_bytes_);
            return frame;
        }
        auto& put = *frame.mutable_put_part();
        put.set_document(protocol::to_field(file.record));
        put.set_sha256(protocol::to_field(file.file));
        if (sending_ != key) return frame; // asks first: an earlier connection may have brought a part of it, or another device all
        put.set_offset(static_cast<std::uint64_t>(offset_));
        put.set_data(protocol::to_field(replica_.file_part(file.file, offset_, part_bytes_)));
        return frame;
    }
    return std::nullopt;
}

void FilesUnderWay::keep(const protocol::v1::ServerFrame& frame)
{
    if (frame.has_part_kept()) {
        const auto& kept = frame.part_kept();
        const auto key = key_of(kept);
        const auto offset = static_cast<std::int64_t>(kept.offset());
        // Not taken, or no step forward: on the next connection again, and the file stays here until then.
        const bool is_stuck = sending_ == key && offset <= offset_;
        if (kept.stored()) replica_.note_file_sent(key.first, key.second);
        else if (!kept.code().empty() || is_stuck) put_off_.insert(key);
        else if (sending_ == key) part_bytes_ = std::min(part_bytes_ * 2, protocol::part_bytes_max);
        sending_ = key;
        offset_ = offset;
        return;
    }
    const auto& part = frame.part();
    const auto key = key_of(part);
    if (!part.code().empty() || part.data().empty() || !replica_.keep_file_part(key.first, key.second, static_cast<std::int64_t>(part.offset()), as_bytes(part.data())))
        put_off_.insert(key);
    else part_bytes_ = std::min(part_bytes_ * 2, protocol::part_bytes_max);
}

} // namespace roadbook::sync
