#include "tests/support/forged_change.hpp"

#include <algorithm>
#include <stdexcept>

namespace roadbook::testing {
namespace {

constexpr std::size_t checksum_at = 4;
constexpr std::size_t type_at = 8;

void append(Bytes& out, ByteView bytes)
{
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void prefixed(Bytes& out, ByteView bytes)
{
    leb(out, bytes.size());
    append(out, bytes);
}

/// Trusts its input: it takes apart what Automerge just made.
class Scanner {
public:
    explicit Scanner(ByteView bytes) : rest_{bytes} {}
    ByteView take(std::size_t count)
    {
        if (count > rest_.size()) throw std::invalid_argument{"not a change"};
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto next = std::to_integer<std::uint64_t>(take(1)[0]);
            value |= (next & 0x7f) << shift;
            if ((next & 0x80) == 0) return value;
        }
    }
    ByteView prefixed() { return take(number()); }
    ByteView rest() const { return rest_; }

private:
    ByteView rest_;
};

} // namespace

void leb(Bytes& out, std::uint64_t value)
{
    do {
        const auto low = static_cast<std::uint8_t>(value & 0x7f);
        value >>= 7;
        out.push_back(std::byte{static_cast<std::uint8_t>(low | (value != 0 ? 0x80 : 0))});
    } while (value != 0);
}

void signed_leb(Bytes& out, std::int64_t value)
{
    for (bool more = true; more;) {
        const auto low = static_cast<std::uint8_t>(value & 0x7f);
        value >>= 7;
        more = !((value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0));
        out.push_back(std::byte{static_cast<std::uint8_t>(low | (more ? 0x80 : 0))});
    }
}

ColumnData& ColumnData::numbers(std::initializer_list<std::uint64_t> values)
{
    signed_leb(bytes_, -static_cast<std::int64_t>(values.size()));
    for (const auto value : values) leb(bytes_, value);
    return *this;
}
ColumnData& ColumnData::deltas(std::initializer_list<std::int64_t> values)
{
    signed_leb(bytes_, -static_cast<std::int64_t>(values.size()));
    for (const auto value : values) signed_leb(bytes_, value);
    return *this;
}
ColumnData& ColumnData::repeated(std::int64_t times, std::uint64_t value)
{
    signed_leb(bytes_, times);
    leb(bytes_, value);
    return *this;
}
ColumnData& ColumnData::nulls(std::uint64_t count)
{
    signed_leb(bytes_, 0);
    leb(bytes_, count);
    return *this;
}
ColumnData& ColumnData::strings(std::initializer_list<std::string_view> values)
{
    signed_leb(bytes_, -static_cast<std::int64_t>(values.size()));
    for (const auto value : values) prefixed(bytes_, as_bytes(value));
    return *this;
}
ColumnData& ColumnData::booleans(std::initializer_list<std::uint64_t> runs)
{
    for (const auto run : runs) leb(bytes_, run);
    return *this;
}
ColumnData& ColumnData::raw(ByteView bytes)
{
    append(bytes_, bytes);
    return *this;
}

Bytes chunk(std::uint8_t type, ByteView body)
{
    Bytes out{std::byte{0x85}, std::byte{0x6f}, std::byte{0x4a}, std::byte{0x83}};
    out.resize(type_at);
    out.push_back(std::byte{type});
    prefixed(out, body);
    repair_checksum(out);
    return out;
}

void repair_checksum(Bytes& chunk)
{
    const auto hash = sha256(ByteView{chunk}.subspan(type_at));
    std::copy_n(hash.bytes.begin(), type_at - checksum_at, chunk.begin() + checksum_at);
}

Bytes ForgedChange::bytes() const
{
    Bytes body;
    leb(body, deps.size());
    for (const auto& dep : deps) append(body, dep.view());
    prefixed(body, actor.view());
    leb(body, seq);
    leb(body, start_op);
    signed_leb(body, time);
    prefixed(body, as_bytes(message));
    leb(body, others.size());
    for (const auto& other : others) prefixed(body, other.view());
    leb(body, columns.size());
    for (const auto& [specification, data] : columns) {
        leb(body, specification);
        leb(body, data.size());
    }
    for (const auto& [specification, data] : columns) append(body, data);
    append(body, extra);
    return chunk(type, body);
}

ForgedChange ForgedChange::from(ByteView chunk)
{
    ForgedChange change;
    Scanner in{chunk};
    in.take(type_at + 1);
    in.number();
    change.deps.resize(in.number());
    for (auto& dep : change.deps) dep = Hash::from(in.take(32)).value();
    change.actor = ActorId::from(in.prefixed()).value();
    change.seq = in.number();
    change.start_op = in.number();
    change.time = static_cast<std::int64_t>(in.number()); // 0 in ours
    change.message = as_text(in.prefixed());
    change.others.resize(in.number());
    for (auto& other : change.others) other = ActorId::from(in.prefixed()).value();
    std::vector<std::pair<std::uint32_t, std::uint64_t>> found(in.number());
    for (auto& [specification, length] : found) {
        specification = static_cast<std::uint32_t>(in.number());
        length = in.number();
    }
    for (const auto& [specification, length] : found)
        change.columns.emplace_back(specification, to_bytes(in.take(length)));
    change.extra = to_bytes(in.rest());
    return change;
}

Bytes* ForgedChange::column(std::uint32_t specification)
{
    for (auto& [found, data] : columns)
        if (found == specification) return &data;
    return nullptr;
}

} // namespace roadbook::testing
