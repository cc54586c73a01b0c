#include "shared/protocol/running_hash.hpp"

namespace roadbook::protocol {
namespace {

void append(Bytes& to, ByteView bytes)
{
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void append(Bytes& to, std::int64_t number)
{
    auto rest = static_cast<std::uint64_t>(number);
    for (int i = 0; i < 8; ++i, rest >>= 8) to.push_back(static_cast<std::byte>(rest & 0xff));
}

} // namespace

Hash extend(const Hash& running, const EntryIdentity& entry, const v1::Attribution* by)
{
    const auto kind = entry.kind == v1::Entry::OWN ? v1::Entry::CHANGE : entry.kind;
    Bytes text{static_cast<std::byte>(kind)};
    append(text, entry.document.view());
    append(text, entry.content.view());
    if (by != nullptr) {
        append(text, as_bytes(by->person()));
        append(text, as_bytes(by->device()));
        append(text, by->device_time());
        append(text, by->clock_offset());
        append(text, by->received_at());
        append(text, as_bytes(by->intent()));
        append(text, sha256(as_bytes(by->reason())).view()); // of free length, so hashed by itself
        text.push_back(static_cast<std::byte>(by->late()));
        append(text, as_bytes(by->released_by())); // empty for all but a few
    }
    return sha256(running.view(), text);
}

} // namespace roadbook::protocol
