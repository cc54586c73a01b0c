#include "sync-server/app/quarantine_commands.hpp"

#include "shared/protocol/quarantine_words.hpp"
#include "sync-server/admin/directory.hpp"
#include "sync-server/app/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::server {
namespace {

std::string sheet(const protocol::v1::KeptEdit& edit)
{
    constexpr std::size_t name_width = 12;
    std::string text;
    for (const auto& [name, value] : protocol::lines_of(edit, false)) {
        auto head = name;
        for (std::size_t at = 0; at <= value.size();) {
            const auto end = std::min(value.find('\n', at), value.size());
            text += fmt::format("{:<{}}{}\n", std::exchange(head, ""), name_width, value.substr(at, end - at));
            at = end + 1;
        }
    }
    return text;
}

} // namespace

Result<Answer> list_quarantine(Hub& hub, const QuarantineListCall& call)
{
    TextTable table{protocol::kept_edit_columns()};
    Json list = Json::array();
    for (const auto& edit : hub.kept_edits(call.all)) {
        const auto frame = hub.frame_of(edit);
        table.add(protocol::cells_of(frame, false));
        list.push_back(protocol::json_of(frame));
    }
    if (list.empty()) return Answer{{{"changes", std::move(list)}}, "nothing waits for a decision\n"};
    return Answer{{{"changes", std::move(list)}}, table.text()};
}

Result<Answer> show_quarantined(Hub& hub, const QuarantineShowCall& call)
{
    const auto edit = hub.kept_edit(call.number);
    if (!edit) return edit.error();
    const auto frame = hub.frame_of(*edit);
    return Answer{protocol::json_of(frame), sheet(frame)};
}

Result<Answer> decide(Hub& hub, const QuarantineDecideCall& call)
{
    Decider by;
    if (!call.as.empty()) {
        Directory directory{hub};
        const auto person = directory.find_person(call.as);
        if (!person) return person.error();
        by.person = *person;
    }
    Json done = Json::array(), followed = Json::array();
    std::string text;
    for (const auto& number : call.numbers) {
        auto decided = Result<void>{};
        if (call.verb == "release") {
            const auto released = hub.release(number, by);
            if (released) {
                for (const auto& other : *released) followed.push_back(other);
                text += fmt::format("edit {} is released: it is in its record now\n", number);
                if (!released->empty()) text += fmt::format("what was stranded on it followed: {}\n", fmt::join(*released, ", "));
            } else {
                decided = released.error();
            }
        } else if (call.verb == "return") {
            decided = hub.give_back(number, by, call.reason);
            if (decided) text += fmt::format("edit {} is returned: its author is asked at the next sync to mend it\n", number);
        } else {
            decided = hub.discard(number, by, call.reason);
            if (decided) text += fmt::format("edit {} is discarded: it stays on record, and its author is told at the next sync\n", number);
        }
        if (!decided) {
            auto why = decided.error();
            const auto before = done.empty() ? std::string{} : fmt::format(" ({} before it: done)", done.size());
            why.message = fmt::format("edit {}: {}{}", number, why.message, before);
            return why;
        }
        done.push_back(number);
    }
    return Answer{{{"verb", call.verb}, {"done", std::move(done)}, {"followed", std::move(followed)}}, std::move(text)};
}

} // namespace roadbook::server
