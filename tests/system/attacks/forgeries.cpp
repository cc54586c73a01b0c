// A device with a good token, whose changes no honest device makes. What killed plain Automerge is refused here, over the wire.
#include "conflict/merge/genesis.hpp"
#include "shared/protocol/limits.hpp"
#include "tests/support/gate_cases.hpp"
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

namespace roadbook::attacks {
namespace {

using namespace roadbook::testing::column;
using testing::ColumnData;
using testing::ForgedChange;

/// The attacker's own account, as his device holds it.
automerge::Document own_account(Arena& arena, Intruder& device)
{
    return automerge::Document::load(device.records().at(arena.acme)).value();
}

/// Pushes what `forge` makes of Ann's account.
Attack forged(std::string row, std::string what, std::string expected, std::function<Bytes(const automerge::Document&)> forge)
{
    return {std::move(row), std::move(what), std::move(expected), [forge = std::move(forge)](Arena& arena) {
                Intruder device{arena, arena.enrol(arena.ann)};
                return device.push_one(arena.acme, forge(own_account(arena, device)));
            }};
}

/// A well-formed put at the root, by an actor of its own, with one thing wrong.
ForgedChange put(const automerge::Document& base)
{
    auto change = testing::a_put(base);
    change.actor = new_actor();
    return change;
}

Bytes op_bomb(const automerge::Document& base, std::int64_t times)
{
    auto change = put(base);
    change.columns = {{key_string, ColumnData{}.raw(Bytes{})},
                      {insert, ColumnData{}.booleans({static_cast<std::uint64_t>(times)})},
                      {action, ColumnData{}.repeated(times, 1)},
                      {value_meta, ColumnData{}.repeated(times, 0)},
                      {predecessor_group, ColumnData{}.repeated(times, 0)}};
    testing::signed_leb(change.columns[0].second, times);
    testing::leb(change.columns[0].second, 1);
    change.columns[0].second.push_back(std::byte{'k'});
    return change.bytes();
}

Bytes nested_maps(int depth)
{
    auto document = merge::new_document(*schema::find_kind("quote"));
    std::vector<automerge::Edit> edits;
    std::vector<std::string> path{"lines"};
    for (int i = 1; i < depth; ++i) {
        path.emplace_back("d");
        edits.push_back({path, automerge::Edit::PutMap{}});
    }
    return document.commit(new_actor(), edits).value().value().bytes;
}

Attack nesting(int depth, std::string expected)
{
    return {"M6", fmt::format("maps nested {} deep", depth), std::move(expected), [depth](Arena& arena) {
                Intruder device{arena, arena.enrol(arena.ann)};
                return device.push_one(new_id<RecordId>(system_clock().now(), system_random()), nested_maps(depth));
            }};
}

/// Ann's second device writes under the actor of her first, with the number that comes next: it would lock that one out.
std::string forged_actor(Arena& arena)
{
    Intruder victim{arena, arena.enrol(arena.ann)};
    auto document = own_account(arena, victim);
    const auto actor = new_actor();
    const auto commit = [&](const char* phone) {
        const std::vector<automerge::Edit> edits{{{"phone"}, automerge::Edit::Put{std::string{phone}}}};
        return document.commit(actor, edits).value().value().bytes;
    };
    const auto first = commit("1");
    const auto second = commit("2");
    auto answer = victim.push_one(arena.acme, first);
    Intruder thief{arena, arena.enrol(arena.ann)};
    answer += ", thief: " + thief.push_one(arena.acme, second);
    return answer + ", victim: " + victim.push_one(arena.acme, second);
}

std::string orphans(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto before = arena.memory();
    const auto base = own_account(arena, device);
    int needed = 0;
    for (int batch = 0; batch < 16; ++batch) {
        v1::ChangeList list;
        for (int i = 0; i < 250; ++i) {
            auto change = put(base);
            change.deps = {sha256(as_bytes(fmt::format("{} {}", batch, i)))};
            auto& pushed = *list.add_changes();
            pushed.set_document(protocol::to_field(arena.acme));
            pushed.set_change(protocol::to_field(change.bytes()));
        }
        const auto answers = device.push_all(list);
        for (const auto& answer : answers.exceptions()) needed += answer.status() == v1::NEED;
    }
    return fmt::format("{} x NEED, memory {}", needed, arena.memory() - before < 16 ? "flat" : "grown");
}

/// Changes that came in, after all of this: none.
std::string account_is_whole(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto content = own_account(arena, device).read();
    const auto change = change_on(device.records().at(arena.acme), {{{"phone"}, automerge::Edit::Put{std::string{"+49 1"}}}});
    return fmt::format("{}, an honest edit {}", content ? "loads" : "does not load", device.push_one(arena.acme, change));
}

} // namespace

std::vector<Attack> attacks_by_changes()
{
    const auto sync_message = Bytes{std::byte{0x42}, std::byte{0}, std::byte{0}, std::byte{1}, std::byte{0}, std::byte{9}, std::byte{1}, std::byte{10}};
    return {
        {"M1", "the next change of another device's actor", "accepted, thief: REFUSED actor_forbidden, victim: accepted", forged_actor},
        forged("M1", "a change in the name of the genesis", "REFUSED actor_forbidden",
               [](const auto& base) { auto change = put(base); change.actor = merge::genesis_actor(); return change.bytes(); }),
        forged("M2", "a new actor's fifth change", "REFUSED out_of_order", [](const auto& base) { auto change = put(base); change.seq = 5; return change.bytes(); }),
        forged("M2", "a first operation below its parents'", "REFUSED bad_change", [](const auto& base) { auto change = put(base); change.start_op = 2; return change.bytes(); }),
        forged("M2", "a first operation of 2^32 - 1", "REFUSED too_large",
               [](const auto& base) { auto change = put(base); change.start_op = 0xffff'ffff; return change.bytes(); }),
        forged("M2", "an operation on an object that is not there", "REFUSED bad_change",
               [](const auto& base) { auto change = testing::a_put_on_nothing(base); return change.bytes(); }),
        forged("M2", "a predecessor that is not there", "REFUSED bad_change", [](const auto& base) { return testing::a_put_over_nothing(base).bytes(); }),
        forged("M2", "one parent named twice", "REFUSED bad_change",
               [](const auto& base) { auto change = put(base); change.deps.push_back(change.deps.front()); return change.bytes(); }),
        forged("M2", "a message and a time in a change", "REFUSED bad_change",
               [](const auto& base) { auto change = put(base); change.message = "hello"; change.time = 1; return change.bytes(); }),
        forged("M2", "bytes behind a change", "REFUSED bad_change", [](const auto& base) { auto change = put(base); change.extra = Bytes(8); return change.bytes(); }),
        {"M3", "4,000 changes on parents that nobody has", "4000 x NEED, memory flat", orphans},
        forged("M4", "ten million operations in 100 bytes", "REFUSED too_large", [](const auto& base) { return op_bomb(base, 10'000'000); }),
        forged("M4", "a hundred million", "REFUSED too_large", [](const auto& base) { return op_bomb(base, 100'000'000); }),
        forged("M4", "a packed chunk", "REFUSED bad_change", [](const auto&) { return testing::chunk(2, Bytes(60'000)); }),
        forged("M4", "a whole document in place of a change", "REFUSED bad_change", [](const auto& base) { return base.save_compressed().value(); }),
        forged("M4", "a sync message with a Bloom filter", "REFUSED bad_change", [=](const auto&) { return sync_message; }),
        forged("M5", "a change of 70 KB", "REFUSED too_large", [](const auto& base) {
            return base.fork().value().commit(new_actor(), std::vector<automerge::Edit>{{{"phone"}, automerge::Edit::Put{std::string(70'000, '1')}}}).value().value().bytes;
        }),
        nesting(9, "REFUSED too_large"),
        nesting(1'200, "REFUSED too_large"),
        forged("M10", "one bit of an honest change turned over", "REFUSED bad_change", [](const auto& base) {
            auto bytes = put(base).bytes();
            bytes[bytes.size() / 2] ^= std::byte{1};
            return bytes;
        }),
        {"M2", "the account after all these", "loads, an honest edit accepted", account_is_whole},
    };
}

} // namespace roadbook::attacks
