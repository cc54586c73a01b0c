// A device with a good token whose changes are damaged by chance, each with its checksum made right; and records that are filled to their limits.
#include "conflict/merge/genesis.hpp"
#include "shared/protocol/limits.hpp"
#include "tests/support/damage.hpp"
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace roadbook::attacks {
namespace {

using automerge::Edit;

constexpr int changes_per_device = 4'000; // below what one device may push at once
/// Beyond what it had before: the records that are attacked, in the cache, and one batch at work.
constexpr double memory_grown_max = 100;

/// packaging/test --long sends 100,000.
int damaged_changes()
{
    const char* const wanted = std::getenv("ROADBOOK_DAMAGED_CHANGES");
    return wanted != nullptr ? std::atoi(wanted) : 10'000;
}

/// An account of the attacker's own, so that what is admitted harms nobody else; on the server, and as his device has it.
struct OwnAccount {
    RecordId id = new_id<RecordId>(system_clock().now(), system_random());
    automerge::Document document = merge::new_document(*schema::find_kind("account"));

    OwnAccount(Arena& arena, Intruder& device)
    {
        const schema::Fields fields{{"name", std::string{"Target"}}, {"territory", arena.north}, {"phone", std::string{"1"}}, {"notes", std::string{"客户要求周五前交货。"}}};
        const auto made = creation(id, "account", fields);
        const auto change = document.commit(new_actor(), merge::edits_of(made).value()).value().value();
        if (const auto answer = device.push_one(id, change.bytes); answer != "accepted") throw std::runtime_error{"his own account: " + answer};
    }
    /// What an honest device would make of it, each apart from the others.
    [[nodiscard]] std::vector<Bytes> honest_changes() const
    {
        const std::vector<std::vector<Edit>> all{{{{"phone"}, Edit::Put{std::string{"2"}}}},
                                                 {{{"notes"}, Edit::SetText{"客户王先生要求周五前交货。"}}},
                                                 {{{"city"}, Edit::Put{std::string{"Graz"}}}, {{"street"}, Edit::Put{std::string{"Weg 1"}}}, {{"fax"}, Edit::Put{std::monostate{}}}}};
        std::vector<Bytes> changes;
        for (const auto& edits : all) changes.push_back(document.fork().value().commit(new_actor(), edits).value().value().bytes);
        return changes;
    }
};

v1::ChangeList batch_of(testing::Damage& damage, const OwnAccount& account, const std::vector<Bytes>& honest, int count)
{
    v1::ChangeList list;
    for (int i = 0; i < count; ++i) {
        auto& pushed = *list.add_changes();
        pushed.set_document(protocol::to_field(account.id));
        pushed.set_change(protocol::to_field(ByteView{damage.damage(honest[damage.below(honest.size())])}));
        pushed.set_intent(protocol::to_field(new_id<IntentId>(system_clock().now(), system_random())));
    }
    return list;
}

/// Those that PROTOCOL.md has for a change that no honest device makes.
bool is_documented(const v1::Answer& answer)
{
    if (answer.status() == v1::NEED || answer.status() == v1::STRANDED) return true;
    if (answer.status() != v1::REFUSED) return false;
    const auto code = answer.code();
    return code == "bad_change" || code == "too_large" || code == "out_of_order" || code == "actor_forbidden" || code == "invalid_value" || code == "not_allowed";
}

std::string damaged(Arena& arena)
{
    const auto before = arena.memory();
    testing::Damage damage{20'261'126};
    int left = damaged_changes();
    std::map<std::string, int> strange;
    int refused = 0;
    while (left > 0) {
        Intruder device{arena, arena.enrol(arena.ann)};
        const OwnAccount account{arena, device};
        const auto honest = account.honest_changes();
        damage.learn(honest);
        for (int sent = 0; sent < changes_per_device && left > 0;) {
            const int count = std::min({left, changes_per_device - sent, protocol::batch_changes_max});
            const auto answers = device.push_all(batch_of(damage, account, honest, count));
            for (const auto& answer : answers.exceptions()) is_documented(answer) ? ++refused : ++strange[name_of(answer)];
            sent += count;
            left -= count;
        }
        if (arena.bystander().check() != "nothing") return "the honest device noticed it";
        if (const auto after = device.push_one(account.id, account.honest_changes().front()); after != "accepted") return "an honest edit after it: " + after; // by an author of its own
    }
    const auto grown = arena.memory() - before;
    for (const auto& [answer, count] : strange) return fmt::format("{} x {}", count, answer);
    return fmt::format("{} as documented, memory {}", refused > damaged_changes() / 2 ? "refused" : fmt::format("only {} refused", refused),
                       grown < memory_grown_max ? "bounded" : fmt::format("grown by {:.0f} MiB", grown));
}

/// As many operations in each change as may be, until the record is full.
std::string operations_until_full(Arena& arena)
{
    constexpr int per_change = 4'900;
    const auto before = arena.memory();
    Intruder device{arena, arena.enrol(arena.ann)};
    OwnAccount account{arena, device};
    const auto actor = new_actor();
    for (std::uint64_t round = 0; round < 100; ++round) {
        std::vector<Edit> edits;
        for (int i = 0; i < per_change; ++i) edits.push_back({{fmt::format("x{}", i)}, Edit::Put{std::int64_t{i} + static_cast<std::int64_t>(round)}});
        const auto change = account.document.commit(actor, edits).value().value();
        const auto answer = device.push_one(account.id, change.bytes);
        if (answer == "accepted") continue;
        const auto noticed = arena.bystander().check();
        return fmt::format("{} after {} operations, memory {}, the honest device noticed {}", answer, round * per_change < 100'000 ? "at most 100,000" : "more",
                           arena.memory() - before < memory_grown_max ? "bounded" : "grown", noticed);
    }
    return "accepted without end";
}

} // namespace

std::vector<Attack> attacks_by_damage()
{
    return {
        {"M2, M11", fmt::format("{} damaged changes, their checksums made right", damaged_changes()), "refused as documented, memory bounded", damaged},
        {"M5", "changes of 4,900 operations until the record is full",
         "REFUSED too_large after at most 100,000 operations, memory bounded, the honest device noticed nothing", operations_until_full},
    };
}

} // namespace roadbook::attacks
