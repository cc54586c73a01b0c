#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "sync-server/session/recovery.hpp"

namespace roadbook::server {
namespace {

using Session = protocol::ServerSession;
using protocol::v1::Entry;

constexpr std::size_t own_prefix_bytes = 8; // enough to tell one device's own changes of one record apart
constexpr int entries_max = 512;            // in a page
constexpr auto sealed_for = std::chrono::days{30}; // the oldest backup from which somebody would restore
/// Before compression: with the largest document on top, a block still fits a frame even if nothing in it compresses.
constexpr std::size_t pack_bytes_aim = 192 << 10;

std::uint32_t author_index(protocol::v1::RecordList& list, std::map<DeviceId, std::uint32_t>& authors, const merge::Attribution& by)
{
    const auto [found, is_new] = authors.try_emplace(by.device, static_cast<std::uint32_t>(authors.size()));
    if (is_new) {
        auto& author = *list.add_authors();
        author.set_person(protocol::to_field(by.person));
        author.set_device(protocol::to_field(by.device));
    }
    return found->second;
}

/// In a whole record, where seals do not compress and would be a tenth of a first sync. Who is asked to bring a change back has most often got it
/// live; what is older than any backup in use is in the backup, and what was imported can be imported again.
bool is_worth_sealing(const merge::Attribution& by, Time now)
{
    return !by.device.is_nil() && now - by.received_at.value_or(Time{}) < sealed_for;
}

/// Adds one change's time and remarks to its actor's list; changes come by actor and sequence.
void add_times(protocol::v1::WholeRecord& whole, const RecordId& id, const store::ChangeRow& change, ByteView key, Time now, std::uint32_t author, std::int64_t base_time,
               std::int64_t& last_time, std::int64_t& last_offset)
{
    const auto actor = protocol::to_field(change.actor);
    if (whole.times_size() == 0 || whole.times(whole.times_size() - 1).actor() != actor) {
        auto& times = *whole.add_times();
        times.set_author(author);
        times.set_actor(actor);
        last_time = base_time;
        last_offset = 0;
    }
    auto& times = *whole.mutable_times(whole.times_size() - 1);
    const auto at = change.by.device_time.time_since_epoch().count();
    times.add_device_time(at - last_time);
    times.add_received_after((change.by.received_at.value() - change.by.device_time).count());
    times.add_clock_offset(change.by.clock_offset.count() - last_offset);
    if (is_worth_sealing(change.by, now) || !times.macs().empty()) *times.mutable_macs() += seal(key, id, change.hash, change.by);
    last_time = at;
    last_offset = change.by.clock_offset.count();
    if (!change.by.reason.empty() || change.by.late || change.by.released_by) {
        auto& remark = *times.add_remarks();
        remark.set_seq(change.seq);
        remark.set_reason(change.by.reason);
        remark.set_late(change.by.late);
        if (change.by.released_by) remark.set_released_by(protocol::to_field(*change.by.released_by));
    }
}

Session::PageRead nothing(const Session::Place& after)
{
    return {{}, 0, {after.seq, 0, false}};
}

class FeedReader {
public:
    FeedReader(Hub::Inside& hub, const Caller& caller, store::ScopeHead scope) : hub_{hub}, caller_{caller}, scope_{std::move(scope)} {}

    /// A block of the pack, or as much of it as one stretch holds.
    Session::PageRead pack(const Session::Place& after, std::optional<std::size_t> stretch)
    {
        const auto block = block_at(after);
        const auto offset = after.block_offset < block->packed.size() && after.block == block->hash ? after.block_offset : 0; // else it begins anew
        const auto length = std::min<std::uint64_t>(block->packed.size() - offset, stretch.value_or(block->packed.size()));
        const bool first = after.pack_position == 0;
        const bool whole = offset + length == block->packed.size();
        // As of now: what its reader has made since the block was made must not be missing in the pack.
        const bool last = hub_.store.members(scope_.num, static_cast<std::int64_t>(block->next_position), 1).empty();
        Session::PageRead read;
        auto& pack = *read.frame.mutable_pack();
        pack.set_scope(protocol::to_field(scope_.id.bytes()));
        pack.set_as_of_seq(first ? block->seq : after.seq);
        pack.set_running_hash(protocol::to_field(block->running_hash));
        pack.set_next_position(block->next_position);
        pack.set_first(first);
        pack.set_last(last);
        pack.set_records_total(block->records_total);
        pack.set_zstd(block->packed.substr(offset, length));
        if (offset != 0 || !whole) {
            pack.set_block_hash(protocol::to_field(block->hash));
            pack.set_offset(offset);
            pack.set_block_bytes(block->packed.size());
        }
        read.bytes = pack.ByteSizeLong();
        read.place = after;
        if (whole) read.place = {pack.as_of_seq(), last ? 0 : block->next_position, !last, {}, 0, after.ahead_position};
        else read.place.block = block->hash, read.place.block_offset = offset + length;
        return read;
    }

    Session::AheadRead ahead(const RecordId& person, const Session::Place& after, std::size_t stretch)
    {
        protocol::v1::RecordList list;
        std::map<DeviceId, std::uint32_t> authors;
        Session::AheadRead read;
        read.position = after.ahead_position;
        std::size_t bytes = 0;
        for (const auto& needed : needed_today(hub_, person, scope_)) {
            if (needed.position <= after.ahead_position || needed.row.num <= static_cast<std::int64_t>(after.pack_position)) continue; // it is there
            if (bytes > stretch * protocol::packs_to) {
                read.done = false;
                break;
            }
            read.position = needed.position;
            if (hub_.snapshot(needed.row).size() > protocol::copy_bytes_max) continue;
            hub_.add_whole(list, authors, needed.row);
            bytes += static_cast<std::size_t>(list.records(list.records_size() - 1).ByteSizeLong());
        }
        if (list.records_size() == 0) return read;
        auto& ahead = *read.frame.mutable_ahead();
        ahead.set_scope(protocol::to_field(scope_.id.bytes()));
        ahead.set_position(read.position);
        protocol::fill(ahead, list);
        read.bytes = ahead.ByteSizeLong();
        return read;
    }

    Session::PageRead page(const Session::Place& after, std::optional<std::size_t> stretch)
    {
        const auto bytes_aim = stretch ? std::min(protocol::page_bytes_aim, *stretch * protocol::packs_to) : protocol::page_bytes_aim;
        const auto rows = hub_.store.entries(scope_.num, after.seq, entries_max);
        if (rows.empty()) return nothing(after);
        protocol::v1::EntryList list;
        std::size_t bytes = 0;
        Session::PageRead read;
        auto& page = *read.frame.mutable_page();
        page.set_scope(protocol::to_field(scope_.id.bytes()));
        page.set_first_seq(rows.front().seq);
        for (const auto& row : rows) {
            if (bytes > bytes_aim) break;
            auto& entry = *list.add_entries();
            write(entry, row);
            bytes += entry.ByteSizeLong();
            page.set_running_hash(protocol::to_field(row.running_hash));
            read.place.seq = row.seq;
        }
        protocol::fill(page, list);
        read.bytes = page.ByteSizeLong();
        return read;
    }

private:
    /// One that was made before is as good while no record has left the scope since, and the device reads the feed on from no later place. Nor may it
    /// have written there itself: of its own changes the feed says no more than that they are there.
    std::shared_ptr<const PackBlock> block_at(const Session::Place& after)
    {
        const auto kept = hub_.pack_blocks.find(scope_.num, after.pack_position);
        const bool is_new_enough = kept && (after.pack_position == 0 || kept->seq >= after.seq);
        // An empty one, made when there was nothing behind this place, leads nowhere once there is.
        const bool leads_on = kept && (kept->next_position > after.pack_position ||
                                       hub_.store.members(scope_.num, static_cast<std::int64_t>(after.pack_position), 1).empty());
        if (is_new_enough && leads_on && !hub_.store.has_left_or_written(scope_.num, kept->seq, caller_.device)) return kept;
        auto made = std::make_shared<const PackBlock>(make_block(after.pack_position));
        hub_.pack_blocks.put(scope_.num, after.pack_position, made);
        return made;
    }

    PackBlock make_block(std::uint64_t position)
    {
        protocol::v1::RecordList list;
        std::map<DeviceId, std::uint32_t> authors;
        const auto rows = hub_.store.members(scope_.num, static_cast<std::int64_t>(position), protocol::pack_records_max);
        std::size_t bytes = 0;
        for (const auto& row : rows) {
            if (bytes > pack_bytes_aim) break;
            hub_.add_whole(list, authors, row);
            bytes += static_cast<std::size_t>(list.records(list.records_size() - 1).ByteSizeLong());
            position = static_cast<std::uint64_t>(row.num);
        }
        PackBlock block{protocol::pack(list), {}, scope_.seq, scope_.running_hash, position, static_cast<std::uint64_t>(hub_.store.member_count(scope_.num))};
        block.hash = sha256(as_bytes(block.packed));
        return block;
    }

    void write(Entry& entry, const store::FeedRow& row)
    {
        entry.set_kind(row.kind);
        entry.set_document(protocol::to_field(row.document));
        if (!row.move.empty()) entry.set_move(protocol::to_field(row.move));
        if (row.kind == Entry::ENTER) {
            std::map<DeviceId, std::uint32_t> authors;
            const auto document = hub_.store.document(row.document);
            if (document) hub_.add_whole(*entry.mutable_whole(), authors, *document);
        }
        if (!row.change) return;
        auto& by = *entry.mutable_by() = merge::to_frame(row.change->by);
        entry.set_mac(seal(hub_.seal_key, row.document, row.change->hash, row.change->by));
        // A change without its intent was brought back by a colleague who had it in a pack: its author's device does not know it so.
        // One that was refused at first was taken out of its record there.
        const bool is_known_there = !row.change->by.intent.is_nil() && !row.change->by.released_by;
        const bool is_own = row.change->by.device == caller_.device && !caller_.whole_entries && is_known_there;
        if (is_own) {
            entry.set_kind(Entry::OWN);
            by.clear_person(), by.clear_device(), by.clear_device_time(), by.clear_intent(), by.clear_reason();
            entry.set_change(protocol::to_field(row.change->hash).substr(0, own_prefix_bytes));
        } else {
            entry.set_change(protocol::to_field(row.change->bytes));
        }
    }

    Hub::Inside& hub_;
    const Caller& caller_;
    store::ScopeHead scope_;
};

} // namespace

void Hub::Inside::add_whole(protocol::v1::RecordList& list, std::map<DeviceId, std::uint32_t>& authors, const store::DocumentRow& row)
{
    const auto changes = store.changes_of(row.num, false);
    if (list.records_size() == 0 && !changes.empty()) list.set_base_time(changes.front().by.device_time.time_since_epoch().count());
    auto& whole = *list.add_records();
    whole.set_document(protocol::to_field(row.id));
    whole.set_saved(protocol::to_field(snapshot(row)));
    std::int64_t last_time = 0;
    std::int64_t last_offset = 0;
    for (const auto& change : changes)
        add_times(whole, row.id, change, seal_key, options.clock->now(), author_index(list, authors, change.by), list.base_time(), last_time, last_offset);
}

Session::PageRead Hub::read_feed(const Caller& caller, const schema::ScopeId& scope, const Session::Place& after, std::optional<std::size_t> stretch)
{
    keep_calendar();
    if (!inside_->grants(caller.person).contains(scope)) return nothing(after);
    const auto head = inside_->store.ensure_scope(scope);
    FeedReader reader{*inside_, caller, head};
    return after.packing ? reader.pack(after, stretch) : reader.page(after, stretch);
}

Session::AheadRead Hub::read_ahead(const Caller& caller, const schema::ScopeId& scope, const Session::Place& after, std::size_t stretch)
{
    keep_calendar();
    if (!inside_->grants(caller.person).contains(scope)) return {};
    return FeedReader{*inside_, caller, inside_->store.ensure_scope(scope)}.ahead(caller.person, after, stretch);
}

} // namespace roadbook::server
