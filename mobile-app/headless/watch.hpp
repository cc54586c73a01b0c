#pragma once
// `sync --watch`: stays connected, and tells each change of state on a line of its own.
#include "mobile-app/headless/answer.hpp"
#include "mobile-app/headless/program.hpp"

namespace roadbook::headless {

/// Returns after SIGINT or SIGTERM. Errors: not_enrolled, and what no waiting mends (a token that was revoked).
[[nodiscard]] Result<Answer> watch(replica::Replica& replica, const Form& form, const Console& console);

} // namespace roadbook::headless
