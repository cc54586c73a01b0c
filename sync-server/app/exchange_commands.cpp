#include "sync-server/app/exchange_commands.hpp"

#include "shared/exchange/calendar.hpp"
#include "shared/exchange/columns.hpp"
#include "shared/exchange/csv_export.hpp"
#include "shared/exchange/text_encoding.hpp"
#include "shared/exchange/vcard.hpp"
#include "shared/exchange/zone.hpp"
#include "shared/schema/validation.hpp"
#include "sync-server/admin/file_import.hpp"
#include "sync-server/app/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace roadbook::server {
namespace {

using exchange::ImportPlan;
using exchange::Outcome;

constexpr std::size_t rows_shown = 200; // of the table for people; --json has them all

Result<const schema::Kind*> kind_named(std::string_view word)
{
    std::vector<std::string> names;
    for (const auto& kind : schema::kinds()) {
        for (const auto name : {std::string_view{kind.name}, kind.label.en, kind.label.zh, kind.plural.en, kind.plural.zh})
            if (exchange::folded(name) == exchange::folded(word)) return &kind;
        names.push_back(kind.name);
    }
    const auto near = schema::nearest_name(word, names);
    return fail(Errc::bad_argument, near.empty() ? fmt::format("there is no record type '{}'. There are: {}", word, fmt::join(names, ", "))
                                                 : fmt::format("there is no record type '{}': did you mean '{}'?", word, near),
                "KIND");
}

Result<exchange::ImportOptions> options_of(const ImportFileCall& call)
{
    exchange::ImportOptions options;
    auto locale = exchange::Locale::named(call.locale);
    if (!locale) return locale.error();
    if (!exchange::is_zone(call.zone)) return fail(Errc::bad_argument, fmt::format("there is no time zone '{}': name one such as Europe/Vienna", call.zone), "zone");
    if (!call.currency.empty() && !currency_digits(call.currency)) return fail(Errc::bad_argument, fmt::format("there is no currency '{}'", call.currency), "currency");
    options.reading = {std::move(*locale), call.zone, call.currency};
    options.skipped = call.skip;
    options.empty_clears = call.empty_clears;
    for (const auto& word : call.set) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) return fail(Errc::bad_argument, fmt::format("'{}' is no COLUMN=VALUE", word), "set");
        options.constants.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
    return options;
}

Result<exchange::Sheet> sheet_of(const schema::Kind& kind, const ImportFileCall& call)
{
    if (call.format != "csv") {
        const auto bytes = exchange::file_contents(call.file);
        if (!bytes) return bytes.error();
        const auto text = exchange::to_utf8(*bytes, call.encoding);
        if (!text) return text.error();
        auto name = std::filesystem::path{call.file}.filename().string();
        return call.format == "vcard" ? exchange::read_vcards(kind, std::move(name), *text) : exchange::read_calendar(kind, std::move(name), *text, call.zone);
    }
    const auto file = exchange::CsvFile::read(call.file, {}, {.encoding = call.encoding});
    if (!file) return file.error();
    return exchange::Sheet::of(*file);
}

// ---- what became of it

Json row_json(const exchange::PlannedRecord& record)
{
    Json en = Json::array(), zh = Json::array();
    for (const auto& note : record.notes) en.push_back(note.en), zh.push_back(note.zh);
    return {{"line", record.line}, {"outcome", exchange::name(record.outcome)}, {"id", record.id.is_nil() ? Json(nullptr) : Json(record.id.text())},
            {"external_id", record.external_id}, {"title", record.title}, {"notes", std::move(en)}, {"notes_zh", std::move(zh)}};
}

std::string notes_text(const exchange::PlannedRecord& record, bool in_chinese)
{
    std::string text;
    for (const auto& note : record.notes) {
        if (!text.empty()) text += in_chinese ? "；" : "; ";
        text += in_chinese ? note.zh : note.en;
    }
    return text;
}

/// `in_chinese`: why a row is refused and what changes, for who reads the table.
Answer answer_of(const ImportPlan& plan, bool dry_run, bool in_chinese)
{
    const auto refused = plan.count(Outcome::refused) + static_cast<int>(plan.broken.size());
    Json json{{"kind", plan.kind}, {"dry_run", dry_run}, {"created", plan.count(Outcome::create)}, {"changed", plan.count(Outcome::change)},
              {"unchanged", plan.count(Outcome::unchanged)}, {"refused", refused}, {"rows", Json::array()}};
    TextTable table{{"LINE", "OUTCOME", "RECORD", "WHAT"}};
    std::size_t shown = 0;
    const auto show = [&](int line, std::string_view outcome, const std::string& title, const std::string& what) {
        if (++shown <= rows_shown) table.add({std::to_string(line), std::string{outcome}, title, what});
    };
    for (const auto& row : plan.broken) {
        json["rows"].push_back({{"line", row.line}, {"outcome", "refused"}, {"id", nullptr}, {"external_id", ""}, {"title", ""}, {"notes", {row.why}}, {"notes_zh", {row.why}}});
        show(row.line, "refused", "", row.why);
    }
    auto in_lines = plan.records;
    std::sort(in_lines.begin(), in_lines.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    for (const auto& record : in_lines) {
        json["rows"].push_back(row_json(record));
        const bool is_news = dry_run || record.outcome == Outcome::refused;
        if (is_news && record.outcome != Outcome::unchanged) show(record.line, exchange::name(record.outcome), record.title, notes_text(record, in_chinese));
    }
    auto text = shown > 0 ? table.text() : std::string{};
    if (shown > rows_shown) text += fmt::format("and {} more; --json has them all\n", shown - rows_shown);
    text += fmt::format("{}: {} {}created, {} changed, {} unchanged, {} refused\n", plan.kind, plan.count(Outcome::create), dry_run ? "would be " : "",
                        plan.count(Outcome::change), plan.count(Outcome::unchanged), refused);
    if (dry_run) text += "nothing was written: run it again without --dry-run\n";
    return {std::move(json), std::move(text)};
}

Result<void> write_file(const std::filesystem::path& path, std::string_view bytes)
{
    std::ofstream out{path, std::ios::binary | std::ios::trunc};
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (out) return {};
    return fail(errno == ENOSPC ? Errc::storage_full : Errc::file_unreadable, fmt::format("{} cannot be written ({})", path.string(), std::strerror(errno)));
}

Result<std::string> text_of(Hub& hub, ImportMemory& memory, const schema::Kind& kind, const std::vector<schema::Record>& records, const ExportCall& call)
{
    HubRecords names{hub, memory};
    const auto title_of = [&](const RecordId& id) { return names.title_of(id); };
    if (call.format == "vcard") {
        if (!exchange::has_vcard(kind)) return fail(Errc::bad_argument, fmt::format("{} has no vCard: it needs a name with a telephone number or e-mail address", kind.name));
        return exchange::export_vcards(kind, records, call.version == "3" ? exchange::VcardVersion::v3 : exchange::VcardVersion::v4, title_of);
    }
    if (call.format == "ical") {
        if (exchange::calendar_day(kind) == nullptr) return fail(Errc::bad_argument, fmt::format("{} has no calendar: it needs a time to be at or a day to be done by", kind.name));
        return exchange::export_calendar(kind, records, system_clock().now(), title_of);
    }
    const auto external_ids = memory.external_ids(kind.name);
    exchange::CsvExport options;
    options.header = call.labels == "en" ? exchange::CsvExport::Header::english : call.labels == "zh" ? exchange::CsvExport::Header::chinese : exchange::CsvExport::Header::names;
    options.title_of = title_of;
    if (!external_ids.empty())
        options.external_id_of = [&](const RecordId& id) {
            const auto found = external_ids.find(id);
            return found == external_ids.end() ? std::string{} : found->second;
        };
    return exchange::export_csv(kind, records, options);
}

} // namespace

Result<Answer> import_file(Hub& hub, const std::filesystem::path& data, const ImportFileCall& call)
{
    const auto kind = kind_named(call.kind);
    if (!kind) return kind.error();
    const auto options = options_of(call);
    if (!options) return options.error();
    const auto sheet = sheet_of(**kind, call);
    if (!sheet) return sheet.error();
    auto memory = ImportMemory::open(data);
    if (!memory) return memory.error();
    HubRecords known{hub, *memory};
    auto plan = exchange::plan_import(**kind, *sheet, known, *options);
    if (!plan) return plan.error();
    if (!call.dry_run) carry_out(hub, *memory, fmt::format("{} {}", call.format, (*kind)->name), sheet->name, *plan);
    return answer_of(*plan, call.dry_run, call.locale == "zh");
}

Result<Answer> export_file(Hub& hub, const std::filesystem::path& data, const ExportCall& call)
{
    const auto kind = kind_named(call.kind);
    if (!kind) return kind.error();
    auto memory = ImportMemory::open(data);
    if (!memory) return memory.error();
    auto records = all_records(hub, **kind);
    const auto* day = call.format == "ical" ? exchange::calendar_day(**kind) : nullptr;
    const auto left_out = day != nullptr ? std::erase_if(records, [&](const auto& record) { return schema::is_empty(record[day->name]); }) : 0;
    const auto text = text_of(hub, *memory, **kind, records, call);
    if (!text) return text.error();
    auto bytes = exchange::from_utf8(*text, call.encoding);
    if (!bytes) return bytes.error();
    Json json{{"kind", (*kind)->name}, {"records", records.size()}, {"left_out", left_out}};
    const auto note = [&] {
        hub.note({.kind = store::AuditKind::exported, .detail = fmt::format("{} {}: {} to {}", call.format, (*kind)->name, counted(records.size(), "record", "records"),
                                                                            call.out.empty() ? "standard output" : call.out)});
    };
    if (call.out.empty()) {
        note(); // before they are seen: what cannot be noted is not given out
        json["text"] = *text;
        return Answer{std::move(json), std::move(*bytes)};
    }
    note();
    ROADBOOK_CHECK(write_file(call.out, *bytes));
    json["file"] = call.out;
    auto told = fmt::format("{} in {}\n", counted(records.size(), "record is", "records are"), call.out);
    if (left_out > 0) told += fmt::format("{} no {} and {} left out\n", counted(left_out, "record has", "records have"), day->label.en, left_out == 1 ? "is" : "are");
    return Answer{std::move(json), std::move(told)};
}

Result<Answer> list_imports(const std::filesystem::path& data)
{
    auto memory = ImportMemory::open(data);
    if (!memory) return memory.error();
    TextTable table{{"IMPORT", "WHEN", "WHAT", "FILE", "RECORDS", "TAKEN BACK"}};
    Json list = Json::array();
    for (const auto& run : memory->runs()) {
        table.add({std::to_string(run.num), to_text(run.at), run.what, run.file, std::to_string(run.written), run.undone_at ? to_text(*run.undone_at) : ""});
        list.push_back({{"number", run.num}, {"at", to_text(run.at)}, {"what", run.what}, {"file", run.file}, {"records", run.written},
                        {"undone_at", run.undone_at ? Json(to_text(*run.undone_at)) : Json(nullptr)}});
    }
    return Answer{{{"imports", std::move(list)}}, table.text()};
}

Result<Answer> take_back_import(Hub& hub, const std::filesystem::path& data, const ImportUndoCall& call)
{
    auto memory = ImportMemory::open(data);
    if (!memory) return memory.error();
    const auto report = undo_import(hub, *memory, call.run);
    if (!report) return report.error();
    Json kept = Json::array();
    auto text = fmt::format("import {} of {}: {} before\n", report->run.num, report->run.file, counted(static_cast<std::size_t>(report->taken_back), "record is as it was", "records are as they were"));
    for (const auto& one : report->kept) {
        kept.push_back({{"record", one.record.text()}, {"kind", one.kind}, {"title", one.title}, {"why", one.why}});
        text += fmt::format("{} {} ({}) stays: {}\n", one.kind, one.title, one.record.text(), one.why);
    }
    return Answer{{{"import", report->run.num}, {"taken_back", report->taken_back}, {"kept", std::move(kept)}}, std::move(text)};
}

} // namespace roadbook::server
