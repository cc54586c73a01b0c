#include "mobile-app/replica/scopes.hpp"

namespace roadbook::replica {
namespace {

constexpr auto select_all = "SELECT num, id, seq, running_hash, pack_position, ready, withdrawn, ahead_position FROM scope ORDER BY id";
constexpr auto select_one = "SELECT num, id, seq, running_hash, pack_position, ready, withdrawn, ahead_position FROM scope WHERE id = :id";
constexpr auto insert_scope = "INSERT INTO scope (id, running_hash) VALUES (:id, :hash) ON CONFLICT DO NOTHING";
constexpr auto update_scope = R"sql(
    UPDATE scope SET seq = :seq, running_hash = :hash, pack_position = :position, ready = :ready, withdrawn = :withdrawn, ahead_position = :ahead
     WHERE num = :num)sql";
constexpr auto delete_scope = "DELETE FROM scope WHERE num = :num";
constexpr auto insert_membership = R"sql(
    INSERT INTO membership (document, scope) VALUES (:document, :scope) ON CONFLICT DO UPDATE SET confirmed = 1 WHERE confirmed <> 1)sql";
constexpr auto insert_guess = "INSERT INTO membership (document, scope, confirmed) VALUES (:document, :scope, -1) ON CONFLICT DO NOTHING";
constexpr auto delete_guesses = "DELETE FROM membership WHERE document = :document AND confirmed = -1";
constexpr auto insert_in_doubt = "INSERT INTO membership (document, scope, confirmed) VALUES (:document, :scope, 0) ON CONFLICT DO NOTHING";
constexpr auto select_block = "SELECT block_hash, position + length(bytes) FROM block_part WHERE scope = :scope ORDER BY position DESC LIMIT 1";
constexpr auto select_parts = "SELECT bytes FROM block_part WHERE scope = :scope ORDER BY position";
constexpr auto insert_part = "INSERT INTO block_part (scope, position, block_hash, bytes) VALUES (:scope, :position, :hash, :bytes)";
constexpr auto delete_parts = "DELETE FROM block_part WHERE scope = :scope";
constexpr auto doubt_memberships = "UPDATE membership SET confirmed = 0 WHERE scope = :scope AND confirmed = 1"; // a guess stays one
constexpr auto select_doubted = "SELECT document FROM membership WHERE scope = :scope AND confirmed = 0";
constexpr auto delete_membership = "DELETE FROM membership WHERE document = :document AND scope = :scope";
constexpr auto select_scopes_of = R"sql(
    SELECT s.num, s.id, s.seq, s.running_hash, s.pack_position, s.ready, s.withdrawn, s.ahead_position FROM membership m JOIN scope s ON s.num = m.scope
     WHERE m.document = :document)sql";
constexpr auto select_documents_in = "SELECT document FROM membership WHERE scope = :scope";
constexpr auto count_by_roles = R"sql(
    SELECT count(*) FROM document d
     WHERE d.kind = :kind AND EXISTS (SELECT 1 FROM membership m WHERE m.document = d.num)
       AND NOT EXISTS (SELECT 1 FROM membership m JOIN scope s ON s.num = m.scope WHERE m.document = d.num AND substr(s.id, 1, 1) <> :roles))sql";
constexpr auto select_orphan = "SELECT 1 FROM membership WHERE document = :document LIMIT 1";
constexpr auto select_withdrawn = R"sql(
    SELECT d.hidden OR (EXISTS (SELECT 1 FROM membership m WHERE m.document = d.num) AND NOT EXISTS (
               SELECT 1 FROM membership m JOIN scope s ON s.num = m.scope WHERE m.document = d.num AND NOT s.withdrawn))
      FROM document d WHERE d.num = :document)sql";
constexpr auto insert_homeless = "INSERT INTO homeless (document) SELECT num FROM document WHERE num = :document ON CONFLICT DO NOTHING"; // it may be gone with a refusal
constexpr auto ask_homeless = "UPDATE homeless SET asked = 1 WHERE NOT asked AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = homeless.document)";
constexpr auto select_asked = "SELECT document FROM homeless WHERE asked";
constexpr auto delete_asked = "DELETE FROM homeless WHERE asked";
constexpr auto select_hidden = "SELECT hidden FROM document WHERE num = :document";
constexpr auto hide_document = "UPDATE document SET hidden = 1 WHERE num = :document";
constexpr auto unhide_document = "UPDATE document SET hidden = 0 WHERE num = :document AND hidden";

ScopeRow read(storage::Statement& rows)
{
    return {rows.integer(0), schema::ScopeId::from(rows.blob_view(1)).value(), static_cast<std::uint64_t>(rows.integer(2)), rows.hash(3),
            static_cast<std::uint64_t>(rows.integer(4)), rows.integer(5) != 0, rows.integer(6) != 0,
            static_cast<std::uint64_t>(rows.integer(7))};
}

std::vector<std::int64_t> numbers(storage::Statement& rows)
{
    std::vector<std::int64_t> found;
    while (rows.step()) found.push_back(rows.integer(0));
    return found;
}

} // namespace

std::vector<ScopeRow> Scopes::all()
{
    auto rows = db_.statement(select_all);
    std::vector<ScopeRow> found;
    while (rows.step()) found.push_back(read(rows));
    return found;
}

std::optional<ScopeRow> Scopes::find(const schema::ScopeId& id)
{
    const auto key = id.bytes();
    auto rows = db_.statement(select_one);
    rows.bind(":id", ByteView{key});
    return rows.step() ? std::optional{read(rows)} : std::nullopt;
}

ScopeRow Scopes::ensure(const schema::ScopeId& id)
{
    if (auto found = find(id)) return *found;
    const auto key = id.bytes();
    db_.statement(insert_scope).bind(":id", ByteView{key}).bind(":hash", Hash{}).run();
    return find(id).value();
}

void Scopes::keep(const ScopeRow& row)
{
    db_.statement(update_scope)
        .bind(":seq", static_cast<std::int64_t>(row.seq))
        .bind(":hash", row.running_hash)
        .bind(":position", static_cast<std::int64_t>(row.pack_position))
        .bind(":ready", std::int64_t{row.ready})
        .bind(":withdrawn", std::int64_t{row.withdrawn})
        .bind(":ahead", static_cast<std::int64_t>(row.ahead_position))
        .bind(":num", row.num)
        .run();
}

void Scopes::forget(std::int64_t num)
{
    db_.statement(delete_scope).bind(":num", num).run();
}

void Scopes::join(std::int64_t document, std::int64_t scope)
{
    db_.statement(insert_membership).bind(":document", document).bind(":scope", scope).run();
    if (db_.changes() > 0) db_.statement(unhide_document).bind(":document", document).run();
}

void Scopes::guess(std::int64_t document, std::int64_t scope)
{
    db_.statement(insert_guess).bind(":document", document).bind(":scope", scope).run();
}

void Scopes::drop_guesses(std::int64_t document)
{
    db_.statement(delete_guesses).bind(":document", document).run();
}

void Scopes::join_ahead(std::int64_t document, std::int64_t scope)
{
    db_.statement(insert_in_doubt).bind(":document", document).bind(":scope", scope).run();
    if (db_.changes() > 0) db_.statement(unhide_document).bind(":document", document).run();
}

void Scopes::fetch_anew(ScopeRow& row)
{
    row.ready = false;
    row.seq = row.pack_position = row.ahead_position = 0;
    row.running_hash = {};
    keep(row);
    db_.statement(delete_parts).bind(":scope", row.num).run();
}

std::optional<BlockBegun> Scopes::block_begun(std::int64_t scope)
{
    auto rows = db_.statement(select_block);
    rows.bind(":scope", scope);
    return rows.step() ? std::optional{BlockBegun{std::string{as_text(rows.blob_view(0))}, static_cast<std::uint64_t>(rows.integer(1))}} : std::nullopt;
}

void Scopes::add_block_part(std::int64_t scope, const BlockBegun& before, std::string_view part)
{
    if (before.bytes == 0) db_.statement(delete_parts).bind(":scope", scope).run();
    db_.statement(insert_part)
        .bind(":scope", scope)
        .bind(":position", static_cast<std::int64_t>(before.bytes))
        .bind(":hash", as_bytes(before.hash))
        .bind(":bytes", as_bytes(part))
        .run();
}

std::string Scopes::take_block(std::int64_t scope)
{
    std::string block;
    {
        auto rows = db_.statement(select_parts);
        rows.bind(":scope", scope);
        while (rows.step()) block += as_text(rows.blob_view(0));
    }
    db_.statement(delete_parts).bind(":scope", scope).run();
    return block;
}

void Scopes::leave(std::int64_t document, std::int64_t scope)
{
    db_.statement(delete_membership).bind(":document", document).bind(":scope", scope).run();
}

void Scopes::doubt(std::int64_t scope)
{
    db_.statement(doubt_memberships).bind(":scope", scope).run();
}

std::vector<std::int64_t> Scopes::doubted(std::int64_t scope)
{
    auto rows = db_.statement(select_doubted);
    rows.bind(":scope", scope);
    return numbers(rows);
}

std::vector<ScopeRow> Scopes::scopes_of(std::int64_t document)
{
    auto rows = db_.statement(select_scopes_of);
    rows.bind(":document", document);
    std::vector<ScopeRow> found;
    while (rows.step()) found.push_back(read(rows));
    return found;
}

std::vector<std::int64_t> Scopes::documents_in(std::int64_t scope)
{
    auto rows = db_.statement(select_documents_in);
    rows.bind(":scope", scope);
    return numbers(rows);
}

std::int64_t Scopes::count_by_role_alone(std::string_view kind)
{
    constexpr auto roles = static_cast<std::byte>(schema::ScopeId::Kind::roles); // the first byte of such a scope's id
    auto rows = db_.statement(count_by_roles);
    rows.bind(":kind", kind).bind(":roles", ByteView{&roles, 1});
    return rows.step() ? rows.integer(0) : 0;
}

bool Scopes::is_orphan(std::int64_t document)
{
    auto rows = db_.statement(select_orphan);
    rows.bind(":document", document);
    return !rows.step();
}

void Scopes::await_scope(std::int64_t document)
{
    db_.statement(insert_homeless).bind(":document", document).run();
}

void Scopes::ask_for_homeless()
{
    db_.statement(ask_homeless).run();
}

std::vector<std::int64_t> Scopes::asked_for()
{
    auto rows = db_.statement(select_asked);
    return numbers(rows);
}

void Scopes::forget_asked_for()
{
    db_.statement(delete_asked).run();
}

bool Scopes::is_hidden(std::int64_t document)
{
    auto rows = db_.statement(select_hidden);
    rows.bind(":document", document);
    return rows.step() && rows.integer(0) != 0;
}

bool Scopes::is_withdrawn(std::int64_t document)
{
    auto rows = db_.statement(select_withdrawn);
    rows.bind(":document", document);
    return rows.step() && rows.integer(0) != 0;
}

void Scopes::hide(std::int64_t document)
{
    db_.statement(hide_document).bind(":document", document).run();
}

} // namespace roadbook::replica
