// An edit as data: what a locked device surrenders, and what is taken back from quarantine. As Automerge steps, too.
#include "conflict/merge/intent.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/random_values.hpp"

using namespace roadbook;

std::vector<Bytes> fuzz::seeds()
{
    testing::RandomValues values{3};
    std::vector<Bytes> all;
    for (const auto* name : {"visit", "quote", "expense_report", "account"}) {
        const auto* kind = schema::find_kind(name);
        merge::Intent intent;
        intent.id = values.fresh<IntentId>();
        intent.record = values.fresh<RecordId>();
        intent.kind = name;
        intent.create = true;
        intent.reason = "客户要求";
        intent.base_heads = {sha256(as_bytes("head"))};
        schema::Fields fields;
        for (const auto& field : kind->fields) fields[field.name] = values.good(field);
        intent.steps.push_back({{}, {}, false, std::move(fields)});
        for (const auto& collection : kind->collections) intent.steps.push_back({collection.name, values.fresh<ChildId>(), true, {{"position", std::string{"a"}}}});
        all.push_back(merge::write(intent));
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto intent = merge::read_intent(fuzz::view_of(data, size));
    if (!intent) return 0;
    static_cast<void>(merge::edits_of(*intent));
    const auto written = merge::write(*intent);
    const auto again = merge::read_intent(written);
    fuzz::must(again && merge::write(*again) == written, "an edit is kept as it was read");
    return 0;
}
