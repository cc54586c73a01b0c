#include "sync-server/store/store.hpp"

namespace roadbook::store {
namespace {

constexpr auto delete_agenda = "DELETE FROM agenda WHERE document = :document";
constexpr auto upsert_agenda = R"sql(
    INSERT INTO agenda (document, person, begins, ends, is_open) VALUES (:document, :person, :begins, :ends, :open)
        ON CONFLICT DO UPDATE SET person = excluded.person, begins = excluded.begins, ends = excluded.ends, is_open = excluded.is_open)sql";
constexpr auto select_agenda = R"sql(
    SELECT d.num, d.id, d.kind FROM agenda a JOIN document d ON d.num = a.document
     WHERE a.person = :person AND a.begins < :until AND (a.ends >= :from OR a.is_open)
       AND EXISTS (SELECT 1 FROM membership m WHERE m.scope = :scope AND m.document = a.document)
     ORDER BY a.begins DESC LIMIT :count_max)sql";
constexpr auto select_member = "SELECT 1 FROM membership WHERE scope = :scope AND document = :document";

} // namespace

void Store::put_agenda(std::int64_t document, const std::optional<AgendaRow>& row)
{
    if (!row) return db_.statement(delete_agenda).bind(":document", document).run();
    db_.statement(upsert_agenda)
        .bind(":document", document)
        .bind(":person", row->person)
        .bind(":begins", row->from)
        .bind(":ends", row->until)
        .bind(":open", std::int64_t{row->is_open})
        .run();
}

std::vector<DocumentRow> Store::agenda(std::int64_t scope, const RecordId& person, Time from, Time until, std::size_t count_max)
{
    auto rows = db_.statement(select_agenda);
    rows.bind(":scope", scope).bind(":person", person).bind(":from", from).bind(":until", until).bind(":count_max", static_cast<std::int64_t>(count_max));
    std::vector<DocumentRow> found;
    while (rows.step()) found.push_back({rows.integer(0), rows.id<RecordId>(1), rows.text(2)});
    return found;
}

bool Store::is_member(std::int64_t document, std::int64_t scope)
{
    auto rows = db_.statement(select_member);
    rows.bind(":scope", scope).bind(":document", document);
    return rows.step();
}

} // namespace roadbook::store
