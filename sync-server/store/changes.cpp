#include "sync-server/store/store.hpp"

#include <algorithm>

namespace roadbook::store {
namespace {

constexpr auto select_document = "SELECT num, id, kind FROM document WHERE id = :id";
constexpr auto select_snapshot = "SELECT snapshot FROM document WHERE num = :num";
constexpr auto upsert_document = R"sql(
    INSERT INTO document (id, kind, snapshot) VALUES (:id, :kind, :snapshot)
        ON CONFLICT (id) DO UPDATE SET snapshot = excluded.snapshot RETURNING num)sql";
constexpr auto select_of_kind = "SELECT id FROM document WHERE kind = :kind ORDER BY num";
constexpr auto count_of_kind = "SELECT count(*) FROM document WHERE kind = :kind";
constexpr auto select_known = "SELECT late FROM change WHERE document = :document AND hash = :hash";
constexpr auto select_accepted = "SELECT c.late FROM change c JOIN author a ON a.num = c.author WHERE c.hash = :hash AND a.device = :device";
constexpr auto select_accepted_edit = R"sql(
    SELECT c.late FROM document d JOIN change c ON c.document = d.num JOIN author a ON a.num = c.author
     WHERE d.id = :document AND c.intent = :intent AND a.device = :device)sql";
constexpr auto select_like = "SELECT 1 FROM change WHERE hash BETWEEN :from AND :to AND document = :document LIMIT 1";
constexpr auto select_last_received = "SELECT max(received_at) FROM change";
constexpr auto upsert_author = R"sql(
    INSERT INTO author (actor, person, device) VALUES (:actor, :person, :device)
        ON CONFLICT (actor) DO UPDATE SET actor = excluded.actor RETURNING num)sql";
constexpr auto insert_change = R"sql(
    INSERT INTO change (document, hash, author, seq, bytes, device_time, clock_offset, received_at, intent, reason, late, released_by)
        VALUES (:document, :hash, :author, :seq, :bytes, :device_time, :clock_offset, :received_at, :intent, :reason, :late, :released_by))sql";
constexpr auto select_changes = R"sql(
    SELECT c.num, c.hash, a.actor, c.seq, iif(:with_bytes, c.bytes, x''), a.person, a.device, c.device_time, c.clock_offset, c.received_at,
           c.intent, c.reason, c.late, c.released_by
      FROM change c JOIN author a ON a.num = c.author WHERE c.document = :document ORDER BY c.author, c.seq)sql";
constexpr auto select_actor = "SELECT device FROM author WHERE actor = :actor";
constexpr auto select_quarantined = R"sql(
    SELECT code, field, reason, reason_zh FROM quarantine WHERE document = :document AND hash = :hash AND device = :device)sql";
constexpr auto select_quarantined_of = R"sql(
    SELECT change FROM quarantine WHERE document = :document AND device = :device AND state IN ('waiting', 'returned', 'discarded') ORDER BY num LIMIT :count_max)sql";
constexpr auto select_surrendered_of = "SELECT content FROM surrendered WHERE document = :document AND device = :device ORDER BY num LIMIT :count_max";
constexpr auto insert_quarantine = R"sql(
    INSERT INTO quarantine (device, person, document, hash, change, intent, device_time, edit_reason, code, field, reason, reason_zh, received_at)
        VALUES (:device, :person, :document, :hash, :change, :intent, :device_time, :edit_reason, :code, :field, :reason, :reason_zh, :received_at)
        ON CONFLICT DO NOTHING)sql";
constexpr auto count_quarantine = "SELECT count(*) FROM quarantine WHERE device = :device AND state IN ('waiting', 'returned')";
constexpr auto select_quarantine = R"sql(
    SELECT num, device, person, document, hash, change, intent, device_time, edit_reason, code, field, reason, reason_zh, received_at, state
      FROM quarantine WHERE (:settled OR state IN ('waiting', 'returned')) AND (:device IS NULL OR device = :device) AND (:num IS NULL OR num = :num)
     ORDER BY num)sql";

/// Of one record and device, oldest first.
std::vector<Bytes> kept_of(storage::Database& db, const char* sql, const RecordId& document, const DeviceId& device, int count_max)
{
    auto rows = db.statement(sql);
    rows.bind(":document", document).bind(":device", device).bind(":count_max", std::int64_t{count_max});
    std::vector<Bytes> found;
    while (rows.step()) found.push_back(rows.blob(0));
    return found;
}

} // namespace

std::optional<DocumentRow> Store::document(const RecordId& id)
{
    auto rows = db_.statement(select_document);
    rows.bind(":id", id);
    if (!rows.step()) return std::nullopt;
    return DocumentRow{rows.integer(0), rows.id<RecordId>(1), rows.text(2)};
}

Bytes Store::snapshot(std::int64_t document)
{
    auto rows = db_.statement(select_snapshot);
    rows.bind(":num", document);
    return rows.step() ? rows.blob(0) : Bytes{};
}

std::int64_t Store::put_document(const RecordId& id, std::string_view kind, ByteView snapshot)
{
    auto rows = db_.statement(upsert_document);
    rows.bind(":id", id).bind(":kind", kind).bind(":snapshot", snapshot);
    rows.step();
    return rows.integer(0);
}

std::vector<RecordId> Store::documents_of(std::string_view kind)
{
    auto rows = db_.statement(select_of_kind);
    rows.bind(":kind", kind);
    std::vector<RecordId> found;
    while (rows.step()) found.push_back(rows.id<RecordId>(0));
    return found;
}

std::int64_t Store::count_of(std::string_view kind)
{
    auto rows = db_.statement(count_of_kind);
    rows.bind(":kind", kind);
    rows.step();
    return rows.integer(0);
}

std::optional<bool> Store::known_change(std::int64_t document, const Hash& hash)
{
    auto rows = db_.statement(select_known);
    rows.bind(":document", document).bind(":hash", hash);
    return rows.step() ? std::optional{rows.integer(0) != 0} : std::nullopt;
}

std::optional<bool> Store::accepted(const DeviceId& device, const Hash& hash)
{
    auto rows = db_.statement(select_accepted);
    rows.bind(":hash", hash).bind(":device", device);
    return rows.step() ? std::optional{rows.integer(0) != 0} : std::nullopt;
}

std::optional<bool> Store::accepted(const DeviceId& device, const RecordId& document, const IntentId& intent)
{
    auto rows = db_.statement(select_accepted_edit);
    rows.bind(":document", document).bind(":intent", intent).bind(":device", device);
    return rows.step() ? std::optional{rows.integer(0) != 0} : std::nullopt;
}

bool Store::has_change_like(std::int64_t document, ByteView hash_prefix)
{
    Hash from, to;
    to.bytes.fill(std::byte{0xff});
    const auto length = std::min(hash_prefix.size(), from.bytes.size());
    std::copy_n(hash_prefix.begin(), length, from.bytes.begin());
    std::copy_n(hash_prefix.begin(), length, to.bytes.begin());
    auto rows = db_.statement(select_like);
    rows.bind(":from", from).bind(":to", to).bind(":document", document);
    return rows.step();
}

std::optional<Time> Store::last_received()
{
    auto rows = db_.statement(select_last_received);
    return rows.step() && !rows.is_null(0) ? std::optional{rows.time(0)} : std::nullopt;
}

std::int64_t Store::append(std::int64_t document, const ChangeRow& change)
{
    std::int64_t author = 0;
    {
        auto rows = db_.statement(upsert_author);
        rows.bind(":actor", change.actor).bind(":person", change.by.person).bind(":device", change.by.device);
        rows.step();
        author = rows.integer(0);
    }
    db_.statement(insert_change)
        .bind(":document", document)
        .bind(":hash", change.hash)
        .bind(":author", author)
        .bind(":seq", static_cast<std::int64_t>(change.seq))
        .bind(":bytes", ByteView{change.bytes})
        .bind(":device_time", change.by.device_time)
        .bind(":clock_offset", std::int64_t{change.by.clock_offset.count()})
        .bind(":received_at", change.by.received_at.value())
        .bind(":intent", change.by.intent)
        .bind(":reason", std::string_view{change.by.reason})
        .bind(":late", std::int64_t{change.by.late})
        .bind(":released_by", change.by.released_by)
        .run();
    return db_.last_row();
}

std::vector<ChangeRow> Store::changes_of(std::int64_t document, bool with_bytes)
{
    auto rows = db_.statement(select_changes);
    rows.bind(":document", document).bind(":with_bytes", std::int64_t{with_bytes});
    std::vector<ChangeRow> found;
    while (rows.step()) {
        found.push_back({rows.integer(0), rows.hash(1), rows.id<ActorId>(2), static_cast<std::uint64_t>(rows.integer(3)), rows.blob(4),
                         {rows.id<RecordId>(5), rows.id<DeviceId>(6), rows.time(7), Duration{rows.integer(8)}, rows.time(9), rows.id<IntentId>(10),
                          rows.text(11), rows.integer(12) != 0}});
        if (!rows.is_null(13)) found.back().by.released_by = rows.id<RecordId>(13);
    }
    return found;
}

std::optional<DeviceId> Store::device_of_actor(const ActorId& actor)
{
    auto rows = db_.statement(select_actor);
    rows.bind(":actor", actor);
    return rows.step() ? std::optional{rows.id<DeviceId>(0)} : std::nullopt;
}

std::optional<Error> Store::quarantined(const RecordId& document, const Hash& hash, const DeviceId& device)
{
    auto rows = db_.statement(select_quarantined);
    rows.bind(":document", document).bind(":hash", hash).bind(":device", device);
    if (!rows.step()) return std::nullopt;
    return Error{errc_from_name(rows.text_view(0)), rows.text(2), rows.text(1), rows.text(3)};
}

std::vector<Bytes> Store::quarantined_of(const RecordId& document, const DeviceId& device, int count_max)
{
    return kept_of(db_, select_quarantined_of, document, device, count_max);
}

std::vector<Bytes> Store::surrendered_of(const RecordId& document, const DeviceId& device, int count_max)
{
    return kept_of(db_, select_surrendered_of, document, device, count_max);
}

void Store::quarantine(const QuarantineRow& row)
{
    db_.statement(insert_quarantine)
        .bind(":device", row.device)
        .bind(":person", row.person)
        .bind(":document", row.document)
        .bind(":hash", row.hash)
        .bind(":change", ByteView{row.change})
        .bind(":intent", row.intent)
        .bind(":device_time", row.device_time)
        .bind(":edit_reason", std::string_view{row.edit_reason})
        .bind(":code", name(row.why.code))
        .bind(":field", std::string_view{row.why.field})
        .bind(":reason", std::string_view{row.why.message})
        .bind(":reason_zh", std::string_view{row.why.message_zh})
        .bind(":received_at", row.received_at)
        .run();
}

std::int64_t Store::quarantine_count(const DeviceId& device)
{
    auto rows = db_.statement(count_quarantine);
    rows.bind(":device", device);
    rows.step();
    return rows.integer(0);
}

std::vector<QuarantineRow> Store::quarantine_rows(const ShelfFilter& filter)
{
    auto rows = db_.statement(select_quarantine);
    rows.bind(":settled", std::int64_t{filter.settled}).bind(":device", filter.device).bind(":num", filter.num);
    std::vector<QuarantineRow> found;
    while (rows.step())
        found.push_back({rows.integer(0), rows.id<DeviceId>(1), rows.id<RecordId>(2), rows.id<RecordId>(3), rows.hash(4), rows.blob(5),
                         rows.id<IntentId>(6), rows.time(7), rows.text(8),
                         Error{errc_from_name(rows.text_view(9)), rows.text(11), rows.text(10), rows.text(12)}, rows.time(13), edit_state(rows.text_view(14))});
    return found;
}

} // namespace roadbook::store
