// A million changes damaged by chance and by design, each with its checksum made right again, through the gate. What
// must hold: nothing ends the process; what is admitted loads again, can be edited and merged; no honest change is
// refused. ROADBOOK_FUZZ_CHANGES and ROADBOOK_FUZZ_SEED make a longer or another run.
#include "tests/support/damage.hpp"
#include "tests/support/gate_cases.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <thread>

using namespace roadbook;
using namespace roadbook::automerge;
using namespace roadbook::testing;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise)
{
    const char* const text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// A record and honest changes on top of it, each made apart from the others.
struct World {
    Document base;
    std::vector<Bytes> honest;
};

World a_world(Document base, const std::vector<std::vector<Edit>>& edits)
{
    World world{std::move(base), {}};
    unsigned author = 50;
    for (const auto& each : edits) {
        auto device = world.base.fork().value();
        const auto by = an_actor(each.size() % 2 == 0 ? 1 : ++author); // known authors and new ones
        world.honest.push_back(edit(device, by, each).bytes);
    }
    return world;
}

World fields()
{
    return a_world(filled_record(0),
                   {{put_text({"field0"}, "new")},
                    {put({"field1"}, Scalar{std::int64_t{-5}}), put_text({"state"}, "done")},
                    {put({"field2"}, Scalar{}), put({"field3"}, Scalar{true}), put_text({"field4"}, "北京")},
                    {removal({"field5"}), put({"bytes"}, Scalar{Bytes(20, std::byte{9})})}});
}

World lines()
{
    return a_world(filled_record(20), {{put_map({"lines", "new"}), put_text({"lines", "new", "product"}, "valve"),
                                        put({"lines", "new", "quantity"}, Scalar{std::int64_t{3}})},
                                       {put({"lines", "line-3", "quantity"}, Scalar{std::int64_t{77}})},
                                       {put({"lines", "line-4", "removed"}, Scalar{true}),
                                        put_text({"lines", "line-5", "product"}, "seal")},
                                       {removal({"lines", "line-6"}), put_map({"lines", "x"})}});
}

World text()
{
    auto base = new_record();
    edit(base, an_actor(1), {set_text({"note"}, "客户要求周五前交货。")});
    edit(base, an_actor(2), {set_text({"note"}, "客户要求周五前交货。Call before noon.")});
    return a_world(std::move(base),
                   {{set_text({"note"}, "客户王先生要求周五前交货。Call before noon.")},
                    {set_text({"note"}, "Call before noon."), put_text({"field0"}, "x")},
                    {set_text({"note"}, "")},
                    {set_text({"note"}, "客户要求周五前交货。Call before noon. 👩‍👩‍👧 twice"),
                     put_text({"field1"}, "y")}});
}

/// Several heads, several values at one key, containers hidden behind others.
World conflicts()
{
    auto base = filled_record(3);
    const auto common = base.fork().value();
    for (unsigned author = 1; author <= 4; ++author) {
        auto device = common.fork().value();
        const auto number = std::to_string(author);
        edit(device, an_actor(author),
             {put_text({"field0"}, number), put_map({"lines", "same"}), put_text({"lines", "same", "product"}, number),
              set_text({"note"}, number + " 客户要求周五前交货。 Call before noon.")});
        take_in(base, device.changes_since({}).value());
    }
    return a_world(std::move(base), {{put_text({"field0"}, "settled")},
                                     {put_text({"lines", "same", "product"}, "one"), put_text({"field1"}, "z")},
                                     {set_text({"note"}, "settled")},
                                     {removal({"lines", "same"}), put_text({"field0"}, "w")}});
}

struct Outcome {
    std::map<std::string, std::uint64_t> verdicts;
    std::uint64_t refused_late = 0; ///< past the parser: they broke the copy, or what it saved
    std::uint64_t admitted = 0;
    std::uint64_t lived_on = 0; ///< admitted ones after which honest work was tried
    std::uint64_t honest_tried = 0;
    std::vector<std::string> failures; ///< seeds and words; must stay empty
    std::chrono::steady_clock::duration slowest{};
};

class Fuzz {
public:
    explicit Fuzz(std::uint64_t seed) : damage_{seed} {}

    Outcome run(std::uint64_t changes)
    {
        for (const auto& world : worlds_) damage_.learn(world.honest);
        for (std::uint64_t i = 0; i < changes; ++i) {
            number_ = i;
            const auto& world = worlds_[damage_.below(worlds_.size())];
            one(world);
            if (i % 500 == 0) honest_passes(world);
        }
        return std::move(outcome_);
    }

private:
    void one(const World& world)
    {
        const auto& honest = world.honest[damage_.below(world.honest.size())];
        const auto damaged = damage_.damage(honest);
        const auto start = std::chrono::steady_clock::now();
        auto admission = through_gate(world.base, {damaged});
        outcome_.slowest = std::max(outcome_.slowest, std::chrono::steady_clock::now() - start);
        const auto verdict = code(admission.verdicts.at(0));
        ++outcome_.verdicts[std::string{name(verdict)}];
        if (verdict == Errc::bad_change && inspect(damaged)) ++outcome_.refused_late;
        if (verdict != Errc::ok || !admission.grown) return;
        const auto loaded = Document::load(admission.saved);
        if (!loaded || loaded->heads().value() != admission.document.heads().value()) return failed("does not load");
        if (++outcome_.admitted % 8 == 0) lives_on(world, admission.document);
    }

    /// Three devices work on: with the change, without it, and as the server does.
    void lives_on(const World& world, const Document& admitted)
    {
        ++outcome_.lived_on;
        auto with = admitted.fork().value();
        auto without = world.base.fork().value();
        std::vector<Bytes> work;
        for (int i = 0; i < 3; ++i) {
            work.push_back(edit(with, an_actor(900),
                                {put_text({"honest"}, std::to_string(i)), put_map({"after" + std::to_string(i)})})
                               .bytes);
            work.push_back(
                edit(without, an_actor(901),
                     {put_text({"honest"}, std::to_string(-i)), put_text({"field0"}, "later " + std::to_string(i))})
                    .bytes);
        }
        auto server = through_gate(admitted, work);
        for (const auto& verdict : server.verdicts)
            if (!verdict) return failed("honest work after it: " + verdict.error().message);
        take_in(with, server.document.changes_since({}).value());
        take_in(without, server.document.changes_since({}).value());
        if (!same(with, without) || !same(with, server.document)) failed("replicas differ");
    }

    void honest_passes(const World& world)
    {
        const auto admission = through_gate(world.base, world.honest);
        outcome_.honest_tried += world.honest.size();
        // two of them are by the same author, made apart: a device never does that
        for (const auto& verdict : admission.verdicts)
            if (!verdict && verdict.error().code != Errc::out_of_order) failed("honest: " + verdict.error().message);
        for (const auto& change : world.honest)
            if (verdict_on(world.base, change) != Errc::ok) failed("honest change refused");
    }

    void failed(std::string what)
    {
        constexpr std::size_t enough = 20;
        if (outcome_.failures.size() < enough)
            outcome_.failures.push_back(std::to_string(number_) + ": " + std::move(what));
    }

    std::array<World, 4> worlds_{fields(), lines(), text(), conflicts()};
    Damage damage_;
    std::uint64_t number_ = 0;
    Outcome outcome_;
};

} // namespace

TEST_CASE("a million damaged changes: none ends the process, none is admitted that does harm, no honest one is refused",
          "[fuzz]")
{
    constexpr std::size_t threads = 2;
    const auto changes = from_environment("ROADBOOK_FUZZ_CHANGES", 1'000'000);
    const auto seed = from_environment("ROADBOOK_FUZZ_SEED", 20'240'601);
    std::array<Outcome, threads> outcomes;
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < threads; ++i)
            workers.emplace_back([&, i] { outcomes[i] = Fuzz{seed + i}.run(changes / threads); });
    }
    for (const auto& outcome : outcomes) {
        for (const auto& [verdict, count] : outcome.verdicts) std::cout << verdict << ": " << count << ", ";
        std::cout << "of them past the parser: " << outcome.refused_late << ", worked on after " << outcome.lived_on
                  << ", honest ones between: " << outcome.honest_tried
                  << ", slowest: " << std::chrono::duration_cast<std::chrono::microseconds>(outcome.slowest).count()
                  << " us\n";
        for (const auto& failure : outcome.failures) UNSCOPED_INFO(failure);
        CHECK(outcome.failures.empty());
        CHECK(outcome.lived_on > 0);
        CHECK(outcome.slowest < std::chrono::seconds{5}); // a bomb would take longer; a busy machine does not
    }
}
