#include "mobile-app/headless/finding_view.hpp"

#include "conflict/findings/apart.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/base/overloaded.hpp"
#include "shared/rules/exchange.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

Json value_json(const schema::Value& value, Titles& titles)
{
    return std::visit(Overloaded{[](std::monostate) { return Json(nullptr); },
                                 [](bool yes) { return Json(yes); },
                                 [](std::int64_t number) { return Json(number); },
                                 [](const std::string& text) { return Json(text); },
                                 [](const Money& money) { return json_of(money); },
                                 [](Time time) { return Json(to_text(time)); },
                                 [&](const RecordId& id) { return Json{{"id", id.text()}, {"title", titles.of(id)}}; }},
                      value);
}

/// As one types it after the equals sign.
std::string typed(const schema::Value& value)
{
    return std::visit(Overloaded{[](std::monostate) { return std::string{}; },
                                 [](bool yes) { return std::string{yes ? "yes" : "no"}; },
                                 [](std::int64_t number) { return std::to_string(number); },
                                 [](const std::string& text) { return text; },
                                 [](const Money& money) { return '"' + money.text() + '"'; },
                                 [](Time time) { return to_text(time); },
                                 [](const RecordId& id) { return id.text(); }},
                      value);
}

/// The command that carries it out.
std::string command_of(const findings::Proposal& proposal)
{
    if (proposal.act == "merge_accounts") return fmt::format("merge-accounts {} {} --reason TEXT", proposal.record.text(), typed(proposal.value));
    const auto first = proposal.path.find('/'), last = proposal.path.rfind('/');
    if (first == std::string::npos) return fmt::format("set {} {}={}", proposal.record.text(), proposal.path, typed(proposal.value));
    return fmt::format("set-item {} {} {} {}={}", proposal.record.text(), proposal.path.substr(0, first), proposal.path.substr(first + 1, last - first - 1),
                       proposal.path.substr(last + 1), typed(proposal.value));
}

} // namespace

Json json_of(const findings::Finding& finding, Titles& titles)
{
    Json json{{"name", finding.name},         {"rule", finding.rule},           {"words", finding.words.en},
              {"words_zh", finding.words.zh}, {"way_out", finding.way_out.en}, {"way_out_zh", finding.way_out.zh}};
    const auto list = [&](const char* name, const std::vector<RecordId>& ids) {
        auto& all = json[name] = Json::array();
        for (const auto& id : ids) all.push_back({{"id", id.text()}, {"title", titles.of(id)}});
    };
    list("records", finding.records);
    list("people", finding.people);
    json["money"] = finding.money ? json_of(*finding.money) : Json(nullptr);
    json["minutes"] = finding.time ? Json(std::chrono::duration_cast<std::chrono::minutes>(*finding.time).count()) : Json(nullptr);
    json["quantity"] = finding.quantity ? Json(rules::decimal_in_words(*finding.quantity)) : Json(nullptr);
    auto& proposals = json["proposals"] = Json::array();
    for (const auto& one : finding.proposals)
        proposals.push_back({{"act", one.act}, {"record", one.record.text()}, {"path", one.path}, {"value", value_json(one.value, titles)}});
    return json;
}

std::string text_of(const findings::Finding& finding, Titles& titles, const Form& form)
{
    std::vector<std::string> people;
    for (const auto& person : finding.people) people.push_back(titles.of(person));
    auto text = fmt::format("{}: {}\n", finding.rule, one_line(form.chinese ? finding.words.zh : finding.words.en));
    if (!people.empty()) text += fmt::format("  {}  {}\n", form.chinese ? "相关人员" : "concerns", one_line(fmt::format("{}", fmt::join(people, ", "))));
    text += fmt::format("  {}  {}\n", form.chinese ? "建议" : "way out", one_line(form.chinese ? finding.way_out.zh : finding.way_out.en));
    for (const auto& proposal : finding.proposals) text += "  " + one_line(command_of(proposal)) + "\n";
    if (!findings::kind_of_dismissable(finding.rule).empty()) text += fmt::format("  findings --dismiss {} --reason TEXT\n", finding.name);
    std::string records;
    for (const auto& record : finding.records) records += fmt::format("  {}  {}\n", record.text(), one_line(titles.of(record)));
    return text + records;
}

} // namespace roadbook::headless
