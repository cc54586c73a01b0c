#include "mobile-app/replica/people.hpp"

namespace roadbook::replica {
namespace {

constexpr auto insert_author = R"sql(
    INSERT INTO author (actor, person, device) VALUES (:actor, :person, :device)
        ON CONFLICT (actor) DO UPDATE SET person = excluded.person, device = excluded.device RETURNING num)sql";
constexpr auto insert_attribution = R"sql(
    INSERT INTO attribution (document, author, seq, device_time, clock_offset, received_at, intent, reason, late, mac, released_by)
        VALUES (:document, :author, :seq, :device_time, :clock_offset, :received_at, :intent, :reason, :late, :mac, :released_by)
        ON CONFLICT DO UPDATE SET received_at = coalesce(excluded.received_at, received_at),
            clock_offset = excluded.clock_offset, late = excluded.late, intent = coalesce(intent, excluded.intent),
            mac = coalesce(excluded.mac, mac), released_by = coalesce(excluded.released_by, released_by))sql";
constexpr auto select_attribution = R"sql(
    SELECT a.person, a.device, t.device_time, t.clock_offset, t.received_at, t.intent, t.reason, t.late, t.released_by
      FROM attribution t JOIN author a ON a.num = t.author
     WHERE t.document = :document AND a.actor = :actor AND t.seq = :seq)sql";
constexpr auto select_mac = R"sql(
    SELECT t.mac FROM attribution t JOIN author a ON a.num = t.author WHERE t.document = :document AND a.actor = :actor AND t.seq = :seq)sql";

} // namespace

std::int64_t People::author(const ActorId& actor, const merge::Attribution& by)
{
    const auto known = authors_.find(actor);
    if (known != authors_.end() && known->second.person == by.person && known->second.device == by.device) return known->second.num;
    auto rows = db_.statement(insert_author);
    rows.bind(":actor", actor).bind(":person", by.person).bind(":device", by.device);
    rows.step();
    authors_[actor] = {rows.integer(0), by.person, by.device};
    return rows.integer(0);
}

void People::attribute(std::int64_t document, const ActorId& actor, std::uint64_t seq, const merge::Attribution& by, std::string_view mac)
{
    auto row = db_.statement(insert_attribution);
    row.bind(":document", document)
        .bind(":author", author(actor, by))
        .bind(":seq", static_cast<std::int64_t>(seq))
        .bind(":device_time", by.device_time)
        .bind(":clock_offset", std::int64_t{by.clock_offset.count()})
        .bind(":received_at", by.received_at)
        .bind(":late", std::int64_t{by.late})
        .bind(":released_by", by.released_by);
    if (by.intent.is_nil()) row.bind(":intent", nullptr);
    else row.bind(":intent", by.intent);
    if (by.reason.empty()) row.bind(":reason", nullptr);
    else row.bind(":reason", std::string_view{by.reason});
    if (mac.empty()) row.bind(":mac", nullptr);
    else row.bind(":mac", as_bytes(mac));
    row.run();
}

std::string People::mac(std::int64_t document, const ActorId& actor, std::uint64_t seq)
{
    auto rows = db_.statement(select_mac);
    rows.bind(":document", document).bind(":actor", actor).bind(":seq", static_cast<std::int64_t>(seq));
    return rows.step() && !rows.is_null(0) ? std::string{as_text(rows.blob_view(0))} : std::string{};
}

std::optional<merge::Attribution> People::find(std::int64_t document, const ActorId& actor, std::uint64_t seq)
{
    auto rows = db_.statement(select_attribution);
    rows.bind(":document", document).bind(":actor", actor).bind(":seq", static_cast<std::int64_t>(seq));
    if (!rows.step()) return std::nullopt;
    merge::Attribution by{rows.id<RecordId>(0), rows.id<DeviceId>(1), rows.time(2), Duration{rows.integer(3)}, std::nullopt, {}, {}, rows.integer(7) != 0};
    if (!rows.is_null(4)) by.received_at = rows.time(4);
    if (!rows.is_null(5)) by.intent = rows.id<IntentId>(5);
    if (!rows.is_null(6)) by.reason = rows.text(6);
    if (!rows.is_null(8)) by.released_by = rows.id<RecordId>(8);
    return by;
}

} // namespace roadbook::replica
