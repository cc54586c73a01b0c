// The whole gate, on a filled record and on a new one: what is admitted loads again, and honest work goes on after it.
#include "tests/fuzz/chunks.hpp"
#include "tests/support/gate_cases.hpp"

#include <array>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

const automerge::Document& base(std::size_t which)
{
    static const std::array bases{filled_record(2), new_record()};
    return bases.at(which);
}

} // namespace

std::vector<Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    for (unsigned which = 0; which < 2; ++which) {
        add_chunk(all, {which}, an_edit(base(which), {put_text({"field0"}, "new"), put_map({"lines", "x"}), put_text({"lines", "x", "product"}, "valve")}).bytes());
        add_chunk(all, {which}, an_edit(base(which), {set_text({"note"}, "客户要求周五前交货。")}).bytes());
        add_chunk(all, {which}, a_put(base(which)).bytes());
        add_chunk(all, {which}, a_put_on_nothing(base(which)).bytes());
        add_chunk(all, {which}, a_put_over_nothing(base(which)).bytes());
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::Choices input{fuzz::view_of(data, size)};
    const auto& record = base(input.below(2));
    auto admission = through_gate(record, {fuzz::chunk_from(1, input)});
    if (!admission.grown) return 0;
    const auto loaded = automerge::Document::load(admission.saved);
    fuzz::must(loaded && same(*loaded, admission.document), "what was admitted loads again as the same record");
    auto colleague = record.fork().value();
    const auto apart = edit(colleague, an_actor(901), {put_text({"honest"}, "apart"), put_text({"field0"}, "later")}).bytes;
    const auto after = edit(admission.document, an_actor(900), {put_text({"honest"}, "after it"), put_map({"after"})}).bytes;
    const auto both = through_gate(*loaded, {apart, after});
    fuzz::must(both.verdicts.at(0).has_value() && both.verdicts.at(1).has_value(), "honest work goes on after what was admitted");
    return 0;
}
