#include "conflict/merge/circle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace roadbook::merge {

bool has_shared_tree(const schema::Kind& kind)
{
    const auto is_for_all = [](const schema::ScopeRule& rule) { return rule.how == schema::ScopeRule::How::company; };
    const auto leads_on = [&](const schema::Field& field) { return field.target == kind.name; };
    return std::any_of(kind.scopes.begin(), kind.scopes.end(), is_for_all) && std::any_of(kind.fields.begin(), kind.fields.end(), leads_on);
}

std::vector<RecordId> circle_through(const RecordId& record, const RecordId& target, const NextLink& next)
{
    std::vector<RecordId> others;
    std::set<RecordId> seen;
    for (auto at = std::optional{target}; at && seen.insert(*at).second; at = next(*at)) {
        if (*at == record) {
            if (others.empty()) others.push_back(record); // it refers to itself
            return others;
        }
        others.push_back(*at);
    }
    return {};
}

Error closes_circle(const schema::Kind& kind, const schema::Field& field)
{
    return fail(Errc::invalid_value,
                Bilingual{fmt::format("{}: this would close a circle: that {} leads back to this one; choose another", field.label.en, kind.label.en),
                          fmt::format("{}：会形成循环，所选{}最终又指回这一条，请另选", field.label.zh, kind.label.zh)},
                field.name);
}

} // namespace roadbook::merge
