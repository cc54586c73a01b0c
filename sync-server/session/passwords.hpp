#pragma once
// Who a name and a password belong to.
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// The transaction is the caller's, and is to be committed also after an error: a wrong guess counts. An unknown name, a wrong password, one
/// that is tried too early and a person who may not come in get one answer, after the same work. Errors: bad_code; server_busy when more
/// is asked than this server will compute.
[[nodiscard]] Result<RecordId> person_by_password(Hub::Inside& hub, std::string_view name, std::string_view password, Time now);

} // namespace roadbook::server
