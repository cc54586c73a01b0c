#include "conflict/findings/merged_accounts.hpp"

#include "conflict/findings/rule.hpp"

#include <algorithm>
#include <set>

namespace roadbook::findings {
namespace {

void mark(const merge::Merged& merged, Marks& marks)
{
    const auto into = merged.record.kind == "account" ? schema::reference_of(merged.record, "merged_into") : std::nullopt;
    if (into && *into != merged.record.id) marks.push_back({key({"alias", into->text()}), "account", {}, 0, 0, *into, {}});
}

std::vector<Found> judge(const Group&, const Rate&)
{
    return {};
}

void explain(Finding&, std::span<const Group>, const Here&) {}

} // namespace

RecordId standing_for(const RecordId& account, const std::function<std::optional<RecordId>(const RecordId&)>& next)
{
    std::vector<RecordId> way{account};
    for (auto at = next(account); at; at = next(*at)) {
        const auto met = std::find(way.begin(), way.end(), *at);
        if (met != way.end()) return *std::min_element(met, way.end()); // only the circle itself: who leads into it is no part of it
        way.push_back(*at);
    }
    return way.back();
}

std::vector<RecordId> aliases_of(const RecordId& account, Index& index)
{
    std::set<RecordId> seen{account};
    std::vector<RecordId> open{account};
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        for (const auto& alias : index.records_in(key({"alias", at.text()})))
            if (seen.insert(alias).second) open.push_back(alias);
    }
    seen.erase(account);
    return {seen.begin(), seen.end()};
}

constinit const Rule account_aliases{"alias/", mark, judge, explain};

} // namespace roadbook::findings
