#include "sync-server/store/store.hpp"

namespace roadbook::store {
namespace {

constexpr auto select_end = "SELECT coalesce(max(first + count), 1) FROM number_lease WHERE record_type = :type AND period = :period";
constexpr auto insert_lease = R"sql(
    INSERT INTO number_lease (record_type, period, first, count, device, install, leased_at)
        VALUES (:type, :period, :first, :count, :device, :install, :at))sql";
constexpr auto insert_if_free = R"sql(
    INSERT INTO number_lease (record_type, period, first, count, device, install, leased_at)
        SELECT :type, :period, :first, :count, :device, :install, :at
         WHERE NOT EXISTS (SELECT 1 FROM number_lease WHERE record_type = :type AND period = :period
                              AND first < :first + :count AND first + count > :first))sql";
// The one number at the far end, of nobody: what was leased in between can be taken back.
constexpr auto skip_blocks = R"sql(
    INSERT INTO number_lease (record_type, period, first, count, device, install, leased_at)
        SELECT record_type, period, max(first + count) + max(count) * (SELECT count(*) + 1 FROM device WHERE revoked_at IS NULL), 1,
               zeroblob(16), zeroblob(16), max(leased_at)
          FROM number_lease GROUP BY record_type, period)sql";
constexpr auto select_newest = R"sql(
    SELECT first, count FROM number_lease
     WHERE record_type = :type AND period = :period AND device = :device AND install = :install ORDER BY first DESC LIMIT 1)sql";
constexpr auto count_leases = R"sql(
    SELECT count(*) FROM number_lease WHERE record_type = :type AND period = :period AND device = :device AND install = :install)sql";
constexpr auto select_leases = R"sql(
    SELECT l.record_type, l.period, l.first, l.count, l.device, d.person, l.leased_at FROM number_lease l JOIN device d ON d.id = l.device
     ORDER BY l.record_type, l.period, l.first)sql";
constexpr auto select_number = "SELECT number FROM number_use WHERE document = :document";
constexpr auto upsert_number = R"sql(
    INSERT INTO number_use (document, record_type, number) VALUES (:document, :type, :number)
        ON CONFLICT DO UPDATE SET number = excluded.number)sql";
constexpr auto select_like = R"sql(
    SELECT number FROM number_use WHERE record_type = :type AND number >= :beginning AND substr(number, 1, length(:beginning)) = :beginning)sql";
constexpr auto select_bearers = R"sql(
    SELECT d.id FROM number_use u JOIN document d ON d.num = u.document WHERE u.record_type = :type AND u.number = :number)sql";

std::int64_t only_number(storage::Statement& rows)
{
    rows.step();
    return rows.integer(0);
}

} // namespace

std::optional<Lease> Store::newest_lease(const LeaseKey& key, const DeviceId& device, ByteView install)
{
    auto rows = db_.statement(select_newest);
    rows.bind(":type", std::string_view{key.record_type}).bind(":period", std::string_view{key.period}).bind(":device", device).bind(":install", install);
    if (!rows.step()) return std::nullopt;
    return Lease{key, rows.integer(0), rows.integer(1), device, {}, {}};
}

std::int64_t Store::lease_count(const LeaseKey& key, const DeviceId& device, ByteView install)
{
    auto rows = db_.statement(count_leases);
    rows.bind(":type", std::string_view{key.record_type}).bind(":period", std::string_view{key.period}).bind(":device", device).bind(":install", install);
    return only_number(rows);
}

std::int64_t Store::next_to_lease(const LeaseKey& key)
{
    auto end = db_.statement(select_end);
    end.bind(":type", std::string_view{key.record_type}).bind(":period", std::string_view{key.period});
    return only_number(end);
}

Lease Store::lease(const LeaseKey& key, const DeviceId& device, ByteView install, std::int64_t first, std::int64_t count, Time at)
{
    db_.statement(insert_lease)
        .bind(":type", std::string_view{key.record_type})
        .bind(":period", std::string_view{key.period})
        .bind(":first", first)
        .bind(":count", count)
        .bind(":device", device)
        .bind(":install", install)
        .bind(":at", at)
        .run();
    return {key, first, count, device, {}, at};
}

void Store::take_back_lease(const Lease& lease, ByteView install)
{
    db_.statement(insert_if_free)
        .bind(":type", std::string_view{lease.key.record_type})
        .bind(":period", std::string_view{lease.key.period})
        .bind(":first", lease.first)
        .bind(":count", lease.count)
        .bind(":device", lease.device)
        .bind(":install", install)
        .bind(":at", lease.leased_at)
        .run();
}

void Store::skip_leased_since()
{
    db_.statement(skip_blocks).run();
}

std::vector<std::string> Store::numbers_like(std::string_view record_type, std::string_view beginning)
{
    auto rows = db_.statement(select_like);
    rows.bind(":type", record_type).bind(":beginning", beginning);
    std::vector<std::string> found;
    while (rows.step()) found.push_back(rows.text(0));
    return found;
}

std::vector<Lease> Store::leases()
{
    auto rows = db_.statement(select_leases);
    std::vector<Lease> found;
    while (rows.step())
        found.push_back({{rows.text(0), rows.text(1)}, rows.integer(2), rows.integer(3), rows.id<DeviceId>(4), rows.id<RecordId>(5), rows.time(6)});
    return found;
}

bool Store::note_number(std::string_view record_type, std::int64_t document, std::string_view number)
{
    {
        auto rows = db_.statement(select_number);
        rows.bind(":document", document);
        if (rows.step() ? rows.text_view(0) == number : number.empty()) return false;
    }
    db_.statement(upsert_number).bind(":document", document).bind(":type", record_type).bind(":number", number).run();
    return true;
}

std::vector<RecordId> Store::bearers(std::string_view record_type, std::string_view number)
{
    auto rows = db_.statement(select_bearers);
    rows.bind(":type", record_type).bind(":number", number);
    std::vector<RecordId> found;
    while (rows.step()) found.push_back(rows.id<RecordId>(0));
    return found;
}

} // namespace roadbook::store
