#include "mobile-app/headless/batch.hpp"

#include "mobile-app/headless/command_line.hpp"
#include "mobile-app/headless/words.hpp"

#include <string>

namespace roadbook::headless {
namespace {

/// One line, of a longer one only so much that words_of() refuses it. False at the end.
bool read_line(std::istream& in, std::string& line)
{
    line.clear();
    for (auto c = in.get(); c != std::istream::traits_type::eof(); c = in.get()) {
        if (c == '\n') return true;
        if (line.size() <= line_bytes_max) line += static_cast<char>(c);
    }
    return !line.empty();
}

Result<void> run_line(const std::string& line, const Call& base, replica::Replica& replica, const Console& console,
                      std::int64_t number)
{
    const auto words = words_of(line);
    if (!words) return words.error();
    if (words->empty()) return {};
    const auto parsed = parse(*words, base);
    if (!parsed) return parsed.error();
    if (!parsed->call) return print(parsed->help, console);
    if (const auto* sync = std::get_if<SyncCall>(&parsed->call->command); sync && sync->watch)
        return fail(Errc::bad_argument, "sync --watch never ends: it cannot stand in a batch");
    return carry_out(*parsed->call, replica, console, number);
}

} // namespace

int run_batch(const Call& call, replica::Replica& replica, const Console& console)
{
    const bool keeps_going = std::get<BatchCall>(call.command).keep_going;
    int status = exit_done;
    std::string line;
    std::int64_t number = 0;
    while (read_line(console.in, line)) {
        ++number;
        const auto done = run_line(line, call, replica, console, number);
        if (done) continue;
        const auto failed = report(done.error(), {call.json, call.chinese}, console, number);
        if (status == exit_done) status = failed;
        if (!keeps_going || !console.out) break;
    }
    return status;
}

} // namespace roadbook::headless
