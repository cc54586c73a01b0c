#include "sync-server/session/finding_effects.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

using findings::Finding;
using schema::Fields;
using schema::Record;

std::optional<Record> record_of(Hub::Inside& hub, const RecordId& id, std::string_view kind)
{
    const auto row = hub.store.document(id);
    return row && row->kind == kind && schema::find_kind(kind) != nullptr ? std::optional{hub.read(*row).record} : std::nullopt;
}

/// Up the reporting line, himself first. A circle in it is followed once.
std::vector<RecordId> line_above(const access::Organisation& organisation, const RecordId& person)
{
    std::vector<RecordId> line;
    for (auto at = std::optional{person}; at && std::find(line.begin(), line.end(), *at) == line.end();) {
        const auto* who = organisation.person(*at);
        if (who == nullptr) break;
        line.push_back(*at);
        at = who->reports_to;
    }
    return line;
}

bool sees_all(Hub::Inside& hub, const RecordId& person, std::span<const RecordId> records)
{
    const auto& granted = hub.grants(person);
    return std::all_of(records.begin(), records.end(), [&](const auto& id) {
        const auto row = hub.store.document(id);
        const auto scopes = row ? hub.store.scopes_of(row->num) : std::vector<schema::ScopeId>{};
        return std::any_of(scopes.begin(), scopes.end(), [&](const auto& scope) { return granted.contains(scope); });
    });
}

/// One task for one cause.
class Task {
public:
    Task(Hub::Inside& hub, const std::string& finding, Time now)
        : hub_{hub}, finding_{finding}, now_{now}, id_{id_from_name<RecordId>("finding", finding)}, task_{record_of(hub, id_, "task")}
    {
    }

    /// Nothing for one that was told already; one that was withdrawn opens again.
    std::optional<merge::Intent> open(const RecordId& owner, const Bilingual& subject, Fields more)
    {
        if (task_ && schema::text_of(*task_, "notice") != "withdrawn") return std::nullopt;
        more["subject"] = subject.en + " / " + subject.zh;
        more["notice"] = std::string{"new"};
        more["done"] = false;
        if (task_) more["closed_because"] = more["completed_at"] = schema::Value{};
        if (!task_) {
            more["owner"] = owner;
            more["finding"] = finding_;
            more["activity"] = std::string{"to_do"};
            more["priority"] = std::string{"high"};
        }
        return edit(std::move(more), !task_, "found by the server");
    }

    std::optional<merge::Intent> withdraw(const Bilingual& why)
    {
        if (!task_ || schema::text_of(*task_, "notice") == "withdrawn" || (*task_)["done"] == schema::Value{true}) return std::nullopt;
        return edit({{"done", true}, {"notice", std::string{"withdrawn"}}, {"closed_because", why.en + " / " + why.zh}, {"completed_at", now_}}, false, why.en);
    }

private:
    merge::Intent edit(Fields fields, bool create, std::string reason)
    {
        merge::Intent intent;
        intent.id = new_id<IntentId>(now_, *hub_.options.random);
        intent.record = id_;
        intent.kind = "task";
        intent.create = create;
        intent.reason = std::move(reason);
        intent.steps.push_back({{}, {}, false, std::move(fields)});
        return intent;
    }

    Hub::Inside& hub_;
    std::string finding_;
    Time now_;
    RecordId id_;
    std::optional<Record> task_;
};

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
    Task task{hub, name, now};
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
    Task task{hub, name, now};
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
    Task task{hub, name, now};
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
