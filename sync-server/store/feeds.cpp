#include "shared/protocol/running_hash.hpp"
#include "sync-server/store/store.hpp"

namespace roadbook::store {
namespace {

constexpr auto select_scope = "SELECT num, id, seq, running_hash FROM scope WHERE id = :id";
constexpr auto select_scopes = "SELECT num, id, seq, running_hash FROM scope ORDER BY id";
constexpr auto insert_scope = "INSERT INTO scope (id, seq, running_hash) VALUES (:id, 0, :hash)";
constexpr auto update_scope = "UPDATE scope SET seq = :seq, running_hash = :hash WHERE num = :num";
constexpr auto insert_entry = R"sql(
    INSERT INTO feed (scope, seq, kind, document, change, move, running_hash) VALUES (:scope, :seq, :kind, :document, :change, :move, :hash))sql";
constexpr auto select_entries = R"sql(
    SELECT f.seq, f.kind, d.id, f.document, f.move, f.running_hash, c.num, c.hash, a.actor, c.seq, c.bytes, a.person, a.device,
           c.device_time, c.clock_offset, c.received_at, c.intent, c.reason, c.late, c.released_by
      FROM feed f JOIN document d ON d.num = f.document
      LEFT JOIN change c ON c.num = f.change LEFT JOIN author a ON a.num = c.author
     WHERE f.scope = :scope AND f.seq > :after ORDER BY f.seq LIMIT :count_max)sql";
constexpr auto select_by_others = R"sql(
    SELECT 1 FROM feed f LEFT JOIN change c ON c.num = f.change LEFT JOIN author a ON a.num = c.author
     WHERE f.scope = :scope AND f.seq > :seq AND f.document = :document AND a.device IS NOT :device LIMIT 1)sql";
constexpr auto select_leaves_or_own = R"sql(
    SELECT 1 FROM feed f LEFT JOIN change c ON c.num = f.change LEFT JOIN author a ON a.num = c.author
     WHERE f.scope = :scope AND f.seq > :seq AND (f.kind = :leave OR a.device = :device) LIMIT 1)sql";
constexpr auto select_hash_at = "SELECT running_hash FROM feed WHERE scope = :scope AND seq = :seq";
constexpr auto select_scopes_of = "SELECT s.id FROM membership m JOIN scope s ON s.num = m.scope WHERE m.document = :document";
constexpr auto insert_member = "INSERT INTO membership (scope, document) VALUES (:scope, :document) ON CONFLICT DO NOTHING";
constexpr auto delete_member = "DELETE FROM membership WHERE scope = :scope AND document = :document";
constexpr auto insert_departure = "INSERT INTO departure (document, scope, seq, left_at) VALUES (:document, :scope, :seq, :at)";
constexpr auto delete_departed = "DELETE FROM departure WHERE document = :document AND scope = :scope";
constexpr auto select_departures = R"sql(
    SELECT s.id, p.left_at FROM document d JOIN departure p ON p.document = d.num JOIN scope s ON s.num = p.scope
     WHERE d.id = :document AND NOT EXISTS (
         SELECT 1 FROM departure_confirmed c WHERE c.document = p.document AND c.scope = p.scope AND c.device = :device))sql";
constexpr auto insert_confirmed = R"sql(
    INSERT INTO departure_confirmed (document, scope, device)
        SELECT document, scope, :device FROM departure WHERE scope = :scope AND seq <= :seq ON CONFLICT DO NOTHING)sql";
constexpr auto select_members = R"sql(
    SELECT d.num, d.id, d.kind FROM membership m JOIN document d ON d.num = m.document
     WHERE m.scope = :scope AND m.document > :after ORDER BY m.document LIMIT :count_max)sql";
constexpr auto count_members = "SELECT count(*) FROM membership WHERE scope = :scope";
constexpr auto delete_hangs_on = "DELETE FROM hangs_on WHERE document = :document";
constexpr auto insert_hangs_on = "INSERT INTO hangs_on (document, target) VALUES (:document, :target) ON CONFLICT DO NOTHING";
constexpr auto select_hanging = "SELECT d.num, d.id, d.kind FROM hangs_on h JOIN document d ON d.num = h.document WHERE h.target = :target";
constexpr auto select_brought = "SELECT target, scope FROM brought WHERE document = :document";
constexpr auto delete_brought = "DELETE FROM brought WHERE document = :document";
constexpr auto insert_brought = "INSERT INTO brought (document, target, scope) VALUES (:document, :target, :scope)";
constexpr auto select_guest_scopes = "SELECT DISTINCT s.id FROM brought b JOIN scope s ON s.num = b.scope WHERE b.target = :target";

ScopeHead read_head(storage::Statement& rows)
{
    return {rows.integer(0), schema::ScopeId::from(rows.blob_view(1)).value(), static_cast<std::uint64_t>(rows.integer(2)), rows.hash(3)};
}

std::vector<DocumentRow> read_documents(storage::Statement& rows)
{
    std::vector<DocumentRow> found;
    while (rows.step()) found.push_back({rows.integer(0), rows.id<RecordId>(1), rows.text(2)});
    return found;
}

} // namespace

std::optional<ScopeHead> Store::scope(const schema::ScopeId& id)
{
    const auto key = id.bytes();
    auto rows = db_.statement(select_scope);
    rows.bind(":id", ByteView{key});
    return rows.step() ? std::optional{read_head(rows)} : std::nullopt;
}

ScopeHead Store::ensure_scope(const schema::ScopeId& id)
{
    if (auto found = scope(id)) return *found;
    const auto key = id.bytes();
    db_.statement(insert_scope).bind(":id", ByteView{key}).bind(":hash", Hash{}).run();
    return {db_.last_row(), id, 0, {}};
}

std::vector<ScopeHead> Store::scopes()
{
    auto rows = db_.statement(select_scopes);
    std::vector<ScopeHead> found;
    while (rows.step()) found.push_back(read_head(rows));
    return found;
}

void Store::append_entry(ScopeHead& head, const FeedRow& row)
{
    std::optional<protocol::v1::Attribution> by;
    if (row.change) by = merge::to_frame(row.change->by);
    const auto content = row.change ? row.change->hash : sha256(row.move);
    ++head.seq;
    head.running_hash = protocol::extend(head.running_hash, {row.kind, row.document, content}, by ? &*by : nullptr);
    auto statement = db_.statement(insert_entry);
    statement.bind(":scope", head.num)
        .bind(":seq", static_cast<std::int64_t>(head.seq))
        .bind(":kind", std::int64_t{row.kind})
        .bind(":document", row.document_num)
        .bind(":hash", head.running_hash);
    if (row.change) statement.bind(":change", row.change->num);
    else statement.bind(":change", nullptr);
    if (row.move.empty()) statement.bind(":move", nullptr);
    else statement.bind(":move", ByteView{row.move});
    statement.run();
    db_.statement(update_scope)
        .bind(":seq", static_cast<std::int64_t>(head.seq))
        .bind(":hash", head.running_hash)
        .bind(":num", head.num)
        .run();
}

std::vector<FeedRow> Store::entries(std::int64_t scope, std::uint64_t after, int count_max)
{
    auto rows = db_.statement(select_entries);
    rows.bind(":scope", scope).bind(":after", static_cast<std::int64_t>(after)).bind(":count_max", std::int64_t{count_max});
    std::vector<FeedRow> found;
    while (rows.step()) {
        FeedRow row{static_cast<std::uint64_t>(rows.integer(0)), static_cast<protocol::v1::Entry::Kind>(rows.integer(1)), rows.id<RecordId>(2),
                    rows.integer(3), std::nullopt, rows.blob(4), rows.hash(5)};
        if (!rows.is_null(6))
            row.change = ChangeRow{rows.integer(6), rows.hash(7), rows.id<ActorId>(8), static_cast<std::uint64_t>(rows.integer(9)), rows.blob(10),
                                   {rows.id<RecordId>(11), rows.id<DeviceId>(12), rows.time(13), Duration{rows.integer(14)}, rows.time(15),
                                    rows.id<IntentId>(16), rows.text(17), rows.integer(18) != 0}};
        if (row.change && !rows.is_null(19)) row.change->by.released_by = rows.id<RecordId>(19);
        found.push_back(std::move(row));
    }
    return found;
}

bool Store::was_changed_by_others(std::int64_t document, std::int64_t scope, std::uint64_t seq, const DeviceId& device)
{
    auto rows = db_.statement(select_by_others);
    rows.bind(":scope", scope).bind(":seq", static_cast<std::int64_t>(seq)).bind(":document", document).bind(":device", device);
    return rows.step();
}

bool Store::has_left_or_written(std::int64_t scope, std::uint64_t seq, const DeviceId& device)
{
    auto rows = db_.statement(select_leaves_or_own);
    rows.bind(":scope", scope).bind(":seq", static_cast<std::int64_t>(seq)).bind(":leave", std::int64_t{protocol::v1::Entry::LEAVE}).bind(":device", device);
    return rows.step();
}

std::optional<Hash> Store::running_hash_at(std::int64_t scope, std::uint64_t seq)
{
    if (seq == 0) return Hash{};
    auto rows = db_.statement(select_hash_at);
    rows.bind(":scope", scope).bind(":seq", static_cast<std::int64_t>(seq));
    return rows.step() ? std::optional{rows.hash(0)} : std::nullopt;
}

std::vector<schema::ScopeId> Store::scopes_of(std::int64_t document)
{
    auto rows = db_.statement(select_scopes_of);
    rows.bind(":document", document);
    std::vector<schema::ScopeId> found;
    while (rows.step()) found.push_back(schema::ScopeId::from(rows.blob_view(0)).value());
    return found;
}

void Store::set_scopes(std::int64_t document, std::span<const std::int64_t> joined, std::span<const std::int64_t> left)
{
    for (const auto scope : joined) db_.statement(insert_member).bind(":scope", scope).bind(":document", document).run();
    for (const auto scope : left) db_.statement(delete_member).bind(":scope", scope).bind(":document", document).run();
}

void Store::put_departure(std::int64_t document, const ScopeHead& scope, Time at)
{
    delete_departure(document, scope.num);
    db_.statement(insert_departure).bind(":document", document).bind(":scope", scope.num).bind(":seq", static_cast<std::int64_t>(scope.seq)).bind(":at", at).run();
}

void Store::delete_departure(std::int64_t document, std::int64_t scope)
{
    db_.statement(delete_departed).bind(":document", document).bind(":scope", scope).run();
}

std::vector<access::Departure> Store::departures(const RecordId& document, const DeviceId& device)
{
    auto rows = db_.statement(select_departures);
    rows.bind(":document", document).bind(":device", device);
    std::vector<access::Departure> found;
    while (rows.step()) found.push_back({schema::ScopeId::from(rows.blob_view(0)).value(), rows.time(1)});
    return found;
}

void Store::confirm_departures(const DeviceId& device, std::int64_t scope, std::uint64_t seq)
{
    db_.statement(insert_confirmed).bind(":device", device).bind(":scope", scope).bind(":seq", static_cast<std::int64_t>(seq)).run();
}

std::vector<DocumentRow> Store::members(std::int64_t scope, std::int64_t after, int count_max)
{
    auto rows = db_.statement(select_members);
    rows.bind(":scope", scope).bind(":after", after).bind(":count_max", std::int64_t{count_max});
    return read_documents(rows);
}

std::int64_t Store::member_count(std::int64_t scope)
{
    auto rows = db_.statement(count_members);
    rows.bind(":scope", scope);
    rows.step();
    return rows.integer(0);
}

void Store::set_hangs_on(std::int64_t document, std::span<const RecordId> targets)
{
    db_.statement(delete_hangs_on).bind(":document", document).run();
    for (const auto& target : targets) db_.statement(insert_hangs_on).bind(":document", document).bind(":target", target).run();
}

std::vector<DocumentRow> Store::hanging_on(const RecordId& target)
{
    auto rows = db_.statement(select_hanging);
    rows.bind(":target", target);
    return read_documents(rows);
}

std::set<std::pair<RecordId, std::int64_t>> Store::brought_by(std::int64_t document)
{
    auto rows = db_.statement(select_brought);
    rows.bind(":document", document);
    std::set<std::pair<RecordId, std::int64_t>> found;
    while (rows.step()) found.emplace(RecordId::from(rows.blob_view(0)).value(), rows.integer(1));
    return found;
}

void Store::set_brought_by(std::int64_t document, const std::set<std::pair<RecordId, std::int64_t>>& brought)
{
    db_.statement(delete_brought).bind(":document", document).run();
    for (const auto& [target, scope] : brought)
        db_.statement(insert_brought).bind(":document", document).bind(":target", target).bind(":scope", scope).run();
}

std::set<schema::ScopeId> Store::guest_scopes(const RecordId& target)
{
    auto rows = db_.statement(select_guest_scopes);
    rows.bind(":target", target);
    std::set<schema::ScopeId> found;
    while (rows.step()) found.insert(schema::ScopeId::from(rows.blob_view(0)).value());
    return found;
}

} // namespace roadbook::store
