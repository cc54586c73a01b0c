#include "sync-server/access/late_edits.hpp"

#include <algorithm>

namespace roadbook::access {
namespace {

/// By the server's clock: a month without a network, holidays included.
constexpr std::chrono::hours grace{30 * 24};

bool is_late(const Grant& grant, const Question& question)
{
    if (!grant.until || !grant.withdrawn_at) return false;
    const bool was_granted = grant.from <= question.saved_under && question.saved_under < *grant.until;
    return was_granted && question.confirmed < *grant.until && question.now - *grant.withdrawn_at <= grace;
}

} // namespace

Access judge(const Question& question)
{
    auto best = Access::none;
    for (const auto& grant : question.grants) {
        const bool may_be_late = is_late(grant, question);
        if (std::find(question.scopes.begin(), question.scopes.end(), grant.scope) != question.scopes.end()) {
            if (!grant.until) return Access::granted;
            if (may_be_late) best = Access::late;
        }
        const bool was_in_it = std::any_of(question.departures.begin(), question.departures.end(), [&](const auto& departure) {
            return departure.scope == grant.scope && question.now - departure.left_at <= grace;
        });
        if (was_in_it && (!grant.until || may_be_late)) best = Access::late;
    }
    return best;
}

} // namespace roadbook::access
