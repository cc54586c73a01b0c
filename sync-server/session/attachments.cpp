// Files of records: who may send one, who may fetch it. What does not exist and what one may not see get the same answer by the same statements.
#include "conflict/merge/gate_limits.hpp"
#include "conflict/merge/genesis.hpp"
#include "shared/base/log.hpp"
#include "shared/protocol/limits.hpp"
#include "sync-server/session/attachments.hpp"

#include <algorithm>

namespace roadbook::server {
namespace {

/// A record that the caller names, and a file in it.
struct Named {
    RecordId record;
    std::int64_t document = 0; ///< its number; 0: it is not here
    Hash hash;
    std::int64_t size = 0;     ///< as the record says
    bool is_visible = false;   ///< in one of his scopes
    bool has_written = false;  ///< he may finish sending what he attached, also after the record was handed over
};

std::optional<schema::AttachedFile> file_in(const schema::Record& record, const Hash& hash)
{
    const auto files = record.collections.find(schema::attachments_collection);
    if (files == record.collections.end()) return std::nullopt;
    for (const auto& child : files->second)
        if (auto file = schema::attached_file(child); file && file->hash == hash) return file;
    return std::nullopt;
}

std::optional<std::int64_t> size_in(const automerge::Document& base, std::span<const Bytes> changes, const schema::Kind& kind, const RecordId& record, const Hash& hash)
{
    if (changes.empty()) return std::nullopt;
    const std::vector<ByteView> views{changes.begin(), changes.end()};
    const auto admission = automerge::admit(base, views, nullptr, nullptr, merge::gate_limits());
    const auto merged = admission && admission->grown ? merge::read(kind, record, admission->document) : Result<merge::Merged>{fail(Errc::not_found, "")};
    const auto file = merged ? file_in(merged->record, hash) : std::nullopt;
    return file ? std::optional{file->size} : std::nullopt;
}

std::optional<std::int64_t> size_in(const merge::Intent& intent, const Hash& hash)
{
    for (const auto& step : intent.steps) {
        const auto named = step.values.find("sha256"), size = step.values.find("size");
        if (step.collection != schema::attachments_collection || named == step.values.end() || size == step.values.end()) continue;
        const auto* bytes = std::get_if<std::int64_t>(&size->second);
        if (bytes != nullptr && named->second == schema::Value{hash.hex()}) return *bytes;
    }
    return std::nullopt;
}

constexpr int kept_looked_at = 64; // of one record and device

/// Of a file that the record would name if the device's edits that are kept of it were let through: its device sends it, so that it is here when somebody
/// releases the edit. `row`: nothing for a record that is not here. What began on nothing but the genesis shows no knowledge of the record: it is read by
/// itself, alike whether there is such a record or not.
std::optional<std::int64_t> size_in_kept(Hub::Inside& hub, const DeviceId& device, const RecordId& record, const std::optional<store::DocumentRow>& row, const Hash& hash)
{
    const schema::Kind* begun = nullptr;
    std::vector<Bytes> beginnings, later;
    for (auto& change : hub.store.quarantined_of(record, device, kept_looked_at)) {
        const auto summary = automerge::inspect(change, merge::gate_limits());
        if (!summary) continue;
        const auto* kind = merge::kind_made_by(*summary);
        if (kind != nullptr) begun = kind;
        (kind != nullptr ? beginnings : later).push_back(std::move(change));
    }
    for (const auto& content : hub.store.surrendered_of(record, device, kept_looked_at))
        if (const auto intent = merge::read_intent(content); intent)
            if (const auto size = size_in(*intent, hash)) return size;
    if (begun != nullptr)
        if (const auto size = size_in(merge::new_document(*begun), beginnings, *begun, record, hash)) return size;
    const auto* kind = row ? schema::find_kind(row->kind) : nullptr;
    if (later.empty() || kind == nullptr) return std::nullopt;
    const auto base = hub.load(*row);
    return base ? size_in(*base, later, *kind, record, hash) : std::nullopt;
}

std::optional<Named> named(Hub::Inside& hub, const Caller& caller, const std::string& document, const std::string& sha256)
{
    const auto record = RecordId::from(as_bytes(document)).value_or(RecordId{});
    const auto hash = Hash::from(as_bytes(sha256)).value_or(Hash{});
    const auto row = hub.store.document(record);
    const auto num = row ? row->num : 0; // no record has it
    auto size = hub.attachments.referred(num, hash);
    const auto kept = size_in_kept(hub, caller.device, record, row, hash); // asked of every file: what is hidden takes the statements of what is not here
    if (!size) size = kept;
    const auto scopes = hub.store.scopes_of(num);
    const bool has_written = hub.attachments.has_written(num, caller.device) || kept;
    const auto& granted = hub.grants(caller.person);
    const bool is_visible = std::any_of(scopes.begin(), scopes.end(), [&](const auto& scope) { return granted.contains(scope); });
    if (!size || !(is_visible || has_written)) return std::nullopt;
    return Named{record, num, hash, *size, is_visible, has_written};
}

/// A new one: is there room for it? Reads the folder, and makes room first if there is none.
bool may_begin(Hub::Inside& hub, const Caller& caller, const Hash& hash)
{
    const auto now = hub.options.clock->now();
    if (!hub.uploads.may_begin(caller.device, hash, now)) return false;
    if (hub.attachments.unfinished_bytes() >= limits::unfinished_bytes_max) {
        hub.attachments.drop_unfinished(now - limits::unfinished_kept);
        if (hub.attachments.unfinished_bytes() >= limits::unfinished_bytes_max) return false;
    }
    hub.uploads.note_begun(caller.device, hash, now);
    return true;
}

/// A full disk is no reason to keep a file from whoever may see it.
void note(Hub::Inside& hub, const store::AuditNote& entry)
{
    try {
        storage::Transaction transaction{hub.store.db()};
        hub.audit.append(entry);
        transaction.commit();
    } catch (const Fault& fault) {
        if (fault.error().code != Errc::storage_full) throw;
        log::warning("attachment_not_noted", "device={} kind={}", entry.device.text(), store::name(entry.kind));
    }
}

/// By ids and hash, whether or not there is such a record: who asks for what is not his leaves the same trace, and not many of them.
void note_refused(Hub::Inside& hub, const Caller& caller, const std::string& document, const std::string& sha256)
{
    const auto now = hub.options.clock->now();
    if (!hub.uploads.may_note_refusal(caller.device, now)) return;
    const store::AuditItem asked{RecordId::from(as_bytes(document)).value_or(RecordId{}), Hash::from(as_bytes(sha256)).value_or(Hash{})};
    note(hub, {store::AuditKind::attachment_refused, now, caller.person, caller.device, {}, {asked}, {}});
}

void note_sent(Hub::Inside& hub, const Caller& caller, const Named& file)
{
    const auto now = hub.options.clock->now();
    if (!hub.uploads.is_first_fetch(caller.device, file.hash, now)) return;
    note(hub, {store::AuditKind::attachment_sent, now, caller.person, caller.device, {}, {{file.record, file.hash}}, {}});
}

/// With another record, by the same device: it need not come twice.
bool is_sent_already(Hub::Inside& hub, const Caller& caller, const Named& file)
{
    storage::Transaction transaction{hub.store.db()};
    const bool is_here = hub.attachments.confirm(file.document, file.hash, caller.device);
    transaction.commit();
    return is_here;
}

/// All of it is here: `stored`, or why not.
Result<bool> finish(Hub::Inside& hub, const Caller& caller, const Named& file)
{
    const auto is_right = hub.attachments.finish(file.hash, caller.device);
    hub.uploads.note_ended(caller.device, file.hash);
    if (!is_right || !*is_right) return is_right;
    const auto now = hub.options.clock->now();
    storage::Transaction transaction{hub.store.db()};
    hub.attachments.note_stored(file.hash, file.size, caller.device, now);
    hub.attachments.confirm(file.document, file.hash, caller.device);
    hub.audit.append({store::AuditKind::attachment_stored, now, caller.person, caller.device, {}, {{file.record, file.hash}}, {}});
    transaction.commit();
    return true;
}

} // namespace

void refer_to_attachments(Hub::Inside& hub, std::int64_t document, const schema::Record& record, const DeviceId& by)
{
    const auto files = record.collections.find(schema::attachments_collection);
    if (files == record.collections.end()) return;
    for (const auto& child : files->second)
        if (const auto file = schema::attached_file(child)) hub.attachments.refer(document, file->hash, file->size, by);
}

protocol::v1::PartKept Hub::put_part(const Caller& caller, const protocol::v1::PutPart& put)
{
    protocol::v1::PartKept kept;
    kept.set_document(put.document());
    kept.set_sha256(put.sha256());
    const auto refuse = [&](Errc code) {
        kept.set_code(std::string{name(code)});
        return kept;
    };
    const auto file = named(*inside_, caller, put.document(), put.sha256());
    if (!file) {
        note_refused(*inside_, caller, put.document(), put.sha256());
        return refuse(Errc::not_found);
    }
    if (put.data().size() > protocol::part_bytes_max || file->size > schema::attachment_bytes_max) return refuse(Errc::too_large);
    auto& attachments = inside_->attachments;
    auto have = attachments.received(file->hash, caller.device);
    if (attachments.is_stored(file->document, file->hash) || (have == 0 && is_sent_already(*inside_, caller, *file))) {
        kept.set_stored(true);
        return kept;
    }
    const auto part = as_bytes(put.data());
    const auto wait = allowances().send_file(caller.device, static_cast<std::int64_t>(part.size()), clock().now());
    if (wait.count() > 0 || (have == 0 && !may_begin(*inside_, caller, file->hash))) return refuse(Errc::server_busy);
    inside_->uploads.note_part(caller.device, file->hash, clock().now());
    if (!part.empty() && static_cast<std::int64_t>(put.offset()) == have && have + static_cast<std::int64_t>(part.size()) <= file->size) {
        if (const auto done = attachments.append(file->hash, caller.device, part); !done) return refuse(done.error().code);
        have += static_cast<std::int64_t>(part.size());
    }
    if (have >= file->size) {
        const auto is_right = finish(*inside_, caller, *file);
        if (!is_right) return refuse(is_right.error().code);
        if (!*is_right) return refuse(Errc::hash_conflict);
        kept.set_stored(true);
        return kept;
    }
    kept.set_offset(static_cast<std::uint64_t>(have));
    return kept;
}

protocol::v1::Part Hub::read_part(const Caller& caller, const protocol::v1::AskPart& ask)
{
    protocol::v1::Part part;
    part.set_document(ask.document());
    part.set_sha256(ask.sha256());
    part.set_offset(ask.offset());
    const auto file = named(*inside_, caller, ask.document(), ask.sha256());
    if (!file || !file->is_visible || !inside_->attachments.is_stored(file->document, file->hash)) {
        if (!file || !file->is_visible) note_refused(*inside_, caller, ask.document(), ask.sha256());
        part.set_code(std::string{name(Errc::not_found)}); // also while it is still on its way
        return part;
    }
    note_sent(*inside_, caller, *file);
    part.set_size(static_cast<std::uint64_t>(file->size));
    const auto count = std::clamp<std::uint64_t>(ask.bytes_max(), 1, protocol::part_bytes_max);
    const auto offset = static_cast<std::int64_t>(std::min<std::uint64_t>(ask.offset(), part.size()));
    const auto bytes = inside_->attachments.read(file->hash, offset, static_cast<std::size_t>(count));
    if (!bytes) {
        log::error("attachment_unreadable", "hash={} reason={}", file->hash.hex(), bytes.error().message);
        part.set_code(std::string{name(Errc::not_found)});
        return part;
    }
    part.set_data(protocol::to_field(*bytes));
    return part;
}

} // namespace roadbook::server
