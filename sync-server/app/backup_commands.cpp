#include "sync-server/app/backup_commands.hpp"

#include "sync-server/admin/backup.hpp"
#include "sync-server/admin/directory.hpp"
#include "sync-server/app/text_table.hpp"
#include "sync-server/session/restore.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::server {
namespace {

Json json_of(const std::optional<Time>& time)
{
    return time ? Json(to_text(*time)) : Json(nullptr);
}

Answer what_is_granted(Hub& hub, const RestoreState& state)
{
    Directory directory{hub};
    std::map<RecordId, std::string> territories;
    for (const auto& row : directory.territories()) territories[row.id] = row.name;
    TextTable people{{"PERSON", "ROLE", "TERRITORIES"}};
    Json json{{"restored_at", to_text(state.restored_at)}, {"last_received", json_of(state.last_received)}, {"people", Json::array()}, {"devices", Json::array()}};
    for (const auto& person : state.people) {
        std::vector<std::string> names;
        for (const auto& id : person.territories) names.push_back(territories[id]);
        const auto name = directory.name_of(person.id);
        people.add({name, std::string{schema::name(person.role)}, fmt::format("{}", fmt::join(names, ", "))});
        json["people"].push_back({{"id", person.id.text()}, {"name", name}, {"role", schema::name(person.role)}, {"territories", names}});
    }
    TextTable devices{{"DEVICE", "PERSON", "LAST CONTACT", "STATE", "ID"}};
    for (const auto& device : hub.devices()) {
        const auto* const status = device.revoked_at ? "revoked" : device.awaits_since ? "waits to be admitted" : "active";
        const auto name = directory.name_of(device.person);
        devices.add({device.name, name, short_text(device.last_contact), status, device.id.text()});
        json["devices"].push_back({{"id", device.id.text()}, {"name", device.name}, {"person", name}, {"last_contact", json_of(device.last_contact)}, {"state", status}});
    }
    return {std::move(json),
            fmt::format("This server was restored on {} and serves nobody yet. The last change in the backup is of {}; this is what was granted then:\n\n{}\n{}\n"
                        "Put right what has changed since with `admin person`, `admin territory` and `admin device revoke`, then say\n"
                        "    roadbookd admin confirm-restore --yes [--revoke DEVICE]...\n",
                        short_text(state.restored_at), short_text(state.last_received), people.text(), devices.text())};
}

} // namespace

Result<Answer> back_up(Hub& hub, const std::filesystem::path& data, const BackupCall& call)
{
    const auto report = make_backup(data, call.file);
    if (!report) return report.error();
    hub.note({.kind = store::AuditKind::backup_made, .detail = fmt::format("{}: {} bytes, audit head {}", call.file, report->bytes, report->head.seq)});
    return Answer{{{"file", call.file}, {"bytes", report->bytes}, {"attachments", report->files}, {"audit_head", report->head.text()}},
                  fmt::format("{} holds the server as it is now: {} bytes, {}\naudit head {}\n"
                              "the key {} is not in it: keep a copy of that elsewhere, once; with it devices bring back what is lost after a restore\n",
                              call.file, report->bytes, counted(report->files, "attachment", "attachments"), report->head.text(), (data / seal_key_file).string())};
}

Result<Answer> restore(const std::filesystem::path& data, const RestoreCall& call)
{
    const auto report = restore_backup(call.file, data, call.keys);
    if (!report) return report.error();
    return Answer{{{"data", data.string()}, {"last_received", json_of(report->last_received)}, {"has_key", report->has_key}},
                  fmt::format("{} holds the server of the backup; its last change is of {}\n{}"
                              "it serves nobody before an administrator has looked at what is granted: roadbookd admin confirm-restore\n",
                              data.string(), short_text(report->last_received),
                              report->has_key ? "devices bring back what came later, each change under its author's name\n"
                                              : "without the old recovery.key (--keys) what came later comes back only as edits of those who bring it\n")};
}

Result<Answer> confirm_restore(Hub& hub, const ConfirmRestoreCall& call)
{
    const auto state = hub.restore_state();
    if (!state) return fail(Errc::bad_argument, "this server does not wait for a confirmation: it was not restored, or was confirmed already");
    if (!call.yes) return what_is_granted(hub, *state);
    Directory directory{hub};
    std::vector<DeviceId> revoked;
    for (const auto& word : call.revoke) {
        const auto device = directory.find_device(word);
        if (!device) return device.error();
        revoked.push_back(*device);
    }
    ROADBOOK_CHECK(hub.confirm_restore(revoked));
    return Answer{{{"confirmed", true}, {"revoked", revoked.size()}}, fmt::format("the server serves again; {} revoked\n", counted(revoked.size(), "device was", "devices were"))};
}

} // namespace roadbook::server
