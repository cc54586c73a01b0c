#include "mobile-app/headless/carry_out.hpp"

#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/sync_view.hpp"
#include "mobile-app/headless/watch.hpp"

#include <fmt/format.h>

#include <new>

namespace roadbook::headless {
namespace {

constexpr std::size_t cell_max = 40; // columns: more in one cell pushes the others off the screen; ids have 36

ProgressLine::Style progress_style(const SyncCall& call, const Console& console)
{
    if (console.err_is_terminal) return ProgressLine::Style::over_write;
    return call.progress ? ProgressLine::Style::lines : ProgressLine::Style::none;
}

struct Runner {
    replica::Replica& replica;
    const Form& form;
    const Console& console;
    std::int64_t batch_line;

    Result<Answer> operator()(const SyncCall& call) const
    {
        if (call.watch) return watch(replica, form, console);
        ProgressLine line{console.err, progress_style(call, console)};
        return sync_once(replica, form, [&](const sync::Tally& tally) { line.show(tally); });
    }
    Result<Answer> operator()(const EnrolCall& call) const { return run(call, replica, form, console.in); }
    Result<Answer> operator()(const SurrenderCall&) const
    {
        return fail(Errc::bad_argument, "surrender works on a device that is closed: it cannot stand in a batch");
    }
    Result<Answer> operator()(const PinCall& call) const { return run(call, replica, form, console.in); }
    Result<Answer> operator()(const StatusCall& call) const
    {
        const auto readable = replica.may_read();
        if (!readable) return locked_status(*replica.vault(), readable.error(), form);
        return run(call, replica, form);
    }
    Result<Answer> operator()(const SchemaCall& call) const { return run(call, form); }
    Result<Answer> operator()(const QuarantineDecideCall& call) const
    {
        ROADBOOK_CHECK(replica.may_read());
        auto partly = run(call, replica, form);
        if (!partly.failed) return std::move(partly.done).value();
        if (partly.done) ROADBOOK_CHECK(print(*partly.done, console, batch_line));
        return *partly.failed;
    }
    Result<Answer> operator()(const BatchCall&) const
    {
        return fail(Errc::bad_argument, "a batch cannot stand in a batch");
    }
    template <class C>
    Result<Answer> operator()(const C& call) const
    {
        ROADBOOK_CHECK(replica.may_read());
        return run(call, replica, form);
    }
};

} // namespace

Result<void> print(const Answer& answer, const Console& console, std::int64_t line)
{
    if (const auto* json = std::get_if<Json>(&answer)) {
        if (line == 0)
            console.out << line_of(*json);
        else {
            Json numbered{{"line", line}};
            numbered.update(*json);
            console.out << line_of(numbered);
        }
    } else {
        console.out << std::get<std::string>(answer);
    }
    console.out.flush();
    if (console.out) return {};
    return fail(Errc::storage_full,
                "standard output cannot be written (a full disk?): the command was carried out, its answer is lost");
}

Result<void> guarded(const std::function<Result<void>()>& work)
{
    try {
        return work();
    } catch (const Fault& fault) {
        return fault.error();
    } catch (const std::bad_alloc&) {
        return fail(Errc::internal, "not enough memory: what was saved before is safe; try with less at once");
    } catch (const std::exception& error) {
        return fail(Errc::internal,
                    fmt::format("a fault of this program: {}; what was saved before is safe", error.what()));
    }
}

Result<void> carry_out(const Call& call, replica::Replica& replica, const Console& console, std::int64_t line)
{
    return guarded([&]() -> Result<void> {
        const Form form{call.json, call.chinese, console.out_is_terminal ? cell_max : 0};
        const auto answer = std::visit(Runner{replica, form, console, line}, call.command);
        if (!answer) return answer.error();
        return print(*answer, console, line);
    });
}

int report(const Error& error, const Telling& telling, const Console& console, std::int64_t line)
{
    if (telling.json) {
        Json told{{"code", name(error.code)},
                  {"message", error.message},
                  {"message_zh", error.message_zh},
                  {"field", error.field}};
        if (line > 0) told["line"] = line;
        console.err << line_of({{"error", told}});
    } else {
        console.err << "roadbook-device: " << (line > 0 ? fmt::format("line {}: ", line) : "")
                    << safe_lines(telling.chinese ? error.chinese() : error.message) << "\n";
    }
    console.err.flush();
    return error.code == Errc::bad_argument ? exit_bad_call : exit_refused;
}

} // namespace roadbook::headless
