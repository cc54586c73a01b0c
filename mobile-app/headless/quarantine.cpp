// `quarantine`: for managers, the edits of their people that wait on the server for a decision. Asked of the server while it syncs.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/protocol/quarantine_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace roadbook::headless {
namespace {

Json list_json(const protocol::v1::QuarantineReply& reply)
{
    Json edits = Json::array();
    for (const auto& edit : reply.edits()) edits.push_back(protocol::json_of(edit));
    return edits;
}

std::string sheet_text(const protocol::v1::KeptEdit& edit, const Form& form)
{
    Sheet sheet;
    for (const auto& [name, value] : protocol::lines_of(edit, form.chinese)) sheet.line(name, value);
    return sheet.text();
}

std::string done_text(std::string_view verb, const std::string& number, const protocol::v1::QuarantineReply& reply)
{
    if (verb == "return") return fmt::format("edit {} is returned: its author is asked at the next sync to mend it\n", number);
    if (verb == "discard") return fmt::format("edit {} is discarded: it stays on record, and its author is told at the next sync\n", number);
    auto text = fmt::format("edit {} is released: it is in its record now\n", number);
    for (int i = 1; i < reply.edits_size(); ++i) text += fmt::format("edit {}, which was stranded on it, followed\n", reply.edits(i).number());
    return text;
}

Result<protocol::v1::QuarantineReply> ask(replica::Replica& replica, const std::string& verb, const std::string& number, const std::string& reason)
{
    protocol::v1::Enquiry enquiry;
    enquiry.mutable_quarantine()->set_verb(verb);
    enquiry.mutable_quarantine()->set_number(number);
    enquiry.mutable_quarantine()->set_reason(reason);
    auto reply = sync::ask(replica, enquiry);
    if (!reply) return reply.error();
    return std::move(*reply->mutable_quarantine());
}

/// Each with its number; the code is that of the first.
Error all_of(const std::vector<Error>& failures, const Json& not_done)
{
    auto why = failures.front();
    std::vector<std::string> en, zh;
    for (std::size_t i = 0; i < failures.size(); ++i) {
        const auto number = not_done[i].at("number").get<std::string>();
        en.push_back(fmt::format("edit {}: {}", number, failures[i].message));
        zh.push_back(fmt::format("修改 {}：{}", number, failures[i].chinese()));
    }
    why.message = fmt::format("{}", fmt::join(en, "; "));
    why.message_zh = fmt::format("{}", fmt::join(zh, "；"));
    return why;
}

} // namespace

Result<Answer> run(const QuarantineListCall&, replica::Replica& replica, const Form& form)
{
    const auto reply = ask(replica, "list", {}, {});
    if (!reply) return reply.error();
    if (form.json) return Answer{Json{{"count", reply->edits_size()}, {"more", reply->more()}, {"edits", list_json(*reply)}}};
    if (reply->edits_size() == 0) return Answer{std::string{"nothing of your people waits for a decision\n"}};
    Table table;
    for (auto heading : protocol::kept_edit_columns()) table.column(std::move(heading));
    for (const auto& edit : reply->edits()) table.row(protocol::cells_of(edit, form.chinese));
    return Answer{table.text(form.cell_max) + (reply->more() ? "there are more: decide about some of these first\n" : "")};
}

Partly run(const QuarantineDecideCall& call, replica::Replica& replica, const Form& form)
{
    Json edits = Json::array(), not_done = Json::array();
    std::string text;
    std::set<std::string> followed;
    std::vector<Error> failures;
    for (const auto& number : call.numbers) {
        if (followed.contains(number)) continue; // told with the one that it was stranded on
        const bool is_cut_off = !failures.empty() && (failures.back().code == Errc::link_lost || failures.back().code == Errc::timed_out);
        const auto reply = is_cut_off ? Result<protocol::v1::QuarantineReply>{failures.back()} : ask(replica, call.verb, number, call.reason);
        if (!reply) {
            failures.push_back(reply.error());
            not_done.push_back({{"number", number}, {"code", name(reply.error().code)}, {"message", reply.error().message}, {"message_zh", reply.error().message_zh}});
            continue;
        }
        for (const auto& edit : reply->edits()) edits.push_back(protocol::json_of(edit));
        for (int i = 1; i < reply->edits_size(); ++i) followed.insert(reply->edits(i).number());
        if (call.verb != "show") text += done_text(call.verb, number, *reply);
        else for (const auto& edit : reply->edits()) text += sheet_text(edit, form);
    }
    Partly partly;
    if (!failures.empty()) partly.failed = all_of(failures, not_done);
    if (edits.empty()) return partly;
    if (form.json) partly.done = Json{{"verb", call.verb}, {"edits", std::move(edits)}, {"failed", std::move(not_done)}};
    else partly.done = std::move(text);
    return partly;
}

} // namespace roadbook::headless
