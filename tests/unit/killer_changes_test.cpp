// What killed plain Automerge 0.12, each on a record of 12 fields: refused, in time and memory that harm nobody.
#include "tests/support/gate_cases.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/peak_memory.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace roadbook;
using namespace roadbook::automerge;
using namespace roadbook::testing;
using namespace roadbook::testing::column;

namespace {

constexpr auto time_max = patience * std::chrono::milliseconds{10};
constexpr std::size_t memory_max = 1 << 20;

/// The verdict; checks what reaching it cost. The best of five runs: the machine may be busy with something else.
Errc verdict_within_bounds(const Document& base, const std::vector<Bytes>& changes)
{
    auto best = std::chrono::steady_clock::duration::max();
    Errc verdict = Errc::ok;
    for (int run = 0; run < 5; ++run) {
        const PeakMemory memory;
        const auto start = std::chrono::steady_clock::now();
        const auto admission = through_gate(base, changes);
        best = std::min(best, std::chrono::steady_clock::now() - start);
        CHECK(memory.bytes() <= memory_max);
        if (memory_is_counted()) CHECK(memory.bytes() != 0);
        verdict = code(admission.verdicts.back());
    }
    CHECK(best <= time_max);
    return verdict;
}

Errc killer(const Bytes& change)
{
    return verdict_within_bounds(filled_record(0), {change});
}

} // namespace

TEST_CASE("killer: a sync message with four billion Bloom probes is no change")
{
    const Bytes message{std::byte{0x42}, std::byte{0},    std::byte{0},    std::byte{1},
                        std::byte{0},    std::byte{9},    std::byte{1},    std::byte{10},
                        std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff},
                        std::byte{0x0f}, std::byte{0},    std::byte{0},    std::byte{0}};
    CHECK(killer(message) == Errc::bad_change);
    const Bytes zero_bits{std::byte{0x42}, std::byte{0}, std::byte{0}, std::byte{1}, std::byte{0},
                          std::byte{4},    std::byte{1}, std::byte{0}, std::byte{7}, std::byte{0}};
    CHECK(killer(zero_bits) == Errc::bad_change);
}

TEST_CASE("killer: a new actor's fifth change, which panics")
{
    auto change = a_put(filled_record(0));
    change.seq = 5;
    CHECK(killer(change.bytes()) == Errc::out_of_order);
}

TEST_CASE("killer: an operation on a missing object, which panics")
{
    const auto change = a_put_on_nothing(filled_record(0));
    CHECK(killer(change.bytes()) == Errc::bad_change);
}

TEST_CASE("killer: a first operation lower than the parents allow, whose document never loads again")
{
    auto change = a_put(filled_record(0));
    change.start_op = 2;
    CHECK(killer(change.bytes()) == Errc::bad_change);
}

TEST_CASE("killer: a predecessor that does not exist, whose document never loads again")
{
    CHECK(killer(a_put_over_nothing(filled_record(0)).bytes()) == Errc::bad_change);
}

TEST_CASE("killer: a first operation at the end of the number range, after which no honest edit is possible")
{
    auto change = a_put(filled_record(0));
    change.start_op = 0xffff'ffff;
    CHECK(killer(change.bytes()) == Errc::too_large);
}

TEST_CASE("killer: ten, and a hundred, million operations in a hundred bytes")
{
    for (const std::int64_t times : {10'000'000, 100'000'000}) {
        auto change = a_put(filled_record(0));
        change.columns = {{key_string, ColumnData{}.raw(Bytes{})},
                          {insert, ColumnData{}.booleans({static_cast<std::uint64_t>(times)})},
                          {action, ColumnData{}.repeated(times, 1)},
                          {value_meta, ColumnData{}.repeated(times, 0)},
                          {predecessor_group, ColumnData{}.repeated(times, 0)}};
        signed_leb(change.columns[0].second, times);
        leb(change.columns[0].second, 1);
        change.columns[0].second.push_back(std::byte{'k'});
        CHECK(change.bytes().size() < 120);
        CHECK(killer(change.bytes()) == Errc::too_large);
    }
}

TEST_CASE("killer: every column alone can claim ten million rows, and is stopped")
{
    const auto base = filled_record(0);
    const auto honest = an_edit(base, {put_text({"field0"}, "a"), set_text({"note"}, "b")});
    for (const auto& [column, data] : honest.columns) {
        if (column == value_bytes) continue;
        for (const std::int64_t times : {5'001, 10'000'000}) {
            auto change = honest;
            Bytes run;
            if (column == insert) {
                leb(run, static_cast<std::uint64_t>(times));
            } else {
                signed_leb(run, times);
                leb(run, 0); // a number, a difference, or an empty text
            }
            *change.column(column) = run;
            CAPTURE(column, times);
            CHECK(verdict_within_bounds(base, {change.bytes()}) == Errc::too_large);
            if (column == insert) continue;
            *change.column(column) = ColumnData{}.nulls(static_cast<std::uint64_t>(times));
            CHECK(verdict_within_bounds(base, {change.bytes()}) != Errc::ok);
        }
    }
}

TEST_CASE("killer: predecessors by the million in a group")
{
    auto change = a_put(filled_record(0));
    change.columns.back() = {predecessor_group, ColumnData{}.numbers({4'000'000'000})};
    change.columns.push_back({predecessor_actor, ColumnData{}.repeated(4'000'000'000, 0)});
    change.columns.push_back({predecessor_counter, ColumnData{}.repeated(4'000'000'000, 0)});
    CHECK(killer(change.bytes()) == Errc::bad_change);
    change.columns[4] = {predecessor_group, ColumnData{}.numbers({5'000})};
    CHECK(killer(change.bytes()) == Errc::too_large);
}

TEST_CASE("killer: a packed chunk of a megabyte that inflates to a gigabyte")
{
    CHECK(killer(chunk(2, Bytes(1 << 20, std::byte{0}))) == Errc::too_large);
    CHECK(killer(chunk(2, Bytes(60'000, std::byte{0}))) == Errc::bad_change);
    auto column = a_put(filled_record(0));
    column.columns[0] = {key_string | 0x08, Bytes(60'000, std::byte{0})};
    CHECK(killer(column.bytes()) == Errc::bad_change);
}

TEST_CASE("killer: four thousand changes on unknown parents leave nothing behind")
{
    const auto base = filled_record(0);
    auto orphan = a_put(base);
    const auto before = base.save().value();
    const auto start = std::chrono::steady_clock::now();
    for (unsigned i = 0; i < 4'000; ++i) {
        orphan.deps = {sha256(as_bytes(std::to_string(i)))};
        REQUIRE(verdict_on(base, orphan.bytes()) == Errc::missing_parents);
    }
    CHECK(std::chrono::steady_clock::now() - start < patience * std::chrono::seconds{1});
    CHECK(base.save().value() == before);
    CHECK(verdict_within_bounds(base, {orphan.bytes()}) == Errc::missing_parents);
}

TEST_CASE("killer: a whole document, or a bundle, in the place of a change")
{
    CHECK(killer(filled_record(5).save().value()) == Errc::bad_change);
    CHECK(killer(filled_record(5).save_compressed().value()) == Errc::bad_change);
    CHECK(killer(chunk(3, as_bytes("bundle"))) == Errc::bad_change);
}
