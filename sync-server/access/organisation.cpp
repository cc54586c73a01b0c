#include "sync-server/access/organisation.hpp"

#include "shared/base/local_day.hpp"

#include <algorithm>
#include <vector>

namespace roadbook::access {
namespace {

std::string text_in(const schema::Child& child, std::string_view field)
{
    const auto found = child.fields.find(field);
    const auto* text = found == child.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text ? *text : std::string{};
}

std::vector<Cover> covers_of(const schema::Record& record)
{
    std::vector<Cover> covers;
    const auto children = record.collections.find("covers");
    if (children == record.collections.end()) return covers;
    for (const auto& child : children->second) {
        const auto person = child.fields.find("person");
        const auto* id = person == child.fields.end() ? nullptr : std::get_if<RecordId>(&person->second);
        if (!child.removed && id != nullptr) covers.push_back({*id, text_in(child, "from"), text_in(child, "until")});
    }
    return covers;
}

std::set<schema::ScopeId> scopes_of_roles(schema::Role role)
{
    std::set<schema::ScopeId> scopes;
    for (const auto& kind : schema::kinds())
        for (const auto& rule : kind.scopes)
            if (rule.how == schema::ScopeRule::How::roles && rule.roles.has(role)) scopes.insert(schema::ScopeId::of_roles(rule.roles));
    return scopes;
}

} // namespace

void Organisation::put(const schema::Record& record)
{
    const bool is_gone = record.deleted_at.has_value();
    if (record.kind == "person") {
        if (is_gone) {
            people_.erase(record.id);
            return;
        }
        people_[record.id] = {schema::text_of(record, "name"), schema::role_from_name(schema::text_of(record, "role")).value_or(schema::Role::rep),
                              schema::reference_of(record, "reports_to"), schema::text_of(record, "time_zone")};
    } else if (record.kind == "territory") {
        if (is_gone) territories_.erase(record.id);
        else
            territories_[record.id] = {schema::reference_of(record, "holder"), schema::reference_of(record, "parent"), covers_of(record),
                                       schema::reference_of(record, "next_holder"), schema::text_of(record, "next_holder_from")};
    }
}

void Organisation::give(const RecordId& territory, const RecordId& to)
{
    const auto found = territories_.find(territory);
    if (found != territories_.end()) found->second.holder = to.is_nil() ? std::nullopt : std::optional{to};
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

Time Organisation::start_of(const std::string& day, int days_later, const RecordId& id) const
{
    const auto* who = person(id);
    return start_of_day(day, days_later, who != nullptr ? who->time_zone : std::string{}).value_or(Time::max());
}

bool Organisation::is_held_by(const Territory& territory, const std::set<RecordId>& team, Time now) const
{
    if (territory.holder && team.contains(*territory.holder)) return true;
    return std::any_of(territory.covers.begin(), territory.covers.end(), [&](const Cover& cover) {
        return team.contains(cover.person) && start_of(cover.from, 0, cover.person) <= now &&
               (cover.until.empty() || now < start_of(cover.until, 1, cover.person));
    });
}

std::set<schema::ScopeId> Organisation::grants(const RecordId& id, Time now) const
{
    using schema::ScopeId;
    const auto* me = person(id);
    if (me == nullptr) return {};
    std::set<ScopeId> granted = scopes_of_roles(me->role);
    granted.insert({ScopeId::company(), ScopeId::person(id)});
    const bool all = me->role == schema::Role::admin;
    const bool leads = me->role == schema::Role::manager || all;
    const auto team = leads ? team_of(id) : std::set{id};
    for (const auto& [member, other] : people_) {
        if (!all && !team.contains(member)) continue;
        granted.insert(ScopeId::person(member));
        if (leads && (member != id || all)) granted.insert(ScopeId::office(member));
    }
    for (const auto& [territory, value] : territories_) {
        // Its own holder or that of a territory above it; a circle of parents is followed once.
        std::set<RecordId> seen;
        for (auto at = std::optional{territory}; at && seen.insert(*at).second;) {
            const auto found = territories_.find(*at);
            if (found == territories_.end()) break;
            if (all || is_held_by(found->second, team, now)) {
                granted.insert(ScopeId::territory(territory));
                if (leads) granted.insert(ScopeId::office(territory));
                break;
            }
            at = found->second.parent;
        }
    }
    return granted;
}

std::optional<Time> Organisation::next_change(Time after) const
{
    std::optional<Time> next;
    const auto consider = [&](Time at) {
        if (at > after && at != Time::max() && (!next || at < *next)) next = at;
    };
    for (const auto& [id, territory] : territories_) {
        for (const auto& cover : territory.covers) {
            consider(start_of(cover.from, 0, cover.person));
            if (!cover.until.empty()) consider(start_of(cover.until, 1, cover.person));
        }
        if (territory.next_holder) consider(start_of(territory.next_holder_from, 0, *territory.next_holder));
    }
    return next;
}

std::vector<std::pair<RecordId, RecordId>> Organisation::due_handovers(Time now) const
{
    std::vector<std::pair<RecordId, RecordId>> due;
    for (const auto& [id, territory] : territories_)
        if (territory.next_holder && start_of(territory.next_holder_from, 0, *territory.next_holder) <= now) due.emplace_back(id, *territory.next_holder);
    return due;
}

} // namespace roadbook::access
