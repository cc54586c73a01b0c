// `resolve-all`, `join` and `undo`: many conflicts alike, entries that were added twice, and an edit that is taken back.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/conflict_view.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::headless {
namespace {

Result<RecordId> known_record(std::string_view text, replica::Replica& replica)
{
    const auto id = record_id(text);
    if (!id) return id.error();
    if (!replica.kind_of(*id)) return fail(Errc::not_found, fmt::format("there is no record {} on this device", id->text()));
    return *id;
}

/// A person by id or by the whole name.
Result<RecordId> person_named(std::string_view text, replica::Replica& replica)
{
    if (const auto id = RecordId::parse(text)) return *id;
    const auto people = replica.list({"person", {{"name", std::string{text}}}, "id", false, 2, 0});
    if (!people) return people.error();
    if (people->size() == 1) return people->front().id;
    return fail(Errc::not_found, people->empty() ? fmt::format("there is no person '{}' on this device; --take shown, newest, or somebody's whole name or id", text)
                                                 : fmt::format("several people are called '{}': name one by id", text), "take");
}

Result<replica::Replica::Alike> alike_of(const ResolveAllCall& call, replica::Replica& replica)
{
    const auto kind = kind_named(call.kind);
    if (!kind) return kind.error();
    const auto slash = call.field.find('/');
    replica::Replica::Alike alike{call.kind, slash == std::string::npos ? std::string{} : call.field.substr(0, slash),
                                  slash == std::string::npos ? call.field : call.field.substr(slash + 1), call.take == "newest", std::nullopt};
    const auto* fields = &(*kind)->fields;
    if (!alike.collection.empty()) {
        const auto collection = collection_named(**kind, alike.collection);
        if (!collection) return collection.error();
        fields = &(*collection)->fields;
    }
    const auto field = field_named(*fields, alike.collection.empty() ? call.kind : alike.collection, alike.field);
    if (!field) return field.error();
    if (call.take == "shown" || call.take == "newest") return alike;
    const auto person = person_named(call.take, replica);
    if (!person) return person.error();
    alike.person = *person;
    return alike;
}

/// The one change of the record whose hash begins so.
Result<Hash> change_like(const RecordId& id, const std::string& beginning, replica::Replica& replica)
{
    const auto history = replica.history(id);
    if (!history) return history.error();
    std::vector<Hash> found;
    for (const auto& entry : *history)
        if (entry.change.hex().starts_with(beginning)) found.push_back(entry.change);
    if (found.size() == 1) return found.front();
    return fail(Errc::not_found, found.empty() ? fmt::format("no change of this record begins with '{}'", beginning)
                                               : fmt::format("{} changes of this record begin with '{}': write more of it", found.size(), beginning), "change");
}

} // namespace

Result<Answer> run(const ResolveAllCall& call, replica::Replica& replica, const Form& form)
{
    const auto alike = alike_of(call, replica);
    if (!alike) return alike.error();
    const auto all = replica.resolve_alike(*alike, call.reason);
    Titles titles{replica};
    Json json{{"settled", 0}, {"conflicts", Json::array()}};
    std::string text;
    std::int64_t settled = 0;
    for (const auto& one : all) {
        settled += one.saved ? 1 : 0;
        const auto* field = find_field_at(*schema::find_kind(alike->kind), one.path);
        if (form.json)
            json["conflicts"].push_back({{"record", one.record.text()}, {"title", one.title}, {"path", one.path}, {"value", json_of(one.value, *field, titles)},
                                         {"settled", one.saved.has_value()}, {"message", one.saved ? "" : one.saved.error().message}});
        else
            text += fmt::format("{} {} of {}: {}\n", one.saved ? "settled" : "open   ", one_line(one.path), one_line(one.title),
                                one.saved ? cell_of(one.value, *field, titles) : form.chinese ? one.saved.error().chinese() : one.saved.error().message);
    }
    json["settled"] = settled;
    if (form.json) return Answer{std::move(json)};
    return Answer{text + (all.empty() ? "no open conflict of that field here\n" : fmt::format("{} of {} settled\n", settled, all.size()))};
}

Result<Answer> run(const JoinCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = known_record(call.id, replica);
    if (!id) return id.error();
    const auto item = child_id(call.item);
    if (!item) return item.error();
    const auto saved = call.keep_both ? replica.keep_twins(*id, call.collection, *item, call.reason) : replica.join(*id, call.collection, *item, call.reason);
    if (!saved) return saved.error();
    if (form.json) return Answer{Json{{"record", id->text()}, {"collection", call.collection}, {"joined", !call.keep_both}, {"changed", saved->changed}}};
    return Answer{std::string{call.keep_both ? "they stay two\n" : "joined: they are one entry now\n"}};
}

Result<Answer> run(const UndoCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = known_record(call.id, replica);
    if (!id) return id.error();
    std::optional<Hash> change;
    if (!call.change.empty()) {
        const auto found = change_like(*id, call.change, replica);
        if (!found) return found.error();
        change = *found;
    }
    const auto undone = replica.undo(*id, change, call.reason);
    if (!undone) return undone.error();
    if (form.json) return Answer{Json{{"record", id->text()}, {"change", undone->change.hex()}, {"edits", undone->edits}, {"kept", undone->kept}}};
    if (undone->edits == 0) return Answer{std::string{"it says so already: nothing was written\n"}};
    return Answer{fmt::format("taken back: change {}{}\n", undone->change.hex().substr(0, 12),
                              undone->kept > 0 ? fmt::format("; {} written anew since, and left", counted(undone->kept, "field was", "fields were")) : "")};
}

} // namespace roadbook::headless
