// The gate, by its stages.
#include "tests/support/forged_change.hpp"
#include "tests/support/sample_record.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>

using namespace roadbook;
using namespace roadbook::automerge;
using namespace roadbook::test;

namespace {

const ActorCheck any_actor = [](const ActorId&) { return Result<void>{}; };
const Legality always_legal = [](const Document&, const Summary&) { return Result<void>{}; };

Admission through_gate(const Document& base, const std::vector<Bytes>& changes, const Legality& legality = always_legal)
{
    const std::vector<ByteView> views(changes.begin(), changes.end());
    return admit(base, views, any_actor, legality).value();
}

} // namespace

TEST_CASE("an honest change is admitted, and the document that comes back has it")
{
    const auto base = filled_record();
    auto device = base.fork().value();
    const auto change = edit(device, an_actor(7), {put_text({"field0"}, "new")});
    const auto admission = through_gate(base, {change.bytes});
    REQUIRE(admission.verdicts.at(0).has_value());
    CHECK(admission.verdicts[0]->hash == change.hash);
    CHECK(admission.verdicts[0]->actor == an_actor(7));
    CHECK(admission.verdicts[0]->max_op() == change.max_op);
    REQUIRE(admission.grown);
    CHECK(value_at(admission.document, {"field0"}) == Scalar{std::string{"new"}});
    CHECK(value_at(base, {"field0"}) == Scalar{std::string{"value 0"}});
    CHECK(Document::load(admission.saved).value().heads().value() == device.heads().value());
}

namespace {
template <class Work>
double microseconds(int rounds, Work&& work)
{
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) work();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / rounds;
}
void report(const char* what, double us) { std::cout << what << ": " << us << " us\n"; }
void measure(const char* name, const Document& base, int rounds)
{
    std::cout << name << " (" << base.save().value().size() << " bytes)\n";
    auto device = base.fork().value();
    const auto change = edit(device, an_actor(7), {put_text({"field0"}, "new")});
    const std::vector<Bytes> one{change.bytes};
    const auto saved = base.save().value();
    const auto heads = base.heads().value();
    report("  inspect", microseconds(rounds * 10, [&] { (void)inspect(change.bytes).value(); }));
    report("  fork", microseconds(rounds, [&] { (void)base.fork().value(); }));
    report("  read", microseconds(rounds, [&] { (void)base.read().value(); }));
    report("  read_at own past", microseconds(rounds, [&] { (void)device.read_at(heads).value(); }));
    report("  save", microseconds(rounds, [&] { (void)base.save().value(); }));
    report("  save_compressed", microseconds(rounds, [&] { (void)base.save_compressed().value(); }));
    report("  load", microseconds(rounds, [&] { (void)Document::load(saved).value(); }));
    report("  load and last_seq", microseconds(rounds, [&] { (void)Document::load(saved).value().last_seq(an_actor(1)).value(); }));
    report("  changes_since(all)", microseconds(rounds, [&] { (void)base.changes_since({}).value(); }));
    report("  changes_since(last)", microseconds(rounds, [&] { (void)device.changes_since(heads).value(); }));
    report("  change(last)", microseconds(rounds, [&] { (void)device.change(change.hash).value(); }));
    report("  commit", microseconds(rounds, [&, n = 0]() mutable { edit(device, an_actor(7), {put({"field1"}, Scalar{std::int64_t{++n}})}); }));
    report("  admit one", microseconds(rounds, [&] { (void)through_gate(base, one); }));
    auto other = base.fork().value();
    std::vector<Bytes> hundred;
    for (int i = 0; i < 100; ++i) hundred.push_back(edit(other, an_actor(8), {put({"field2"}, Scalar{std::int64_t{i}})}).bytes);
    report("  admit 100 in a batch", microseconds(std::max(rounds / 10, 1), [&] { (void)through_gate(base, hundred); }));
}
}

TEST_CASE("what the gate costs", "[.benchmark]")
{
    measure("12 fields", filled_record(0), 1000);
    measure("20 lines", filled_record(20), 300);
    auto large = filled_record(200);
    for (int i = 0; i < 800; ++i)
        edit(large, an_actor(1 + static_cast<unsigned>(i) % 5), {put({"lines", "line-" + std::to_string(i % 200), "quantity"}, Scalar{std::int64_t{i + 1000}})});
    measure("200 lines, 1,000 changes", large, 50);
}
