#include "mobile-app/viewmodels/records.hpp"

#include "mobile-app/viewmodels/text.hpp"

namespace roadbook::viewmodels {

Records::Records(RecordSource& source, QObject* parent) : QObject{parent}, source_{source}
{
    mark_again();
    source_.listen([this] {
        mark_again();
        emit changed();
    });
}

QString Records::title_of(const std::string& kind, const RecordId& id)
{
    const auto* described = schema::find_kind(kind);
    const auto found = source_.get(id, kind);
    if (described == nullptr || !found || !*found) return {};
    return to_qt(schema::text_of(**found, described->title));
}

void Records::mark_again()
{
    unsent_.clear();
    conflicts_.clear();
    const auto& overview = source_.overview();
    for (const auto& edit : overview.unsent) mark(unsent_, edit.record, edit.kind);
    for (const auto& conflict : overview.conflicts) mark(conflicts_, conflict.record, conflict.kind);
    for (const auto& refused : overview.refused) mark(conflicts_, refused.record, refused.kind);
}

/// A record, and the account that it hangs on: there the user looks first.
void Records::mark(Ids& marked, const RecordId& id, const std::string& kind)
{
    if (!marked.insert(id).second) return;
    const auto* described = schema::find_kind(kind);
    if (described == nullptr || described->field("account") == nullptr) return;
    const auto found = source_.get(id, kind);
    if (!found || !*found) return;
    if (const auto account = schema::reference_of(**found, "account")) marked.insert(*account);
}

} // namespace roadbook::viewmodels
