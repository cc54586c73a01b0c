#pragma once
// How many persons have to approve a record, by the company's own limits: a device that says fewer is not believed.
#include "sync-server/session/inside.hpp"

namespace roadbook::server {

/// `seen`: what was approved. `made_at`: when, by the server's clock. The limits of now count, unless those of then asked for fewer: who approved offline
/// cannot have known what was changed since. A time more than 30 days back counts as 30 days. Errors: those of the rules; the documents'.
[[nodiscard]] Result<int> steps_needed(Hub::Inside& hub, const schema::Kind& kind, const schema::Record& seen, Time made_at, Time now);

} // namespace roadbook::server
