#include "sync-server/store/store.hpp"

namespace roadbook::store {
namespace {

constexpr auto select_epoch = "SELECT epoch FROM grant_epoch WHERE person = :person";
constexpr auto upsert_epoch = "INSERT INTO grant_epoch (person, epoch) VALUES (:person, :epoch) ON CONFLICT DO UPDATE SET epoch = excluded.epoch";
constexpr auto select_grants = "SELECT scope, from_epoch, until_epoch, withdrawn_at FROM grant_row WHERE person = :person ORDER BY scope, from_epoch";
constexpr auto select_granted = "SELECT DISTINCT person FROM grant_row WHERE until_epoch IS NULL";
constexpr auto insert_grant = "INSERT INTO grant_row (person, scope, from_epoch) VALUES (:person, :scope, :epoch)";
constexpr auto update_grant = R"sql(
    UPDATE grant_row SET until_epoch = :epoch, withdrawn_at = :at WHERE person = :person AND scope = :scope AND until_epoch IS NULL)sql";
constexpr auto insert_code = "INSERT INTO enrolment_code (code_hash, person, expires_at) VALUES (:code, :person, :expires_at)";
constexpr auto use_one_code = R"sql(
    UPDATE enrolment_code SET used_at = :now WHERE code_hash = :code AND used_at IS NULL AND expires_at > :now RETURNING person)sql";
constexpr auto use_all_codes = "UPDATE enrolment_code SET used_at = :now WHERE used_at IS NULL";
constexpr auto insert_device = R"sql(
    INSERT INTO device (id, person, name, token_hash, enrolled_at, awaits_since) VALUES (:id, :person, :name, :token_hash, :enrolled_at, :awaits_since))sql";
constexpr auto select_device = R"sql(
    SELECT id, person, name, token_hash, enrolled_at, revoked_at, last_contact, app_version, clock_offset, unsent, confirmed_epoch,
           coalesce(token_at, enrolled_at), wiped_at, bytes_stored, awaits_since
      FROM device WHERE id = :id)sql";
constexpr auto select_devices = R"sql(
    SELECT id, person, name, token_hash, enrolled_at, revoked_at, last_contact, app_version, clock_offset, unsent, confirmed_epoch,
           coalesce(token_at, enrolled_at), wiped_at, bytes_stored, awaits_since
      FROM device ORDER BY enrolled_at, id)sql";
constexpr auto update_contact = R"sql(
    UPDATE device SET last_contact = :now, clock_offset = :offset, unsent = :unsent, bytes_stored = :stored, app_version = :version WHERE id = :id)sql";
constexpr auto update_pushed = "UPDATE device SET last_contact = :now, unsent = max(0, unsent - :answered) WHERE id = :id";
constexpr auto update_confirmed = "UPDATE device SET confirmed_epoch = max(confirmed_epoch, :epoch) WHERE id = :id";
constexpr auto update_admitted = "UPDATE device SET awaits_since = NULL WHERE id = :id";
constexpr auto update_name = "UPDATE device SET name = :name WHERE id = :id";
constexpr auto update_revoked = "UPDATE device SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL";

Device read_device(storage::Statement& rows)
{
    Device device{rows.id<DeviceId>(0), rows.id<RecordId>(1), rows.text(2), rows.hash(3), rows.time(4), std::nullopt, std::nullopt, rows.text(7),
                  Duration{rows.integer(8)}, rows.integer(9), static_cast<std::uint64_t>(rows.integer(10)), rows.time(11), {}, rows.integer(13)};
    if (!rows.is_null(12)) device.wiped_at = rows.time(12);
    if (!rows.is_null(14)) device.awaits_since = rows.time(14);
    if (!rows.is_null(5)) device.revoked_at = rows.time(5);
    if (!rows.is_null(6)) device.last_contact = rows.time(6);
    return device;
}

} // namespace

std::uint64_t Store::grant_epoch(const RecordId& person)
{
    auto rows = db_.statement(select_epoch);
    rows.bind(":person", person);
    return rows.step() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

void Store::set_grant_epoch(const RecordId& person, std::uint64_t epoch)
{
    db_.statement(upsert_epoch).bind(":person", person).bind(":epoch", static_cast<std::int64_t>(epoch)).run();
}

std::vector<access::Grant> Store::grants(const RecordId& person)
{
    auto rows = db_.statement(select_grants);
    rows.bind(":person", person);
    std::vector<access::Grant> found;
    while (rows.step()) {
        access::Grant grant{schema::ScopeId::from(rows.blob_view(0)).value(), static_cast<std::uint64_t>(rows.integer(1)), std::nullopt, std::nullopt};
        if (!rows.is_null(2)) grant.until = static_cast<std::uint64_t>(rows.integer(2));
        if (!rows.is_null(3)) grant.withdrawn_at = rows.time(3);
        found.push_back(grant);
    }
    return found;
}

std::set<RecordId> Store::granted_people()
{
    auto rows = db_.statement(select_granted);
    std::set<RecordId> found;
    while (rows.step()) found.insert(rows.id<RecordId>(0));
    return found;
}

void Store::open_grant(const RecordId& person, const schema::ScopeId& scope, std::uint64_t epoch)
{
    const auto key = scope.bytes();
    db_.statement(insert_grant).bind(":person", person).bind(":scope", ByteView{key}).bind(":epoch", static_cast<std::int64_t>(epoch)).run();
}

void Store::close_grant(const RecordId& person, const schema::ScopeId& scope, std::uint64_t epoch, Time at)
{
    const auto key = scope.bytes();
    db_.statement(update_grant)
        .bind(":epoch", static_cast<std::int64_t>(epoch))
        .bind(":at", at)
        .bind(":person", person)
        .bind(":scope", ByteView{key})
        .run();
}

void Store::put_code(const Hash& code, const RecordId& person, Time expires_at)
{
    db_.statement(insert_code).bind(":code", code).bind(":person", person).bind(":expires_at", expires_at).run();
}

void Store::void_codes(Time now)
{
    db_.statement(use_all_codes).bind(":now", now).run();
}

std::optional<RecordId> Store::use_code(const Hash& code, Time now)
{
    auto rows = db_.statement(use_one_code);
    rows.bind(":code", code).bind(":now", now);
    return rows.step() ? std::optional{rows.id<RecordId>(0)} : std::nullopt;
}

void Store::put_device(const Device& device)
{
    db_.statement(insert_device)
        .bind(":id", device.id)
        .bind(":person", device.person)
        .bind(":name", std::string_view{device.name})
        .bind(":token_hash", device.token_hash)
        .bind(":enrolled_at", device.enrolled_at)
        .bind(":awaits_since", device.awaits_since)
        .run();
}

std::optional<Device> Store::device(const DeviceId& id)
{
    auto rows = db_.statement(select_device);
    rows.bind(":id", id);
    return rows.step() ? std::optional{read_device(rows)} : std::nullopt;
}

std::vector<Device> Store::devices()
{
    auto rows = db_.statement(select_devices);
    std::vector<Device> found;
    while (rows.step()) found.push_back(read_device(rows));
    return found;
}

void Store::touch_device(const DeviceId& id, Time now, Duration clock_offset, std::int64_t unsent, std::int64_t bytes_stored, std::string_view app_version)
{
    db_.statement(update_contact)
        .bind(":now", now)
        .bind(":offset", std::int64_t{clock_offset.count()})
        .bind(":unsent", unsent)
        .bind(":stored", bytes_stored)
        .bind(":version", app_version)
        .bind(":id", id)
        .run();
}

void Store::note_pushed(const DeviceId& id, Time now, std::int64_t answered)
{
    db_.statement(update_pushed).bind(":now", now).bind(":answered", answered).bind(":id", id).run();
}

void Store::confirm_epoch(const DeviceId& id, std::uint64_t epoch)
{
    db_.statement(update_confirmed).bind(":epoch", static_cast<std::int64_t>(epoch)).bind(":id", id).run();
}

void Store::admit_device(const DeviceId& id)
{
    db_.statement(update_admitted).bind(":id", id).run();
}

void Store::rename_device(const DeviceId& id, std::string_view name)
{
    db_.statement(update_name).bind(":name", name).bind(":id", id).run();
}

void Store::revoke_device(const DeviceId& id, Time now)
{
    db_.statement(update_revoked).bind(":now", now).bind(":id", id).run();
}

} // namespace roadbook::store
