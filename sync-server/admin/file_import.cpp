#include "sync-server/admin/file_import.hpp"

#include <fmt/format.h>

namespace roadbook::server {

const exchange::Index& HubRecords::index(const schema::Kind& kind)
{
    const auto known = indices_.find(kind.name);
    if (known != indices_.end()) return known->second;
    auto& index = indices_[kind.name];
    const auto external_ids = memory_.external_ids(kind.name);
    for (const auto& id : hub_.records_of(kind.name)) {
        const auto record = hub_.record(id);
        if (!record) continue;
        const auto external_id = external_ids.find(id);
        index.add(kind, *record, external_id == external_ids.end() ? std::string_view{} : external_id->second);
    }
    return index;
}

std::optional<schema::Record> HubRecords::record(const RecordId& id)
{
    auto found = hub_.record(id);
    return found ? std::optional{std::move(*found)} : std::nullopt;
}

const exchange::Known::Memory& HubRecords::memory(const RecordId& id)
{
    auto origin = memory_.origin(id).value_or(ImportMemory::Origin{});
    current_ = {std::move(origin.said), origin.is_undone};
    return current_;
}

std::string HubRecords::title_of(const RecordId& id)
{
    const auto [at, is_new] = titles_.try_emplace(id);
    if (!is_new) return at->second;
    const auto record = hub_.record(id);
    const auto* kind = record ? schema::find_kind(record->kind) : nullptr;
    at->second = kind != nullptr ? schema::text_of(*record, kind->title) : id.text();
    return at->second;
}

void carry_out(Hub& hub, ImportMemory& memory, std::string_view what, std::string_view file, exchange::ImportPlan& plan)
{
    using exchange::Outcome;
    std::vector<ImportItem> items;
    std::vector<exchange::PlannedRecord*> planned;
    std::vector<std::optional<schema::Record>> before;
    before.reserve(plan.records.size()); // items point into it
    for (auto& one : plan.records) {
        if (one.outcome == Outcome::refused) continue;
        auto is = one.outcome == Outcome::create ? Result<schema::Record>{fail(Errc::not_found, std::string{})} : hub.record(one.id);
        before.push_back(is ? std::optional{std::move(*is)} : std::nullopt);
        auto origin = memory.origin(one.id).value_or(ImportMemory::Origin{});
        if (!one.external_id.empty()) origin.external_id = one.external_id;
        for (const auto& [path, text] : one.said) origin.said[path] = text;
        origin.is_undone = false;
        one.difference.edit.record = one.id;
        one.difference.edit.kind = plan.kind;
        items.push_back({one.difference, std::move(origin), before.back() ? &*before.back() : nullptr});
        planned.push_back(&one);
    }
    const auto results = write_import(hub, memory, what, file, items);
    for (std::size_t i = 0; i < results.size(); ++i)
        if (!results[i]) {
            planned[i]->outcome = Outcome::refused;
            const auto& why = results[i].error();
            planned[i]->notes = {{fmt::format("line {}: {}", planned[i]->line, why.message), fmt::format("第 {} 行：{}", planned[i]->line, why.chinese())}};
        }
}

std::vector<schema::Record> all_records(Hub& hub, const schema::Kind& kind)
{
    std::vector<schema::Record> records;
    for (const auto& id : hub.records_of(kind.name))
        if (auto record = hub.record(id); record && !record->deleted_at) records.push_back(std::move(*record));
    return records;
}

} // namespace roadbook::server
