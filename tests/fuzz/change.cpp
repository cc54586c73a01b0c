// Stage 1 of the gate: our own parser of one change. What it lets through says how much Automerge will be asked to allocate.
#include "tests/fuzz/chunks.hpp"
#include "tests/support/gate_cases.hpp"

using namespace roadbook;
using namespace roadbook::testing;

std::vector<Bytes> fuzz::seeds()
{
    const auto base = filled_record(2);
    std::vector<Bytes> all;
    for (const auto& edits : std::vector<std::vector<automerge::Edit>>{{put_text({"field0"}, "new")},
                                                                       {put_map({"lines", "new"}), put({"lines", "new", "quantity"}, automerge::Scalar{std::int64_t{3}})},
                                                                       {set_text({"note"}, "客户 twice 👩‍👩‍👧")},
                                                                       {removal({"lines", "line-0"}), put({"bytes"}, automerge::Scalar{Bytes(20, std::byte{9})})}})
        add_chunk(all, {}, an_edit(base, edits).bytes());
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Choices input{fuzz::view_of(data, size)};
    const auto chunk = fuzz::chunk_from(1, input);
    const automerge::GateLimits limits;
    const auto summary = automerge::inspect(chunk, limits);
    if (!summary) return 0;
    fuzz::must(chunk.size() <= limits.change_bytes_max, "no change is larger than the limit");
    fuzz::must(summary->operations >= 1 && summary->operations <= limits.change_operations_max, "no change has more operations than the limit");
    fuzz::must(summary->deps.size() <= limits.dependencies_max, "no change builds on more others than the limit");
    fuzz::must(summary->max_op() >= summary->start_op, "operation numbers do not wrap");
    fuzz::must(summary->hash == sha256(ByteView{chunk}.subspan(8)), "the identity of a change is its own hash");
    return 0;
}
