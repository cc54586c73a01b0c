#include "sync-server/store/store.hpp"

namespace roadbook::store {
namespace {

constexpr auto insert_row = R"sql(
    INSERT INTO surrendered (device, person, intent, document, kind, why, content, device_time, received_at)
        VALUES (:device, :person, :intent, :document, :kind, :why, :content, :device_time, :received_at) ON CONFLICT DO NOTHING)sql";
constexpr auto select_accepted = R"sql(
    SELECT 1 FROM change c JOIN document d ON d.num = c.document WHERE d.id = :document AND c.intent = :intent LIMIT 1)sql";
constexpr auto select_quarantined = "SELECT 1 FROM quarantine WHERE device = :device AND document = :document AND intent = :intent LIMIT 1";
constexpr auto select_all = R"sql(
    SELECT num, device, person, intent, document, kind, why, content, device_time, received_at, state
      FROM surrendered WHERE (:settled OR state IN ('waiting', 'returned')) AND (:device IS NULL OR device = :device) AND (:num IS NULL OR num = :num)
     ORDER BY num)sql";
constexpr auto count_of_device = "SELECT count(*) FROM surrendered WHERE device = :device AND state IN ('waiting', 'returned')";
constexpr auto update_wiped = "UPDATE device SET wiped_at = :now WHERE id = :device";

} // namespace

bool Store::put_surrendered(const SurrenderedRow& row)
{
    db_.statement(insert_row)
        .bind(":device", row.device)
        .bind(":person", row.person)
        .bind(":intent", row.intent)
        .bind(":document", row.record)
        .bind(":kind", std::string_view{row.kind})
        .bind(":why", std::string_view{row.why})
        .bind(":content", ByteView{row.content})
        .bind(":device_time", row.device_time)
        .bind(":received_at", row.received_at)
        .run();
    return db_.changes() > 0;
}

bool Store::is_answered(const DeviceId& device, const IntentId& intent, const RecordId& record)
{
    auto accepted = db_.statement(select_accepted);
    accepted.bind(":document", record).bind(":intent", intent);
    if (accepted.step()) return true;
    auto refused = db_.statement(select_quarantined);
    refused.bind(":device", device).bind(":document", record).bind(":intent", intent);
    return refused.step();
}

std::vector<SurrenderedRow> Store::surrendered(const ShelfFilter& filter)
{
    auto rows = db_.statement(select_all);
    rows.bind(":settled", std::int64_t{filter.settled}).bind(":device", filter.device).bind(":num", filter.num);
    std::vector<SurrenderedRow> found;
    while (rows.step()) {
        SurrenderedRow row{rows.integer(0), rows.id<DeviceId>(1), rows.id<RecordId>(2), rows.id<IntentId>(3), {}, rows.text(5), rows.text(6), rows.blob(7),
                           rows.time(8), rows.time(9), edit_state(rows.text_view(10))};
        if (!rows.is_null(4)) row.record = rows.id<RecordId>(4);
        found.push_back(std::move(row));
    }
    return found;
}

std::int64_t Store::surrendered_count(const DeviceId& device)
{
    auto rows = db_.statement(count_of_device);
    rows.bind(":device", device);
    rows.step();
    return rows.integer(0);
}

void Store::note_wiped(const DeviceId& device, Time now)
{
    db_.statement(update_wiped).bind(":now", now).bind(":device", device).run();
}

} // namespace roadbook::store
