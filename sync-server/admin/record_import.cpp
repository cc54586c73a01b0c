#include "sync-server/admin/record_import.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

using schema::Fields;

/// What one record needs, and what it counts as.
struct Plan {
    merge::Intent intent;
    bool is_new = false;
    int children_created = 0, children_changed = 0, children_unchanged = 0;
    [[nodiscard]] bool writes() const noexcept { return !intent.steps.empty(); }
};

/// The values that must be written for a set of fields to say what the files say.
class Difference {
public:
    Difference(const ImportMemory::Texts& before, const ImportMemory::Texts& now) : before_{before}, now_{now} {}

    [[nodiscard]] Fields between(const Fields& is, const Fields& wanted, const std::string& prefix) const
    {
        Fields values;
        for (const auto& [name, value] : wanted) {
            const auto current = is.find(name);
            const bool differs = current == is.end() || current->second != value;
            if (differs && !is_remembered(prefix + name)) values[name] = value;
        }
        for (const auto& [name, value] : is) // no longer in the files, and put there by them
            if (!wanted.contains(name) && before_.contains(prefix + name)) values[name] = {};
        return values;
    }

private:
    /// The file says what it said last time: what the record says since is people's.
    [[nodiscard]] bool is_remembered(const std::string& path) const
    {
        const auto before = before_.find(path);
        const auto now = now_.find(path);
        return before != before_.end() && now != now_.end() && before->second == now->second;
    }

    const ImportMemory::Texts& before_;
    const ImportMemory::Texts& now_;
};

Plan plan_new(const schema::Record& wanted)
{
    Plan plan;
    plan.is_new = plan.intent.create = true;
    plan.intent.steps.push_back({{}, {}, false, wanted.fields});
    for (const auto& [collection, children] : wanted.collections)
        for (const auto& child : children) {
            plan.intent.steps.push_back({collection, child.id, true, child.fields});
            ++plan.children_created;
        }
    return plan;
}

Plan plan_change(const schema::Record& is, const schema::Record& wanted, const ImportMemory& memory)
{
    Plan plan;
    const auto now = ImportMemory::texts_of(wanted);
    const Difference difference{memory.of(wanted.id), now};
    if (auto values = difference.between(is.fields, wanted.fields, {}); !values.empty()) plan.intent.steps.push_back({{}, {}, false, std::move(values)});
    for (const auto& [collection, children] : wanted.collections) {
        const auto there = is.collections.find(collection);
        for (const auto& child : children) {
            const auto same = [&](const schema::Child& other) { return other.id == child.id; };
            const auto* existing = there == is.collections.end() ? nullptr : [&] {
                const auto found = std::find_if(there->second.begin(), there->second.end(), same);
                return found == there->second.end() ? nullptr : &*found;
            }();
            if (existing == nullptr) {
                plan.intent.steps.push_back({collection, child.id, true, child.fields});
                ++plan.children_created;
                continue;
            }
            auto wanted_fields = child.fields;
            wanted_fields.erase("position"); // where people put it stays
            auto is_fields = existing->fields;
            is_fields.erase("position");
            auto values = difference.between(is_fields, wanted_fields, fmt::format("{}/{}/", collection, child.id.text()));
            ++(values.empty() ? plan.children_unchanged : plan.children_changed);
            if (!values.empty()) plan.intent.steps.push_back({collection, child.id, false, std::move(values)});
        }
    }
    return plan;
}

Plan plan_for(Hub& hub, const ImportMemory& memory, const schema::Record& wanted)
{
    const auto is = hub.record(wanted.id);
    auto plan = is ? plan_change(*is, wanted, memory) : plan_new(wanted);
    plan.intent.id = new_id<IntentId>(system_clock().now(), system_random());
    plan.intent.record = wanted.id;
    plan.intent.kind = wanted.kind;
    return plan;
}

class Counts {
public:
    ImportCount& of(const std::string& what)
    {
        const auto found = std::find_if(counts_.begin(), counts_.end(), [&](const auto& one) { return one.first == what; });
        return found != counts_.end() ? found->second : counts_.emplace_back(what, ImportCount{}).second;
    }
    void add(const ReadRecord& read, const Plan& plan)
    {
        auto& count = of(read.record.kind);
        ++(plan.is_new ? count.created : plan.writes() ? count.changed : count.unchanged);
        if (read.record.collections.empty()) return;
        auto& lines = of(read.record.kind + " line");
        lines.created += plan.children_created;
        lines.changed += plan.children_changed;
        lines.unchanged += plan.children_unchanged;
    }
    [[nodiscard]] std::vector<std::pair<std::string, ImportCount>> take() && { return std::move(counts_); }

private:
    std::vector<std::pair<std::string, ImportCount>> counts_;
};

} // namespace

ImportReport import_records(Hub& hub, ImportMemory& memory, NorthwindData data)
{
    std::vector<Plan> plans;
    std::vector<merge::Intent> intents;
    for (const auto& read : data.records) {
        plans.push_back(plan_for(hub, memory, read.record));
        if (plans.back().writes()) intents.push_back(plans.back().intent);
    }
    const auto results = hub.apply(intents, {});
    Counts counts;
    std::size_t written = 0;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        const auto& read = data.records[i];
        if (plans[i].writes() && !results[written++]) {
            data.broken.push_back({read.file, read.line, results[written - 1].error().message});
            continue;
        }
        memory.keep(read.record);
        counts.add(read, plans[i]);
    }
    for (const auto& row : data.broken) ++counts.of(std::string{northwind_kind_of(row.file)}).skipped;
    return {std::move(counts).take(), std::move(data.broken)};
}

} // namespace roadbook::server
