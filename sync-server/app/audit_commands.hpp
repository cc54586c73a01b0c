#pragma once
// `audit list`, `audit verify`, `audit head`: reading the log of decisions, and checking that nobody has touched it.
#include "sync-server/app/administer.hpp"
#include "sync-server/session/hub.hpp"

namespace roadbook::server {

/// Errors: not_found and bad_argument for a person, device, record, time or kind that there is not.
[[nodiscard]] Result<Answer> list_audit(Hub& hub, const AuditListCall& call);
/// Errors: storage_damaged with the first bad entry; bad_argument for a head that is none.
[[nodiscard]] Result<Answer> verify_audit(Hub& hub, const AuditVerifyCall& call);
[[nodiscard]] Result<Answer> show_audit_head(Hub& hub);

} // namespace roadbook::server
