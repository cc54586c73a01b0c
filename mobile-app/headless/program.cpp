#include "mobile-app/headless/program.hpp"

#include "mobile-app/headless/batch.hpp"
#include "mobile-app/headless/carry_out.hpp"
#include "mobile-app/headless/command_line.hpp"
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/open_device.hpp"
#include "shared/base/log.hpp"

#include <algorithm>

namespace roadbook::headless {
namespace {

/// Before the words are understood: in which form does the caller want to hear that they are not?
Telling asked_for(const Words& words)
{
    const auto lang = std::adjacent_find(words.begin(), words.end(),
                                         [](const auto& a, const auto& b) { return a == "--lang" && b == "zh"; });
    const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
    return {has("--json"), lang != words.end() || has("--lang=zh")};
}

Result<int> run_call(const Call& call, const Console& console)
{
    if (const auto* schema = std::get_if<SchemaCall>(&call.command)) {
        const auto answer = run(*schema, Form{call.json, call.chinese, 0});
        if (!answer) return answer.error();
        ROADBOOK_CHECK(print(*answer, console));
        return exit_done;
    }
    const auto replica = open_device(call);
    if (!replica) return replica.error();
    if (std::holds_alternative<BatchCall>(call.command)) return run_batch(call, **replica, console);
    ROADBOOK_CHECK(carry_out(call, **replica, console));
    return exit_done;
}

} // namespace

int run_program(const Words& words, const Console& console)
{
    int status = exit_done;
    const auto done = guarded([&]() -> Result<void> {
        const auto parsed = parse(words);
        if (!parsed) return parsed.error();
        if (!parsed->call) return print(parsed->help, console);
        log::start(parsed->call->verbose ? log::Level::debug : log::Level::off);
        const auto ran = run_call(*parsed->call, console);
        if (!ran) return ran.error();
        status = *ran;
        return {};
    });
    return done ? status : report(done.error(), asked_for(words), console);
}

} // namespace roadbook::headless
