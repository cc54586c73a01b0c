// Grants follow from the organisation: after each change of an authority record, and when a day comes that one of them names.
#include "shared/base/log.hpp"
#include "sync-server/session/inside.hpp"
#include "sync-server/session/recovery.hpp"

#include <fmt/format.h>

namespace roadbook::server {

namespace {

std::string difference(const std::set<schema::ScopeId>& before, const std::set<schema::ScopeId>& after)
{
    std::string detail;
    for (const auto& scope : after)
        if (!before.contains(scope)) detail += fmt::format("+{} ", scope.text());
    for (const auto& scope : before)
        if (!after.contains(scope)) detail += fmt::format("-{} ", scope.text());
    return detail;
}

} // namespace

void Hub::Inside::regrant(Time now, const Caller& because_of, News& news)
{
    granted.clear();
    grants_change_at = organisation.next_change(now);
    std::set<RecordId> concerned = store.granted_people(); // among them somebody who has just left
    for (const auto& [person, value] : organisation.people()) concerned.insert(person);
    for (const auto& person : concerned) {
        const auto wanted = organisation.grants(person, now);
        std::set<schema::ScopeId> open;
        for (const auto& grant : store.grants(person))
            if (!grant.until) open.insert(grant.scope);
        if (open == wanted) continue;
        const auto next = store.grant_epoch(person) + 1;
        for (const auto& scope : open)
            if (!wanted.contains(scope)) store.close_grant(person, scope, next, now);
        for (const auto& scope : wanted)
            if (!open.contains(scope)) store.open_grant(person, scope, next);
        store.set_grant_epoch(person, next);
        audit.append({store::AuditKind::grants_changed, now, because_of.person, because_of.device, person, {}, difference(open, wanted)});
        news.regranted.push_back(person);
    }
}

namespace {

merge::Intent handover(const RecordId& territory, const RecordId& to, Time now)
{
    merge::Intent edit;
    edit.id = id_from_name<IntentId>("roadbook hand-over", territory.text() + to.text() + to_text(now));
    edit.record = territory;
    edit.kind = "territory";
    edit.reason = "handed over on the agreed day";
    edit.steps.push_back({{}, {}, false, {{"holder", to}, {"next_holder", {}}, {"next_holder_from", {}}}});
    return edit;
}

} // namespace

void Hub::keep_calendar()
{
    auto& hub = *inside_;
    const auto now = hub.options.clock->now();
    if (!hub.grants_change_at || now < *hub.grants_change_at || waits_for_confirmation(hub)) return;
    {
        storage::Transaction transaction{hub.store.db()};
        hub.refresh();
        hub.regrant(now, {}, hub.untold); // nobody did it: the day has come
        transaction.commit();
    }
    std::vector<merge::Intent> edits;
    for (const auto& [territory, to] : hub.organisation.due_handovers(now)) edits.push_back(handover(territory, to, now));
    for (const auto& done : apply(edits, {}))
        if (!done) log::error("handover_failed", "code={} reason={}", name(done.error().code), done.error().message);
}

} // namespace roadbook::server
