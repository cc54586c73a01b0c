// `export`: the records of a kind on this device as a file that other programs read. Each is recorded first, and the refused ones, too.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/exchange/calendar.hpp"
#include "shared/exchange/csv_export.hpp"
#include "shared/exchange/vcard.hpp"
#include "shared/rules/export_right.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace roadbook::headless {
namespace {

constexpr int records_max = 10'000; // of one look at the read model

Result<std::string> text_of(const schema::Kind& kind, const std::vector<schema::Record>& records, const ExportCall& call, replica::Replica& replica)
{
    Titles titles{replica};
    const auto title_of = [&](const RecordId& id) { return titles.of(id); };
    if (call.format == "vcard") {
        if (!exchange::has_vcard(kind)) return fail(Errc::bad_argument, fmt::format("{} has no vCard: it needs a name with a telephone number or e-mail address", kind.name));
        return exchange::export_vcards(kind, records, exchange::VcardVersion::v4, title_of);
    }
    if (call.format == "ical") {
        if (exchange::calendar_day(kind) == nullptr) return fail(Errc::bad_argument, fmt::format("{} has no calendar: it needs a time to be at or a day to be done by", kind.name));
        return exchange::export_calendar(kind, records, system_clock().now(), title_of);
    }
    return exchange::export_csv(kind, records, {exchange::CsvExport::Header::names, title_of, {}});
}

/// What this person has exported lately, on any device.
Result<std::int64_t> exported_since(const RecordId& person, Time since, replica::Replica& replica)
{
    storage::Query query;
    query.kind = "data_export";
    query.filters = {{"owner", person}, {"outcome", std::string{"allowed"}}};
    query.order = "exported_at";
    query.descending = true;
    query.limit = records_max;
    const auto exports = replica.list(query);
    if (!exports) return exports.error();
    std::int64_t records = 0;
    for (const auto& one : *exports) {
        const auto* at = std::get_if<Time>(&one["exported_at"]);
        const auto* count = std::get_if<std::int64_t>(&one["records"]);
        if (at != nullptr && count != nullptr && *at > since) records += *count;
    }
    return records;
}

/// Durable before a byte is written out: what cannot be recorded is not exported.
Result<void> allow_and_record(const schema::Kind& kind, std::size_t records, const std::string& format, replica::Replica& replica)
{
    const auto status = replica.status();
    if (!status.identity) return fail(Errc::not_enrolled, "this device is not enrolled yet: enrol it with a code from your administrator");
    const auto now = system_clock().now() - status.clock_offset; // by the server's clock
    const auto& me = *status.identity;
    const auto person = replica.show(me.person);
    const auto before = exported_since(me.person, now - rules::export_window, replica);
    if (!before) return before.error();
    const auto* right = person ? std::get_if<bool>(&person->merged.record["may_export"]) : nullptr;
    const auto allowed = rules::may_export({me.role, right != nullptr && *right, static_cast<std::int64_t>(records), *before, replica.count_by_role_alone(kind.name)});
    const auto saved = replica.add("data_export", {{"record_type", kind.name},
                                                   {"owner", me.person},
                                                   {"format", format},
                                                   {"records", static_cast<std::int64_t>(records)},
                                                   {"exported_at", now},
                                                   {"outcome", std::string{allowed ? "allowed" : "refused"}}});
    if (!saved) return saved.error();
    return allowed;
}

} // namespace

Result<Answer> run(const ExportCall& call, replica::Replica& replica, const Form& form)
{
    const auto kind = kind_named(call.kind);
    if (!kind) return kind.error();
    storage::Query query;
    query.kind = (*kind)->name;
    query.limit = records_max;
    std::vector<schema::Record> records;
    for (bool more = true; more; query.offset += records_max) {
        auto part = replica.list(query);
        if (!part) return part.error();
        more = part->size() == static_cast<std::size_t>(records_max);
        std::move(part->begin(), part->end(), std::back_inserter(records));
    }
    const auto* day = call.format == "ical" ? exchange::calendar_day(**kind) : nullptr;
    const auto left_out = static_cast<std::int64_t>(day != nullptr ? std::erase_if(records, [&](const auto& record) { return schema::is_empty(record[day->name]); }) : 0);
    const auto text = text_of(**kind, records, call, replica);
    if (!text) return text.error();
    ROADBOOK_CHECK(allow_and_record(**kind, records.size(), call.format, replica));
    Json json{{"kind", (*kind)->name}, {"count", records.size()}, {"left_out", left_out}};
    if (call.out.empty()) {
        json["text"] = *text;
        return form.json ? Answer{std::move(json)} : Answer{*text};
    }
    std::ofstream out{call.out, std::ios::binary | std::ios::trunc};
    out << *text;
    out.close();
    if (!out) return fail(errno == ENOSPC ? Errc::storage_full : Errc::file_unreadable, fmt::format("{} cannot be written ({})", call.out, std::strerror(errno)));
    json["file"] = call.out;
    if (form.json) return Answer{std::move(json)};
    auto told = fmt::format("{} in {}\n", counted(static_cast<std::int64_t>(records.size()), "record is", "records are"), call.out);
    if (left_out > 0) told += fmt::format("{} no {} and {} left out\n", counted(left_out, "record has", "records have"), day->label.en, left_out == 1 ? "is" : "are");
    return Answer{std::move(told)};
}

} // namespace roadbook::headless
