// What the server sends becomes durable here: pages of a feed, packs of whole records, and the order to purge.
#include "conflict/merge/genesis.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "shared/protocol/running_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace roadbook::replica {
namespace {

using protocol::v1::Entry;

constexpr auto select_unsent = R"sql(
    SELECT 1 FROM outbox WHERE document = :document UNION ALL SELECT 1 FROM attachment WHERE document = :document AND to_send
    UNION ALL SELECT 1 FROM refused r JOIN document d ON d.id = r.record WHERE d.num = :document AND r.state = 'here' LIMIT 1)sql";
constexpr auto select_intents = "SELECT intent FROM outbox WHERE document = :document";

Error out_of_step(std::string_view why)
{
    return fail(Errc::bad_frame, fmt::format("the feed from the server does not fit what is stored ({}); its records are fetched again, "
                                             "edits made here are safe", why));
}

Result<RecordId> record_of(const std::string& field)
{
    return protocol::id_field<RecordId>(field, "record");
}

/// A page's changes, collected by record so that the gate loads and checks each document once.
struct Stretch {
    std::vector<Bytes> changes;
    std::vector<merge::Attribution> by;
    std::vector<std::string> macs;
};

automerge::ActorCheck no_genesis()
{
    return [](const ActorId& actor) -> Result<void> {
        if (actor == merge::genesis_actor()) return fail(Errc::actor_forbidden, "a genesis change is never sent");
        return {};
    };
}

class PageReader {
public:
    PageReader(Replica::Inside& replica, ScopeRow scope) : replica_{replica}, scope_{std::move(scope)}, me_{replica.identity().value()} {}

    Result<std::int64_t> store(const protocol::v1::Page& page)
    {
        const auto entries = protocol::entries_of(page);
        if (!entries) return entries.error();
        auto seq = page.first_seq();
        if (seq > scope_.seq + 1 || seq == 0) return out_of_step("a gap");
        for (const auto& entry : entries->entries()) {
            if (seq++ <= scope_.seq) continue; // came twice: stored already
            ROADBOOK_CHECK(take(entry));
            scope_.seq = seq - 1;
        }
        ROADBOOK_CHECK(flush());
        const auto hash = Hash::from(as_bytes(page.running_hash()));
        if (!hash || *hash != scope_.running_hash) return out_of_step("another running hash");
        replica_.scopes.keep(scope_);
        return std::count_if(entries->entries().begin(), entries->entries().end(), [](const auto& entry) { return entry.kind() != Entry::OWN; });
    }

private:
    Result<void> take(const Entry& entry)
    {
        const auto id = record_of(entry.document());
        if (!id) return id.error();
        switch (entry.kind()) {
        case Entry::CHANGE: return take_change(*id, entry);
        case Entry::OWN: return take_own(*id, entry);
        case Entry::ENTER: return take_enter(*id, entry);
        case Entry::LEAVE: return take_leave(*id, entry);
        default: return out_of_step("an unknown kind of entry");
        }
    }

    void extend(const RecordId& id, const Entry& entry, const Hash& content)
    {
        const bool attributed = entry.kind() == Entry::CHANGE || entry.kind() == Entry::OWN;
        extend(id, entry.kind(), content, attributed ? &entry.by() : nullptr);
    }
    void extend(const RecordId& id, Entry::Kind kind, const Hash& content, const protocol::v1::Attribution* by)
    {
        scope_.running_hash = protocol::extend(scope_.running_hash, {kind, id, content}, by);
    }

    Result<void> take_change(const RecordId& id, const Entry& entry)
    {
        auto by = merge::from_frame(entry.by());
        if (!by) return by.error();
        const auto summary = automerge::inspect(as_bytes(entry.change()));
        if (!summary) return summary.error();
        extend(id, entry, summary->hash);
        auto& stretch = pending_[id];
        stretch.changes.push_back(to_bytes(as_bytes(entry.change())));
        stretch.by.push_back(std::move(*by));
        stretch.macs.push_back(entry.mac());
        return {};
    }

    /// The server has a change of ours: only what it added comes back.
    Result<void> take_own(const RecordId& id, const Entry& entry)
    {
        const auto unknown = [] { return out_of_step("an edit of this device that it does not have"); };
        const auto row = replica_.documents.find(id);
        const auto held = row ? replica_.documents.hold(id) : Result<Held*>{fail(Errc::not_found, "")};
        if (!held) return unknown();
        const auto changes = (*held)->document.changes_since({});
        if (!changes) return changes.error();
        const auto change = std::find_if(changes->begin(), changes->end(), [&](const auto& each) {
            return as_text(each.hash.view()).substr(0, entry.change().size()) == entry.change();
        });
        auto by = change == changes->end() ? std::nullopt : replica_.people.find(row->num, change->actor, change->seq);
        if (!by) return unknown();
        by->person = me_.person;
        by->device = me_.device; // also of a colleague's change that this device brought back to a server that had lost it
        by->clock_offset = Duration{entry.by().clock_offset()};
        by->received_at = merge::time_from_frame(entry.by().received_at());
        by->late = entry.by().late();
        const auto whole = merge::to_frame(*by);
        extend(id, entry.kind(), change->hash, &whole);
        replica_.people.attribute(row->num, change->actor, change->seq, *by, entry.mac());
        const bool was_hidden = replica_.scopes.is_withdrawn(row->num);
        replica_.scopes.join(row->num, scope_.num);
        if (was_hidden) replica_.project(**held);
        return {};
    }

    Result<void> take_enter(const RecordId& id, const Entry& entry)
    {
        ROADBOOK_CHECK(flush(id));
        extend(id, entry, sha256(as_bytes(entry.move())));
        if (entry.whole().records_size() != 1) return out_of_step("an empty entry");
        auto opened = open_whole(entry.whole().records(0));
        if (!opened) return opened.error();
        const auto num = replica_.take_whole(entry.whole(), entry.whole().records(0), *opened);
        if (!num) return num.error();
        replica_.scopes.join(*num, scope_.num);
        replica_.project(*num, *opened);
        return {};
    }

    Result<void> take_leave(const RecordId& id, const Entry& entry)
    {
        ROADBOOK_CHECK(flush(id));
        extend(id, entry, sha256(as_bytes(entry.move())));
        if (const auto row = replica_.documents.find(id)) {
            replica_.scopes.leave(row->num, scope_.num);
            left_.push_back(row->num);
        }
        return {};
    }

    Result<void> flush()
    {
        while (!pending_.empty()) ROADBOOK_CHECK(flush(RecordId{pending_.begin()->first}));
        for (const auto num : left_) replica_.erase_if_orphan(num);
        left_.clear();
        return {};
    }

    Result<void> flush(const RecordId& id)
    {
        const auto found = pending_.extract(id);
        if (found.empty()) return {};
        const auto& stretch = found.mapped();
        const auto row = replica_.documents.find(id);
        automerge::Document fresh;
        const automerge::Document* base = nullptr;
        std::string kind;
        if (row) {
            const auto held = replica_.documents.hold(id);
            if (!held) return held.error();
            base = &(*held)->document;
            kind = row->kind;
        } else {
            const auto first = automerge::inspect(stretch.changes.front());
            const auto* known = first ? merge::kind_made_by(*first) : nullptr;
            if (known == nullptr) return out_of_step("a change of a record that is not here");
            kind = known->name;
            fresh = merge::new_document(*known);
            base = &fresh;
        }
        const std::vector<ByteView> views{stretch.changes.begin(), stretch.changes.end()};
        auto admission = automerge::admit(*base, views, no_genesis(), nullptr);
        if (!admission) return admission.error();
        for (const auto& verdict : admission->verdicts)
            if (!verdict) return out_of_step(verdict.error().message);
        auto num = row ? row->num : 0;
        if (admission->grown) num = replica_.documents.store_base(id, kind, admission->saved, std::move(admission->document));
        for (std::size_t i = 0; i < stretch.by.size(); ++i)
            replica_.people.attribute(num, admission->verdicts[i]->actor, admission->verdicts[i]->seq, stretch.by[i], stretch.macs[i]);
        const bool was_hidden = replica_.scopes.is_withdrawn(num);
        replica_.scopes.join(num, scope_.num);
        if (!admission->grown && !was_hidden) return {};
        const auto held = replica_.documents.hold(id);
        if (!held) return held.error();
        replica_.project(**held);
        return {};
    }

    Replica::Inside& replica_;
    ScopeRow scope_;
    Identity me_;
    std::map<RecordId, Stretch> pending_;
    std::vector<std::int64_t> left_;
};

void attribute_whole(People& people, std::int64_t num, const protocol::v1::RecordList& list, const protocol::v1::WholeRecord& whole)
{
    for (const auto& times : whole.times()) {
        const auto actor = ActorId::from(as_bytes(times.actor()));
        if (!actor || times.author() >= static_cast<std::uint32_t>(list.authors_size())) continue;
        const auto& author = list.authors(static_cast<int>(times.author()));
        const auto person = RecordId::from(as_bytes(author.person()));
        const auto device = DeviceId::from(as_bytes(author.device()));
        if (!person || !device) continue;
        std::int64_t at = list.base_time();
        std::int64_t offset = 0;
        int remark = 0;
        for (int i = 0; i < times.device_time_size(); ++i) {
            at += times.device_time(i);
            if (i < times.clock_offset_size()) offset += times.clock_offset(i);
            merge::Attribution by{*person, *device, Time{Duration{at}}, Duration{offset}, std::nullopt, {}, {}, false};
            if (i < times.received_after_size()) by.received_at = Time{Duration{at + times.received_after(i)}};
            const auto seq = static_cast<std::uint64_t>(i) + 1;
            if (remark < times.remarks_size() && times.remarks(remark).seq() == seq) {
                by.reason = times.remarks(remark).reason();
                by.late = times.remarks(remark).late();
                by.released_by = RecordId::from(as_bytes(times.remarks(remark).released_by()));
                ++remark;
            }
            const auto from_end = static_cast<std::size_t>(times.device_time_size() - i) * protocol::mac_bytes;
            const auto macs = std::string_view{times.macs()};
            people.attribute(num, *actor, seq, by, from_end <= macs.size() ? macs.substr(macs.size() - from_end, protocol::mac_bytes) : std::string_view{});
        }
    }
}

} // namespace

Result<std::int64_t> Replica::Inside::store_page(const protocol::v1::Page& page)
{
    const auto id = schema::ScopeId::from(as_bytes(page.scope()));
    if (!id) return fail(Errc::bad_frame, "a page names no scope");
    auto scope = scopes.find(*id);
    if (!scope || scope->withdrawn) return 0; // a page that crossed with the withdrawal
    try {
        std::optional<Error> why;
        {
            storage::Transaction transaction{db};
            auto stored = PageReader{*this, *scope}.store(page);
            if (stored) {
                transaction.commit();
                return stored;
            }
            why = stored.error();
        }
        forget_memory();
        storage::Transaction transaction{db};
        scopes.fetch_anew(*scope); // with the next connection
        transaction.commit();
        return *why;
    } catch (const Fault& fault) {
        forget_memory();
        return fault.error();
    }
}

/// A record with all its history. What this device wrote and the server does not have yet stays in.
/// The caller projects it, and joins it to a scope.
Result<std::int64_t> Replica::Inside::take_whole(const protocol::v1::RecordList& list, const protocol::v1::WholeRecord& whole, OpenedRecord& opened)
{
    Bytes both;
    auto saved = as_bytes(whole.saved());
    if (documents.find(opened.id)) {
        const auto held = documents.hold(opened.id);
        if (!held) return held.error();
        const auto whole_document = automerge::Document::load(saved);
        if (!whole_document) return whole_document.error();
        const auto theirs = whole_document->changes_since({});
        if (!theirs) return theirs.error();
        std::vector<ByteView> views;
        for (const auto& change : *theirs) views.emplace_back(change.bytes);
        ROADBOOK_CHECK((*held)->document.apply(views));
        auto together = (*held)->document.save();
        if (!together) return together.error();
        both = std::move(*together);
        saved = both;
        if (opened.kind != nullptr) {
            auto merged = merge::read(*opened.kind, opened.id, (*held)->document);
            if (!merged) return merged.error();
            opened.merged = std::move(*merged);
        }
    }
    const auto num = documents.store_base(opened.id, opened.kind_name, saved);
    attribute_whole(people, num, list, whole);
    return num;
}

void Replica::Inside::project(std::int64_t num, const OpenedRecord& opened, Judge judge)
{
    if (opened.kind != nullptr) project(num, opened.merged, judge);
}

/// All records of a frame, in the caller's transaction. What is in memory is newer than the file when it fails.
Result<void> Replica::Inside::take_records(const protocol::v1::RecordList& list, std::int64_t scope, Come come)
{
    auto opened = open_all(list);
    for (const auto& one : opened)
        if (!one) return one.error();
    std::vector<std::int64_t> nums;
    for (int i = 0; i < list.records_size(); ++i) {
        const auto num = take_whole(list, list.records(i), *opened[static_cast<std::size_t>(i)]);
        if (!num) return num.error();
        if (come == Come::by_pack) scopes.join(*num, scope);
        else scopes.join_ahead(*num, scope);
        nums.push_back(*num);
    }
    // After the others, not among them: a statement that may fail half-way makes the search index write out what it has gathered.
    for (std::size_t i = 0; i < nums.size(); ++i) project(nums[i], *opened[i], Judge::with_settle);
    findings.settle();
    return {};
}

/// One that is not whole is kept until its last part comes: so a link that breaks within a block costs what was under way, not the block.
Result<std::optional<protocol::v1::Pack>> Replica::Inside::join_parts(const protocol::v1::Pack& part, const ScopeRow& scope)
{
    if (part.block_hash().empty()) return std::optional{part};
    const auto begun = scopes.block_begun(scope.num).value_or(BlockBegun{part.block_hash(), 0});
    const auto before = part.offset() == 0 ? BlockBegun{part.block_hash(), 0} : begun; // from its beginning: another one than was begun
    const auto end = part.offset() + part.zstd().size();
    if (before.hash != part.block_hash() || before.bytes != part.offset() || end > part.block_bytes() || part.block_bytes() > protocol::frame_bytes_max)
        return out_of_step("a part of a block that does not follow");
    scopes.add_block_part(scope.num, before, part.zstd());
    if (end < part.block_bytes()) return std::optional<protocol::v1::Pack>{};
    auto whole = part;
    whole.set_zstd(scopes.take_block(scope.num));
    if (protocol::to_field(sha256(as_bytes(whole.zstd()))) != part.block_hash()) return out_of_step("a block with another hash");
    return std::optional{std::move(whole)};
}

Result<std::int64_t> Replica::Inside::store_pack(const protocol::v1::Pack& frame)
{
    const auto id = schema::ScopeId::from(as_bytes(frame.scope()));
    const auto hash = Hash::from(as_bytes(frame.running_hash()));
    if (!id || !hash) return fail(Errc::bad_frame, "a pack names no scope");
    try {
        std::optional<Error> why;
        {
            storage::Transaction transaction{db};
            auto scope = scopes.ensure(*id);
            if (scope.withdrawn) return 0;
            const auto stored = store_block(frame, scope, *hash);
            if (stored) {
                transaction.commit();
                return *stored;
            }
            why = stored.error();
        }
        forget_memory();
        storage::Transaction transaction{db};
        auto scope = scopes.ensure(*id);
        scopes.fetch_anew(scope);
        transaction.commit();
        return *why;
    } catch (const Fault& fault) {
        forget_memory();
        return fault.error();
    }
}

Result<std::int64_t> Replica::Inside::store_block(const protocol::v1::Pack& frame, ScopeRow& scope, const Hash& running_hash)
{
    const auto whole = join_parts(frame, scope);
    if (!whole) return whole.error();
    if (!*whole) return 0;
    const auto& pack = **whole;
    const auto list = protocol::records_of(pack);
    if (!list) return list.error();
    if (pack.first()) scopes.doubt(scope.num);
    ROADBOOK_CHECK(take_records(*list, scope.num, Come::by_pack));
    if (pack.first()) {
        // The feed is read on from where it stood at the first block: what changed while the pack came is then in it again.
        scope.seq = pack.as_of_seq();
        scope.running_hash = running_hash;
    }
    if (pack.last()) {
        drop_doubted(scope.num);
        scope.ahead_position = 0;
    }
    scope.pack_position = pack.last() ? 0 : pack.next_position();
    scope.ready = pack.last();
    scopes.keep(scope);
    return list->records_size();
}

/// They are in their scope like all others, but for the cursor, and in doubt until the pack has come: it brings each again, or drops it.
Result<std::int64_t> Replica::Inside::store_ahead(const protocol::v1::Ahead& ahead)
{
    const auto id = schema::ScopeId::from(as_bytes(ahead.scope()));
    if (!id) return fail(Errc::bad_frame, "copies name no scope");
    const auto list = protocol::records_of(ahead);
    if (!list) return list.error();
    try {
        storage::Transaction transaction{db};
        auto scope = scopes.find(*id);
        if (!scope || scope->withdrawn || scope->ready) return 0; // crossed with a withdrawal
        if (const auto taken = take_records(*list, scope->num, Come::ahead); !taken) {
            forget_memory();
            return taken.error();
        }
        scope->ahead_position = ahead.position();
        scopes.keep(*scope);
        transaction.commit();
        return list->records_size();
    } catch (const Fault& fault) {
        forget_memory();
        return fault.error();
    }
}

/// What is not in the pack has left the scope while this device did not hear of it, or was made here and is not on the server yet.
void Replica::Inside::drop_doubted(std::int64_t scope)
{
    for (const auto document : scopes.doubted(scope)) {
        scopes.leave(document, scope);
        if (is_made_here(document)) { // once the server has it, its feeds say where it is
            scopes.guess(document, scope);
            scopes.await_scope(document);
        } else {
            erase_if_orphan(document);
        }
    }
}

bool Replica::Inside::has_unsent(std::int64_t document)
{
    auto rows = db.statement(select_unsent);
    rows.bind(":document", document);
    return rows.step();
}

bool Replica::Inside::is_made_here(std::int64_t document)
{
    auto rows = db.statement(select_intents);
    rows.bind(":document", document);
    while (rows.step()) {
        const auto kept = rows.blob(0);
        if (const auto intent = merge::read_intent(kept); intent && intent->create) return true;
    }
    return false;
}

void Replica::Inside::erase_if_orphan(std::int64_t document)
{
    if (!scopes.is_orphan(document)) return;
    const auto id = documents.id_of(document);
    const auto row = documents.find(id);
    if (!row) return;
    if (has_unsent(document)) { // goes when the server has answered: nothing that the user saved is dropped
        scopes.hide(document);
        unproject(document, id, row->kind);
        return;
    }
    forget_content_of_refused(id);
    unproject(document, id, row->kind);
    documents.erase(document, id);
    set_setting("scrub_due", "1");
}

void Replica::Inside::erase_if_left(std::int64_t document)
{
    if (scopes.is_orphan(document) && !scopes.is_hidden(document)) return scopes.await_scope(document);
    erase_if_orphan(document);
}

void Replica::Inside::erase_homeless()
{
    const auto asked = scopes.asked_for();
    if (asked.empty()) return;
    storage::Transaction transaction{db};
    for (const auto document : asked) {
        scopes.drop_guesses(document);
        erase_if_orphan(document);
    }
    scopes.forget_asked_for();
    transaction.commit();
}

/// Deleting leaves copies: in the log, in split pages, in parts of the index. Until they are gone the flag stays, also over a crash.
void Replica::Inside::scrub_if_due()
{
    if (setting("scrub_due").empty() || !read_model.scrub()) return; // a screen still reads an older state: asked again at the next start or when it is quiet again
    storage::Transaction transaction{db};
    set_setting("scrub_due", "");
    transaction.commit();
}

/// All that is withdrawn as of this epoch, whether it is named or not: a server that came out of a backup may never have heard that it was granted.
void Replica::Inside::purge(const protocol::v1::Purge& order)
{
    const bool is_of_now = order.grant_epoch() == static_cast<std::uint64_t>(setting_number("grant_epoch"));
    storage::Transaction transaction{db};
    for (const auto& scope : scopes.all()) {
        const bool is_named = std::find(order.scopes().begin(), order.scopes().end(), protocol::to_field(scope.id.bytes())) != order.scopes().end();
        if (!scope.withdrawn || !(is_of_now || is_named)) continue; // granted again meanwhile, or withdrawn since: it stays
        for (const auto document : scopes.documents_in(scope.num)) {
            scopes.leave(document, scope.num);
            erase_if_orphan(document);
        }
        scopes.forget(scope.num);
    }
    transaction.commit();
}

/// The scopes stay, withdrawn: the device has not confirmed yet that it is through with them. What goes comes anew if one is granted again.
void Replica::Inside::let_go()
{
    storage::Transaction transaction{db};
    for (auto& scope : scopes.all()) {
        if (!scope.withdrawn) continue;
        for (const auto document : scopes.documents_in(scope.num)) {
            if (has_unsent(document)) continue;
            scopes.leave(document, scope.num);
            erase_if_orphan(document);
        }
        scopes.fetch_anew(scope);
    }
    transaction.commit();
}

} // namespace roadbook::replica
