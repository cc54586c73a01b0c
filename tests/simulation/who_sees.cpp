#include "tests/simulation/who_sees.hpp"

#include "shared/schema/registry.hpp"

#include <algorithm>

namespace roadbook::simulation {

using How = schema::ScopeRule::How;

WhoSees::WhoSees(const Firm& firm, const std::map<RecordId, merge::Merged>& truth) : firm_{firm}, truth_{truth}
{
    for (const auto& [id, merged] : truth) {
        const auto& work = merged.record;
        const auto& kind = *schema::find_kind(work.kind);
        for (const auto& companion : kind.brings) {
            const auto state = schema::text_of(work, kind.state);
            const bool is_closed = work.deleted_at || std::find(companion.closed.begin(), companion.closed.end(), state) != companion.closed.end();
            const auto target = schema::reference_of(work, companion.field);
            if (is_closed || !target) continue;
            for (const auto& rule : kind.scopes)
                if (const auto whose = schema::reference_of(work, rule.field); whose && rule.how == How::person)
                    for (const auto& person : firm.people)
                        if (is_of(person.id, *whose)) brought_.emplace(person.id, *target);
        }
    }
}

bool WhoSees::operator()(const RecordId& person, const schema::Record& record) const
{
    return sees(person, record, As::either);
}

bool WhoSees::sees(const RecordId& person, const schema::Record& record, As as) const
{
    if (as != As::home && brought_.contains({person, record.id})) return true;
    const auto& rules = schema::find_kind(record.kind)->scopes;
    return std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
        return (as == As::either || rule.how != How::roles) && sees_by(person, rule, record);
    });
}

bool WhoSees::sees_by(const RecordId& person, const schema::ScopeRule& rule, const schema::Record& record) const
{
    if (rule.how == How::company) return true;
    if (rule.how == How::roles) return rule.roles.has(firm_.person(person).role);
    const auto field = rule.field.empty() ? std::optional{record.id} : schema::reference_of(record, rule.field);
    const auto* target = find(field);
    if (target == nullptr) return false;
    const auto holds = [&](const schema::Record* territory) {
        const auto holder = territory == nullptr ? std::nullopt : schema::reference_of(*territory, "holder");
        return holder && is_of(person, *holder);
    };
    switch (rule.how) {
    case How::territory: return holds(target);
    case How::person: return is_of(person, target->id);
    case How::with: return sees(person, *target, As::home);
    case How::along: return sees(person, *target, As::guest);
    case How::office:
        if (firm_.person(person).role != schema::Role::manager) return false;
        if (target->kind == "person") return target->id != person && is_of(person, target->id);
        return holds(target->kind == "territory" ? target : find(schema::reference_of(*target, "territory")));
    case How::company:
    case How::roles: break;
    }
    return false;
}

bool WhoSees::is_of(const RecordId& person, const RecordId& subject) const
{
    return subject == person || (firm_.person(person).role == schema::Role::manager && firm_.leads(person, subject));
}

const schema::Record* WhoSees::find(const std::optional<RecordId>& id) const
{
    const auto found = id ? truth_.find(*id) : truth_.end();
    return found == truth_.end() ? nullptr : &found->second.record;
}

} // namespace roadbook::simulation
