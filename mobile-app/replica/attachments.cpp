// Files of records: here in parts, in the replica's own database, until the server has them, or from when they were fetched until the record goes.
#include "mobile-app/replica/inside.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/schema/attachment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace roadbook::replica {
namespace {

constexpr auto upsert_file = R"sql(
    INSERT INTO attachment (document, hash, size, to_send, wanted) VALUES (:document, :hash, :size, :to_send, :wanted)
        ON CONFLICT DO UPDATE SET to_send = max(to_send, excluded.to_send), wanted = max(wanted, excluded.wanted))sql";
constexpr auto insert_part = "INSERT INTO attachment_part (hash, position, bytes) VALUES (:hash, :position, :bytes) ON CONFLICT DO NOTHING";
constexpr auto select_parts = R"sql(
    SELECT position, bytes FROM attachment_part WHERE hash = :hash AND position < :end AND position + length(bytes) > :from ORDER BY position)sql";
constexpr auto select_here = "SELECT coalesce(sum(length(bytes)), 0) FROM attachment_part WHERE hash = :hash";
constexpr auto delete_parts = "DELETE FROM attachment_part WHERE hash = :hash";
constexpr auto select_file = "SELECT size FROM attachment WHERE document = :document AND hash = :hash";
constexpr auto select_waiting = R"sql(
    SELECT d.id, a.hash, a.size, a.to_send FROM attachment a JOIN document d ON d.num = a.document
     WHERE a.to_send OR a.wanted
    UNION ALL SELECT record, hash, size, 1 FROM refused_file
     ORDER BY 4 DESC, 1, 2)sql";
constexpr auto any_waiting = "SELECT EXISTS (SELECT 1 FROM attachment WHERE to_send OR wanted) OR EXISTS (SELECT 1 FROM refused_file)";
constexpr auto send_whole_files = R"sql(
    UPDATE attachment SET to_send = 1
     WHERE NOT to_send AND size = (SELECT coalesce(sum(length(p.bytes)), 0) FROM attachment_part p WHERE p.hash = attachment.hash))sql";
constexpr auto keep_for_refused = R"sql(
    INSERT INTO refused_file (record, hash, size) SELECT :record, hash, size FROM attachment WHERE document = :document AND to_send ON CONFLICT DO NOTHING)sql";
constexpr auto select_for_refused = "SELECT record, hash, size FROM refused_file";
constexpr auto delete_for_refused = "DELETE FROM refused_file WHERE record = :record AND hash = :hash";
constexpr auto select_refused_of = "SELECT intent FROM refused WHERE record = :record AND state NOT IN ('dropping', 'discarded')";
constexpr auto update_sent = "UPDATE attachment SET to_send = 0 WHERE hash = :hash AND document = (SELECT num FROM document WHERE id = :record)";
constexpr auto update_fetched = "UPDATE attachment SET wanted = 0 WHERE hash = :hash";
constexpr auto select_own = R"sql(
    SELECT d.id, d.kind FROM membership m JOIN scope s ON s.num = m.scope JOIN document d ON d.num = m.document WHERE s.id = :scope)sql";

constexpr auto select_to_send = R"sql(
    SELECT a.document, a.hash FROM attachment a JOIN document d ON d.num = a.document
     WHERE a.to_send AND NOT EXISTS (SELECT 1 FROM refused r WHERE r.record = d.id))sql";

bool names_at_all(const schema::Record& record, const Hash& hash)
{
    const auto files = record.collections.find(schema::attachments_collection);
    return files != record.collections.end() && std::any_of(files->second.begin(), files->second.end(), [&](const schema::Child& child) {
        const auto file = schema::attached_file(child);
        return file && file->hash == hash;
    });
}

/// What the record names, by hash.
std::optional<schema::AttachedFile> named_file(const schema::Record& record, const Hash& hash)
{
    const auto files = record.collections.find(schema::attachments_collection);
    if (files == record.collections.end()) return std::nullopt;
    for (const auto& child : files->second)
        if (auto file = schema::attached_file(child); file && file->hash == hash && !child.removed) return file;
    return std::nullopt;
}

constexpr auto sealed_step = static_cast<std::int64_t>(protocol::sealed_part_bytes);

/// The ids of a file's sealed parts: the same each time, so that each is sealed once.
std::vector<IntentId> sealed_parts_of(const RecordId& record, const Hash& file, std::int64_t size)
{
    std::vector<IntentId> parts;
    for (std::int64_t at = 0; at < size; at += sealed_step) parts.push_back(id_from_name<IntentId>("roadbook sealed part", fmt::format("{} {} {}", record.text(), file.hex(), at)));
    return parts;
}

Error no_such_file(const RecordId& record)
{
    return fail(Errc::not_found, fmt::format("record {} names no such file", record.text()));
}

std::int64_t here(storage::Database& db, const Hash& file)
{
    auto rows = db.statement(select_here);
    rows.bind(":hash", file);
    rows.step();
    return rows.integer(0);
}

void put_row(storage::Database& db, std::int64_t document, const Hash& file, std::int64_t size, bool to_send, bool wanted)
{
    db.statement(upsert_file)
        .bind(":document", document)
        .bind(":hash", file)
        .bind(":size", size)
        .bind(":to_send", std::int64_t{to_send})
        .bind(":wanted", std::int64_t{wanted})
        .run();
}

} // namespace

Result<ChildId> Replica::attach(const RecordId& record, std::string_view name, std::string_view media_type, ByteView bytes, std::string_view entry)
{
    const auto row = inside_->documents.find(record);
    const auto* kind = row ? schema::find_kind(row->kind) : nullptr;
    if (kind == nullptr) return fail(Errc::not_found, fmt::format("there is no record {} on this device", record.text()));
    if (kind->collection(schema::attachments_collection) == nullptr) return fail(Errc::bad_argument, fmt::format("a {} has no attachments", kind->name));
    if (bytes.empty() || static_cast<std::int64_t>(bytes.size()) > schema::attachment_bytes_max)
        return fail(Errc::too_large, fmt::format("{} has {} bytes: a file has 1 byte to {} MiB", name, bytes.size(), schema::attachment_bytes_max >> 20));
    // The bytes first: a record that names a file which is nowhere would be worse than bytes that no record names.
    const auto hash = inside_->keep_file(row->num, bytes);
    auto fields = inside_->file_entry(name, media_type, bytes, hash);
    if (!entry.empty()) fields["entry"] = std::string{entry};
    auto made = add_item(record, schema::attachments_collection, fields);
    if (!made) inside_->drop_file(row->num, hash); // refused: then nothing is to be sent
    return made;
}

Hash Replica::Inside::keep_file(std::int64_t document, ByteView bytes)
{
    const auto hash = sha256(bytes);
    storage::Transaction transaction{db};
    put_row(db, document, hash, static_cast<std::int64_t>(bytes.size()), true, false);
    for (std::size_t at = 0; at < bytes.size(); at += protocol::part_bytes_max)
        db.statement(insert_part)
            .bind(":hash", hash)
            .bind(":position", static_cast<std::int64_t>(at))
            .bind(":bytes", bytes.subspan(at, std::min(protocol::part_bytes_max, bytes.size() - at)))
            .run();
    seal_file(documents.id_of(document), hash, static_cast<std::int64_t>(bytes.size()));
    transaction.commit();
    return hash;
}

/// Readable by the server alone, should this device be locked or lose its access before it has sent the file: doubles what the file takes, until then.
std::vector<IntentId> Replica::Inside::seal_file(const RecordId& record, const Hash& file, std::int64_t size)
{
    if (!options.vault) return {};
    const auto ids = options.vault->sealed_ids();
    const std::set<IntentId> sealed{ids.begin(), ids.end()};
    auto parts = sealed_parts_of(record, file, size);
    std::int64_t at = 0;
    for (const auto& part : parts) {
        const auto offset = std::exchange(at, at + sealed_step);
        if (sealed.contains(part)) continue;
        protocol::v1::PutPart put;
        put.set_document(protocol::to_field(record));
        put.set_sha256(protocol::to_field(file));
        put.set_offset(static_cast<std::uint64_t>(offset));
        put.set_data(protocol::to_field(file_part(file, offset, protocol::sealed_part_bytes)));
        options.vault->seal_part(part, as_bytes(put.SerializeAsString()), at >= size);
    }
    return parts;
}

void Replica::Inside::drop_file(std::int64_t document, const Hash& file)
{
    storage::Transaction transaction{db};
    db.statement("DELETE FROM attachment WHERE document = :document AND hash = :hash").bind(":document", document).bind(":hash", file).run();
    transaction.commit();
}

/// A file is kept before the edit that names it: where the machine ended in between, or the edit was not saved, nobody was told that it is here.
void Replica::Inside::drop_unnamed_files()
{
    settle_files_of_refused();
    std::map<std::int64_t, std::vector<Hash>> waiting; // by document, which is read once for all its files: every connection begins here
    {
        auto rows = db.statement(select_to_send);
        while (rows.step()) waiting[rows.integer(0)].push_back(rows.hash(1));
    }
    for (auto& [document, files] : waiting) {
        const auto held = documents.hold(documents.id_of(document));
        if (!held || (*held)->kind == nullptr) continue;
        const auto merged = merge::read(*(*held)->kind, (*held)->id, (*held)->document);
        if (!merged) continue;
        std::erase_if(files, [&](const Hash& file) { return names_at_all(merged->record, file); });
        if (files.empty()) continue;
        for (const auto& file : files) drop_file(document, file);
        storage::Transaction transaction{db};
        erase_if_orphan(document); // it may have waited for them alone
        transaction.commit();
    }
}

void Replica::Inside::send_files_anew()
{
    storage::Transaction transaction{db};
    db.statement(send_whole_files).run();
    transaction.commit();
}

void Replica::Inside::keep_files_of_refused(std::int64_t document, const RecordId& record)
{
    db.statement(keep_for_refused).bind(":record", record).bind(":document", document).run();
}

bool Replica::Inside::is_named_by_refused(const RecordId& record, const Hash& file)
{
    auto rows = db.statement(select_refused_of);
    rows.bind(":record", record);
    while (rows.step()) {
        const auto kept = rows.blob(0);
        const auto intent = merge::read_intent(kept);
        const auto sets = intent ? merge::written_by(*intent) : std::vector<merge::WrittenField>{};
        if (std::any_of(sets.begin(), sets.end(), [&](const auto& set) { return set.value == file.hex(); })) return true;
    }
    return false;
}

/// Of refused edits that were given up or sent again meanwhile.
void Replica::Inside::settle_files_of_refused()
{
    struct Kept {
        RecordId record;
        Hash file;
        std::int64_t size = 0;
    };
    std::vector<Kept> all;
    {
        auto rows = db.statement(select_for_refused);
        while (rows.step()) all.push_back({rows.id<RecordId>(0), rows.hash(1), rows.integer(2)});
    }
    for (const auto& kept : all) {
        const auto row = documents.find(kept.record);
        if (!row && is_named_by_refused(kept.record, kept.file)) continue;
        storage::Transaction transaction{db};
        if (row) put_row(db, row->num, kept.file, kept.size, true, false); // its record is here again: if it names the file or not is seen there
        db.statement(delete_for_refused).bind(":record", kept.record).bind(":hash", kept.file).run();
        transaction.commit();
    }
}

schema::Fields Replica::Inside::file_entry(std::string_view name, std::string_view media_type, ByteView bytes, const Hash& hash)
{
    schema::Fields fields{{"name", std::string{name}}, {"size", static_cast<std::int64_t>(bytes.size())}, {"sha256", hash.hex()}, {"taken_at", options.clock->now()}};
    if (!media_type.empty()) fields["media_type"] = std::string{media_type};
    return fields;
}

Result<Bytes> Replica::attachment(const RecordId& record, const Hash& file)
{
    const auto shown = show(record);
    const auto named = shown ? named_file(shown->merged.record, file) : std::nullopt;
    if (!named) return no_such_file(record);
    auto bytes = file_part(file, 0, static_cast<std::size_t>(named->size));
    if (static_cast<std::int64_t>(bytes.size()) != named->size || sha256(bytes) != file)
        return fail(Errc::not_found, fmt::format("{} is not on this device yet: it comes with the next sync", named->name));
    return bytes;
}

Result<void> Replica::want_attachment(const RecordId& record, const Hash& file)
{
    const auto shown = show(record);
    const auto named = shown ? named_file(shown->merged.record, file) : std::nullopt;
    if (!named) return no_such_file(record);
    if (here(inside_->db, file) == named->size) return {};
    storage::Transaction transaction{inside_->db};
    put_row(inside_->db, inside_->documents.find(record)->num, file, named->size, false, true);
    transaction.commit();
    return {};
}

void Replica::want_own_attachments()
{
    const auto me = inside_->identity();
    if (!me) return;
    std::vector<std::pair<RecordId, std::string>> own;
    {
        const auto key = schema::ScopeId::person(me->person).bytes();
        auto rows = inside_->db.statement(select_own);
        rows.bind(":scope", ByteView{key});
        while (rows.step()) own.emplace_back(rows.id<RecordId>(0), rows.text(1));
    }
    for (const auto& [id, kind_name] : own) {
        const auto* kind = schema::find_kind(kind_name);
        if (kind == nullptr || kind->collection(schema::attachments_collection) == nullptr) continue;
        const auto record = inside_->read_model.get(id, kind_name);
        const auto files = record ? record->collections.find(schema::attachments_collection) : decltype(record->collections.end()){};
        if (!record || files == record->collections.end()) continue;
        for (const auto& child : files->second)
            if (const auto file = schema::attached_file(child); file && !child.removed) (void)want_attachment(id, file->hash);
    }
}

std::vector<Replica::FileWaiting> Replica::files_waiting()
{
    return inside_->files_waiting();
}

std::vector<Replica::FileWaiting> Replica::Inside::files_waiting()
{
    std::vector<FileWaiting> found;
    {
        auto rows = db.statement(select_waiting);
        while (rows.step()) found.push_back({rows.id<RecordId>(0), rows.hash(1), rows.integer(2), 0, rows.integer(3) != 0});
    }
    for (auto& file : found)
        if (!file.to_send) file.here = here(db, file.file);
    return found;
}

bool Replica::has_files_waiting()
{
    return inside_->count(any_waiting) != 0;
}

Bytes Replica::file_part(const Hash& file, std::int64_t offset, std::size_t bytes_max)
{
    return inside_->file_part(file, offset, bytes_max);
}

Bytes Replica::Inside::file_part(const Hash& file, std::int64_t offset, std::size_t bytes_max)
{
    auto rows = db.statement(select_parts);
    rows.bind(":hash", file).bind(":from", offset).bind(":end", offset + static_cast<std::int64_t>(bytes_max));
    Bytes bytes;
    while (rows.step()) {
        const auto at = offset + static_cast<std::int64_t>(bytes.size()) - rows.integer(0);
        const auto part = rows.blob_view(1);
        if (at < 0 || at > static_cast<std::int64_t>(part.size())) break; // a hole
        const auto rest = part.subspan(static_cast<std::size_t>(at));
        const auto count = std::min(rest.size(), bytes_max - bytes.size());
        bytes.insert(bytes.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return bytes;
}

void Replica::note_file_sent(const RecordId& record, const Hash& file)
{
    if (inside_->options.vault)
        for (const auto& waiting : files_waiting())
            if (waiting.record == record && waiting.file == file) inside_->options.vault->forget(sealed_parts_of(record, file, waiting.size));
    storage::Transaction transaction{inside_->db};
    inside_->db.statement(update_sent).bind(":hash", file).bind(":record", record).run(); // of another record that names it the server is asked, too
    inside_->db.statement(delete_for_refused).bind(":hash", file).bind(":record", record).run();
    if (const auto row = inside_->documents.find(record)) inside_->erase_if_orphan(row->num); // it had only waited for that
    transaction.commit();
}

Result<void> Replica::keep_file_part(const RecordId& record, const Hash& file, std::int64_t offset, ByteView part)
{
    const auto row = inside_->documents.find(record);
    if (!row) return no_such_file(record); // purged meanwhile
    storage::Transaction transaction{inside_->db};
    std::int64_t size = 0;
    {
        auto rows = inside_->db.statement(select_file);
        rows.bind(":document", row->num).bind(":hash", file);
        if (!rows.step()) return no_such_file(record);
        size = rows.integer(0);
    }
    const auto known = here(inside_->db, file);
    if (offset != known || known + static_cast<std::int64_t>(part.size()) > size) return fail(Errc::bad_frame, "a part of a file that does not follow on what is here");
    inside_->db.statement(insert_part).bind(":hash", file).bind(":position", offset).bind(":bytes", part).run();
    auto kept = Result<void>{};
    if (known + static_cast<std::int64_t>(part.size()) == size) {
        if (sha256(file_part(file, 0, static_cast<std::size_t>(size))) == file) {
            inside_->db.statement(update_fetched).bind(":hash", file).run();
        } else {
            inside_->db.statement(delete_parts).bind(":hash", file).run();
            kept = fail(Errc::hash_conflict, "the file that came is another one: it was dropped, and is fetched again");
        }
    }
    transaction.commit();
    return kept;
}

} // namespace roadbook::replica
