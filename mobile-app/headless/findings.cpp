// `findings`, `merge-accounts` and `unmerge-accounts`: what does not go together, and making one customer of two accounts.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/finding_view.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::headless {
namespace {

/// What nobody in particular is concerned by is everybody's.
bool concerns(const findings::Finding& finding, const RecordId& person)
{
    return finding.people.empty() || std::find(finding.people.begin(), finding.people.end(), person) != finding.people.end();
}

Result<Answer> dismiss(const FindingsCall& call, replica::Replica& replica, const Form& form)
{
    if (call.reason.empty()) return fail(Errc::bad_argument, Bilingual{"say why: --reason TEXT; nothing was changed", "请说明原因：--reason TEXT；未做任何更改"}, "--reason");
    const auto saved = replica.dismiss(call.dismiss, call.reason);
    if (!saved) return saved.error();
    if (form.json) return Answer{Json{{"finding", call.dismiss}, {"record", saved->record.text()}, {"dismissed", true}, {"changed", saved->changed}}};
    return Answer{fmt::format("dismissed: they are two; it is found again when something of what was compared changes\ntake it back: findings --restore {}\n", one_line(call.dismiss))};
}

Result<Answer> restore(const FindingsCall& call, replica::Replica& replica, const Form& form)
{
    const auto saved = replica.restore_finding(call.restore);
    if (!saved) return saved.error();
    if (form.json) return Answer{Json{{"finding", call.restore}, {"record", saved->record.text()}, {"dismissed", false}, {"changed", saved->changed}}};
    return Answer{std::string{"restored: it counts again\n"}};
}

Result<Answer> list_dismissed(replica::Replica& replica, const Form& form)
{
    const auto all = replica.dismissed();
    Titles titles{replica};
    if (form.json) {
        Json json{{"count", all.size()}, {"dismissed", Json::array()}};
        for (const auto& one : all) {
            Json records = Json::array();
            for (const auto& id : one.records) records.push_back({{"id", id.text()}, {"title", titles.of(id)}});
            json["dismissed"].push_back({{"name", one.finding}, {"records", std::move(records)}, {"reason", one.reason}, {"holds", one.holds}});
        }
        return Answer{std::move(json)};
    }
    if (all.empty()) return Answer{std::string{"nothing was dismissed\n"}};
    std::string text;
    for (const auto& one : all) {
        text += fmt::format("{}{}\n", one_line(one.finding), one.holds ? "" : "  (found again: what was compared has changed)");
        text += fmt::format("  \"{}\" and \"{}\": {}\n", one_line(titles.of(one.records.front())), one_line(titles.of(one.records.back())), one_line(one.reason));
    }
    return Answer{std::move(text)};
}

} // namespace

Result<Answer> run(const FindingsCall& call, replica::Replica& replica, const Form& form)
{
    if (!call.dismiss.empty()) return dismiss(call, replica, form);
    if (!call.restore.empty()) return restore(call, replica, form);
    if (call.dismissed) return list_dismissed(replica, form);
    auto all = replica.findings();
    const auto me = replica.identity();
    std::int64_t left_out = 0;
    if (!call.all && me) left_out = static_cast<std::int64_t>(std::erase_if(all, [&](const auto& one) { return !concerns(one, me->person); }));
    Titles titles{replica};
    if (form.json) {
        Json json{{"count", all.size()}, {"of_others", left_out}, {"findings", Json::array()}};
        for (const auto& finding : all) json["findings"].push_back(json_of(finding, titles));
        return Answer{std::move(json)};
    }
    std::string text;
    for (const auto& finding : all) text += (text.empty() ? "" : "\n") + text_of(finding, titles, form);
    if (all.empty()) text = "nothing that concerns you: all records go together\n";
    if (left_out > 0) text += fmt::format("{}{} only others: see findings --all\n", all.empty() ? "" : "\n", counted(left_out, "finding concerns", "findings concern"));
    return Answer{std::move(text)};
}

Result<Answer> run(const MergeAccountsCall& call, replica::Replica& replica, const Form& form)
{
    const auto keep = record_id(call.keep);
    if (!keep) return keep.error();
    const auto other = record_id(call.other);
    if (!other) return other.error();
    const auto saved = replica.merge_accounts(*keep, *other, call.reason);
    if (!saved) return saved.error();
    const auto into = replica.standing_for(*other);
    if (form.json) return Answer{Json{{"record", other->text()}, {"kind", "account"}, {"merged_into", into.text()}, {"changed", saved->changed}}};
    return Answer{fmt::format("merged: \"{}\" is shown with \"{}\" now, with all that hangs on it\ntake it back: unmerge-accounts {} --reason TEXT\n",
                              one_line(replica.title_of(*other)), one_line(replica.title_of(into)), other->text())};
}

Result<Answer> run(const UnmergeAccountsCall& call, replica::Replica& replica, const Form& form)
{
    const auto other = record_id(call.other);
    if (!other) return other.error();
    const auto saved = replica.unmerge_account(*other, call.reason);
    if (!saved) return saved.error();
    if (form.json) return Answer{Json{{"record", other->text()}, {"kind", "account"}, {"merged_into", nullptr}, {"changed", saved->changed}}};
    return Answer{fmt::format("\"{}\" is an account of its own again\n", one_line(replica.title_of(*other)))};
}

} // namespace roadbook::headless
