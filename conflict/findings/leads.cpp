// CONFLICT: two people upgrade one lead apart, and each makes an opportunity of it. RESOLUTION: both stay; one of them is to be closed.
#include "conflict/findings/rule.hpp"
#include "shared/rules/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::findings {
namespace {

void mark(const merge::Merged& merged, Marks& marks)
{
    const auto& record = merged.record;
    if (record.kind == "opportunity" && schema::text_of(record, "stage") != "lost")
        if (const auto lead = schema::reference_of(record, "lead")) {
            const auto amount = rules::value_in<Money>(record.fields, "amount").value_or(Money{});
            marks.push_back({key({"lead", lead->text()}), record.kind, amount.currency, amount.minor, 0, {}, schema::reference_of(record, "owner")});
        }
    if (record.kind != "lead") return;
    // The lead itself names one, and all that were named apart.
    std::vector<schema::Value> named{record["converted_opportunity"]};
    for (const auto& conflict : merged.conflicts)
        if (conflict.path == "converted_opportunity")
            for (const auto& candidate : conflict.candidates) named.push_back(candidate.value);
    for (const auto& value : named)
        if (const auto* id = std::get_if<RecordId>(&value))
            marks.push_back({key({"lead", record.id.text()}), "became", {}, 0, 0, *id, schema::reference_of(record, "owner")});
}

std::vector<RecordId> opportunities(const Group& group)
{
    std::vector<RecordId> all;
    for (const auto& member : group.members) {
        const auto& id = member.mark.tag == "became" ? *member.mark.ref : member.record;
        if (std::find(all.begin(), all.end(), id) == all.end()) all.push_back(id);
    }
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<Found> judge(const Group& group, const Rate&)
{
    auto all = opportunities(group);
    if (all.size() < 2) return {};
    all.insert(all.begin(), group.id(1).value());
    return {{key({"lead_twice", group.word(1)}), std::move(all)}};
}

void explain(Finding& finding, std::span<const Group> groups, const Here& here)
{
    const auto& source = here.source;
    const auto& group = groups.front();
    const auto all = opportunities(group);
    std::string names;
    std::optional<Money> least;
    for (const auto& id : all) {
        names += (names.empty() ? "\"" : ", \"") + source.title(id, "opportunity") + "\"";
        const auto record = source.record(id, "opportunity");
        const auto amount = record ? rules::value_in<Money>(record->fields, "amount") : std::nullopt;
        if (amount && (!least || amount->minor < least->minor)) least = amount;
    }
    finding.money = least; // counted twice in the forecast
    const auto lead = source.title(group.id(1).value(), "lead");
    finding.words = {fmt::format("the lead \"{}\" became {} opportunities: {}", lead, all.size(), names),
                     fmt::format("线索“{}”被转化为 {} 个商机：{}", lead, all.size(), names)};
    finding.way_out = {fmt::format("go on with one and close the others as lost, so that the forecast counts it once; the oldest is \"{}\"", source.title(all.front(), "opportunity")),
                       fmt::format("保留一个商机，其余按输单关闭，避免预测重复计算；最早的是“{}”", source.title(all.front(), "opportunity"))};
    for (auto other = std::next(all.begin()); other != all.end(); ++other) finding.proposals.push_back({"set", *other, "stage", std::string{"lost"}});
}

} // namespace

constinit const Rule lead_twice{"lead/", mark, judge, explain};

} // namespace roadbook::findings
