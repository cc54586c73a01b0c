// When the server was restored from a backup: what it had taken since then is here still, and goes back to it, sealed as it had delivered it.
#include "conflict/merge/genesis.hpp"
#include "conflict/merge/written.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <set>

namespace roadbook::replica {
namespace {

constexpr std::size_t hash_prefix_bytes = 8;
constexpr std::int64_t first_sequence = -1'000'000'000; // below all edits of this device: what they build on goes first

constexpr auto select_concerned = R"sql(
    SELECT d.num, d.id FROM document d
     WHERE d.num > :after AND EXISTS (SELECT 1 FROM attribution t WHERE t.document = d.num AND (t.received_at IS NULL OR t.received_at >= :since))
     ORDER BY d.num LIMIT 1)sql";
constexpr auto select_waiting = "SELECT 1 FROM outbox WHERE document = :document AND hash = :hash";
constexpr auto select_next = "SELECT coalesce(max(sequence) + 1, :first) FROM outbox WHERE sequence < 0";
constexpr auto insert_wanted = R"sql(
    INSERT INTO outbox (sequence, document, hash, change, intent, grant_epoch, original, mac)
        VALUES (:sequence, :document, :hash, :change, :intent, :grant_epoch, :original, :mac))sql";

/// A change to be brought back, and when the server first had it: in this order nothing comes before what it hangs on.
struct Lost {
    std::int64_t document = 0;
    automerge::Change change;
    merge::Intent intent;
    merge::Attribution by;
    std::string mac;
};

std::optional<ByteView> or_nothing(const Bytes& bytes)
{
    return bytes.empty() ? std::nullopt : std::optional<ByteView>{bytes};
}

} // namespace

bool Replica::Inside::is_waiting(std::int64_t document, const Hash& hash)
{
    auto rows = db.statement(select_waiting);
    rows.bind(":document", document).bind(":hash", hash);
    return rows.step();
}

Replica::Known Replica::known_since(Time lost_since, std::int64_t after)
{
    Known known;
    if (after == 0) {
        inside_->numbers.add_leases(known.offer);
        inside_->send_files_anew();
    }
    for (int changes = 0; changes < protocol::offer_changes_max / 2;) {
        RecordId id;
        {
            auto rows = inside_->db.statement(select_concerned);
            rows.bind(":after", after).bind(":since", lost_since);
            if (!rows.step()) return known;
            after = rows.integer(0);
            id = rows.id<RecordId>(1);
        }
        const auto held = inside_->documents.hold(id);
        const auto all = held ? (*held)->document.changes_since({}) : Result<std::vector<automerge::Change>>{held.error()};
        if (!all) continue; // a damaged record: others have it
        std::string hashes;
        for (const auto& change : *all) {
            if (change.actor == merge::genesis_actor()) continue;
            const auto by = inside_->people.find(after, change.actor, change.seq);
            const bool is_old = by && by->received_at && *by->received_at < lost_since;
            if (is_old || inside_->is_waiting(after, change.hash)) continue;
            hashes += as_text(change.hash.view().first(hash_prefix_bytes));
            ++changes;
        }
        if (hashes.empty()) continue;
        auto& record = *known.offer.add_records();
        record.set_document(protocol::to_field(id));
        record.set_hashes(hashes);
    }
    known.next = after;
    return known;
}

void Replica::keep_wanted(const protocol::v1::Wanted& wanted)
{
    std::vector<Lost> lost;
    const auto me = inside_->identity().value();
    for (const auto& record : wanted.records()) {
        const auto id = RecordId::from(as_bytes(record.document()));
        const auto row = id ? inside_->documents.find(*id) : std::nullopt;
        const auto held = row ? inside_->documents.hold(*id) : Result<Held*>{fail(Errc::not_found, "")};
        const auto all = held ? (*held)->document.changes_since({}) : Result<std::vector<automerge::Change>>{held.error()};
        if (!all) continue;
        std::set<std::string_view> prefixes;
        for (std::size_t at = 0; at + hash_prefix_bytes <= record.hashes().size(); at += hash_prefix_bytes)
            prefixes.insert(std::string_view{record.hashes()}.substr(at, hash_prefix_bytes));
        for (const auto& change : *all) {
            if (!prefixes.contains(as_text(change.hash.view().first(hash_prefix_bytes))) || inside_->is_waiting(row->num, change.hash)) continue;
            auto by = inside_->people.find(row->num, change.actor, change.seq)
                          .value_or(merge::Attribution{me.person, me.device, inside_->options.clock->now(), {}, std::nullopt, {}, {}, false});
            auto mac = by.received_at ? inside_->people.mac(row->num, change.actor, change.seq) : std::string{};
            auto intent = inside_->edit_again(**held, change, by, !mac.empty());
            lost.push_back({row->num, change, std::move(intent), std::move(by), std::move(mac)});
        }
    }
    // What it has not named as received came last.
    const auto came = [](const Lost& one) { return one.by.received_at.value_or(Time::max()); };
    std::stable_sort(lost.begin(), lost.end(), [&](const auto& a, const auto& b) { return came(a) < came(b); });
    storage::Transaction transaction{inside_->db};
    std::int64_t sequence = 0;
    {
        auto rows = inside_->db.statement(select_next);
        rows.bind(":first", first_sequence);
        rows.step();
        sequence = rows.integer(0);
    }
    for (const auto& one : lost) {
        const auto intent = merge::write(one.intent);
        const auto original = one.mac.empty() ? Bytes{} : to_bytes(as_bytes(merge::to_frame(one.by).SerializeAsString()));
        const auto mac = to_bytes(as_bytes(one.mac));
        inside_->db.statement(insert_wanted)
            .bind(":sequence", sequence++)
            .bind(":document", one.document)
            .bind(":hash", one.change.hash)
            .bind(":change", ByteView{one.change.bytes})
            .bind(":intent", ByteView{intent})
            .bind(":grant_epoch", inside_->setting_number("grant_epoch"))
            .bind(":original", or_nothing(original))
            .bind(":mac", or_nothing(mac))
            .run();
    }
    transaction.commit();
}

merge::Intent Replica::Inside::edit_again(const Held& held, const automerge::Change& change, const merge::Attribution& by, bool is_sealed)
{
    auto again = held.kind != nullptr && !is_sealed ? merge::edit_again(held.document, *held.kind, held.id, change) : Result<merge::Intent>{merge::Intent{}};
    auto intent = again ? std::move(*again) : merge::Intent{};
    intent.id = by.intent;
    intent.record = held.id;
    intent.kind = held.kind_name;
    intent.reason = by.reason;
    intent.device_time = by.device_time;
    return intent;
}

void Replica::keep_epoch(std::string_view epoch)
{
    inside_->set_setting("server_epoch", epoch);
}

} // namespace roadbook::replica
