#include "sync-server/session/circles.hpp"

#include "conflict/merge/circle.hpp"

#include <algorithm>

namespace roadbook::server {

Result<void> Circles::check(const schema::Kind& kind, const schema::Record& before, const schema::Record& after, const Caller& caller, std::uint64_t known)
{
    for (const auto& field : kind.fields) {
        if (field.target != kind.name) continue;
        const auto target = schema::reference_of(after, field.name);
        if (!target || target == schema::reference_of(before, field.name)) continue;
        const auto others = merge::circle_through(after.id, *target, [&](const RecordId& record) { return next(kind, field.name, record); });
        const bool could_know = std::all_of(others.begin(), others.end(), [&](const auto& other) { return other == after.id || knows(caller, known, other); });
        if (!others.empty() && could_know) return merge::closes_circle(kind, field);
    }
    return {};
}

void Circles::note(const schema::Kind& kind, const schema::Record& merged, const DeviceId& by)
{
    auto [at, is_new] = written_.try_emplace(merged.id, Written{{}, by});
    if (!is_new && at->second.by != by) at->second.by.reset();
    for (const auto& field : kind.fields)
        if (field.target == kind.name) at->second.links[field.name] = schema::reference_of(merged, field.name);
}

std::optional<RecordId> Circles::next(const schema::Kind& kind, const std::string& field, const RecordId& record)
{
    if (const auto written = written_.find(record); written != written_.end()) return written->second.links[field];
    const auto row = hub_.store.document(record);
    if (!row || row->kind != kind.name) return std::nullopt;
    return schema::reference_of(hub_.read(*row).record, field);
}

bool Circles::knows(const Caller& caller, std::uint64_t known, const RecordId& record)
{
    if (caller.is_system) return true;
    if (const auto written = written_.find(record); written != written_.end() && written->second.by != caller.device) return false;
    const auto row = hub_.store.document(record);
    const auto company = hub_.store.scope(schema::ScopeId::company());
    return !row || !company || !hub_.store.was_changed_by_others(row->num, company->num, known, caller.device);
}

} // namespace roadbook::server
