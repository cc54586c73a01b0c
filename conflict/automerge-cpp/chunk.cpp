#include "conflict/automerge-cpp/chunk.hpp"

#include "conflict/automerge-cpp/columns.hpp"
#include "conflict/automerge-cpp/cursor.hpp"

#include <algorithm>

namespace roadbook::automerge {
namespace {

constexpr std::array magic{std::byte{0x85}, std::byte{0x6f}, std::byte{0x4a}, std::byte{0x83}};
constexpr std::size_t checksum_at = magic.size();
constexpr std::size_t type_at = checksum_at + 4; // the hash covers the chunk from here
constexpr std::uint8_t document_type = 0;
constexpr std::uint8_t change_type = 1;          // 2 is a packed change, 3 a bundle

Error bad(std::string_view what)
{
    return fail(Errc::bad_change, "This change is damaged or forged: " + std::string{what} + ". It was not taken.");
}

Error too_large(std::string_view what)
{
    return fail(Errc::too_large, Bilingual{"This change " + std::string{what} + ". It was not taken; save smaller parts.", "一次修改的内容过多，未被接受；请分几次保存"});
}

/// Magic, checksum, type and length; `body` is all the rest.
Result<void> read_header(ByteView chunk, std::uint8_t type, Hash& hash, ByteView& body)
{
    if (chunk.size() <= type_at || !std::equal(magic.begin(), magic.end(), chunk.begin()))
        return bad("it does not begin like one");
    if (std::to_integer<std::uint8_t>(chunk[type_at]) != type) return bad("it is another kind of chunk");
    Cursor in{chunk.subspan(type_at + 1)};
    std::uint64_t length = 0;
    if (!in.number(length) || length != in.rest().size()) return bad("its length is not what it says");
    body = in.rest();
    hash = hash_of_chunk(chunk);
    if (!std::equal(hash.bytes.begin(), hash.bytes.begin() + 4, chunk.begin() + checksum_at))
        return bad("its checksum is wrong");
    return {};
}

Result<void> read_dependencies(Cursor& in, const GateLimits& limits, std::vector<Hash>& deps)
{
    std::uint64_t count = 0;
    if (!in.number(count)) return bad("it ends too early");
    if (count > limits.dependencies_max) return too_large("builds on too many others at once");
    deps.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        ByteView hash;
        if (!in.take(sizeof(Hash), hash)) return bad("it ends too early");
        deps.push_back(*Hash::from(hash));
    }
    auto sorted = deps;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return bad("it names a dependency twice");
    return {};
}

bool read_actor(Cursor& in, ActorId& actor)
{
    std::uint64_t length = 0;
    ByteView bytes;
    if (!in.number(length) || length != sizeof(ActorId) || !in.take(length, bytes)) return false;
    actor = *ActorId::from(bytes);
    return true;
}

/// Rising, without the author: any other order would be written differently when the document is saved.
Result<std::uint64_t> read_other_actors(Cursor& in, const ActorId& author, const GateLimits& limits)
{
    std::uint64_t count = 0;
    if (!in.number(count)) return bad("it ends too early");
    if (count > limits.actors_max) return too_large("names too many authors");
    ActorId before;
    for (std::uint64_t i = 0; i < count; ++i) {
        ActorId actor;
        if (!read_actor(in, actor)) return bad("an author is not 16 bytes");
        if (actor == author || (i != 0 && actor <= before)) return bad("its list of authors is not in order");
        before = actor;
    }
    return count;
}

/// No message and no time: both travel beside the change, where the server can answer for them.
bool read_silence(Cursor& in)
{
    std::int64_t time = 0;
    std::uint64_t message = 0;
    return in.signed_number(time) && time == 0 && in.number(message) && message == 0;
}

} // namespace

Hash hash_of_chunk(ByteView chunk)
{
    return sha256(chunk.subspan(std::min(chunk.size(), type_at)));
}

bool Document::is_intact(ByteView saved)
{
    Hash hash;
    ByteView body;
    return read_header(saved, document_type, hash, body).has_value();
}

Result<Parsed> parse_chunk(ByteView chunk, const GateLimits& limits)
{
    if (chunk.size() > limits.change_bytes_max)
        return too_large("is over " + std::to_string(limits.change_bytes_max) + " bytes");
    Parsed parsed;
    auto& summary = parsed.summary;
    ByteView body;
    ROADBOOK_CHECK(read_header(chunk, change_type, summary.hash, body));

    Cursor in{body};
    ROADBOOK_CHECK(read_dependencies(in, limits, summary.deps));
    if (!read_actor(in, summary.actor)) return bad("its author is not 16 bytes");
    if (!in.number(summary.seq) || summary.seq == 0) return bad("it has no number");
    if (!in.number(summary.start_op) || summary.start_op == 0) return bad("it has no first operation");
    if (summary.start_op > limits.document_operations_max)
        return too_large("would be beyond the last operation of a document");
    if (!read_silence(in)) return bad("it carries a time or a message");
    const auto others = read_other_actors(in, summary.actor, limits);
    if (!others) return others.error();

    auto counts = count_columns(in.rest(), 1 + *others, limits);
    if (!counts) return counts.error();
    summary.operations = counts->operations;
    if (summary.max_op() > limits.document_operations_max)
        return too_large("would be beyond the last operation of a document");
    for (const auto index : counts->makes) parsed.made.push_back(summary.start_op + index);
    return parsed;
}

Result<Summary> inspect(ByteView chunk, const GateLimits& limits)
{
    auto parsed = parse_chunk(chunk, limits);
    if (!parsed) return parsed.error();
    return std::move(parsed->summary);
}

} // namespace roadbook::automerge
