#include "mobile-app/app/overview.hpp"

namespace roadbook::app {
namespace {

viewmodels::OpenConflict conflict_of(const replica::NamedConflict& conflict)
{
    viewmodels::OpenConflict open{conflict.record, conflict.kind, conflict.title, conflict.path, {}};
    for (const auto& candidate : conflict.candidates) {
        const auto when = candidate.by ? std::optional{candidate.by->when()} : std::nullopt;
        open.values.push_back({candidate.value, candidate.person_name, when});
    }
    return open;
}

} // namespace

viewmodels::Overview overview_of(replica::Replica& replica, const replica::Status& status)
{
    viewmodels::Overview overview;
    if (const auto& me = status.identity) overview.person = viewmodels::Person{me->person, me->person_name, me->role, me->server};
    overview.records = status.records;
    for (const auto& entry : replica.outbox())
        overview.unsent.push_back({entry.record, entry.kind, entry.title, entry.summary, entry.device_time});
    for (const auto& conflict : replica.conflicts())
        if (conflict.needs_person) overview.conflicts.push_back(conflict_of(conflict));
    for (const auto& edit : replica.refused()) {
        if (edit.state == replica::RefusedEdit::State::released) continue; // it is in its record now
        const auto title = replica.kind_of(edit.record) ? replica.title_of(edit.record) : std::string{};
        const Bilingual reason{edit.reason, edit.reason_zh.empty() ? edit.reason : edit.reason_zh};
        overview.refused.push_back({edit.record, edit.kind, title, edit.field, reason, edit.device_time});
    }
    return overview;
}

} // namespace roadbook::app
