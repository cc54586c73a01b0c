#pragma once
// `batch`: many commands in one process, one a line.
#include "mobile-app/headless/carry_out.hpp"

namespace roadbook::headless {

/// Reads standard input to its end or to the first failure. Each answer is written and flushed before the next line is
/// read, so that whoever reads one may kill this process: the edit is durable. Gives the exit status: of the first
/// failure, or 0.
[[nodiscard]] int run_batch(const Call& call, replica::Replica& replica, const Console& console);

} // namespace roadbook::headless
