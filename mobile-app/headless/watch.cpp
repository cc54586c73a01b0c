#include "mobile-app/headless/watch.hpp"

#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/stop_signals.hpp"
#include "mobile-app/headless/sync_view.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

namespace roadbook::headless {
namespace {

using State = sync::Watch::State;

std::string line_text(State state, const sync::Tally& tally, const Error* why, const Form& form)
{
    if (state == State::offline && why) return fmt::format("offline: {}\n", one_line(form.chinese ? why->chinese() : why->message));
    if (state != State::synced) return fmt::format("{}\n", name(state));
    const auto decided = tally.decisions_heard == 0 ? std::string{} : fmt::format("; {}: see refused list", counted(tally.decisions_heard, "refused edit decided", "refused edits decided"));
    return fmt::format("synced; since connecting: {} sent, {} and {} received{}\n", tally.sent,
                       counted(tally.records_received, "record", "records"),
                       counted(tally.entries_received, "change", "changes"), decided);
}

Json line_json(State state, const sync::Tally& tally, const Error* why)
{
    Json json{{"state", name(state)}};
    json.update(json_of(tally));
    if (why) json["error"] = {{"code", name(why->code)}, {"message", why->message}, {"message_zh", why->message_zh}, {"field", why->field}};
    return json;
}

} // namespace

Result<Answer> watch(replica::Replica& replica, const Form& form, const Console& console)
{
    std::string last;
    auto before = State::offline;
    const auto tell = [&](State state, const sync::Tally& tally, const Error* why) {
        if (!form.json && state == State::connecting && !last.empty())
            return;                                             // a day without a network is one line, not a thousand
        if (state == State::syncing && before == state) return; // how far it got is progress, not a change of state
        before = state;
        auto line = form.json ? line_of(line_json(state, tally, why)) : line_text(state, tally, why, form);
        if (line == last) return;
        console.out << line << std::flush;
        last = std::move(line);
    };
    const StopSignals signals;
    ROADBOOK_CHECK(sync::watch(replica, {tell}, signals.stopped()));
    if (form.json) return Answer{Json{{"state", "stopped"}}};
    return Answer{std::string{"stopped\n"}};
}

} // namespace roadbook::headless
