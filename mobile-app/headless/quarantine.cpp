// `quarantine`: for managers, the edits of their people that wait on the server for a decision. Asked of the server while it syncs.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/protocol/quarantine_words.hpp"

#include <fmt/format.h>

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

Result<Answer> run(const QuarantineDecideCall& call, replica::Replica& replica, const Form& form)
{
    Json edits = Json::array();
    std::string text;
    for (const auto& number : call.numbers) {
        const auto reply = ask(replica, call.verb, number, call.reason);
        if (!reply) {
            auto why = reply.error();
            why.message = fmt::format("edit {}: {}", number, why.message);
            return why;
        }
        for (const auto& edit : reply->edits()) edits.push_back(protocol::json_of(edit));
        if (call.verb != "show") text += done_text(call.verb, number, *reply);
        else for (const auto& edit : reply->edits()) text += sheet_text(edit, form);
    }
    if (form.json) return Answer{Json{{"verb", call.verb}, {"edits", std::move(edits)}}};
    return Answer{std::move(text)};
}

} // namespace roadbook::headless
