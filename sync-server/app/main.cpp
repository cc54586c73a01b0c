// roadbookd: hands the words to the command that they name, and says how it went.
#include "sync-server/app/administer.hpp"
#include "sync-server/app/command_line.hpp"
#include "sync-server/app/serve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace roadbook::server {
namespace {

using Words = std::vector<std::string>;

int report(const Error& why, bool as_json, Exit status)
{
    if (as_json) std::cerr << Json{{"error", {{"code", name(why.code)}, {"message", why.message}, {"message_zh", why.message_zh}, {"field", why.field}}}}.dump() << '\n';
    else std::cerr << "roadbookd: " << why.message << '\n';
    return static_cast<int>(status);
}

int report(const Error& why, bool as_json)
{
    return report(why, as_json, exit_for(why.code));
}

int print(const std::string& text)
{
    std::cout << text << std::flush;
    return std::cout ? 0 : report(fail(Errc::file_unreadable, "standard output cannot be written; what was asked for is done"), false);
}

int run(const ServeCall& call)
{
    const auto file = call.config.empty() ? Result<Wishes>{Wishes{}} : Wishes::read(call.config);
    if (!file) return report(file.error(), false, Exit::bad_call);
    const auto settings = Settings::from(call.flags, *file);
    if (!settings) return report(settings.error(), false);
    const auto stopped = serve(*settings, std::cout);
    return stopped.status == Exit::done ? 0 : report(stopped.why, false, stopped.status);
}

int run(const AdminCall& call)
{
    const auto answer = administer(call);
    if (!answer) return report(answer.error(), call.json);
    const auto printed = print(call.json ? answer->json.dump() + '\n' : answer->text);
    return answer->failed ? report(*answer->failed, call.json) : printed;
}

/// The edge of the program: here faults of the machine become a message.
int run(const Words& words)
{
    const bool as_json = std::find(words.begin(), words.end(), "--json") != words.end();
    try {
        const auto parsed = parse(words);
        if (!parsed) return report(parsed.error(), as_json);
        if (!parsed->call) return print(parsed->help);
        return std::visit([](const auto& call) { return run(call); }, *parsed->call);
    } catch (const Fault& fault) {
        return report(fault.error(), as_json);
    } catch (const std::exception& exception) {
        return report(fail(Errc::internal, fmt::format("a fault of the program: {}; what was acknowledged is safe", exception.what())), as_json);
    }
}

} // namespace
} // namespace roadbook::server

int main(int argc, char** argv)
{
    return roadbook::server::run(std::vector<std::string>(argv + 1, argv + argc));
}
