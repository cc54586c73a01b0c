#include "sync-server/access/handover.hpp"

#include <algorithm>

namespace roadbook::access {
namespace {

std::set<schema::ScopeId> without(const std::set<schema::ScopeId>& all, const std::set<schema::ScopeId>& others)
{
    std::set<schema::ScopeId> rest;
    std::set_difference(all.begin(), all.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
    return rest;
}

} // namespace

Shift shift_of(const Organisation& organisation, const RecordId& territory, const RecordId& to, Time at)
{
    auto then = organisation;
    then.give(territory, to);
    Shift shift;
    for (const auto& [person, value] : organisation.people()) {
        const auto before = organisation.grants(person, at);
        const auto after = then.grants(person, at);
        if (auto lost = without(before, after); !lost.empty()) shift.lost[person] = std::move(lost);
        if (auto gained = without(after, before); !gained.empty()) shift.gained[person] = std::move(gained);
    }
    for (const auto* side : {&shift.lost, &shift.gained})
        for (const auto& [person, scopes] : *side) shift.moved.insert(scopes.begin(), scopes.end());
    return shift;
}

} // namespace roadbook::access
