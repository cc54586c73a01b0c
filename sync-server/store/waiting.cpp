#include "sync-server/store/store.hpp"

namespace roadbook::store {
namespace {

constexpr std::int64_t waiting_max = 10'000; // of one device: as many as its quarantine holds
constexpr auto select_waiting = "SELECT since, target FROM waiting WHERE device = :device AND change = :change";
constexpr auto count_waiting = "SELECT count(*) FROM waiting WHERE device = :device";
constexpr auto kept_for = std::chrono::days{60}; // twice as long as anything waits
constexpr auto delete_old = "DELETE FROM waiting WHERE device = :device AND since < :old";
constexpr auto insert_waiting = "INSERT INTO waiting (device, change, target, since) VALUES (:device, :change, :target, :now)";

} // namespace

Time Store::waits_since(const DeviceId& device, const Hash& change, const RecordId& target, Time now)
{
    {
        auto rows = db_.statement(select_waiting);
        rows.bind(":device", device).bind(":change", change);
        if (rows.step()) return rows.time(0);
    }
    db_.statement(delete_old).bind(":device", device).bind(":old", now - kept_for).run();
    {
        auto rows = db_.statement(count_waiting);
        rows.bind(":device", device);
        if (rows.step() && rows.integer(0) >= waiting_max) return now;
    }
    db_.statement(insert_waiting).bind(":device", device).bind(":change", change).bind(":target", target).bind(":now", now).run();
    return now;
}

std::optional<RecordId> Store::waits_for(const DeviceId& device, const Hash& change)
{
    auto rows = db_.statement(select_waiting);
    rows.bind(":device", device).bind(":change", change);
    return rows.step() ? std::optional{rows.id<RecordId>(1)} : std::nullopt;
}

} // namespace roadbook::store
