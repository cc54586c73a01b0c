// A device with a good token that does not keep to the protocol: order, sizes, nesting, compression.
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

namespace roadbook::attacks {
namespace {

using namespace std::string_literals;

/// `send` has its way with a device of Ann's; how that ends.
Attack frame(std::string row, std::string what, std::string expected, const std::function<void(Arena&, Intruder&)>& send)
{
    return {std::move(row), std::move(what), std::move(expected), [send](Arena& arena) {
                Intruder device{arena, arena.enrol(arena.ann)};
                send(arena, device);
                return device.end();
            }};
}

v1::ChangeList rubbish(Arena& arena, int count, std::size_t size)
{
    v1::ChangeList list;
    for (int i = 0; i < count; ++i) {
        auto& change = *list.add_changes();
        change.set_document(protocol::to_field(arena.acme));
        change.set_change(std::string(size, static_cast<char>('a' + i % 26)) + std::to_string(i));
    }
    return list;
}

void packed(Intruder& device, std::string zstd)
{
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(1);
    frame.mutable_push()->set_zstd(std::move(zstd));
    device.send(frame);
}

/// A zstd frame that claims to hold four gigabytes.
std::string claim()
{
    return "\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x00\x01\x00\x00\x00"s + std::string(64, '\x00');
}

/// Groups within groups, as protocol buffers of old had them.
Bytes nested(int depth)
{
    return to_bytes(as_bytes(std::string(static_cast<std::size_t>(depth), '\x0b')));
}

std::string before_the_greeting(Arena& arena)
{
    std::string answers;
    v1::ClientFrame credit;
    credit.mutable_credit()->set_bytes(1);
    v1::ClientFrame wiped;
    wiped.mutable_wiped();
    for (const auto& frame : {push(1, rubbish(arena, 1, 10)), credit, wiped}) answers += (answers.empty() ? "" : "; ") + Intruder{arena}.end_after(frame);
    return answers;
}

std::string cut_in_the_middle(Arena& arena)
{
    const auto who = arena.enrol(arena.ann);
    const auto task = new_id<RecordId>(system_clock().now(), system_random());
    v1::ChangeList list;
    list.add_changes()->set_document(protocol::to_field(task));
    list.mutable_changes(0)->set_change(protocol::to_field(change_of(creation(task, "task", {{"subject", "half"s}, {"owner", arena.ann}}))));
    const auto greeting = protocol::write(hello(who));
    const auto bytes = protocol::write(push(1, list));
    const auto whole = testing::client_frame(0x82, std::string{as_text(bytes)});
    for (std::size_t length = 1; length < whole.size(); length += 1 + whole.size() / 12) {
        auto peer = raw_peer(arena);
        peer->send(testing::client_frame(0x82, std::string{as_text(greeting)}) + whole.substr(0, length));
        static_cast<void>(peer->read(2)); // it was greeted
        peer->cut();
    }
    Intruder device{arena, who};
    const bool is_there = arena.admin().record(task).has_value();
    return fmt::format("{}, then whole: {}", is_there ? "applied" : "nothing applied", device.push_one(task, as_bytes(list.changes(0).change())));
}

} // namespace

std::vector<Attack> attacks_by_frames()
{
    const auto refused_1002 = "refused bad_frame, closed 1002";
    const auto refused_1009 = "refused too_large, closed 1009";
    return {
        {"5", "a push, a credit, a farewell before the greeting", fmt::format("{0}; {0}; {0}", refused_1002), before_the_greeting},
        {"T4", "protocol version 99", "refused unsupported_version, closed 1002",
         [](Arena& arena) {
             auto frame = hello(arena.enrol(arena.ann));
             frame.mutable_hello()->set_version(99);
             return Intruder{arena}.end_after(frame);
         }},
        frame("M11", "bytes that are no frame", refused_1002, [](Arena&, Intruder& device) { device.send_bytes(as_bytes("\xff\xff\xff no frame")); }),
        frame("M6", "a frame nested 100 deep", refused_1002, [](Arena&, Intruder& device) { device.send_bytes(nested(100)); }),
        frame("M6", "a frame nested 100,000 deep", refused_1002, [](Arena&, Intruder& device) { device.send_bytes(nested(100'000)); }),
        frame("N2", "a gap in the numbers of the batches", refused_1002, [](Arena& arena, Intruder& device) { device.send(push(2, rubbish(arena, 1, 10))); }),
        frame("N2", "one batch twice", refused_1002,
              [](Arena& arena, Intruder& device) {
                  device.send(push(1, rubbish(arena, 1, 10)));
                  device.send(push(1, rubbish(arena, 1, 10)));
              }),
        frame("M5", "257 changes in a batch", refused_1009, [](Arena& arena, Intruder& device) { device.send(push(1, rubbish(arena, 257, 10))); }),
        frame("M5", "an empty batch", refused_1009, [](Arena&, Intruder& device) { device.send(push(1, {})); }),
        frame("M4", "a zstd frame that claims 4 GiB", refused_1009, [](Arena&, Intruder& device) { packed(device, claim()); }),
        frame("M4", "64 MiB of zeros in a small zstd frame", refused_1009,
              [](Arena&, Intruder& device) { packed(device, protocol::deflate(std::string(64 << 20, '\0'), protocol::Effort::live)); }),
        frame("M4", "rubbish in place of a zstd frame", refused_1002, [](Arena&, Intruder& device) { packed(device, "rubbish"); }),
        {"M5", "a greeting with 2,001 cursors", refused_1009,
         [](Arena& arena) {
             auto frame = hello(arena.enrol(arena.ann));
             for (int i = 0; i <= protocol::cursors_max; ++i) frame.mutable_hello()->add_cursors()->set_scope(protocol::to_field(schema::ScopeId::territory(arena.south).bytes()));
             return Intruder{arena}.end_after(frame);
         }},
        frame("T3", "an offer that nobody asked for", refused_1002,
              [](Arena&, Intruder& device) {
                  v1::ClientFrame offer;
                  offer.mutable_offer();
                  device.send(offer);
              }),
        {"N2", "a push that is cut off at any byte", "nothing applied, then whole: accepted", cut_in_the_middle},
    };
}

} // namespace roadbook::attacks
