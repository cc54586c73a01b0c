#include "sync-server/store/store.hpp"

namespace roadbook::store {
namespace {

/// Given out and not used yet: more than one only when the device lost some of them before they were on its disk.
constexpr std::int64_t next_tokens_max = 8;

constexpr auto insert_token = "INSERT INTO next_token (device, hash, issued_at) VALUES (:device, :hash, :now)";
constexpr auto delete_old_tokens = R"sql(
    DELETE FROM next_token WHERE device = :device AND hash NOT IN (
        SELECT hash FROM next_token WHERE device = :device ORDER BY issued_at DESC LIMIT :keep))sql";
constexpr auto select_token = "SELECT 1 FROM next_token WHERE device = :device AND hash = :hash";
constexpr auto delete_tokens = "DELETE FROM next_token WHERE device = :device";
constexpr auto update_token = "UPDATE device SET token_hash = :hash, token_at = :now WHERE id = :device";
constexpr auto upsert_password = R"sql(
    INSERT INTO password (person, hash) VALUES (:person, :hash)
        ON CONFLICT DO UPDATE SET hash = excluded.hash, failures = 0, next_try = 0)sql";
constexpr auto delete_password = "DELETE FROM password WHERE person = :person";
constexpr auto select_password = "SELECT hash, failures, next_try FROM password WHERE person = :person";
constexpr auto update_guess = "UPDATE password SET failures = :failures, next_try = :next WHERE person = :person";
constexpr auto insert_revoked = "INSERT INTO revoked_person (person, at) VALUES (:person, :at) ON CONFLICT DO NOTHING";
constexpr auto delete_revoked = "DELETE FROM revoked_person WHERE person = :person";
constexpr auto select_revoked = "SELECT at FROM revoked_person WHERE person = :person";
constexpr auto select_changed_by = R"sql(
    SELECT d.num, d.id, d.kind FROM document d WHERE d.num IN (
        SELECT c.document FROM change c JOIN author a ON a.num = c.author WHERE a.person = :person AND c.received_at >= :since)
     ORDER BY d.num)sql";

} // namespace

void Store::put_next_token(const DeviceId& device, const Hash& token, Time now)
{
    db_.statement(insert_token).bind(":device", device).bind(":hash", token).bind(":now", now).run();
    db_.statement(delete_old_tokens).bind(":device", device).bind(":keep", next_tokens_max).run();
}

bool Store::is_next_token(const DeviceId& device, const Hash& token)
{
    auto rows = db_.statement(select_token);
    rows.bind(":device", device).bind(":hash", token);
    return rows.step();
}

void Store::take_token(const DeviceId& device, const Hash& token, Time now)
{
    db_.statement(update_token).bind(":hash", token).bind(":now", now).bind(":device", device).run();
    db_.statement(delete_tokens).bind(":device", device).run();
}

void Store::put_password(const RecordId& person, std::string_view hash)
{
    db_.statement(upsert_password).bind(":person", person).bind(":hash", hash).run();
}

void Store::drop_password(const RecordId& person)
{
    db_.statement(delete_password).bind(":person", person).run();
}

std::optional<PasswordRow> Store::password(const RecordId& person)
{
    auto rows = db_.statement(select_password);
    rows.bind(":person", person);
    if (!rows.step()) return std::nullopt;
    return PasswordRow{rows.text(0), static_cast<int>(rows.integer(1)), rows.time(2)};
}

void Store::note_guess(const RecordId& person, int failures, Time next_try)
{
    db_.statement(update_guess).bind(":failures", std::int64_t{failures}).bind(":next", next_try).bind(":person", person).run();
}

void Store::revoke_person(const RecordId& person, Time now)
{
    db_.statement(insert_revoked).bind(":person", person).bind(":at", now).run();
}

void Store::readmit_person(const RecordId& person)
{
    db_.statement(delete_revoked).bind(":person", person).run();
}

std::optional<Time> Store::person_revoked(const RecordId& person)
{
    auto rows = db_.statement(select_revoked);
    rows.bind(":person", person);
    return rows.step() ? std::optional{rows.time(0)} : std::nullopt;
}

std::vector<DocumentRow> Store::changed_by(const RecordId& person, Time since)
{
    auto rows = db_.statement(select_changed_by);
    rows.bind(":person", person).bind(":since", since);
    std::vector<DocumentRow> found;
    while (rows.step()) found.push_back({rows.integer(0), rows.id<RecordId>(1), rows.text(2)});
    return found;
}

} // namespace roadbook::store
