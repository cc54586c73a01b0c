#include "sync-server/admin/record_import.hpp"

#include "sync-server/admin/import_writer.hpp"

#include <algorithm>

namespace roadbook::server {
namespace {

class Counts {
public:
    ImportCount& of(const std::string& what)
    {
        const auto found = std::find_if(counts_.begin(), counts_.end(), [&](const auto& one) { return one.first == what; });
        return found != counts_.end() ? found->second : counts_.emplace_back(what, ImportCount{}).second;
    }
    void add(const ReadRecord& read, const exchange::Difference& made)
    {
        auto& count = of(read.record.kind);
        ++(made.edit.create ? count.created : made.is_none() ? count.unchanged : count.changed);
        if (read.record.collections.empty()) return;
        auto& lines = of(read.record.kind + " line");
        lines.created += made.children_created;
        lines.changed += made.children_changed;
        lines.unchanged += made.children_unchanged;
    }
    [[nodiscard]] std::vector<std::pair<std::string, ImportCount>> take() && { return std::move(counts_); }

private:
    std::vector<std::pair<std::string, ImportCount>> counts_;
};

} // namespace

ImportReport import_records(Hub& hub, ImportMemory& memory, std::string_view folder, NorthwindData data)
{
    std::vector<std::optional<schema::Record>> before;
    before.reserve(data.records.size()); // items point into it
    std::vector<ImportItem> items;
    for (const auto& read : data.records) {
        auto is = hub.record(read.record.id);
        before.push_back(is ? std::optional{std::move(*is)} : std::nullopt);
        const auto origin = memory.origin(read.record.id).value_or(ImportMemory::Origin{});
        auto made = before.back() ? exchange::change(*before.back(), read.record, origin.said, exchange::Absent::clears) : exchange::creation(read.record);
        if (before.back() && before.back()->deleted_at && origin.is_undone)
            made.edit.steps.insert(made.edit.steps.begin(), exchange::Edit::Step{{}, {}, false, {{"deleted_at", schema::Value{}}}});
        items.push_back({std::move(made), {origin.external_id, exchange::texts_of(read.record), false}, before.back() ? &*before.back() : nullptr});
    }
    const auto results = write_import(hub, memory, "northwind", folder, items);
    Counts counts;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto& read = data.records[i];
        if (results[i]) counts.add(read, items[i].difference);
        else data.broken.push_back({read.file, read.line, results[i].error().message});
    }
    for (const auto& row : data.broken) ++counts.of(std::string{northwind_kind_of(row.file)}).skipped;
    return {std::move(counts).take(), std::move(data.broken)};
}

} // namespace roadbook::server
