// A device with a good token that asks for too much: what it gets is bounded, what it sends waits, and others are served meanwhile.
#include "shared/protocol/limits.hpp"
#include "sync-server/session/limits.hpp"
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

namespace roadbook::attacks {
namespace {

namespace limits = server::limits;

v1::ChangeList tasks(Arena& arena, int count)
{
    v1::ChangeList list;
    for (int i = 0; i < count; ++i) {
        const auto id = new_id<RecordId>(system_clock().now(), system_random());
        auto& pushed = *list.add_changes();
        pushed.set_document(protocol::to_field(id));
        pushed.set_change(protocol::to_field(change_of(creation(id, "task", {{"subject", std::string{"one of many"}}, {"owner", arena.ann}, {"notes", std::string(400, 'n')}}))));
        pushed.set_intent(protocol::to_field(new_id<IntentId>(system_clock().now(), system_random())));
    }
    return list;
}

/// As fast as the server takes them, in batches as large as may be, until it takes no more: new records, then the same ones again and again. The honest
/// device works beside.
std::string storm_of_changes(Arena& arena)
{
    constexpr int new_batches = 8;
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto start = std::chrono::steady_clock::now();
    v1::ChangeList list;
    std::int64_t accepted = 0;
    for (int batch = 0; batch < 1'000; ++batch) {
        if (batch < new_batches) list = tasks(arena, protocol::batch_changes_max);
        const auto answers = device.push_all(list);
        accepted += list.changes_size() - answers.exceptions_size();
        if (batch % 5 == 0 && arena.bystander().check() != "nothing") return "the honest device noticed it";
        if (answers.exceptions_size() == 0) continue;
        const auto again = device.push_all(list);
        const bool waits = answers.exceptions(0).status() == v1::WAITING && again.exceptions_size() == list.changes_size();
        const auto seconds = 1 + std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
        const bool is_bounded = accepted > limits::changes.burst - protocol::batch_changes_max && accepted <= limits::changes.burst + seconds * limits::changes.count;
        return fmt::format("{}, then {}{}{}", is_bounded ? "its allowance accepted" : fmt::format("{} accepted", accepted), name_of(answers.exceptions(0)),
                           waits ? ", all of it, again too" : "", answers.retry_after_seconds() >= 5 ? ", with a time to come again" : "");
    }
    return fmt::format("{} accepted, and no end", accepted);
}

/// Devices that want everything there is, and take nothing of it.
std::string readers_that_take_nothing(Arena& arena)
{
    const auto before = arena.memory();
    std::vector<std::unique_ptr<testing::RawPeer>> readers;
    for (int i = 0; i < 20; ++i) {
        const auto who = arena.enrol(arena.ann);
        auto peer = raw_peer(arena);
        peer->send(testing::client_frame(0x82, std::string{as_text(protocol::write(hello(who)))}));
        readers.push_back(std::move(peer));
    }
    const auto seen = arena.bystander().check();
    const auto grown = arena.memory() - before;
    return fmt::format("memory {}, the honest device noticed {}", grown < 60 ? "bounded" : fmt::format("grown by {:.0f} MiB", grown), seen);
}

std::string too_many_enquiries(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.mona)};
    v1::ClientFrame frame;
    frame.mutable_enquiry()->mutable_handover()->set_territory(protocol::to_field(arena.north));
    frame.mutable_enquiry()->mutable_handover()->set_to(protocol::to_field(arena.ben));
    int told = 0;
    for (; told < 100; ++told)
        if (const auto answer = name_of(*device.ask(frame)); answer != "reply told") return fmt::format("{}, then {}", told >= 10 && told <= 12 ? "told ten times" : std::to_string(told), answer);
    return "told without end";
}

/// Small frames without end are read more slowly; what comes behind them is answered all the same.
std::string too_many_frames(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    v1::ClientFrame credit;
    credit.mutable_credit()->set_bytes(1);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < limits::frames.burst + 2 * limits::frames.count; ++i) device.send(credit);
    v1::ClientFrame drained;
    drained.mutable_drained()->set_grant_epoch(1);
    const auto answer = device.ask(drained);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return fmt::format("{} {}", name_of(*answer), seconds >= 1 ? "after a while" : "at once");
}

std::string too_many_connections(Arena& arena)
{
    const auto who = arena.enrol(arena.ann);
    Intruder first{arena, who};
    Intruder second{arena, who};
    Intruder third{arena, who};
    const auto change = [&](Intruder& device) {
        const auto id = new_id<RecordId>(system_clock().now(), system_random());
        return device.push_one(id, change_of(creation(id, "task", {{"subject", std::string{"still here"}}, {"owner", arena.ann}})));
    };
    return fmt::format("the oldest: {}; the others: {}, {}", first.end(), change(second), change(third));
}

std::string files_begun(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto visit = new_id<RecordId>(system_clock().now(), system_random());
    auto intent = creation(visit, "visit", {{"subject", std::string{"Many photos"}}, {"account", arena.acme}});
    std::vector<Hash> files;
    for (int i = 0; i < 30; ++i) {
        files.push_back(sha256(as_bytes(fmt::format("file {}", i))));
        const auto child = new_id<ChildId>(system_clock().now(), system_random());
        intent.steps.push_back({"attachments", child, true,
                                {{"name", fmt::format("{}.jpg", i)}, {"media_type", std::string{"image/jpeg"}}, {"size", std::int64_t{100'000}}, {"sha256", files.back().hex()}}});
    }
    if (const auto made = device.push_one(visit, change_of(intent)); made != "accepted") return "the visit: " + made;
    std::map<std::string, int> answers;
    for (const auto& file : files) {
        v1::ClientFrame put;
        put.mutable_put_part()->set_document(protocol::to_field(visit));
        put.mutable_put_part()->set_sha256(protocol::to_field(file));
        put.mutable_put_part()->set_data(std::string(1'000, 'x'));
        ++answers[name_of(*device.ask(put))];
    }
    std::string all;
    for (const auto& [answer, count] : answers) all += fmt::format("{}{} x {}", all.empty() ? "" : ", ", count, answer);
    return all;
}

} // namespace

std::vector<Attack> attacks_by_volume()
{
    return {
        {"M5", "changes without end, new ones and the same ones again", "its allowance accepted, then WAITING server_busy, all of it, again too, with a time to come again", storm_of_changes},
        {"N3", "20 devices that want all of it and take nothing", "memory bounded, the honest device noticed nothing", readers_that_take_nothing},
        {"M5", "previews without end", "told ten times, then reply server_busy", too_many_enquiries},
        {"31", "5,400 small frames", "purge of 0 scopes after a while", too_many_frames},
        {"M5", "three connections of one device", "the oldest: refused session_over, closed 1001; the others: accepted, accepted", too_many_connections},
        {"M5", "30 files begun, none finished", "14 x file server_busy, 16 x file taken", files_begun},
    };
}

} // namespace roadbook::attacks
