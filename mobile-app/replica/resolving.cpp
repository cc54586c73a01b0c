// Settling what people wrote apart. A resolution is an ordinary edit with its reason: seen in the history, and taken back by another edit.
#include "conflict/merge/deciding.hpp"
#include "mobile-app/replica/inside.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::replica {
namespace {

using merge::Place;
using merge::place_of;

merge::Intent intent_for(const RecordId& id, std::string kind, std::string_view reason)
{
    merge::Intent intent;
    intent.record = id;
    intent.kind = std::move(kind);
    intent.reason = reason;
    return intent;
}

Error no_conflict(std::string_view path)
{
    return fail(Errc::not_found, Bilingual{fmt::format("'{}' is not in conflict in this record", path), fmt::format("此记录的“{}”没有冲突", path)}, std::string{path});
}

const merge::Conflict* find_conflict(const merge::Merged& merged, std::string_view path)
{
    const auto found = std::find_if(merged.conflicts.begin(), merged.conflicts.end(), [&](const auto& one) { return one.path == path; });
    return found == merged.conflicts.end() ? nullptr : &*found;
}

/// The other entries that a set shows as this one: settled with it, else their values would stay beside the one chosen.
std::vector<ChildId> united_with(const merge::Merged& merged, const Place& place)
{
    for (const auto& group : merged.united)
        if (group.collection == place.collection && group.ids.front() == place.child) return {group.ids.begin() + 1, group.ids.end()};
    return {};
}

const schema::Child* find_child(const schema::Record& record, std::string_view collection, const ChildId& id)
{
    const auto children = record.collections.find(collection);
    if (children == record.collections.end()) return nullptr;
    const auto found = std::find_if(children->second.begin(), children->second.end(), [&](const auto& child) { return child.id == id; });
    return found == children->second.end() ? nullptr : &*found;
}

schema::Value value_in(const schema::Child& child, const std::string& field)
{
    const auto found = child.fields.find(field);
    return found == child.fields.end() ? schema::Value{} : found->second;
}

/// "a / b": every value of a line of text.
Result<schema::Value> both_of(const merge::Conflict& conflict, const schema::Field& field)
{
    if (field.type != schema::Type::text)
        return fail(Errc::bad_argument, Bilingual{fmt::format("{}: only texts and entries can be kept both; choose one value", field.label.en),
                                                  fmt::format("{}：只有文字和明细可以两者都保留，请选择一个值", field.label.zh)}, conflict.path);
    std::string text;
    for (const auto& candidate : conflict.candidates)
        if (const auto* one = std::get_if<std::string>(&candidate.value)) text += (text.empty() ? "" : " / ") + *one;
    return schema::Value{std::move(text)};
}

bool deleted_at(const merge::Conflict& conflict, Time time)
{
    return std::any_of(conflict.candidates.begin(), conflict.candidates.end(), [&](const auto& one) { return one.value == schema::Value{time}; });
}

Error not_twins(std::string_view collection)
{
    return fail(Errc::not_found, Bilingual{fmt::format("nothing in '{}' was added twice apart", collection), fmt::format("“{}”中没有各自重复添加的条目", collection)},
                std::string{collection});
}

const merge::Twins* find_twins(const merge::Merged& merged, std::string_view collection, const ChildId& one)
{
    const auto found = std::find_if(merged.twins.begin(), merged.twins.end(), [&](const auto& twins) {
        return twins.collection == collection && std::find(twins.ids.begin(), twins.ids.end(), one) != twins.ids.end();
    });
    return found == merged.twins.end() ? nullptr : &*found;
}

} // namespace

bool Replica::Inside::may_decide(const schema::Kind& kind, const automerge::Content& content, const merge::Conflict& conflict)
{
    const auto me = identity();
    return me && merge::may_decide(kind, content, conflict, {me->person, me->role});
}

Result<Saved> Replica::resolve(const RecordId& id, std::string_view path, const schema::Value& value, std::string_view reason)
{
    const auto shown = show(id);
    if (!shown) return shown.error();
    const auto* conflict = find_conflict(shown->merged, path);
    const auto place = place_of(path);
    if (conflict == nullptr || !place) return no_conflict(path);
    auto intent = intent_for(id, shown->merged.record.kind, reason);
    auto chosen = value;
    if (conflict->clash == merge::Clash::removed && schema::is_empty(value)) chosen = false; // it stays
    // The very time that stands there would be no edit: its author has to be seen to have known the others'.
    if (auto* deleted = std::get_if<Time>(&chosen); deleted != nullptr && conflict->clash == merge::Clash::deleted && deleted_at(*conflict, *deleted)) *deleted += Duration{1};
    intent.steps.push_back({place->collection, place->child, false, {{place->name, std::move(chosen)}}});
    for (const auto& twin : united_with(shown->merged, *place)) intent.steps.push_back({place->collection, twin, false, {{"removed", true}}});
    return save(std::move(intent));
}

Time Replica::corrected_now()
{
    return inside_->corrected_now();
}

Result<Saved> Replica::keep_both(const RecordId& id, std::string_view path, std::string_view reason)
{
    const auto shown = show(id);
    if (!shown) return shown.error();
    const auto* conflict = find_conflict(shown->merged, path);
    if (conflict == nullptr) return no_conflict(path);
    if (conflict->clash != merge::Clash::values) return resolve(id, path, {}, reason);
    const auto place = place_of(path);
    const auto* kind = schema::find_kind(shown->merged.record.kind);
    const auto* collection = place && !place->collection.empty() ? kind->collection(place->collection) : nullptr;
    const auto* field = !place ? nullptr : collection != nullptr ? collection->field(place->name) : kind->field(place->name);
    if (field == nullptr) return no_conflict(path);
    const auto both = both_of(*conflict, *field);
    return both ? resolve(id, path, *both, reason) : both.error();
}

std::vector<Replica::Settled> Replica::resolve_alike(const Alike& alike, std::string_view reason)
{
    std::vector<Settled> all;
    for (const auto& conflict : conflicts()) {
        const auto place = place_of(conflict.path);
        const bool fits = place && conflict.kind == alike.kind && place->name == alike.field && place->collection == alike.collection && conflict.needs_person;
        if (!fits) continue;
        const auto* chosen = &conflict.candidates.front();
        if (alike.newest)
            chosen = &*std::max_element(conflict.candidates.begin(), conflict.candidates.end(), [](const auto& a, const auto& b) {
                return (a.by ? a.by->when() : Time{}) < (b.by ? b.by->when() : Time{});
            });
        if (alike.person) {
            const auto his = std::find_if(conflict.candidates.begin(), conflict.candidates.end(), [&](const auto& one) { return one.by && one.by->person == *alike.person; });
            if (his == conflict.candidates.end()) continue; // it is not about him
            chosen = &*his;
        }
        all.push_back({conflict.record, conflict.title, conflict.path, chosen->value, resolve(conflict.record, conflict.path, chosen->value, reason)});
    }
    return all;
}

Result<Saved> Replica::join(const RecordId& id, std::string_view collection, const ChildId& one, std::string_view reason)
{
    const auto shown = show(id);
    if (!shown) return shown.error();
    const auto* twins = find_twins(shown->merged, collection, one);
    if (twins == nullptr) return not_twins(collection);
    const auto& described = *schema::find_kind(shown->merged.record.kind)->collection(collection);
    const auto& first = *find_child(shown->merged.record, collection, twins->ids.front());
    auto intent = intent_for(id, shown->merged.record.kind, reason);
    std::int64_t total = 0;
    for (const auto& twin : twins->ids) {
        const auto& child = *find_child(shown->merged.record, collection, twin);
        for (const auto& field : described.fields)
            if (field.name != described.counted && value_in(child, field.name) != value_in(first, field.name))
                return fail(Errc::bad_argument, Bilingual{fmt::format("they differ in {}: make that the same first, or keep both", field.label.en),
                                                          fmt::format("{}不一致：请先改为一致，或两者都保留", field.label.zh)}, field.name);
        const auto counted = value_in(child, described.counted);
        const auto sum = checked_add(total, std::holds_alternative<std::int64_t>(counted) ? std::get<std::int64_t>(counted) : 0);
        if (!sum) return fail(Errc::too_large, Bilingual{"together they are too much for one entry; nothing was saved", "合并后超出上限，未保存任何内容"}, described.counted);
        total = *sum;
        if (twin != first.id) intent.steps.push_back({described.name, twin, false, {{"removed", true}}});
    }
    if (!described.counted.empty()) intent.steps.push_back({described.name, first.id, false, {{described.counted, total}}});
    return save(std::move(intent));
}

Result<Saved> Replica::keep_twins(const RecordId& id, std::string_view collection, const ChildId& one, std::string_view reason)
{
    const auto shown = show(id);
    if (!shown) return shown.error();
    const auto* twins = find_twins(shown->merged, collection, one);
    if (twins == nullptr) return not_twins(collection);
    auto intent = intent_for(id, shown->merged.record.kind, reason);
    for (const auto& twin : twins->ids) { // a place right behind its own: the order stays, and its author has seen the others
        const auto place = value_in(*find_child(shown->merged.record, collection, twin), "position");
        const auto* text = std::get_if<std::string>(&place);
        intent.steps.push_back({twins->collection, twin, false, {{"position", (text != nullptr ? *text : std::string{}) + "a"}}});
    }
    return save(std::move(intent));
}

} // namespace roadbook::replica
