#include "shared/protocol/quarantine_words.hpp"

#include "shared/base/clock.hpp"
#include "shared/schema/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::protocol {
namespace {

using Json = nlohmann::ordered_json;

std::string moment(std::int64_t milliseconds)
{
    constexpr std::size_t up_to_seconds = 19;
    auto text = to_text(Time{Duration{milliseconds}}).substr(0, up_to_seconds);
    text[text.find('T')] = ' ';
    return text;
}

std::string id_text(const std::string& field)
{
    const auto id = RecordId::from(as_bytes(field));
    return id ? id->text() : std::string{};
}

Json id_json(const std::string& field)
{
    return field.empty() ? Json(nullptr) : Json(id_text(field));
}

/// What a rule said, or why its device handed it over.
Bilingual reason_of(const v1::KeptEdit& edit)
{
    if (!edit.code().empty()) return {edit.reason(), edit.reason_zh()};
    if (edit.from() == "stranded") return {"it builds on an edit that was refused", "它依赖一项被拒绝的修改"};
    if (edit.from() == "revoked") return {"handed over: the device's access was ended", "已上交：该设备的访问权限已终止"};
    if (edit.from() == "pin") return {"handed over: the device is locked, its PIN was not given", "已上交：设备已锁定，未输入 PIN"};
    if (edit.from() == "key") return {"handed over: the device's key was erased after wrong PINs", "已上交：多次输错 PIN 后，设备密钥已清除"};
    if (edit.from() == "lease") return {"handed over: the device had not seen the server for too long", "已上交：设备过久未连接服务器"};
    return {"handed over by its user", "已由使用者上交"};
}

std::string why(const v1::KeptEdit& edit, bool chinese)
{
    const auto reason = reason_of(edit);
    const auto& text = chinese && !reason.zh.empty() ? reason.zh : reason.en;
    return edit.code().empty() || edit.field().empty() ? text : fmt::format("{}: {}", edit.field(), text);
}

/// A record that the edit would make has the name that the edit gives it.
std::string title_of(const v1::KeptEdit& edit)
{
    const auto* kind = edit.title().empty() && edit.creates() ? schema::find_kind(edit.kind()) : nullptr;
    if (kind == nullptr) return edit.title();
    const auto said = std::find_if(edit.sets().begin(), edit.sets().end(), [&](const auto& set) { return set.path() == kind->title; });
    return said == edit.sets().end() ? std::string{} : said->value();
}

std::string record_text(const v1::KeptEdit& edit)
{
    if (edit.record().empty()) return "(cannot be read)";
    const auto title = title_of(edit);
    return title.empty() ? id_text(edit.record()) : title;
}

std::string decider(const v1::EditDecision& decision)
{
    return decision.by_name().empty() ? "an administrator" : decision.by_name();
}

std::string state_text(const v1::KeptEdit& edit)
{
    if (!edit.has_decision() || edit.decision().what() != edit.state()) return edit.state() == "taken_back" ? "taken back" : edit.state();
    return fmt::format("{} by {}", edit.state(), decider(edit.decision()));
}

} // namespace

std::vector<std::string> kept_edit_columns()
{
    return {"NUMBER", "RECEIVED", "PERSON", "FROM", "KIND", "RECORD", "STATE", "WHY"};
}

std::vector<std::string> cells_of(const v1::KeptEdit& edit, bool chinese)
{
    return {edit.number(), moment(edit.received_at()), edit.person_name().empty() ? id_text(edit.person()) : edit.person_name(),
            edit.from(), edit.creates() ? "new " + edit.kind() : edit.kind(), record_text(edit), state_text(edit), why(edit, chinese)};
}

std::vector<std::pair<std::string, std::string>> lines_of(const v1::KeptEdit& edit, bool chinese)
{
    std::vector<std::pair<std::string, std::string>> lines{
        {"number", edit.number()},
        {"state", state_text(edit)},
        {"person", edit.person_name().empty() ? id_text(edit.person()) : edit.person_name()},
        {"from", edit.from()},
        {"why", why(edit, chinese)},
        {"record", fmt::format("{}{} {}", edit.creates() ? "new " : "", edit.kind(), id_text(edit.record()))},
        {"title", title_of(edit)},
        {"saved", moment(edit.saved_at())},
        {"received", moment(edit.received_at())},
        {"its reason", edit.edit_reason()},
    };
    std::string sets;
    for (const auto& set : edit.sets()) sets += fmt::format("{}{}{}", sets.empty() ? "" : "\n", set.path(), set.value().empty() ? "" : " = " + set.value());
    lines.emplace_back("sets", sets.empty() ? "(cannot be read: it can only be returned or discarded)" : sets);
    if (edit.has_decision()) {
        const auto& decision = edit.decision();
        lines.emplace_back("decision", fmt::format("{} by {}, {}{}", decision.what(), decider(decision), moment(decision.at()),
                                                   decision.reason().empty() ? "" : ": " + decision.reason()));
    }
    std::erase_if(lines, [](const auto& line) { return line.second.empty(); });
    return lines;
}

Json json_of(const v1::KeptEdit& edit)
{
    Json sets = Json::array();
    for (const auto& set : edit.sets()) sets.push_back({{"path", set.path()}, {"value", set.value()}});
    Json decision;
    if (edit.has_decision()) {
        const auto& made = edit.decision();
        decision = {{"what", made.what()}, {"by", made.by().empty() ? Json(nullptr) : Json{{"id", id_text(made.by())}, {"name", made.by_name()}}},
                    {"reason", made.reason()}, {"at", to_text(Time{Duration{made.at()}})}};
    }
    const auto reason = reason_of(edit);
    return {{"number", edit.number()},
            {"state", edit.state()},
            {"from", edit.from()},
            {"person", {{"id", id_text(edit.person())}, {"name", edit.person_name()}}},
            {"device", id_json(edit.device())},
            {"intent", id_json(edit.intent())},
            {"record", id_json(edit.record())},
            {"kind", edit.kind()},
            {"title", title_of(edit)},
            {"creates", edit.creates()},
            {"code", edit.code()},
            {"field", edit.field()},
            {"reason", reason.en},
            {"reason_zh", reason.zh},
            {"sets", std::move(sets)},
            {"edit_reason", edit.edit_reason()},
            {"saved_at", to_text(Time{Duration{edit.saved_at()}})},
            {"received_at", to_text(Time{Duration{edit.received_at()}})},
            {"decision", std::move(decision)}};
}

} // namespace roadbook::protocol
