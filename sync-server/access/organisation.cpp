#include "sync-server/access/organisation.hpp"

#include <vector>

namespace roadbook::access {

void Organisation::put(const schema::Record& record)
{
    const bool is_gone = record.deleted_at.has_value();
    if (record.kind == "person") {
        if (is_gone) {
            people_.erase(record.id);
            return;
        }
        people_[record.id] = {schema::text_of(record, "name"), schema::role_from_name(schema::text_of(record, "role")).value_or(schema::Role::rep),
                              schema::reference_of(record, "reports_to")};
    } else if (record.kind == "territory") {
        if (is_gone) territories_.erase(record.id);
        else territories_[record.id] = {schema::reference_of(record, "holder"), schema::reference_of(record, "parent")};
    }
}

const Person* Organisation::person(const RecordId& id) const
{
    const auto found = people_.find(id);
    return found == people_.end() ? nullptr : &found->second;
}

/// The person and everybody below. Each is visited once, so a reporting line that two managers closed to a circle ends.
std::set<RecordId> Organisation::team_of(const RecordId& person) const
{
    std::set<RecordId> team{person};
    std::vector<RecordId> open{person};
    while (!open.empty()) {
        const auto boss = open.back();
        open.pop_back();
        for (const auto& [id, other] : people_)
            if (other.reports_to == boss && team.insert(id).second) open.push_back(id);
    }
    return team;
}

std::set<schema::ScopeId> Organisation::grants(const RecordId& id) const
{
    const auto* me = person(id);
    if (me == nullptr) return {};
    std::set<schema::ScopeId> granted{schema::ScopeId::company(), schema::ScopeId::person(id)};
    const bool all = me->role == schema::Role::admin;
    const auto team = me->role == schema::Role::manager || all ? team_of(id) : std::set{id};
    for (const auto& [member, other] : people_)
        if (all || team.contains(member)) granted.insert(schema::ScopeId::person(member));
    for (const auto& [territory, value] : territories_) {
        // Its own holder or that of a territory above it; a circle of parents is followed once.
        std::set<RecordId> seen;
        for (auto at = std::optional{territory}; at && seen.insert(*at).second;) {
            const auto found = territories_.find(*at);
            if (found == territories_.end()) break;
            if (all || (found->second.holder && team.contains(*found->second.holder))) {
                granted.insert(schema::ScopeId::territory(territory));
                break;
            }
            at = found->second.parent;
        }
    }
    return granted;
}

} // namespace roadbook::access
