#include "sync-server/app/administer.hpp"

#include "shared/protocol/handover_words.hpp"
#include "sync-server/admin/directory.hpp"
#include "sync-server/admin/record_import.hpp"
#include "sync-server/app/access_commands.hpp"
#include "sync-server/app/audit_commands.hpp"
#include "sync-server/app/backup_commands.hpp"
#include "sync-server/app/exchange_commands.hpp"
#include "sync-server/app/quarantine_commands.hpp"
#include "sync-server/app/payment_commands.hpp"
#include "sync-server/app/text_table.hpp"

#include <fmt/format.h>

#include <iostream>

namespace roadbook::server {
namespace {

Json reference(const std::optional<RecordId>& id, const std::string& name)
{
    return id ? Json{{"id", id->text()}, {"name", name}} : Json(nullptr);
}

Json json_of(const std::optional<Time>& time)
{
    return time ? Json(to_text(*time)) : Json(nullptr);
}

std::string state_of(const DeviceRow& row)
{
    auto state = std::string{row.wiped_at ? "wiped" : row.revoked_at ? "revoked" : row.awaits_since ? "waits to be admitted" : "active"};
    if (row.surrendered > 0) state += fmt::format(", {} surrendered", row.surrendered);
    return state;
}

/// How wrong the device's clock is, where anybody would mind.
std::string clock_text(Duration offset)
{
    constexpr auto unnoticed = std::chrono::minutes{1};
    if (offset < unnoticed && offset > -unnoticed) return "right";
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    return fmt::format("{} min {}", minutes < 0 ? -minutes : minutes, minutes < 0 ? "slow" : "fast");
}

/// Carries out one command on an open hub; one function a command.
struct Clerk {
    Hub& hub;
    const std::filesystem::path& data;
    bool as_json; ///< only where it decides how much is to be read
    Directory directory{hub};

    Result<Answer> operator()(const PersonListCall&)
    {
        TextTable table{{"NAME", "ROLE", "REPORTS TO", "DEVICES", "ID"}};
        Json list = Json::array();
        for (const auto& row : directory.people()) {
            table.add({row.name, row.role, row.reports_to_name, std::to_string(row.devices), row.id.text()});
            list.push_back({{"id", row.id.text()}, {"name", row.name}, {"role", row.role}, {"title", row.title}, {"email", row.email},
                            {"reports_to", reference(row.reports_to, row.reports_to_name)}, {"devices", row.devices}});
        }
        return Answer{{{"people", std::move(list)}}, table.text()};
    }

    Result<Answer> operator()(const PersonAddCall& call)
    {
        NewPerson person{call.name, call.role, call.title, call.email, call.phone, {}};
        if (!call.reports_to.empty()) {
            const auto boss = directory.find_person(call.reports_to);
            if (!boss) return boss.error();
            person.reports_to = *boss;
        }
        const auto id = directory.add_person(person);
        if (!id) return id.error();
        return Answer{{{"id", id->text()}, {"name", call.name}, {"role", call.role}}, fmt::format("{} is {} now, with the id {}\n", call.name, call.role, id->text())};
    }

    Result<Answer> operator()(const PersonRoleCall& call)
    {
        const auto person = directory.find_person(call.person);
        if (!person) return person.error();
        ROADBOOK_CHECK(directory.set_role(*person, call.role));
        const auto name = directory.name_of(*person);
        return Answer{{{"id", person->text()}, {"name", name}, {"role", call.role}}, fmt::format("{} is {} now\n", name, call.role)};
    }

    Result<Answer> operator()(const PersonReportsToCall& call)
    {
        const auto person = directory.find_person(call.person);
        if (!person) return person.error();
        const auto boss = someone_or_nobody(call.boss, call.nobody, "which manager");
        if (!boss) return boss.error();
        ROADBOOK_CHECK(directory.set_reports_to(*person, *boss));
        const auto name = directory.name_of(*person);
        const auto boss_name = *boss ? directory.name_of(**boss) : std::string{};
        return Answer{{{"id", person->text()}, {"name", name}, {"reports_to", reference(*boss, boss_name)}},
                      fmt::format("{} reports to {} now\n", name, *boss ? boss_name : "nobody")};
    }

    Result<Answer> operator()(const CodeCall& call) { return make_code(hub, call); }
    Result<Answer> operator()(const PasswordCall& call) { return set_password(hub, call, std::cin); }
    Result<Answer> operator()(const RevokeCall& call) { return revoke(hub, call); }
    Result<Answer> operator()(const ReadmitCall& call) { return readmit(hub, call); }
    Result<Answer> operator()(const LeaverCall& call) { return say_goodbye(hub, call); }
    Result<Answer> operator()(const SurrenderedListCall&) { return list_surrendered(hub); }
    Result<Answer> operator()(const SurrenderedSettleCall& call) { return settle_surrendered(hub, call); }

    Result<Answer> operator()(const DeviceListCall&)
    {
        TextTable table{{"DEVICE", "PERSON", "LAST CONTACT", "VERSION", "CLOCK", "UNSENT", "STORED", "STATE", "ID"}};
        Json list = Json::array();
        for (const auto& row : hub.devices()) {
            const auto person = directory.name_of(row.person);
            table.add({row.name, person, short_text(row.last_contact), row.app_version, clock_text(row.clock_offset), std::to_string(row.unsent),
                       fmt::format("{:.1f} MB", static_cast<double>(row.bytes_stored) / 1e6), state_of(row), row.id.text()});
            list.push_back({{"id", row.id.text()}, {"name", row.name}, {"person", reference(row.person, person)}, {"app_version", row.app_version},
                            {"enrolled_at", to_text(row.enrolled_at)}, {"last_contact", json_of(row.last_contact)}, {"revoked_at", json_of(row.revoked_at)},
                            {"unsent", row.unsent}, {"clock_offset_ms", row.clock_offset.count()}, {"bytes_stored", row.bytes_stored},
                            {"surrendered", row.surrendered}, {"wiped_at", json_of(row.wiped_at)}, {"awaits_since", json_of(row.awaits_since)}});
        }
        return Answer{{{"devices", std::move(list)}}, table.text()};
    }

    Result<Answer> operator()(const DeviceRevokeCall& call)
    {
        const auto device = directory.find_device(call.device);
        if (!device) return device.error();
        ROADBOOK_CHECK(hub.revoke(*device));
        return Answer{{{"id", device->text()}, {"revoked", true}},
                      fmt::format("device {} has no access any more; its person enrols another one with a new code\n", device->text())};
    }

    Result<Answer> operator()(const QuarantineListCall& call) { return list_quarantine(hub, call, as_json); }
    Result<Answer> operator()(const QuarantineShowCall& call) { return show_quarantined(hub, call); }
    Result<Answer> operator()(const QuarantineDecideCall& call) { return decide(hub, call); }

    Result<Answer> operator()(const DeviceAdmitCall& call)
    {
        const auto device = directory.find_device(call.device);
        if (!device) return device.error();
        ROADBOOK_CHECK(hub.admit(*device));
        return Answer{{{"id", device->text()}, {"admitted", true}}, fmt::format("device {} may come in: it connects again by itself\n", device->text())};
    }

    Result<Answer> operator()(const DeviceRenameCall& call)
    {
        const auto device = directory.find_device(call.device);
        if (!device) return device.error();
        ROADBOOK_CHECK(hub.rename(*device, call.name));
        return Answer{{{"id", device->text()}, {"name", call.name}}, fmt::format("device {} is called {} now\n", device->text(), call.name)};
    }

    Result<Answer> operator()(const NumbersCall&)
    {
        TextTable table{{"RECORD TYPE", "PERIOD", "NUMBERS", "USED", "PERSON", "LEASED", "DEVICE"}};
        Json list = Json::array();
        for (const auto& row : hub.number_leases()) {
            const auto person = directory.name_of(row.person);
            const auto last = row.first + row.count - 1;
            table.add({row.record_type, row.period, fmt::format("{} to {}", row.first, last), std::to_string(row.used), person, short_text(row.leased_at),
                       row.device.text()});
            list.push_back({{"kind", row.record_type}, {"period", row.period}, {"first", row.first}, {"last", last}, {"used", row.used},
                            {"person", reference(row.person, person)}, {"device", row.device.text()}, {"leased_at", to_text(row.leased_at)}});
        }
        return Answer{{{"leases", std::move(list)}}, table.text()};
    }

    Result<Answer> operator()(const FindingsCall&)
    {
        const auto named = [&](const std::vector<RecordId>& ids) {
            Json list = Json::array();
            for (const auto& id : ids) list.push_back(reference(id, directory.name_of(id)));
            return list;
        };
        std::string text;
        Json list = Json::array();
        for (const auto& one : hub.findings()) {
            std::string people;
            for (const auto& person : one.people) people += (people.empty() ? "" : ", ") + directory.name_of(person);
            text += fmt::format("{}: {}\n  concerns  {}\n  way out   {}\n", one.rule, one.words.en, people.empty() ? "nobody in particular" : people, one.way_out.en);
            Json records = Json::array();
            for (const auto& id : one.records) records.push_back(id.text());
            list.push_back({{"name", one.name}, {"rule", one.rule}, {"words", one.words.en}, {"words_zh", one.words.zh}, {"way_out", one.way_out.en},
                            {"way_out_zh", one.way_out.zh}, {"records", std::move(records)}, {"people", named(one.people)},
                            {"money", one.money ? Json(one.money->text()) : Json(nullptr)},
                            {"minutes", one.time ? Json(std::chrono::duration_cast<std::chrono::minutes>(*one.time).count()) : Json(nullptr)},
                            {"quantity", one.quantity ? Json(decimal_text(*one.quantity, 3)) : Json(nullptr)}});
        }
        return Answer{{{"count", list.size()}, {"findings", std::move(list)}}, text.empty() ? "all records go together\n" : text};
    }

    Result<Answer> operator()(const TerritoryListCall&)
    {
        TextTable table{{"TERRITORY", "CODE", "REGION", "HOLDER", "ID"}};
        Json list = Json::array();
        for (const auto& row : directory.territories()) {
            table.add({row.name, row.code, row.region, row.holder ? row.holder_name : "(vacant)", row.id.text()});
            list.push_back({{"id", row.id.text()}, {"name", row.name}, {"code", row.code}, {"region", row.region}, {"holder", reference(row.holder, row.holder_name)}});
        }
        return Answer{{{"territories", std::move(list)}}, table.text()};
    }

    Result<Answer> operator()(const TerritoryAssignCall& call)
    {
        const auto territory = directory.find_territory(call.territory);
        if (!territory) return territory.error();
        const auto holder = someone_or_nobody(call.person, call.nobody, "which person");
        if (!holder) return holder.error();
        const auto preview = hub.preview_handover(*territory, holder->value_or(RecordId{}), {});
        if (!preview) return preview.error();
        if (!call.preview) ROADBOOK_CHECK(directory.assign(*territory, *holder));
        const auto holder_name = *holder ? directory.name_of(**holder) : std::string{};
        auto json = protocol::json_of(*preview);
        json["id"] = territory->text();
        json["holder"] = reference(*holder, holder_name);
        json["done"] = !call.preview;
        const auto done = fmt::format("the territory is {} now, with all that is in it\n", *holder ? holder_name + "'s" : "vacant");
        return Answer{std::move(json), protocol::text_of(*preview) + (call.preview ? "only a preview: nothing was changed\n" : done)};
    }

    Result<Answer> operator()(const ReassignCall& call)
    {
        const auto territory = directory.find_territory(call.territory);
        if (!territory) return territory.error();
        if (call.undo) return undo_handover(*territory);
        if (call.to.empty()) return fail(Errc::bad_argument, "to whom? Name him with --to, or take the last hand-over back with --undo", "to");
        const auto to = directory.find_person(call.to);
        if (!to) return to.error();
        const auto preview = hub.preview_handover(*territory, *to, call.on);
        if (!preview) return preview.error();
        if (!call.preview) ROADBOOK_CHECK(directory.hand_over(*territory, *to, call.on));
        auto json = protocol::json_of(*preview);
        json["done"] = !call.preview;
        const auto done = call.on.empty() ? "handed over; undo within 24 hours with --undo\n" : fmt::format("will be handed over on {}; undo with --undo\n", call.on);
        return Answer{std::move(json), protocol::text_of(*preview) + (call.preview ? "only a preview: nothing was changed\n" : done)};
    }

    Result<Answer> undo_handover(const RecordId& territory)
    {
        ROADBOOK_CHECK(directory.take_back_handover(territory));
        const auto holder = schema::reference_of(hub.record(territory).value(), "holder");
        const auto holder_name = holder ? directory.name_of(*holder) : std::string{};
        return Answer{{{"id", territory.text()}, {"holder", reference(holder, holder_name)}, {"undone", true}},
                      fmt::format("taken back: the territory is {} now\n", holder ? holder_name + "'s" : "vacant")};
    }

    Result<Answer> operator()(const ImportCall& call)
    {
        ROADBOOK_CHECK(check_no_demo(data));
        auto memory = ImportMemory::open(data);
        if (!memory) return memory.error();
        auto read = read_northwind(call.folder);
        if (!read) return read.error();
        return answer_of(import_records(hub, *memory, call.folder, std::move(*read)));
    }

    Result<Answer> operator()(const ImportDemoCall& call)
    {
        const auto report = import_demo(hub, call.size, [](std::size_t done, std::size_t total) { fmt::print(stderr, "{} of {} records\n", done, total); });
        if (!report) return report.error();
        mark_as_demo(data);
        return answer_of(*report);
    }

    Result<Answer> operator()(const ImportFileCall& call)
    {
        if (!call.dry_run) ROADBOOK_CHECK(check_no_demo(data));
        return import_file(hub, data, call);
    }
    Result<Answer> operator()(const ImportListCall&) { return list_imports(data); }
    Result<Answer> operator()(const ImportUndoCall& call) { return take_back_import(hub, data, call); }
    Result<Answer> operator()(const BackupCall& call) { return back_up(hub, data, call); }
    Result<Answer> operator()(const RestoreCall& call) { return restore(data, call); } // refuses: a server is there
    Result<Answer> operator()(const ConfirmRestoreCall& call) { return confirm_restore(hub, call); }
    Result<Answer> operator()(const AuditListCall& call) { return list_audit(hub, call); }
    Result<Answer> operator()(const AuditVerifyCall& call) { return verify_audit(hub, call); }
    Result<Answer> operator()(const AuditHeadCall&) { return show_audit_head(hub); }
    Result<Answer> operator()(const ExportCall& call) { return export_file(hub, data, call); }
    Result<Answer> operator()(const ExportPaymentsCall& call) { return export_payments(hub, call); }

    Result<std::optional<RecordId>> someone_or_nobody(const std::string& word, bool nobody, std::string_view missing)
    {
        if (nobody) return std::optional<RecordId>{};
        if (word.empty()) return fail(Errc::bad_argument, fmt::format("{}? Name one, or say --nobody", missing));
        const auto person = directory.find_person(word);
        if (!person) return person.error();
        return std::optional{*person};
    }

    static Answer answer_of(const ImportReport& report)
    {
        TextTable table{{"", "CREATED", "CHANGED", "UNCHANGED", "SKIPPED"}};
        Json counts = Json::array();
        for (const auto& [kind, count] : report.counts) {
            table.add({kind, std::to_string(count.created), std::to_string(count.changed), std::to_string(count.unchanged), std::to_string(count.skipped)});
            counts.push_back({{"kind", kind}, {"created", count.created}, {"changed", count.changed}, {"unchanged", count.unchanged}, {"skipped", count.skipped}});
        }
        Json broken = Json::array();
        auto text = table.text();
        if (!report.broken.empty()) text += fmt::format("{} skipped; mend what is wrong and run the import again:\n", counted(report.broken.size(), "broken row was", "broken rows were"));
        for (const auto& row : report.broken) {
            text += fmt::format("{}:{}: {}\n", row.file, row.line, row.why);
            broken.push_back({{"file", row.file}, {"line", row.line}, {"why", row.why}});
        }
        return {{{"counts", std::move(counts)}, {"broken", std::move(broken)}}, std::move(text)};
    }
};

/// A mistyped folder must not become an empty server.
bool may_make_server(const AdminCommand& command)
{
    return std::holds_alternative<PersonAddCall>(command) || std::holds_alternative<ImportCall>(command) || std::holds_alternative<ImportDemoCall>(command);
}

} // namespace

std::string short_text(const std::optional<Time>& time)
{
    constexpr std::size_t up_to_seconds = 19;
    if (!time) return "never";
    auto text = to_text(*time).substr(0, up_to_seconds);
    text[text.find('T')] = ' ';
    return text;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

Result<Answer> administer(const AdminCall& call)
{
    if (const auto* wanted = std::get_if<RestoreCall>(&call.command)) return restore(call.data, *wanted); // there is no server to open yet
    if (!may_make_server(call.command) && !std::filesystem::exists(call.data / Hub::file_name))
        return fail(Errc::not_found, fmt::format("{} holds no server yet: check the path, or make one with `roadbookd serve`", call.data.string()));
    Hub::Options options;
    options.folder = call.data;
    const auto hub = Hub::open(options);
    if (!hub) return hub.error();
    return std::visit(Clerk{**hub, call.data, call.json}, call.command);
}

} // namespace roadbook::server
