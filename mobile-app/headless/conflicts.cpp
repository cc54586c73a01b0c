// `conflicts` and `resolve`: what a person has to settle, and settling it.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/conflict_view.hpp"
#include "mobile-app/headless/fields.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

namespace roadbook::headless {

namespace {

/// "lines/ID/removed" or "deleted_at": not a value, but whether something stays.
bool is_about_being_there(std::string_view path)
{
    return path == "deleted_at" || path.ends_with("/removed");
}

/// `keep` or `remove`, as what a record or an entry says.
Result<schema::Value> standing_of(std::string_view path, std::string_view word, replica::Replica& replica)
{
    if (word == "keep") return schema::Value{};
    if (word != "remove") return fail(Errc::bad_argument, fmt::format("'{}': it was taken out and edited apart; say keep or remove", word), "value");
    if (path == "deleted_at") return schema::Value{replica.corrected_now()};
    return schema::Value{true};
}

Result<Answer> settled(const ResolveCall& call, const schema::Kind& kind, const RecordId& id, Json value, const std::string& words, bool changed, const Form& form)
{
    if (form.json) return Answer{Json{{"record", id.text()}, {"kind", kind.name}, {"path", call.path}, {"value", std::move(value)}, {"changed", changed}}};
    return Answer{fmt::format("settled: {} of {} {} is {}\n", call.path, kind.name, id.text(), words)};
}

} // namespace

Result<Answer> run(const ConflictsCall& call, replica::Replica& replica, const Form& form)
{
    auto conflicts = replica.conflicts();
    if (!call.all) std::erase_if(conflicts, [](const replica::NamedConflict& one) { return !one.needs_person; });
    Titles titles{replica};
    if (form.json) {
        Json json{{"count", conflicts.size()}, {"conflicts", Json::array()}};
        for (const auto& conflict : conflicts) {
            const auto shown = replica.show(conflict.record);
            if (!shown) return shown.error();
            json["conflicts"].push_back(json_of(conflict, shown->merged.record, titles));
        }
        return Answer{std::move(json)};
    }
    if (conflicts.empty())
        return std::string{call.all ? "no two people wrote the same field apart\n"
                                    : "no conflict waits for a person\n"};
    std::string text;
    for (const auto& conflict : conflicts) {
        const auto shown = replica.show(conflict.record);
        if (!shown) return shown.error();
        text += (text.empty() ? "" : "\n") + text_of(conflict, shown->merged.record, titles, form);
    }
    return Answer{std::move(text)};
}

Result<Answer> run(const ResolveCall& call, replica::Replica& replica, const Form& form)
{
    const auto id = record_id(call.id);
    if (!id) return id.error();
    const auto kind_name = replica.kind_of(*id);
    if (!kind_name) return fail(Errc::not_found, fmt::format("there is no record {} on this device", id->text()));
    const auto kind = kind_named(*kind_name);
    if (!kind) return kind.error();
    const auto me = replica.identity();
    if (call.value.empty() && !call.keep_both) return fail(Errc::bad_argument, "resolve needs a VALUE, or --keep-both", "value");
    if (call.keep_both) {
        const auto kept = replica.keep_both(*id, call.path, call.reason);
        return kept ? settled(call, **kind, *id, "both", "both", kept->changed, form) : kept.error();
    }
    if (is_about_being_there(call.path)) {
        const auto value = standing_of(call.path, call.value, replica);
        if (!value) return value.error();
        const auto kept = replica.resolve(*id, call.path, *value, call.reason);
        return kept ? settled(call, **kind, *id, call.value, call.value == "keep" ? "kept" : "removed", kept->changed, form) : kept.error();
    }
    const auto field = field_at(**kind, call.path);
    if (!field) return field.error();
    const auto value = value_of(**field, call.value, {(*kind)->name, me ? std::optional{me->person} : std::nullopt});
    if (!value) return value.error();
    const auto saved = replica.resolve(*id, call.path, *value, call.reason);
    if (!saved) return saved.error();

    Titles titles{replica};
    return settled(call, **kind, *id, json_of(*value, **field, titles), schema::is_empty(*value) ? "empty" : cell_of(*value, **field, titles), saved->changed, form);
}

} // namespace roadbook::headless
