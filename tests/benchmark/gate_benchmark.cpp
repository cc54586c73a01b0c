// What a document and the gate cost. Run by hand: gate_benchmark "[.benchmark]"
#include "tests/support/gate_cases.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>

using namespace roadbook;
using namespace roadbook::automerge;
using namespace roadbook::testing;

namespace {

template <class Work>
void measure(const char* what, int rounds, Work&& work)
{
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) work();
    const auto each =
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / rounds;
    std::cout << "  " << what << ": " << each << " us\n";
}

void measure_record(const char* name, const Document& base, int rounds)
{
    const auto saved = base.save().value();
    const auto heads = base.heads().value();
    std::cout << name << ", " << saved.size() << " bytes saved\n";
    auto device = base.fork().value();
    const auto change = edit(device, an_actor(7), {put_text({"field0"}, "new")});
    const std::vector<Bytes> one{change.bytes};
    measure("inspect", rounds * 10, [&] { (void)inspect(change.bytes).value(); });
    measure("fork", rounds, [&] { (void)base.fork().value(); });
    measure("read", rounds, [&] { (void)base.read().value(); });
    measure("read_at one change ago", rounds, [&] { (void)device.read_at(heads).value(); });
    measure("save", rounds, [&] { (void)base.save().value(); });
    measure("save_compressed", rounds, [&] { (void)base.save_compressed().value(); });
    measure("load", rounds, [&] { (void)Document::load(saved).value(); });
    measure("changes_since nothing", rounds, [&] { (void)base.changes_since({}).value(); });
    measure("changes_since one change ago", rounds, [&] { (void)device.changes_since(heads).value(); });
    measure("commit", rounds,
            [&, n = 0]() mutable { edit(device, an_actor(7), {put({"field1"}, Scalar{std::int64_t{++n}})}); });
    measure("admit 1 change", rounds, [&] { (void)through_gate(base, one); });
    auto other = base.fork().value();
    std::vector<Bytes> hundred;
    for (int i = 0; i < 100; ++i)
        hundred.push_back(edit(other, an_actor(8), {put({"field2"}, Scalar{std::int64_t{i}})}).bytes);
    measure("admit 100 changes at once", rounds / 10, [&] { (void)through_gate(base, hundred); });
}

} // namespace

TEST_CASE("what a document and the gate cost", "[.benchmark]")
{
    measure_record("12 fields", filled_record(0), 1'000);
    measure_record("20 lines", filled_record(20), 500);
    auto large = filled_record(200);
    for (int i = 0; i < 800; ++i)
        edit(large, an_actor(1 + static_cast<unsigned>(i) % 5),
             {put({"lines", "line-" + std::to_string(i % 200), "quantity"}, Scalar{std::int64_t{i + 1'000}})});
    measure_record("200 lines, 1,000 changes", large, 50);
}
