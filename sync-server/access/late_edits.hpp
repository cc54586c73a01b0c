#pragma once
// May this edit be taken? Pure: what the person is granted now, what he was granted when he made it, where the record was before, and
// whether his device had confirmed the withdrawal or the move.
#include "shared/base/clock.hpp"
#include "shared/schema/scope.hpp"

#include <optional>
#include <span>


namespace roadbook::access {

/// A scope that a person had or has: in every grant epoch from `from` until before `until`.
struct Grant {
    schema::ScopeId scope;
    std::uint64_t from = 0;
    std::optional<std::uint64_t> until;  ///< nothing: still granted
    std::optional<Time> withdrawn_at;    ///< by the server's clock
};

/// A scope in which the record was.
struct Departure {
    schema::ScopeId scope;
    Time left_at; ///< by the server's clock
};

enum class Access { granted, late, none };

struct Question {
    std::span<const schema::ScopeId> scopes; ///< where the record is
    std::span<const Departure> departures;   ///< of the record, as far as the device has not confirmed them
    std::span<const Grant> grants;           ///< of the person, past ones too
    std::uint64_t saved_under = 0;           ///< the grant epoch in which the edit was saved
    std::uint64_t confirmed = 0;             ///< the last epoch that the device confirmed as drained
    Time now;
};

/// Late: made while the scope was granted and the record was in it, by a device that had not confirmed that either has ended, within
/// the grace. Never a refusal for having been offline.
[[nodiscard]] Access judge(const Question& question);

} // namespace roadbook::access
