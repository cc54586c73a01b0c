// `refused`: edits that the server refused, and what their user does about them.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/fields.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::headless {
namespace {

Result<IntentId> intent_id(std::string_view text)
{
    if (const auto id = IntentId::parse(text)) return *id;
    return fail(Errc::bad_argument, fmt::format("'{}' is no id of an edit: `refused list` prints them", text));
}

Result<replica::RefusedEdit> edit_named(std::string_view text, replica::Replica& replica)
{
    const auto id = intent_id(text);
    if (!id) return id.error();
    for (auto& edit : replica.refused())
        if (edit.intent == *id) return std::move(edit);
    return fail(Errc::not_found, fmt::format("no refused edit {} is on this device", id->text()));
}

/// "kept", "returned by Mona: ask for less"
std::string state_text(const replica::RefusedEdit& edit)
{
    using State = replica::RefusedEdit::State;
    const auto decided = [&](std::string_view what) {
        return fmt::format("{} by {}{}", what, edit.decided_by.empty() ? "an administrator" : edit.decided_by, edit.decided_why.empty() ? "" : ": " + edit.decided_why);
    };
    switch (edit.state) {
    case State::kept: return "waits on the server";
    case State::here: return "goes to the server with the next sync";
    case State::returned: return decided("returned");
    case State::dropping: return "given up, until the next sync";
    case State::released: return decided("released");
    case State::discarded: return decided("discarded");
    }
    return {};
}

std::string reason_of(const replica::RefusedEdit& edit, const Form& form)
{
    return form.chinese && !edit.reason_zh.empty() ? edit.reason_zh : edit.reason;
}

std::string sets_text(const replica::RefusedEdit& edit)
{
    std::string text;
    for (const auto& set : edit.sets) text += fmt::format("{}{}{}", text.empty() ? "" : "\n", set.path, set.value.empty() ? "" : " = " + one_line(set.value));
    return text;
}

std::string path_list(const replica::RefusedEdit& edit)
{
    std::string text;
    for (const auto& set : edit.sets) text += (text.empty() ? "" : ", ") + set.path.substr(set.path.rfind('/') + 1);
    return text;
}

Answer sent_again(std::string_view what, const std::vector<replica::Saved>& saved, replica::Replica& replica, const Form& form)
{
    if (form.json) {
        Json records = Json::array();
        for (const auto& one : saved) records.push_back(one.record.text());
        return Json{{"sent_again", saved.size()}, {"records", std::move(records)}};
    }
    std::string text;
    for (const auto& one : saved) {
        const auto title = replica.title_of(one.record);
        text += fmt::format("{}: the edit of {} is saved here again and goes out with the next sync\n", what, title);
    }
    return text;
}

/// Of several edits one could not be done: those before it are.
Error after(std::size_t done, std::string_view what, Error why)
{
    if (done > 0) why.message += fmt::format(" ({} before it: {})", done, what);
    return why;
}

std::string title_of(const replica::RefusedEdit& edit, Titles& titles)
{
    if (edit.record.is_nil()) return "(handed over)";
    const auto& title = titles.of(edit.record);
    const auto* kind = schema::find_kind(edit.kind);
    if (title != edit.record.text() || kind == nullptr) return title;
    const auto said = std::find_if(edit.sets.begin(), edit.sets.end(), [&](const auto& set) { return set.path == kind->title; }); // a record that it would make
    return said == edit.sets.end() || said->value.empty() ? title : said->value;
}

} // namespace

Json json_of(const replica::RefusedEdit& edit, Titles& titles)
{
    Json sets = Json::array();
    for (const auto& set : edit.sets) sets.push_back({{"path", set.path}, {"value", set.value}});
    return {{"intent", edit.intent.text()},
            {"record", edit.record.is_nil() ? Json(nullptr) : Json(edit.record.text())},
            {"kind", edit.kind},
            {"title", title_of(edit, titles)},
            {"code", name(edit.code)},
            {"field", edit.field},
            {"reason", edit.reason},
            {"reason_zh", edit.reason_zh},
            {"device_time", to_text(edit.device_time)},
            {"state", name(edit.state)},
            {"creates", edit.creates},
            {"sets", std::move(sets)},
            {"decided_by", edit.decided_by},
            {"decided_why", edit.decided_why},
            {"decided_at", json_of(edit.decided_at)}};
}

Result<Answer> run(const RefusedListCall&, replica::Replica& replica, const Form& form)
{
    const auto refused = replica.refused();
    Titles titles{replica};
    if (form.json) {
        Json list = Json::array();
        for (const auto& edit : refused) list.push_back(json_of(edit, titles));
        return Answer{Json{{"count", refused.size()}, {"refused", std::move(list)}}};
    }
    if (refused.empty()) return Answer{std::string{"the server has refused no edit of this device\n"}};
    Table table;
    table.column("intent").column("kind").column("title").column("sets").column("field").column("reason").column("state").column("when");
    for (const auto& edit : refused) {
        const auto title = title_of(edit, titles);
        table.row({edit.intent.text(), edit.creates ? "new " + edit.kind : edit.kind, title == edit.record.text() ? "" : title, path_list(edit), edit.field, reason_of(edit, form),
                   state_text(edit), moment(edit.device_time)});
    }
    return Answer{table.text(form.cell_max)};
}

Result<Answer> run(const RefusedShowCall& call, replica::Replica& replica, const Form& form)
{
    const auto edit = edit_named(call.intent, replica);
    if (!edit) return edit.error();
    Titles titles{replica};
    if (form.json) return Answer{json_of(*edit, titles)};
    Sheet sheet;
    sheet.line("intent", edit->intent.text())
        .line("record", fmt::format("{}{} {}  {}", edit->creates ? "new " : "", edit->kind, edit->record.is_nil() ? "" : edit->record.text(), title_of(*edit, titles)))
        .line("sets", sets_text(*edit))
        .line("refused", fmt::format("{}{} ({})", edit->field.empty() ? "" : edit->field + ": ", reason_of(*edit, form), name(edit->code)))
        .line("state", state_text(*edit))
        .line("saved", moment(edit->device_time));
    if (edit->decided_at) sheet.line("decided", moment(*edit->decided_at));
    return Answer{sheet.text()};
}

Result<Answer> run(const RefusedMendCall& call, replica::Replica& replica, const Form& form)
{
    const auto edit = edit_named(call.intent, replica);
    if (!edit) return edit.error();
    const auto kind = kind_named(edit->kind);
    if (!kind) return kind.error();
    if (call.fields.empty() && call.without.empty())
        return fail(Errc::bad_argument, "what is to be different? Name FIELD=VALUE or --without FIELD, or send it as it was with `refused retry`");
    const auto me = replica.identity();
    replica::Mending mending{{}, call.without};
    for (const auto& word : call.fields) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals == 0) return fail(Errc::bad_argument, fmt::format("'{}' is no FIELD=VALUE", word));
        const auto path = word.substr(0, equals);
        const auto field = field_at(**kind, path);
        if (!field) return field.error();
        auto value = value_of(**field, std::string_view{word}.substr(equals + 1), {edit->kind, me ? std::optional{me->person} : std::nullopt});
        if (!value) return value.error();
        if (!mending.values.emplace(path, std::move(*value)).second) return fail(Errc::bad_argument, fmt::format("the field '{}' stands twice", path), path);
    }
    const auto saved = replica.resend(edit->intent, mending);
    if (!saved) return saved.error();
    return sent_again("mended", {*saved}, replica, form);
}

Result<Answer> run(const RefusedRetryCall& call, replica::Replica& replica, const Form& form)
{
    std::vector<replica::Saved> all;
    for (const auto& word : call.intents) {
        const auto id = intent_id(word);
        if (!id) return id.error();
        const auto saved = replica.resend(*id);
        if (!saved) return after(all.size(), "sent again", saved.error());
        all.push_back(*saved);
    }
    return sent_again("taken back", all, replica, form);
}

Result<Answer> run(const RefusedDropCall& call, replica::Replica& replica, const Form& form)
{
    std::int64_t gone = 0, asked = 0;
    for (const auto& word : call.intents) {
        const auto id = intent_id(word);
        if (!id) return id.error();
        const auto dropped = replica.drop(*id);
        if (!dropped) return after(static_cast<std::size_t>(gone + asked), "given up", dropped.error());
        ++(*dropped ? gone : asked);
    }
    if (form.json) return Answer{Json{{"dropped", gone}, {"until_next_sync", asked}}};
    std::string text;
    if (gone > 0) text += counted(gone, "settled edit", "settled edits") + " taken off the list\n";
    if (asked > 0) text += counted(asked, "edit", "edits") + " given up: off the list once the server has confirmed it, with the next sync\n";
    return Answer{std::move(text)};
}

} // namespace roadbook::headless
