#include "sync-server/app/access_commands.hpp"

#include "sync-server/admin/directory.hpp"
#include "sync-server/app/qr_code.hpp"
#include "sync-server/app/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

namespace roadbook::server {
namespace {

Json named(const RecordId& id, const std::string& name)
{
    return {{"id", id.text()}, {"name", name}};
}

/// All that a device needs, as one word: what the QR code holds, and what `roadbook-device enrol --link` takes.
std::string link_of(const std::string& server, const std::string& code, const std::string& pin)
{
    return fmt::format("roadbook:enrol?server={}&code={}{}", server, code, pin.empty() ? "" : "&pin=" + pin);
}

std::string summary_of(const merge::Intent& intent)
{
    std::vector<std::string> parts;
    for (const auto& step : intent.steps)
        for (const auto& [name, value] : step.values)
            if (name != "position") parts.push_back(step.collection.empty() ? name : step.collection + "." + name);
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string title_of(Hub& hub, const RecordId& id)
{
    const auto record = hub.record(id);
    const auto* kind = record ? schema::find_kind(record->kind) : nullptr;
    return kind == nullptr ? id.text() : schema::text_of(*record, kind->title);
}

} // namespace

Result<Answer> make_code(Hub& hub, const CodeCall& call)
{
    Directory directory{hub};
    const auto person = directory.find_person(call.person);
    if (!person) return person.error();
    const auto lifetime = std::chrono::minutes{call.minutes};
    const auto code = hub.make_code(*person, lifetime);
    if (!code) return code.error();
    const auto until = system_clock().now() + lifetime;
    const auto name = directory.name_of(*person);
    auto reached = hub.reached_at();
    if (!call.server.empty()) reached.url = call.server;
    const auto link = reached.url.empty() ? std::string{} : link_of(reached.url, *code, reached.pin);
    auto text = fmt::format("{}\nenrols one device of {}, until {} UTC\n", *code, name, short_text(until));
    if (!link.empty() && (call.qr || ::isatty(STDOUT_FILENO) == 1)) {
        const auto picture = qr_code(link);
        if (!picture) return picture.error();
        text += fmt::format("{}{}\n", *picture, link);
    }
    return Answer{{{"code", *code}, {"person", named(*person, name)}, {"expires_at", to_text(until)}, {"link", link.empty() ? Json(nullptr) : Json(link)}}, std::move(text)};
}

Result<Answer> set_password(Hub& hub, const PasswordCall& call, std::istream& in)
{
    Directory directory{hub};
    const auto person = directory.find_person(call.person);
    if (!person) return person.error();
    std::string password;
    if (!std::getline(in, password)) return fail(Errc::bad_argument, "no password came on standard input; nothing was changed", "password");
    if (password.ends_with('\r')) password.pop_back();
    ROADBOOK_CHECK(hub.set_password(*person, password));
    const auto name = directory.name_of(*person);
    return Answer{{{"id", person->text()}, {"name", name}}, fmt::format("{} can enrol a device with this password now\n", name)};
}

Result<Answer> revoke(Hub& hub, const RevokeCall& call)
{
    Directory directory{hub};
    const auto device = directory.find_device(call.who);
    const auto person = directory.find_person(call.who);
    if (device && person)
        return fail(Errc::bad_argument, fmt::format("'{}' may be a device or a person: name it by its id", call.who));
    if (device) {
        ROADBOOK_CHECK(hub.revoke(*device));
        return Answer{{{"device", device->text()}, {"revoked", true}},
                      fmt::format("device {} has no access any more; at its next contact it hands over what it has not sent, and erases itself\n", device->text())};
    }
    if (!person) return person.error().code == Errc::not_found && device.error().code == Errc::bad_argument ? device.error() : person.error();
    ROADBOOK_CHECK(hub.revoke_person(*person));
    const auto name = directory.name_of(*person);
    return Answer{{{"person", named(*person, name)}, {"revoked", true}},
                  fmt::format("{} and all devices have no access any more; at their next contact they hand over what they have not sent, and erase themselves\n", name)};
}

Result<Answer> readmit(Hub& hub, const ReadmitCall& call)
{
    Directory directory{hub};
    const auto person = directory.find_person(call.person);
    if (!person) return person.error();
    const auto had_password = hub.readmit_person(*person);
    if (!had_password) return had_password.error();
    const auto name = directory.name_of(*person);
    return Answer{{{"person", named(*person, name)}, {"revoked", false}, {"password_void", *had_password}},
                  fmt::format("{} may come in again, with a new device: make a code for it\n{}", name,
                              *had_password ? "the password of before is void: set another one with `admin password`, if there is to be one\n" : "")};
}

Result<Answer> say_goodbye(Hub& hub, const LeaverCall& call)
{
    Directory directory{hub};
    const auto person = directory.find_person(call.person);
    if (!person) return person.error();
    const auto name = directory.name_of(*person);
    ROADBOOK_CHECK(hub.revoke_person(*person));
    const auto since = system_clock().now() - std::chrono::hours{24} * call.days;
    auto text = fmt::format("{} has no access any more\n", name);
    Json json{{"person", named(*person, name)}, {"territories", Json::array()}, {"deletions", Json::array()}};
    for (const auto& territory : directory.territories()) {
        if (territory.holder != *person) continue;
        json["territories"].push_back(named(territory.id, territory.name));
        text += fmt::format("territory {} is still in that name: `admin territory assign` gives it to somebody else, with all its customers\n", territory.name);
    }
    TextTable table{{"DELETED", "KIND", "TITLE", "ID"}};
    const auto deletions = hub.deletions_of(*person, since);
    for (const auto& deletion : deletions) {
        table.add({short_text(deletion.at), deletion.kind, deletion.title, deletion.record.text()});
        json["deletions"].push_back({{"id", deletion.record.text()}, {"kind", deletion.kind}, {"title", deletion.title}, {"at", to_text(deletion.at)}});
    }
    const auto lately = call.days == 1 ? std::string{"day"} : fmt::format("{} days", call.days);
    if (deletions.empty()) text += fmt::format("nothing was deleted in the last {}\n", lately);
    else text += fmt::format("deleted in the last {}:\n{}", lately, table.text());
    const auto back = call.bring_back ? hub.undo_deletions(*person, since) : 0;
    json["brought_back"] = back;
    if (call.bring_back && !deletions.empty()) text += fmt::format("{} of these {} back\n", back, back == 1 ? "is" : "are");
    else if (!deletions.empty()) text += "--bring-back undoes these deletions in one act\n";
    return Answer{std::move(json), std::move(text)};
}

Result<Answer> list_surrendered(Hub& hub)
{
    Directory directory{hub};
    TextTable table{{"NUMBER", "RECEIVED", "PERSON", "WHY", "KIND", "RECORD", "SETS"}};
    Json list = Json::array();
    for (const auto& edit : hub.surrendered()) {
        const auto person = directory.name_of(edit.person);
        const auto* intent = edit.intent ? &*edit.intent : nullptr;
        table.add({std::to_string(edit.num), short_text(edit.received_at), person, edit.why, intent ? intent->kind : "(cannot be read)",
                   intent ? title_of(hub, intent->record) : "", intent ? summary_of(*intent) : ""});
        list.push_back({{"number", edit.num}, {"person", named(edit.person, person)}, {"device", edit.device.text()}, {"why", edit.why},
                        {"kind", intent ? Json(intent->kind) : Json(nullptr)}, {"record", intent ? Json(intent->record.text()) : Json(nullptr)},
                        {"sets", intent ? Json(summary_of(*intent)) : Json(nullptr)}, {"device_time", intent ? Json(to_text(intent->device_time)) : Json(nullptr)},
                        {"received_at", to_text(edit.received_at)}});
    }
    return Answer{{{"edits", std::move(list)}}, table.text()};
}

Result<Answer> settle_surrendered(Hub& hub, const SurrenderedSettleCall& call)
{
    const auto number = fmt::format("s{}", call.number);
    if (call.carry_out) {
        if (const auto released = hub.release(number, {}); !released) return released.error();
    } else {
        ROADBOOK_CHECK(hub.discard(number, {}, "discarded by an administrator"));
    }
    return Answer{{{"number", call.number}, {"carried_out", call.carry_out}},
                  fmt::format("edit {} is {}\n", call.number, call.carry_out ? "carried out, for its author" : "discarded")};
}

} // namespace roadbook::server
