#include "sync-server/app/command_line.hpp"

#include "shared/schema/validation.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

namespace roadbook::server {
namespace {

using Words = std::vector<std::string>;

constexpr auto about = R"(The Roadbook sync server: keeps the records of a company and brings its devices together.)";
constexpr auto after_help = R"(A person, territory or device is named by its id, its name or code, or a part of the name that only one has.
Exit status: 0 done, 1 failed, 2 a call that cannot be understood, 3 port in use, 4 data folder in use, 5 data of a newer
version, 6 certificate, 7 disk full.)";
constexpr int audit_last_max = 1'000'000; // entries in memory at once: some 300 MB
constexpr int code_minutes_max = 60 * 24 * 30; // a code that nobody used in a month belongs to nobody
constexpr int leaver_days_max = 365;

/// CLI11 fills these while it parses; a callback of the command that was named then moves its own into `call`.
struct Slots {
    explicit Slots(const char* data_from_environment) : data{data_from_environment != nullptr ? data_from_environment : ""} {}
    ServeCall serve;
    std::string data; ///< a flag writes over what the environment says
    bool json = false;
    PersonListCall person_list;
    PersonAddCall person_add;
    PersonRoleCall person_role;
    PersonReportsToCall person_reports_to;
    CodeCall code;
    PasswordCall password;
    RevokeCall revoke;
    ReadmitCall readmit;
    LeaverCall leaver;
    SurrenderedListCall surrendered_list;
    SurrenderedSettleCall surrendered_carry_out, surrendered_discard;
    DeviceListCall device_list;
    DeviceRevokeCall device_revoke;
    DeviceAdmitCall device_admit;
    DeviceRenameCall device_rename;
    QuarantineListCall quarantine_list;
    QuarantineShowCall quarantine_show;
    QuarantineDecideCall quarantine_release, quarantine_return, quarantine_discard;
    NumbersCall numbers;
    FindingsCall findings;
    TerritoryListCall territory_list;
    TerritoryAssignCall territory_assign;
    ReassignCall reassign;
    ImportCall import;
    ImportDemoCall import_demo;
    ImportFileCall import_file;
    ImportListCall import_list;
    ImportUndoCall import_undo;
    ExportCall export_file;
    ExportPaymentsCall export_payments;
    AuditListCall audit_list;
    AuditVerifyCall audit_verify;
    AuditHeadCall audit_head;
    BackupCall backup;
    RestoreCall restore;
    ConfirmRestoreCall confirm_restore;
    std::optional<Call> call;
};

template <class C>
CLI::App& admin_command(CLI::App& parent, Slots& slots, const std::string& name, const std::string& text, C& made)
{
    auto& command = *parent.add_subcommand(name, text);
    command.fallthrough(); // --data and --json may stand behind the command, too
    command.callback([&slots, &made] { slots.call = AdminCall{std::move(made), slots.data, slots.json}; });
    return command;
}

CLI::App& group(CLI::App& parent, const std::string& name, const std::string& text)
{
    auto& made = *parent.add_subcommand(name, text);
    made.fallthrough();
    made.require_subcommand(1);
    return made;
}

void wish(CLI::App& app, const std::string& name, std::optional<std::string>& value, const std::string& text)
{
    app.add_option_function<std::string>(name, [&value](const std::string& said) { value = said; }, text);
}

void add_data(CLI::App& app, Slots& slots)
{
    // Not envname(): CLI11 would fill in the options of the groups that were not called, too, and the last of them would win over the flag.
    app.add_option("--data", slots.data, "the server's data folder; or set ROADBOOKD_DATA")->required(slots.data.empty());
    app.add_flag("--json", slots.json, "one line of JSON instead of text; errors, too");
}

void add_serve(CLI::App& app, Slots& slots)
{
    auto& serve = *app.add_subcommand("serve", "serve devices until SIGTERM");
    auto& flags = slots.serve.flags;
    wish(serve, "--data", flags.data, "the data folder; made if it is not there");
    wish(serve, "--listen", flags.listen, fmt::format("HOST:PORT; port 0 takes a free one. {} unless said", Settings::default_listen));
    wish(serve, "--cert", flags.cert, "PEM file of the certificate with its chain; a development certificate is made unless given");
    wish(serve, "--key", flags.key, "PEM file of its key");
    serve.add_option("--name", flags.names, "a host name that a development certificate is made for, too; may be given again")->allow_extra_args(false);
    wish(serve, "--log-level", flags.log_level, "debug, info, warning, error or off; info unless said");
    wish(serve, "--log-file", flags.log_file, "write the log there instead of to standard error; rotated at 10 MiB");
    wish(serve, "--lease-days", flags.lease_days, "devices lock their records after so many days without this server; 0: never; 14 unless said");
    serve.add_option("--config", slots.serve.config, "a TOML file of these settings; flags win over it");
    serve.callback([&slots] { slots.call = std::move(slots.serve); });
}

void add_people(CLI::App& admin, Slots& slots)
{
    auto& person = group(admin, "person", "people, their roles and who reports to whom");
    admin_command(person, slots, "list", "everybody", slots.person_list);
    auto& add = admin_command(person, slots, "add", "a new person", slots.person_add);
    add.add_option("NAME", slots.person_add.name)->required();
    add.add_option("--role", slots.person_add.role, "rep, engineer, dispatcher, manager, finance, product_manager or admin")->required();
    add.add_option("--reports-to", slots.person_add.reports_to, "his manager");
    add.add_option("--title", slots.person_add.title, "job title");
    add.add_option("--email", slots.person_add.email);
    add.add_option("--phone", slots.person_add.phone);
    auto& role = admin_command(person, slots, "role", "give a person another role", slots.person_role);
    role.add_option("PERSON", slots.person_role.person)->required();
    role.add_option("ROLE", slots.person_role.role)->required();
    auto& reports = admin_command(person, slots, "reports-to", "give a person another manager", slots.person_reports_to);
    reports.add_option("PERSON", slots.person_reports_to.person)->required();
    auto* boss = reports.add_option("MANAGER", slots.person_reports_to.boss);
    reports.add_flag("--nobody", slots.person_reports_to.nobody, "he is the head")->excludes(boss);

    auto& code = admin_command(admin, slots, "code", "a one-time code with which a person enrols a device", slots.code);
    code.add_option("PERSON", slots.code.person)->required();
    code.add_option("--minutes", slots.code.minutes, "how long it may be used")->check(CLI::Range(1, code_minutes_max))->capture_default_str();
    code.add_option("--server", slots.code.server, "wss://HOST:PORT for the QR code; where this server last served unless given");
    code.add_flag("--qr", slots.code.qr, "a QR code, too, also when standard output is no terminal");
    auto& password = admin_command(admin, slots, "password", "a password with which a person enrols a device when no code is at hand, read from standard input",
                                   slots.password);
    password.add_option("PERSON", slots.password.person)->required();
    auto& revoke = admin_command(admin, slots, "revoke", "end the access of a device, or of a person with all devices, within a second", slots.revoke);
    revoke.add_option("WHO", slots.revoke.who, "a device or a person")->required();
    auto& readmit = admin_command(admin, slots, "readmit", "let a person in again, with new devices", slots.readmit);
    readmit.add_option("PERSON", slots.readmit.person)->required();
    auto& leaver = admin_command(admin, slots, "leaver", "a person leaves: ends the access, and tells what was deleted lately and what is left behind", slots.leaver);
    leaver.add_option("PERSON", slots.leaver.person)->required();
    leaver.add_option("--days", slots.leaver.days, "how far to look back for deletions")->check(CLI::Range(1, leaver_days_max))->capture_default_str();
    leaver.add_flag("--bring-back", slots.leaver.bring_back, "undo these deletions");
}

void add_quarantine(CLI::App& admin, Slots& slots)
{
    auto& quarantine = group(admin, "quarantine", "edits that were refused, or that devices handed over; they are kept until somebody decides");
    quarantine.require_subcommand(0, 1);
    quarantine.callback([&quarantine, &slots] {
        if (quarantine.get_subcommands().empty()) slots.call = AdminCall{slots.quarantine_list, slots.data, slots.json};
    });
    auto& list = admin_command(quarantine, slots, "list", "those that wait, and why; the same as no command", slots.quarantine_list);
    list.add_flag("--all", slots.quarantine_list.all, "and those about which somebody has decided");
    auto& show = admin_command(quarantine, slots, "show", "one of them: what it would write", slots.quarantine_show);
    show.add_option("NUMBER", slots.quarantine_show.number, "as the list has it: 12, s3")->required();
    const auto add = [&](const std::string& verb, const std::string& text, QuarantineDecideCall& call) -> CLI::App& {
        auto& made = admin_command(quarantine, slots, verb, text, call);
        call.verb = verb;
        made.add_option("NUMBER", call.numbers, "one or more, as the list has them")->required();
        made.add_option("--as", call.as, "who decides it; the administrator unless given");
        return made;
    };
    add("release", "let it into its record, by the authority of whoever decides; what was stranded on it follows", slots.quarantine_release);
    add("return", "ask its author to mend it", slots.quarantine_return).add_option("--reason", slots.quarantine_return.reason, "what to mend; its author reads it");
    add("discard", "drop it; it stays on record, and its author is told", slots.quarantine_discard)
        .add_option("--reason", slots.quarantine_discard.reason, "why; its author reads it")
        ->required();
}

void add_rest(CLI::App& admin, Slots& slots)
{
    auto& device = group(admin, "device", "enrolled devices");
    admin_command(device, slots, "list", "all of them, with their last contact", slots.device_list);
    auto& revoke = admin_command(device, slots, "revoke", "end a device's access for good", slots.device_revoke);
    revoke.add_option("DEVICE", slots.device_revoke.device)->required();
    auto& admit = admin_command(device, slots, "admit", "let a device in that was enrolled after the backup which this server was restored from", slots.device_admit);
    admit.add_option("DEVICE", slots.device_admit.device)->required();
    auto& rename = admin_command(device, slots, "rename", "call a device something else in lists: one that was enrolled after a backup has lost its name", slots.device_rename);
    rename.add_option("DEVICE", slots.device_rename.device)->required();
    rename.add_option("NAME", slots.device_rename.name)->required();

    auto& surrendered = group(admin, "surrendered", "edits that locked and revoked devices handed over; they wait for a decision");
    admin_command(surrendered, slots, "list", "all of them", slots.surrendered_list);
    slots.surrendered_carry_out.carry_out = true;
    auto& carry_out = admin_command(surrendered, slots, "carry-out", "write the edit into its record, for its author", slots.surrendered_carry_out);
    carry_out.add_option("NUMBER", slots.surrendered_carry_out.number)->required();
    auto& discard = admin_command(surrendered, slots, "discard", "drop the edit", slots.surrendered_discard);
    discard.add_option("NUMBER", slots.surrendered_discard.number)->required();

    add_quarantine(admin, slots);

    admin_command(admin, slots, "numbers", "blocks of numbers that devices have for use offline; what is not used explains a gap", slots.numbers);

    admin_command(admin, slots, "findings", "records of the whole company that do not go together, and what one may do about it", slots.findings);

    auto& territory = group(admin, "territory", "territories and who holds them");
    admin_command(territory, slots, "list", "all of them", slots.territory_list);
    auto& assign = admin_command(territory, slots, "assign", "give a territory to another person, with its accounts and all that hangs on them",
                                 slots.territory_assign);
    assign.add_option("TERRITORY", slots.territory_assign.territory)->required();
    auto* person = assign.add_option("PERSON", slots.territory_assign.person);
    assign.add_flag("--nobody", slots.territory_assign.nobody, "leave it vacant: those who lead its holder see it no more either")->excludes(person);
    assign.add_flag("--preview", slots.territory_assign.preview, "only say what it would move");

    auto& reassign = admin_command(admin, slots, "reassign", "hand a territory over to another person, and say first what that moves", slots.reassign);
    reassign.add_option("TERRITORY", slots.reassign.territory)->required();
    auto* to = reassign.add_option("--to", slots.reassign.to, "who takes it");
    auto* on = reassign.add_option("--on", slots.reassign.on, "from this day on, 2026-12-31; now unless given")->needs(to);
    auto* preview = reassign.add_flag("--preview", slots.reassign.preview, "only say what it would move")->needs(to);
    reassign.add_flag("--undo", slots.reassign.undo, "take back the last hand-over, within 24 hours, or one agreed ahead")->excludes(to)->excludes(on)->excludes(preview);
}

void add_import_file(CLI::App& import, Slots& slots, const std::string& format, const std::string& text)
{
    auto& call = slots.import_file;
    auto& made = admin_command(import, slots, format, text, call);
    made.preparse_callback([&call, format](std::size_t) { call.format = format; });
    made.add_option("KIND", call.kind, "a record type, by name or label")->required();
    made.add_option("FILE", call.file)->required();
    made.add_flag("--dry-run", call.dry_run, "say what would happen, and write nothing");
    made.add_option("--zone", call.zone, "the time zone of times that name none: Europe/Vienna")->capture_default_str();
    made.add_option("--set", call.set, "COLUMN=VALUE for every row, over what the file says; may be given again")->allow_extra_args(false);
    made.add_option("--encoding", call.encoding, "utf-8, gb18030, utf-16le, utf-16be, windows-1252; found out unless given");
    made.add_flag("--empty-clears", call.empty_clears, "an empty cell empties a field whoever has filled it in");
    if (format != "csv") return;
    made.add_option("--locale", call.locale, "how numbers and days are written: de, en-US, en-GB, fr, zh ...; 1234.56 and 2026-11-22 unless given");
    made.add_option("--currency", call.currency, "of amounts that name none");
    made.add_option("--skip", call.skip, "a column to leave out; may be given again")->allow_extra_args(false);
}

void add_import(CLI::App& app, Slots& slots)
{
    auto& import = group(app, "import", "bring records in from files; may be run again, and beside a running server");
    add_data(import, slots);
    auto& northwind = admin_command(import, slots, "northwind", "the nine CSV files of the Northwind sample data", slots.import);
    northwind.add_option("DIR", slots.import.folder, "the folder that holds them")->required();
    auto& demo = admin_command(import, slots, "demo", "a made-up company with a year of work, in Chinese and English; into an empty folder", slots.import_demo);
    auto& size = slots.import_demo.size;
    demo.add_option("--accounts", size.accounts, "how many customers it has")->check(CLI::Range(DemoSize::accounts_min, DemoSize::accounts_max))->capture_default_str();
    demo.add_option("--seed", size.seed, "another seed makes another company")->capture_default_str();
    add_import_file(import, slots, "csv", "records of any type; `roadbook-device schema KIND` tells the columns");
    add_import_file(import, slots, "vcard", "contacts, or any type with a name and a telephone number or e-mail address");
    add_import_file(import, slots, "ical", "events or to-dos as visits, work orders, tasks, or any type with such a time");
    admin_command(import, slots, "list", "what was imported, the latest first", slots.import_list);
    auto& undo = admin_command(import, slots, "undo", "take an import back, but for what people have edited since", slots.import_undo);
    undo.add_option("IMPORT", slots.import_undo.run, "its number in `import list`; the latest unless given");
}

void add_export(CLI::App& app, Slots& slots)
{
    auto& group_of_formats = group(app, "export", "records as files that other programs read");
    add_data(group_of_formats, slots);
    auto& call = slots.export_file;
    const auto add = [&](const std::string& format, const std::string& text) -> CLI::App& {
        auto& made = admin_command(group_of_formats, slots, format, text, call);
        made.add_option("KIND", call.kind, "a record type, by name or label")->required();
        made.add_option("--out", call.out, "write this file instead of standard output");
        made.preparse_callback([&call, format](std::size_t) { call.format = format; });
        return made;
    };
    auto& csv = add("csv", "all fields of all records, as `import csv` reads them back");
    csv.add_option("--labels", call.labels, "the header: names, en or zh")->check(CLI::IsMember({"names", "en", "zh"}))->capture_default_str();
    csv.add_option("--encoding", call.encoding, "utf-8, utf-8-bom or utf-16 for spreadsheets, gb18030")->capture_default_str();
    auto& vcard = add("vcard", "contacts for address books");
    vcard.add_option("--version", call.version, "3 or 4")->check(CLI::IsMember({"3", "4"}))->capture_default_str();
    add("ical", "visits, work orders or tasks for calendars");
    auto& payments = admin_command(group_of_formats, slots, "payments", "notes as paid all that was approved and is due, once, and lists it for the bank as CSV", slots.export_payments);
    auto& run = slots.export_payments;
    payments.add_option("--out", run.out, "write this file instead of standard output");
    payments.add_option("--on", run.on, "the day of payment, 2026-12-01; today unless given");
    payments.add_option("--reference", run.reference, "of the bank, for every payment");
    payments.add_option("--by", run.by, "who pays: nobody pays his own report");
    auto* dry_run = payments.add_flag("--dry-run", run.dry_run, "list what is due and note nothing");
    payments.add_option("--again", run.again, "list what was noted as paid on this day, and pay nothing")->excludes(dry_run);
}

void add_audit(CLI::App& app, Slots& slots)
{
    auto& audit = group(app, "audit", "the log of what was decided: changes, grants, devices, logins, imports, exports");
    add_data(audit, slots);
    auto& list = admin_command(audit, slots, "list", "what happened, the latest last", slots.audit_list);
    auto& call = slots.audit_list;
    list.add_option("--person", call.person, "done by this person, or about him");
    list.add_option("--device", call.device, "with this device");
    list.add_option("--record", call.record, "about the record with this id");
    list.add_option("--since", call.since, "from this day or time on, UTC: 2026-11-22 or 2026-11-22T14:05:00Z");
    list.add_option("--kind", call.kind, "only such entries: change_refused, login, exported ...");
    list.add_option("--last", call.last, "at most so many, the latest")->check(CLI::Range(1, audit_last_max))->capture_default_str();
    auto& verify = admin_command(audit, slots, "verify", "check that no entry was changed, taken out or put elsewhere", slots.audit_verify);
    verify.add_option("--head", slots.audit_verify.head, "what `audit head` printed earlier: finds out, too, whether the end was cut off");
    admin_command(audit, slots, "head", "the last entry's number and hash, to be kept elsewhere", slots.audit_head);
}

void add_backup(CLI::App& app, CLI::App& admin, Slots& slots)
{
    auto& backup = admin_command(app, slots, "backup", "the whole server in one file, while it runs", slots.backup);
    add_data(backup, slots);
    backup.add_option("FILE", slots.backup.file, "a tar file; replaced if it is there")->required();
    auto& restore = admin_command(app, slots, "restore", "a server out of a backup, into an empty folder", slots.restore);
    add_data(restore, slots);
    restore.add_option("FILE", slots.restore.file)->required();
    restore.add_option("--keys", slots.restore.keys, "the recovery.key of the server that made the backup: then devices bring back what is lost, as its authors'");
    auto& confirm = admin_command(admin, slots, "confirm-restore", "after a restore: shows what is granted; with --yes the server serves again", slots.confirm_restore);
    confirm.add_flag("--yes", slots.confirm_restore.yes, "it is right so");
    confirm.add_option("--revoke", slots.confirm_restore.revoke, "a device that was revoked after the backup was made; may be given again")->allow_extra_args(false);
}

// ---- what went wrong, in words

Words names_of(const CLI::App& app)
{
    Words names;
    for (const auto* sub : app.get_subcommands({})) names.push_back(sub->get_name());
    return names;
}

void append_options(const CLI::App& app, Words& names)
{
    for (const auto* option : app.get_options())
        if (option->nonpositional()) names.push_back(option->get_name());
}

Error no_such(std::string_view what, const std::string& wrong, const Words& names)
{
    const auto near = schema::nearest_name(wrong, names);
    return fail(Errc::bad_argument, near.empty() ? fmt::format("there is no {} '{}'. There are: {}", what, wrong, fmt::join(names, ", "))
                                                 : fmt::format("there is no {} '{}': did you mean '{}'? There are: {}", what, wrong, near, fmt::join(names, ", ")));
}

/// The command that was named last: "admin person", say.
const CLI::App* deepest(const CLI::App& app, Words& path)
{
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty()) {
        at = at->get_subcommands().front();
        path.push_back(at->get_name());
    }
    return at;
}

Error explain(const CLI::App& app, const CLI::ParseError& error)
{
    Words path;
    const auto* at = deepest(app, path);
    const auto called = fmt::format("{}", fmt::join(path, " "));
    const auto extras = app.remaining(true);
    for (const auto& word : extras) {
        if (word.starts_with('-')) {
            Words options;
            for (const auto* one = at; one != nullptr; one = one->get_parent()) append_options(*one, options);
            return no_such(called.empty() ? "option" : fmt::format("option of {}", called), word.substr(0, word.find('=')), options);
        }
        if (const auto commands = names_of(*at); !commands.empty()) return no_such(called.empty() ? "command" : fmt::format("command of {}", called), word, commands);
    }
    if (const auto commands = names_of(*at); !commands.empty())
        return fail(Errc::bad_argument, fmt::format("{}a command is missing. There are: {}", called.empty() ? "" : called + ": ", fmt::join(commands, ", ")));
    return fail(Errc::bad_argument, fmt::format("{}: {}. `roadbookd {} --help` tells how it is called", called, error.what(), called));
}

} // namespace

Result<Parsed> parse(const Words& words)
{
    Slots slots{std::getenv("ROADBOOKD_DATA")};
    CLI::App app{about, "roadbookd"};
    app.footer(after_help);
    app.require_subcommand(1);
    app.set_version_flag("--version", "roadbookd " ROADBOOK_VERSION);
    add_serve(app, slots);
    auto& admin = group(app, "admin", "people, codes, devices, territories; works beside a running server");
    add_data(admin, slots);
    add_people(admin, slots);
    add_rest(admin, slots);
    add_import(app, slots);
    add_export(app, slots);
    add_audit(app, slots);
    add_backup(app, admin, slots);
    try {
        app.parse(Words{words.rbegin(), words.rend()}); // CLI11 takes them from the back
    } catch (const CLI::CallForHelp&) {
        Words path;
        return Parsed{std::nullopt, deepest(app, path)->help()};
    } catch (const CLI::CallForVersion& version) {
        return Parsed{std::nullopt, std::string{version.what()} + "\n"};
    } catch (const CLI::ParseError& error) {
        return explain(app, error);
    }
    return Parsed{std::move(slots.call), {}};
}

} // namespace roadbook::server
