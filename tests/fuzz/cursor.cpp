// The cursor that reads hostile bytes from front to back: what it reads as a number is written by exactly these bytes.
#include "conflict/automerge-cpp/cursor.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/forged_change.hpp"

using namespace roadbook;
using automerge::Cursor;

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    for (const auto number : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{1} << 35, UINT64_MAX}) {
        Bytes bytes;
        testing::leb(bytes, number);
        testing::signed_leb(bytes, static_cast<std::int64_t>(number));
        testing::signed_leb(bytes, -static_cast<std::int64_t>(number >> 1));
        all.push_back(bytes);
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = fuzz::view_of(data, size);
    const auto is_written_so = [&](const Cursor& before, const Cursor& after, const Bytes& written) {
        const auto read = before.rest().first(before.rest().size() - after.rest().size());
        fuzz::must(std::equal(read.begin(), read.end(), written.begin(), written.end()), "a number has one way to be written");
    };
    for (Cursor in{bytes}; !in.empty();) {
        const auto before = in;
        std::uint64_t value = 0;
        if (!in.number(value)) break;
        Bytes written;
        testing::leb(written, value);
        is_written_so(before, in, written);
    }
    for (Cursor in{bytes}; !in.empty();) {
        const auto before = in;
        std::int64_t value = 0;
        if (!in.signed_number(value)) break;
        Bytes written;
        testing::signed_leb(written, value);
        is_written_so(before, in, written);
    }
    for (Cursor in{bytes};;) { // blocks, each with its length in front
        std::uint64_t length = 0;
        ByteView taken;
        if (!in.number(length) || !in.take(length, taken)) break;
        fuzz::must(taken.size() == length, "a block is as long as it says");
    }
    return 0;
}
