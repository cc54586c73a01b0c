// What it costs to read a merged record. Run by hand: merge_benchmark "[.benchmark]"
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/intent.hpp"
#include "conflict/merge/merged_record.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>

using namespace roadbook;

namespace {

constexpr int lines = 100, rounds = 300;

ActorId an_actor(std::uint8_t last)
{
    ActorId actor;
    actor.bytes.back() = static_cast<std::byte>(last);
    return actor;
}

merge::Intent edit(std::vector<merge::Intent::Step> steps, bool create = false)
{
    merge::Intent intent;
    intent.record = id_from_name<RecordId>("quote", "1");
    intent.kind = "quote";
    intent.create = create;
    intent.steps = std::move(steps);
    return intent;
}

ChildId a_line(int i)
{
    return id_from_name<ChildId>("line", std::to_string(i));
}

void put(automerge::Document& document, std::uint8_t actor, const merge::Intent& intent)
{
    (void)document.commit(an_actor(actor), merge::edits_of(intent).value()).value();
}

template <class Work>
void measure(const char* what, Work&& work)
{
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) work();
    std::cout << "  " << what << ": " << std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / rounds << " us\n";
}

} // namespace

TEST_CASE("a quote of 100 lines that two people changed apart", "[.benchmark]")
{
    const auto& kind = *schema::find_kind("quote");
    const auto id = id_from_name<RecordId>("quote", "1");
    auto document = merge::new_document(kind);
    std::vector<merge::Intent::Step> steps;
    for (int i = 0; i < lines; ++i)
        steps.push_back({"lines", a_line(i), true,
                         {{"product", id_from_name<RecordId>("product", std::to_string(i))}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{100, "EUR"}}, {"position", std::string{"aa"}}}});
    put(document, 1, edit(steps, true));
    auto other = document.fork().value();
    for (int i = 0; i < lines; ++i) {
        put(document, 1, edit({{"lines", a_line(i), false, {{"quantity", std::int64_t{2'000 + i}}}}}));
        put(other, 2, edit({{"lines", a_line(i), false, {{"quantity", std::int64_t{5'000 + i}}, {"unit_price", Money{200 + i, "EUR"}}}}}));
    }
    const auto theirs = other.changes_since({}).value();
    std::vector<ByteView> views;
    for (const auto& change : theirs) views.emplace_back(change.bytes);
    document.apply(views).value();
    const auto merged = merge::read(kind, id, document).value();
    std::cout << lines << " lines, " << merged.conflicts.size() << " conflicts\n";
    measure("read from the document", [&] { (void)merge::read(kind, id, document).value(); });
    const auto content = document.read().value();
    measure("of that, by policy alone", [&] { (void)merge::read(kind, id, content); });
}
