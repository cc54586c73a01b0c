#include "mobile-app/viewmodels/drafts.hpp"

#include <algorithm>

namespace roadbook::viewmodels {

void Drafts::keep(const QString& form, const schema::Fields& fields)
{
    drafts_.remove_if([&](const Draft& draft) { return draft.form == form; });
    if (fields.empty()) return;
    drafts_.push_back({form, fields});
    if (drafts_.size() > drafts_max) drafts_.pop_front();
}

schema::Fields Drafts::of(const QString& form) const
{
    const auto found = std::ranges::find(drafts_, form, &Draft::form);
    return found == drafts_.end() ? schema::Fields{} : found->fields;
}

} // namespace roadbook::viewmodels
