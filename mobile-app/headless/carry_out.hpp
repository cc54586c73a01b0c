#pragma once
// One call carried out on an open replica, its answer printed. What a single command and a batch share.
#include "mobile-app/headless/answer.hpp"
#include "mobile-app/headless/calls.hpp"
#include "mobile-app/headless/program.hpp"

#include <functional>

namespace roadbook::headless {

/// Prints the answer and flushes it: who reads it knows that the edit is durable. `line` (0: none) goes into JSON, for
/// a batch. Errors: the command's; faults of the machine, too. internal or storage_full when standard output cannot be
/// written.
[[nodiscard]] Result<void> carry_out(const Call& call, replica::Replica& replica, const Console& console,
                                     std::int64_t line = 0);
/// The same for a command that needs no replica.
[[nodiscard]] Result<void> print(const Answer& answer, const Console& console, std::int64_t line = 0);

/// Runs `work` and turns what it throws into an error.
[[nodiscard]] Result<void> guarded(const std::function<Result<void>()>& work);

/// How a failure is told: as JSON, with both languages, or as a line in one of them.
struct Telling {
    bool json = false;
    bool chinese = false;
};
/// On standard error: "roadbook-device: MESSAGE", or {"error":{code,message,message_zh,field,line?}}. Gives the exit status.
int report(const Error& error, const Telling& telling, const Console& console, std::int64_t line = 0);

} // namespace roadbook::headless
