#include "sync-server/app/quarantine_commands.hpp"

#include "shared/protocol/quarantine_words.hpp"
#include "sync-server/admin/directory.hpp"
#include "sync-server/app/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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

bool is_in(const std::vector<std::string>& numbers, const std::string& number)
{
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

/// As the list has them, each once.
std::vector<std::string> distinct(const std::vector<std::string>& said)
{
    std::vector<std::string> numbers;
    for (auto number : said) {
        if (number.starts_with('S')) number.front() = 's';
        if (!is_in(numbers, number)) numbers.push_back(std::move(number));
    }
    return numbers;
}

Error error_of(const std::vector<std::pair<std::string, Error>>& failed)
{
    auto error = failed.front().second;
    std::vector<std::string> en, zh;
    for (const auto& [number, why] : failed) {
        en.push_back(fmt::format("edit {}: {}", number, why.message));
        if (!why.message_zh.empty()) zh.push_back(fmt::format("修改 {}：{}", number, why.message_zh));
    }
    error.message = fmt::format("{}", fmt::join(en, "; "));
    error.message_zh = fmt::format("{}", fmt::join(zh, "；"));
    return error;
}

} // namespace

Result<Answer> list_quarantine(Hub& hub, const QuarantineListCall& call, bool with_sets)
{
    TextTable table{protocol::kept_edit_columns()};
    Json list = Json::array();
    for (const auto& edit : hub.kept_edits(call.all, with_sets)) {
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
        hub.note({.kind = store::AuditKind::acted_for, .subject = *person, .detail = fmt::format("quarantine {} {}", call.verb, fmt::join(call.numbers, ", "))});
    }
    std::vector<std::string> done, followed;
    std::vector<std::pair<std::string, Error>> failed;
    std::string text;
    for (const auto& number : distinct(call.numbers)) {
        if (is_in(followed, number)) continue; // said already
        auto decided = Result<void>{};
        if (call.verb == "release") {
            const auto released = hub.release(number, by);
            if (released) {
                followed.insert(followed.end(), released->begin(), released->end());
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
        if (decided) done.push_back(number);
        else failed.emplace_back(number, decided.error());
    }
    std::erase_if(failed, [&](const auto& one) { return is_in(followed, one.first); }); // what it waited for came after it
    Json left = Json::array();
    for (const auto& [number, why] : failed)
        left.push_back({{"number", number}, {"code", name(why.code)}, {"message", why.message}, {"message_zh", why.message_zh}, {"field", why.field}});
    Json json{{"verb", call.verb}, {"done", done}, {"followed", followed}, {"failed", std::move(left)}};
    return Answer{std::move(json), std::move(text), failed.empty() ? std::nullopt : std::optional{error_of(failed)}};
}

} // namespace roadbook::server
