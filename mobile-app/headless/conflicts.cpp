// `conflicts` and `resolve`: what a person has to settle, and settling it.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/conflict_view.hpp"
#include "mobile-app/headless/fields.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

namespace roadbook::headless {

Result<Answer> run(const ConflictsCall& call, replica::Replica& replica, const Form& form)
{
    auto conflicts = replica.conflicts();
    if (!call.all) std::erase_if(conflicts, [](const replica::NamedConflict& one) { return !one.needs_person; });
    Titles titles{replica};
    if (form.json) {
        Json json{{"count", conflicts.size()}, {"conflicts", Json::array()}};
        for (const auto& conflict : conflicts) json["conflicts"].push_back(json_of(conflict, titles));
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
    const auto field = field_at(**kind, call.path);
    if (!field) return field.error();
    const auto me = replica.identity();
    const auto value = value_of(**field, call.value, {(*kind)->name, me ? std::optional{me->person} : std::nullopt});
    if (!value) return value.error();
    const auto saved = replica.resolve(*id, call.path, *value, call.reason);
    if (!saved) return saved.error();

    Titles titles{replica};
    if (form.json)
        return Answer{Json{{"record", id->text()},
                           {"kind", (*kind)->name},
                           {"path", call.path},
                           {"value", json_of(*value, **field, titles)},
                           {"changed", saved->changed}}};
    return Answer{fmt::format("settled: {} of {} {} is {}\n", call.path, (*kind)->name, id->text(),
                              schema::is_empty(*value) ? "empty" : cell_of(*value, **field, titles))};
}

} // namespace roadbook::headless
