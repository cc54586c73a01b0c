#include "sync-server/session/finding_effects.hpp"

#include "sync-server/session/notices.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

using findings::Finding;
using schema::Record;

using Intents = std::vector<merge::Intent>;

void add(Intents& intents, std::optional<merge::Intent> intent)
{
    if (intent) intents.push_back(std::move(*intent));
}

/// "overdrawn_stock/VAN/PRODUCT"
std::optional<RecordId> id_in(const std::string& name, int n)
{
    std::string_view rest = name;
    for (; n > 0; --n) rest.remove_prefix(std::min(rest.find('/'), rest.size() - 1) + 1);
    return RecordId::parse(rest.substr(0, rest.find('/')));
}

void recount(Hub::Inside& hub, const std::string& name, const std::optional<Finding>& finding, Time now, Intents& intents)
{
    NoticeTask task{hub, name, now};
    if (!finding) return add(intents, task.withdraw({"the stock is not below zero any more", "库存已不低于零"}));
    const auto van = id_in(name, 1);
    const auto product = id_in(name, 2);
    if (!van || !product) return;
    const auto title = hub.finding_source().title(*product, "product");
    add(intents, task.open(*van, {fmt::format("count {} in your van again: {}", title, finding->words.en), fmt::format("请重新清点车上的 {}：{}", title, finding->words.zh)},
                           {{"product", *product}}));
}

/// Who decides what the customer pays: the dispatcher, or who leads the engineer.
std::optional<RecordId> decider(Hub::Inside& hub, const Record& work_order)
{
    if (const auto dispatcher = schema::reference_of(work_order, "dispatcher")) return dispatcher;
    const auto assignee = schema::reference_of(work_order, "assignee");
    const auto line = assignee ? line_above(hub.organisation, *assignee) : std::vector<RecordId>{};
    return line.size() > 1 ? std::optional{line[1]} : std::nullopt;
}

void decide_billing(Hub::Inside& hub, const std::string& name, const std::optional<Finding>& finding, Time now, Intents& intents)
{
    const auto id = id_in(name, 1);
    const auto work_order = id ? record_of(hub, *id, "work_order") : std::nullopt;
    if (!work_order) return;
    const auto billing = schema::text_of(*work_order, "billing");
    NoticeTask task{hub, name, now};
    if (!finding) {
        const auto* choice = schema::find_kind("work_order")->field("billing");
        const auto decided = std::find_if(choice->choices.begin(), choice->choices.end(), [&](const auto& one) { return one.value == billing; });
        const bool is_known = decided != choice->choices.end() && billing != "on_hold";
        return add(intents, is_known ? task.withdraw({fmt::format("decided: {}", decided->label.en), fmt::format("已决定：{}", decided->label.zh)})
                                     : task.withdraw({"the work order is not completed after a cancel any more", "该派工单不再是取消后完工"}));
    }
    if (billing.empty()) {
        merge::Intent hold;
        hold.id = new_id<IntentId>(now, *hub.options.random);
        hold.record = *id;
        hold.kind = "work_order";
        hold.reason = "completed after cancel (cancel not seen)";
        hold.steps.push_back({{}, {}, false, {{"billing", std::string{"on_hold"}}}});
        intents.push_back(std::move(hold));
    }
    if (const auto who = decider(hub, *work_order))
        add(intents, task.open(*who, {fmt::format("{}. Bill, waive or goodwill?", finding->words.en), fmt::format("{}。收费、免收还是善意处理？", finding->words.zh)}, {{"work_order", *id}}));
}

void tell_manager(Hub::Inside& hub, const std::string& name, const std::optional<Finding>& finding, Time now, Intents& intents)
{
    NoticeTask task{hub, name, now};
    if (!finding) return add(intents, task.withdraw({"the records go together again", "相关记录已不再冲突"}));
    if (const auto who = to_be_told(hub, *finding)) add(intents, task.open(*who, finding->words, {{"notes", finding->way_out.en + "\n" + finding->way_out.zh}}));
}

} // namespace

std::optional<RecordId> to_be_told(Hub::Inside& hub, const Finding& finding)
{
    const auto& people = finding.people;
    if (people.empty() || std::any_of(people.begin(), people.end(), [&](const auto& person) { return sees_all(hub, person, finding.records); })) return std::nullopt;
    for (const auto& above : line_above(hub.organisation, people.front())) {
        const bool leads_all = std::all_of(people.begin(), people.end(), [&](const auto& person) {
            const auto line = line_above(hub.organisation, person);
            return std::find(line.begin(), line.end(), above) != line.end();
        });
        if (leads_all && sees_all(hub, above, finding.records)) return above;
    }
    return std::nullopt;
}

std::vector<merge::Intent> effects_of_findings(Hub::Inside& hub, Time now)
{
    Intents intents;
    const auto source = hub.finding_source();
    for (const auto& name : hub.findings.take_changed()) {
        const auto finding = hub.findings.find(name, source);
        const auto rule = std::string_view{name}.substr(0, name.find('/'));
        if (rule == "overdrawn_stock") recount(hub, name, finding, now, intents);
        else if (rule == "completed_after_cancel") decide_billing(hub, name, finding, now, intents);
        else tell_manager(hub, name, finding, now, intents);
    }
    return intents;
}

findings::Source Hub::Inside::finding_source()
{
    return {[this](const RecordId& id, std::string_view kind) { return record_of(*this, id, kind); },
            [this](std::string_view kind) {
                std::vector<Record> all;
                for (const auto& id : store.documents_of(kind))
                    if (auto record = record_of(*this, id, kind)) all.push_back(std::move(*record));
                return all;
            }};
}

void Hub::Inside::find_anew()
{
    for (const auto& kind : schema::kinds())
        for (const auto& id : store.documents_of(kind.name)) findings.put_later(read(*store.document(id)));
    findings.settle();
}

std::vector<findings::Finding> Hub::findings()
{
    return inside_->findings.all(inside_->finding_source());
}

} // namespace roadbook::server
