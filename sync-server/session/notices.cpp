#include "sync-server/session/notices.hpp"

#include "conflict/merge/catalogue.hpp"
#include "conflict/merge/deciding.hpp"
#include "shared/base/article.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

/// "Quantity of line", "明细行的数量"
Bilingual words_for(const schema::Kind& kind, const merge::Conflict& conflict)
{
    if (conflict.clash == merge::Clash::deleted) return {"whether it is deleted", "是否删除"};
    const auto place = merge::place_of(conflict.path);
    const auto* collection = place && !place->collection.empty() ? kind.collection(place->collection) : nullptr;
    if (collection != nullptr && conflict.clash == merge::Clash::removed)
        return {fmt::format("whether {} stays", with_article(collection->item.en)), fmt::format("{}是否保留", collection->item.zh)};
    const auto* field = !place ? nullptr : collection != nullptr ? collection->field(place->name) : kind.field(place->name);
    if (field == nullptr) return {conflict.path, conflict.path};
    if (collection == nullptr) return {std::string{field->label.en}, std::string{field->label.zh}};
    return {fmt::format("{} of {}", field->label.en, with_article(collection->item.en)), fmt::format("{}的{}", collection->item.zh, field->label.zh)};
}

/// Who has to do with one conflict.
class Concerned {
public:
    Concerned(Hub::Inside& hub, const store::DocumentRow& row, const automerge::Document& document, const merge::Merged& merged)
        : hub_{hub}, row_{row}, document_{document}, kind_{*schema::find_kind(row.kind)}, content_{document.read().value()}, record_{merged.record}
    {
        for (const auto& change : hub.store.changes_of(row.num, false)) author_of_[change.hash] = change.by.person;
    }

    std::set<RecordId> by(const merge::Conflict& conflict)
    {
        std::set<RecordId> people;
        for (const auto& candidate : conflict.candidates) {
            const auto change = document_.change_of(candidate.actor, candidate.counter);
            const auto author = change && *change ? author_of_.find(**change) : author_of_.end();
            if (author != author_of_.end()) add(people, author->second);
        }
        if (const auto owner = schema::reference_of(record_, kind_.owner)) add(people, *owner);
        const bool can_settle = std::any_of(people.begin(), people.end(), [&](const auto& person) { return may_decide(conflict, person); });
        if (!can_settle && !people.empty()) add_decider(conflict, *people.begin(), people);
        return people;
    }

private:
    /// Whoever may not see the record is not told of it.
    void add(std::set<RecordId>& people, const RecordId& person)
    {
        if (hub_.organisation.person(person) != nullptr && sees_all(hub_, person, std::span{&row_.id, 1})) people.insert(person);
    }

    bool may_decide(const merge::Conflict& conflict, const RecordId& person) const
    {
        const auto* who = hub_.organisation.person(person);
        return who != nullptr && merge::may_decide(kind_, content_, conflict, {person, who->role});
    }

    void add_decider(const merge::Conflict& conflict, const RecordId& below, std::set<RecordId>& people)
    {
        for (const auto& above : line_above(hub_.organisation, below))
            if (may_decide(conflict, above) && sees_all(hub_, above, std::span{&row_.id, 1})) return void(people.insert(above));
    }

    Hub::Inside& hub_;
    const store::DocumentRow& row_;
    const automerge::Document& document_;
    const schema::Kind& kind_;
    const automerge::Content content_;
    const schema::Record& record_;
    std::map<Hash, RecordId> author_of_;
};

std::string cause_of(const RecordId& record, const std::string& path, const RecordId& person)
{
    return fmt::format("conflict/{}/{}/{}", record.text(), path, person.text());
}

} // namespace

std::optional<schema::Record> record_of(Hub::Inside& hub, const RecordId& id, std::string_view kind)
{
    const auto row = hub.store.document(id);
    return row && row->kind == kind && schema::find_kind(kind) != nullptr ? std::optional{hub.read(*row).record} : std::nullopt;
}

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

NoticeTask::NoticeTask(Hub::Inside& hub, std::string cause, Time now)
    : hub_{hub}, cause_{std::move(cause)}, now_{now}, id_{id_from_name<RecordId>("finding", cause_)}, task_{record_of(hub, id_, "task")}
{
}

std::optional<merge::Intent> NoticeTask::open(const RecordId& owner, const Bilingual& subject, schema::Fields more)
{
    if (task_ && schema::text_of(*task_, "notice") != "withdrawn") return std::nullopt;
    more["notice"] = std::string{"new"};
    more["done"] = false;
    if (task_) more["closed_because"] = more["completed_at"] = schema::Value{};
    if (!task_) { // opened again it keeps what people have made of it
        more["subject"] = subject.en + " / " + subject.zh;
        more["owner"] = owner;
        more["finding"] = cause_;
        more["activity"] = std::string{"to_do"};
        more["priority"] = std::string{"high"};
    }
    return edit(std::move(more), !task_, "found by the server");
}

std::optional<merge::Intent> NoticeTask::withdraw(const Bilingual& why)
{
    if (!task_ || schema::text_of(*task_, "notice") == "withdrawn" || (*task_)["done"] == schema::Value{true}) return std::nullopt;
    return edit({{"done", true}, {"notice", std::string{"withdrawn"}}, {"closed_because", why.en + " / " + why.zh}, {"completed_at", now_}}, false, why.en);
}

merge::Intent NoticeTask::edit(schema::Fields fields, bool create, std::string reason)
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

std::vector<merge::Intent> notices_of_conflicts(Hub::Inside& hub, const store::DocumentRow& row, const automerge::Document& document, const merge::Merged& merged, Time now)
{
    auto told = hub.store.conflict_notices(row.num);
    const bool has_open = std::any_of(merged.conflicts.begin(), merged.conflicts.end(), [](const auto& one) { return one.needs_person(); });
    if (told.empty() && !has_open) return {};
    std::vector<merge::Intent> intents;
    const auto add = [&](std::optional<merge::Intent> intent) {
        if (intent) intents.push_back(std::move(*intent));
    };
    const auto& kind = *schema::find_kind(row.kind);
    std::optional<Concerned> concerned;
    for (const auto& conflict : merged.conflicts) {
        if (!conflict.needs_person()) continue;
        if (!concerned) concerned.emplace(hub, row, document, merged);
        const auto what = words_for(kind, conflict);
        const auto title = schema::text_of(merged.record, kind.title);
        for (const auto& person : concerned->by(conflict)) {
            if (told.erase({conflict.path, person}) > 0) continue; // once
            hub.store.put_conflict_notice(row.num, conflict.path, person);
            add(NoticeTask{hub, cause_of(row.id, conflict.path, person), now}.open(
                person, {fmt::format("{} {}: two people wrote {} apart; settle it", kind.label.en, title, what.en), fmt::format("{} {}：两人各自填写了{}，请处理", kind.label.zh, title, what.zh)}));
        }
    }
    std::erase_if(told, [&](const auto& one) { // still open, though somebody else has to do with it now
        return std::any_of(merged.conflicts.begin(), merged.conflicts.end(), [&](const auto& conflict) { return conflict.needs_person() && conflict.path == one.first; });
    });
    for (const auto& [path, person] : told) {
        hub.store.delete_conflict_notice(row.num, path, person);
        add(NoticeTask{hub, cause_of(row.id, path, person), now}.withdraw({"it is settled", "已处理"}));
    }
    return intents;
}

} // namespace roadbook::server
