#pragma once
// Who gives out which numbers: blocks leased to installations, and what happens when one number is there twice all the same.
#include "shared/rules/numbers.hpp"
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// By the newest numbering_rule record for this type, or the type's own default.
[[nodiscard]] rules::NumberRule rule_of(Hub::Inside& hub, const schema::Kind& kind);

/// Fills the Welcome with what the Hello wants and may have. Part of the caller's transaction.
void lease_numbers(Hub::Inside& hub, const store::Device& device, schema::Role role, const protocol::v1::Hello& hello, protocol::v1::Welcome& welcome);

/// Notes the number that a record bears now. When others bear it, too (a device was cloned or set back), nothing is refused: the ones
/// made later get a suffix, by an edit of the server's own; these are the edits, in an order that does not depend on arrival.
[[nodiscard]] std::vector<merge::Intent> note_number(Hub::Inside& hub, const store::DocumentRow& row, const schema::Kind& kind, const schema::Record& record);

} // namespace roadbook::server
