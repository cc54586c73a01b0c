#include "sync-server/admin/import_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace roadbook::server {
namespace {

merge::Intent intent_of(const exchange::Edit& edit, std::string_view reason)
{
    merge::Intent intent;
    intent.id = new_id<IntentId>(system_clock().now(), system_random());
    intent.record = edit.record;
    intent.kind = edit.kind;
    intent.create = edit.create;
    intent.reason = reason;
    for (const auto& step : edit.steps) intent.steps.push_back({step.collection, step.child, step.add, step.values});
    return intent;
}

Result<ImportMemory::Run> run_to_undo(ImportMemory& memory, std::optional<std::int64_t> wanted)
{
    for (auto& run : memory.runs()) {
        if (wanted ? run.num != *wanted : run.undone_at.has_value()) continue;
        if (run.undone_at) return fail(Errc::bad_argument, fmt::format("import {} was taken back on {} already", run.num, to_text(*run.undone_at)));
        return run;
    }
    return fail(Errc::not_found, wanted ? fmt::format("there is no import {}: `import list` names them", *wanted) : "no import is there to be taken back");
}

} // namespace

std::vector<Result<void>> write_import(Hub& hub, ImportMemory& memory, std::string_view what, std::string_view file, std::span<const ImportItem> items)
{
    std::vector<merge::Intent> intents;
    const auto reason = fmt::format("import of {}", file);
    for (const auto& item : items)
        if (!item.difference.is_none()) intents.push_back(intent_of(item.difference.edit, reason));
    const auto answers = hub.apply(intents, {});
    std::vector<Result<void>> results;
    std::vector<ImportMemory::Write> writes;
    std::size_t written = 0;
    for (const auto& item : items) {
        const auto& edit = item.difference.edit;
        results.push_back(item.difference.is_none() ? Result<void>{} : answers[written++]);
        if (!results.back()) continue;
        auto values = exchange::written_by(edit, item.is);
        writes.push_back({edit.record, edit.kind, values.created, std::move(values.before), std::move(values.after), item.origin});
    }
    if (const auto run = memory.keep(what, file, system_clock().now(), writes); run != 0)
        hub.note({.kind = store::AuditKind::imported, .detail = fmt::format("import {}, {} from {}: {} records", run, what, file, intents.size())});
    return results;
}

Result<UndoReport> undo_import(Hub& hub, ImportMemory& memory, std::optional<std::int64_t> wanted)
{
    auto run = run_to_undo(memory, wanted);
    if (!run) return run.error();
    UndoReport report{std::move(*run), 0, {}};
    const auto now = system_clock().now();
    const auto reason = fmt::format("import {} of {} taken back", report.run.num, report.run.file);
    std::vector<merge::Intent> intents;
    std::vector<schema::Record> records;
    const auto keep = [&](const schema::Record& record, std::string why) {
        const auto* kind = schema::find_kind(record.kind);
        report.kept.push_back({record.id, record.kind, schema::text_of(record, kind->title), std::move(why)});
    };
    for (const auto& write : memory.writes(report.run.num)) { // the last one first: what hangs on a record goes before it
        auto is = hub.record(write.record);
        if (!is) continue;
        const auto undo = exchange::undo_of({write.record, write.kind, write.created, write.before, write.after}, *is, now);
        if (!undo.kept.empty()) keep(*is, fmt::format("edited since: {}", fmt::join(undo.kept, ", ")));
        if (undo.edit.steps.empty()) continue;
        intents.push_back(intent_of(undo.edit, reason));
        records.push_back(std::move(*is));
    }
    const auto answers = hub.apply(intents, {});
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i]) ++report.taken_back;
        else keep(records[i], answers[i].error().message);
    }
    memory.mark_undone(report.run.num, now);
    hub.note({.kind = store::AuditKind::import_undone, .detail = fmt::format("import {} of {}: {} records", report.run.num, report.run.file, report.taken_back)});
    return report;
}

} // namespace roadbook::server
