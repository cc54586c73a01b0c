#include "mobile-app/headless/command_line.hpp"

#include "mobile-app/headless/names.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace roadbook::headless {
namespace {

constexpr auto about =
    R"(A Roadbook device at the command line: the same replica as the app, for scripts, imports and tests.
Everything but enrol and sync works without a network.)";
constexpr auto after_help =
    R"(Values are FIELD=VALUE words. Money is "1280.00 CNY", a day 2026-01-31, a time 2026-01-31T14:05:00Z, a reference
the id of a record (or `me` for yourself); FIELD= clears, notes=@FILE reads a file. `schema KIND` tells the fields.
Exit status: 0 done, 1 refused or not found, 2 a call that cannot be understood.)";

/// CLI11 fills these while it parses; a callback of the command that was named then moves its own into `command`.
struct Slots {
    EnrolCall enrol;
    SyncCall sync;
    ListCall list;
    ShowCall show;
    AddCall add;
    SetCall set;
    DeleteCall delete_record;
    UndeleteCall undelete;
    AddItemCall add_item;
    SetItemCall set_item;
    RemoveItemCall remove_item;
    SearchCall search;
    ConflictsCall conflicts;
    FindingsCall findings;
    MergeAccountsCall merge_accounts;
    UnmergeAccountsCall unmerge_accounts;
    ResolveCall resolve;
    ResolveAllCall resolve_all;
    JoinCall join;
    UndoCall undo;
    PreviewCall preview;
    OutboxCall outbox;
    ReceiptsCall receipts;
    StatusCall status;
    BatchCall batch;
    SchemaCall schema;
    ExportCall export_file;
    PinCall pin;
    SurrenderCall surrender;
    AttachCall attach;
    FetchCall fetch;
    ApproveCall approve;
    SignCall sign;
    PayCall pay;
    RefusedListCall refused_list;
    RefusedShowCall refused_show;
    RefusedMendCall refused_mend;
    RefusedRetryCall refused_retry;
    RefusedDropCall refused_drop;
    QuarantineListCall quarantine_list;
    QuarantineDecideCall quarantine_show, quarantine_release, quarantine_return, quarantine_discard;
    ReassignCall reassign;
    std::optional<Command> command;
};

template <class C>
CLI::App& command(CLI::App& app, Slots& slots, const std::string& name, const std::string& text, C& call,
                  const std::string& example)
{
    auto& made = *app.add_subcommand(name, text);
    const auto group = app.get_parent() != nullptr ? app.get_name() + " " : std::string{};
    made.footer("Example: roadbook-device --data DIR " + group + name + example);
    made.fallthrough(); // --data and --json may stand behind the command, too
    made.callback([&slots, &call] { slots.command = std::move(call); });
    return made;
}

/// A command of commands.
CLI::App& group(CLI::App& app, const std::string& name, const std::string& text)
{
    auto& made = *app.add_subcommand(name, text);
    made.fallthrough();
    made.require_subcommand(1);
    return made;
}

/// An option that may be given many times, one value each: "--where a=1 b=2" would else swallow what follows.
void repeated(CLI::App& app, const std::string& name, Words& values, const std::string& text)
{
    app.add_option(name, values, text)->allow_extra_args(false);
}

void add_connecting(CLI::App& app, Slots& slots)
{
    auto& enrol = command(app, slots, "enrol", "make this folder a device of yours, with a one-time code", slots.enrol,
                          " --server wss://crm.example.com:8443 --code K7QF-29XM --ca server.pem");
    enrol.add_option("--server", slots.enrol.server, "wss://HOST:PORT");
    enrol.add_option("--link", slots.enrol.link, "roadbook:enrol?... as the administrator's QR code holds it: server, code and fingerprint in one");
    auto* code = enrol.add_option("--code", slots.enrol.code, "the code from your administrator");
    enrol.add_option("--person", slots.enrol.person, "your e-mail address or whole name, with a password in place of a code")->excludes(code);
    enrol.add_option("--password-file", slots.enrol.password_file, "its first line is your password; - reads standard input; or set ROADBOOK_PASSWORD");
    auto* ca = enrol.add_option("--ca", slots.enrol.ca, "file of certificates to trust instead of the system's");
    enrol.add_option("--pin", slots.enrol.pin, "sha256:... of the server's certificate, to trust that one alone")
        ->excludes(ca);
    enrol.add_option("--name", slots.enrol.name, "what this device is called; the machine's name unless given");

    command(app, slots, "surrender", "hand over what was not sent yet, sealed, without opening the records: for a device that is locked", slots.surrender, "");

    auto& sync = command(app, slots, "sync", "send what was saved here, receive what others saved", slots.sync, "");
    sync.add_flag("--watch", slots.sync.watch, "stay connected until interrupted");
    sync.add_flag("--progress", slots.sync.progress,
                  "tell what has come so far even when standard error is no terminal");
}

void add_reading(CLI::App& app, Slots& slots)
{
    auto& list = command(app, slots, "list", "the records of a kind", slots.list,
                         " visit --where status=planned --where owner=me --order planned_at");
    list.add_option("KIND", slots.list.kind)->required();
    repeated(list, "--where", slots.list.where, "F=V: only those whose field is this; given again, all must hold");
    list.add_option("--order", slots.list.order, "field to sort by; the title unless given");
    list.add_flag("--desc", slots.list.descending, "the greatest first");
    list.add_option("--limit", slots.list.limit, "at most so many")->check(CLI::PositiveNumber);
    list.add_option("--offset", slots.list.offset, "leave out so many first")->check(CLI::NonNegativeNumber);
    repeated(list, "--column", slots.list.columns, "a field to show; given again, all these");
    list.add_flag("--ids", slots.list.ids_only, "print ids alone");

    auto& show = command(app, slots, "show", "one record: fields, items, total, open conflicts", slots.show,
                         " 019a3f6e-58c1-7a04-9d2b-6f1c0e8b7a35 --history");
    show.add_option("ID", slots.show.id)->required();
    show.add_flag("--history", slots.show.history, "every change of it: who, when, what");
    auto* as_of = show.add_option("--as-of", slots.show.as_of, "as it was then: a time such as 2026-01-31T14:05:00Z");
    show.add_option("--approval", slots.show.approval, "as the author of this approval or signature saw it")->excludes(as_of);

    auto& search = command(app, slots, "search", "find records by words in them", slots.search, " 机电 --kind account");
    search.add_option("TEXT", slots.search.text)->required();
    search.add_option("--kind", slots.search.kind, "records of this kind alone");
    search.add_option("--limit", slots.search.limit, "at most so many")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    search.add_flag("--ids", slots.search.ids_only, "print ids alone");

    auto& schema = command(app, slots, "schema", "what kinds of records there are and what fields they have", slots.schema, " quote");
    auto* kind = schema.add_option("KIND", slots.schema.kind);
    schema.add_flag("--markdown", slots.schema.markdown, "all of them as a page for people")->excludes(kind);
    schema.add_flag("--rules", slots.schema.rules, "what becomes of edits made apart, as a page for people")->excludes(kind);

    auto& exported = command(app, slots, "export", "the records of a kind as a file for other programs", slots.export_file,
                             " contact --format vcard --out contacts.vcf");
    exported.add_option("KIND", slots.export_file.kind)->required();
    exported.add_option("--format", slots.export_file.format, "csv, vcard (contacts) or ical (visits, work orders, tasks)")
        ->check(CLI::IsMember({"csv", "vcard", "ical"}))
        ->capture_default_str();
    exported.add_option("--out", slots.export_file.out, "write this file instead of standard output");
}

void add_items(CLI::App& app, Slots& slots)
{
    auto& add = command(app, slots, "add-item", "a new line or item in a record", slots.add_item,
                        " ID lines product=ID quantity=12 unit_price=\"100.00 CNY\"");
    add.add_option("ID", slots.add_item.id)->required();
    add.add_option("COLLECTION", slots.add_item.collection)->required();
    add.add_option("F=V", slots.add_item.fields)->required();
    add.add_flag("--ids", slots.add_item.ids_only, "print the new item's id alone");

    auto& set = command(app, slots, "set-item", "change fields of a line or item", slots.set_item,
                        " ID lines ITEM quantity=8 --reason \"asked for less\"");
    set.add_option("ID", slots.set_item.id)->required();
    set.add_option("COLLECTION", slots.set_item.collection)->required();
    set.add_option("ITEM", slots.set_item.item)->required();
    set.add_option("F=V", slots.set_item.fields)->required();
    set.add_option("--reason", slots.set_item.reason, "why, for the history");

    auto& remove = command(app, slots, "remove-item", "take a line or item out (it is marked, not destroyed)",
                           slots.remove_item, " ID lines ITEM");
    remove.add_option("ID", slots.remove_item.id)->required();
    remove.add_option("COLLECTION", slots.remove_item.collection)->required();
    remove.add_option("ITEM", slots.remove_item.item)->required();
}

void add_more_settling(CLI::App& app, Slots& slots)
{
    auto& all = command(app, slots, "resolve-all", "settle every open conflict of one field alike", slots.resolve_all,
                        " quote lines/quantity --take newest --reason \"the later count holds\"");
    all.add_option("KIND", slots.resolve_all.kind)->required();
    all.add_option("FIELD", slots.resolve_all.field, "phone, or lines/quantity")->required();
    all.add_option("--take", slots.resolve_all.take, "shown, newest, or the person whose values hold")->capture_default_str();
    all.add_option("--reason", slots.resolve_all.reason, "why, for the history")->required();

    auto& join = command(app, slots, "join", "make one entry of those that two people added apart, or keep them two", slots.join, " ID lines ITEM --reason \"the same ten\"");
    join.add_option("ID", slots.join.id)->required();
    join.add_option("COLLECTION", slots.join.collection)->required();
    join.add_option("ITEM", slots.join.item, "one of them")->required();
    join.add_flag("--keep-both", slots.join.keep_both, "they are meant to be two: not offered any more");
    join.add_option("--reason", slots.join.reason, "why, for the history");

    command(app, slots, "preview", "what the merge would be: receive what colleagues saved, send nothing, and compare", slots.preview, "");

    auto& undo = command(app, slots, "undo", "take an edit back, a resolution, too: what it wrote says again what it said before", slots.undo, " ID --reason \"wrong customer\"");
    undo.add_option("ID", slots.undo.id)->required();
    undo.add_option("--change", slots.undo.change, "the beginning of its hash, as `show --history --json` has it; the last edit of this device unless given");
    undo.add_option("--reason", slots.undo.reason, "why, for the history");
}

void add_editing(CLI::App& app, Slots& slots)
{
    auto& add =
        command(app, slots, "add", "a new record", slots.add,
                " visit subject=\"First visit\" account=ID owner=me planned_at=2026-11-23T09:00:00Z notes=@notes.txt");
    add.add_option("KIND", slots.add.kind)->required();
    add.add_option("F=V", slots.add.fields)->required();
    add.add_option("--reason", slots.add.reason, "why, for the history");
    add.add_flag("--ids", slots.add.ids_only, "print the new record's id alone");

    auto& set = command(app, slots, "set", "change fields of a record", slots.set,
                        " ID phone=\"030-0074321\" fax= --reason \"moved\"");
    set.add_option("ID", slots.set.id)->required();
    set.add_option("F=V", slots.set.fields)->required();
    set.add_option("--reason", slots.set.reason, "why, for the history");

    auto& deleted = command(app, slots, "delete", "take a record out of lists and search; it is marked, not destroyed, and its history stays", slots.delete_record,
                            " ID --reason \"entered by mistake\"");
    deleted.add_option("ID", slots.delete_record.id)->required();
    deleted.add_option("--reason", slots.delete_record.reason, "why, for the history");
    auto& undeleted = command(app, slots, "undelete", "bring back a record that was deleted", slots.undelete, " ID --reason \"still needed\"");
    undeleted.add_option("ID", slots.undelete.id)->required();
    undeleted.add_option("--reason", slots.undelete.reason, "why, for the history");

    add_items(app, slots);

    auto& conflicts =
        command(app, slots, "conflicts", "what two people wrote apart and a person must settle", slots.conflicts, "");
    conflicts.add_flag("--all", slots.conflicts.all, "also those that a rule has settled");

    auto& findings = command(app, slots, "findings", "records that do not go together: booked twice, entered twice, oversold, claimed twice", slots.findings, "");
    findings.add_flag("--all", slots.findings.all, "also those that concern only others");
    auto* dismissed = findings.add_flag("--dismissed", slots.findings.dismissed, "what somebody has said to be none");
    auto* dismiss = findings.add_option("--dismiss", slots.findings.dismiss, "NAME of a duplicate: they are two. Holds until what was compared changes");
    dismiss->needs(findings.add_option("--reason", slots.findings.reason, "why, for the history"))->excludes(dismissed);
    findings.add_option("--restore", slots.findings.restore, "NAME: it counts again")->excludes(dismiss)->excludes(dismissed);
    auto& merge = command(app, slots, "merge-accounts", "two accounts are one customer: the other is shown with the one that is kept", slots.merge_accounts,
                          " KEEP OTHER --reason \"entered twice\"");
    merge.add_option("KEEP", slots.merge_accounts.keep, "the account that stays")->required();
    merge.add_option("OTHER", slots.merge_accounts.other, "the account that becomes another name of it")->required();
    merge.add_option("--reason", slots.merge_accounts.reason, "why, for the history")->required();
    auto& unmerge = command(app, slots, "unmerge-accounts", "take a merge back: they are two customers after all", slots.unmerge_accounts,
                            " OTHER --reason \"two branches\"");
    unmerge.add_option("OTHER", slots.unmerge_accounts.other, "the account that was merged into another")->required();
    unmerge.add_option("--reason", slots.unmerge_accounts.reason, "why, for the history")->required();

    auto& resolve = command(app, slots, "resolve", "settle a conflict with one of its values, or another",
                            slots.resolve, " ID lines/ITEM/quantity 12 --reason \"agreed by phone\"");
    resolve.add_option("ID", slots.resolve.id)->required();
    resolve.add_option("FIELD", slots.resolve.path, "as `conflicts` prints it: phone, or lines/ITEM/quantity")
        ->required();
    resolve.add_option("VALUE", slots.resolve.value, "one of its values or another; `keep` or `remove` for what was taken out and edited apart");
    resolve.add_flag("--keep-both", slots.resolve.keep_both, "in place of VALUE: a line of text holds both, an entry or a record stays");
    resolve.add_option("--reason", slots.resolve.reason, "why, for the history")->required();
    add_more_settling(app, slots);
}

void add_endorsing(CLI::App& app, Slots& slots)
{
    auto& approve = command(app, slots, "approve", "approve a quote, expense report or return as it is on this device", slots.approve, " ID --reason \"within budget\"");
    approve.add_option("ID", slots.approve.id)->required();
    approve.add_flag("--reject", slots.approve.reject, "say no instead");
    approve.add_option("--reason", slots.approve.reason, "what the owner is to know");
    auto& sign = command(app, slots, "sign", "take a customer's signature under a work order, quote or contract as it is on this device", slots.sign,
                         " ID --name \"Maria Anders\" --title Owner --image signature.png");
    sign.add_option("ID", slots.sign.id)->required();
    sign.add_option("--name", slots.sign.name, "who signs")->required();
    sign.add_option("--title", slots.sign.title, "job title");
    sign.add_option("--image", slots.sign.image, "a file with the signature; it is attached");
    auto& pay = command(app, slots, "pay", "note as paid what was approved of an expense report and is due (finance)", slots.pay, " ID --reference TX-2026-117");
    pay.add_option("ID", slots.pay.id)->required();
    pay.add_option("--reference", slots.pay.reference, "of the bank");
}

void add_files(CLI::App& app, Slots& slots)
{
    auto& attach = command(app, slots, "attach", "put a file beside a visit, work order, quote or expense report", slots.attach,
                           " ID photo.jpg");
    attach.add_option("ID", slots.attach.id)->required();
    attach.add_option("FILE", slots.attach.file, "at most 10 MiB")->required();
    attach.add_option("--name", slots.attach.name, "what it is called; the file's own name unless given");
    attach.add_option("--entry", slots.attach.entry, "the entry that it belongs to: an expense item's id");
    auto& fetch = command(app, slots, "fetch", "a file that a record names", slots.fetch, " ID photo.jpg --to photo.jpg");
    fetch.add_option("ID", slots.fetch.id)->required();
    fetch.add_option("NAME", slots.fetch.name, "as `show` prints it, or the beginning of its SHA-256")->required();
    fetch.add_option("--to", slots.fetch.to, "where to write it")->required();
}

void add_refused(CLI::App& app, Slots& slots)
{
    auto& refused = group(app, "refused", "edits that the server refused, and what becomes of them");
    command(refused, slots, "list", "all of them, with the reason", slots.refused_list, "");
    auto& show = command(refused, slots, "show", "one of them", slots.refused_show, " INTENT");
    show.add_option("INTENT", slots.refused_show.intent, "as the list has it")->required();
    auto& mend = command(refused, slots, "mend", "take it back, change it, and save it again", slots.refused_mend, " INTENT credit_limit=\"5000 EUR\"");
    mend.add_option("INTENT", slots.refused_mend.intent, "as the list has it")->required();
    mend.add_option("F=V", slots.refused_mend.fields, "phone=..., or lines/ID/quantity=... as `refused show` prints it");
    repeated(mend, "--without", slots.refused_mend.without, "a field that it is not to set any more; may be given again");
    auto& retry = command(refused, slots, "retry", "take it back and save it again as it was: when rights have changed", slots.refused_retry, " INTENT");
    retry.add_option("INTENT", slots.refused_retry.intents, "one or more")->required();
    auto& drop = command(refused, slots, "drop", "give it up; the server confirms that with the next sync", slots.refused_drop, " INTENT");
    drop.add_option("INTENT", slots.refused_drop.intents, "one or more")->required();
}

void add_quarantine(CLI::App& app, Slots& slots)
{
    auto& quarantine = group(app, "quarantine", "for managers: edits of your people that wait on the server for a decision (asks the server)");
    command(quarantine, slots, "list", "all of them, with the reason", slots.quarantine_list, "");
    const auto add = [&](const std::string& verb, const std::string& text, QuarantineDecideCall& call, const std::string& example) -> CLI::App& {
        call.verb = verb;
        auto& made = command(quarantine, slots, verb, text, call, example);
        made.add_option("NUMBER", call.numbers, "one or more, as the list has them")->required();
        return made;
    };
    add("show", "what it would write", slots.quarantine_show, " 12");
    add("release", "let it into its record by your authority; what was stranded on it follows", slots.quarantine_release, " 12");
    add("return", "ask its author to mend it", slots.quarantine_return, " 12 --reason \"ask for less\"")
        .add_option("--reason", slots.quarantine_return.reason, "what to mend; its author reads it");
    add("discard", "drop it; it stays on record, and its author is told", slots.quarantine_discard, " 12 --reason \"entered twice\"")
        .add_option("--reason", slots.quarantine_discard.reason, "why; its author reads it")
        ->required();
}

void add_reassign(CLI::App& app, Slots& slots)
{
    auto& reassign = command(app, slots, "reassign", "hand a territory over to another person, and say first what that moves", slots.reassign,
                             " North --to \"Ben Ott\" --preview");
    reassign.add_option("TERRITORY", slots.reassign.territory, "its id, name or code")->required();
    auto* to = reassign.add_option("--to", slots.reassign.to, "who takes it");
    auto* on = reassign.add_option("--on", slots.reassign.on, "from this day on, 2026-12-31; now unless given")->needs(to);
    auto* preview = reassign.add_flag("--preview", slots.reassign.preview, "only say what it would move: asks the server")->needs(to);
    reassign.add_flag("--undo", slots.reassign.undo, "take back the last hand-over, within 24 hours, or one agreed ahead")->excludes(to)->excludes(on)->excludes(preview);
}

void add_state(CLI::App& app, Slots& slots)
{
    add_endorsing(app, slots);
    add_files(app, slots);
    add_refused(app, slots);
    add_quarantine(app, slots);
    add_reassign(app, slots);
    command(app, slots, "outbox", "edits that the server has not taken yet, and those it refused", slots.outbox, "");
    command(app, slots, "receipts", "edits that the server took though their records had been handed over", slots.receipts, "");
    command(app, slots, "status", "who this device is and what it holds", slots.status, " --json");
    auto& pin = command(app, slots, "pin", "the PIN that this device is opened with", slots.pin, " set --new-pin-file my-pin");
    pin.add_option("ACTION", slots.pin.action, "set, change or remove")->required()->check(CLI::IsMember({"set", "change", "remove"}));
    pin.add_option("--new-pin-file", slots.pin.new_pin_file, "its first line is the new PIN; - reads standard input; or set ROADBOOK_NEW_PIN");
    auto& batch = command(app, slots, "batch", "many commands from standard input, one a line", slots.batch,
                          " --json < commands.txt");
    batch.add_flag("--keep-going", slots.batch.keep_going, "do the rest after a command that failed");
}

void add_common(CLI::App& app, Call& call, bool in_batch)
{
    app.add_flag("--json", call.json, "one line of JSON instead of text; errors, too");
    if (in_batch) return; // the folder is open
    app.add_option_function<std::string>(
           "--lang", [&call](const std::string& lang) { call.chinese = lang == "zh"; },
           "en or zh: the language in which it says why something is refused")
        ->check(CLI::IsMember({"en", "zh"}));
    app.add_option("--data", call.data, "the folder that holds the device")->envname("ROADBOOK_DATA");
    app.add_option("--pin-file", call.pin_file, "its first line is this device's PIN; - reads standard input; or set ROADBOOK_PIN");
    app.add_flag("--verbose", call.verbose, "write a log to standard error");
    app.set_version_flag("--version", "roadbook-device " ROADBOOK_VERSION);
}

// ---- what went wrong, in words

std::vector<std::string> command_names(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const auto* sub : app.get_subcommands({})) names.push_back(sub->get_name());
    return names;
}

void append_options(const CLI::App& app, std::vector<std::string>& names)
{
    for (const auto* option : app.get_options())
        if (option->nonpositional()) names.push_back(option->get_name());
}

/// The first word that is no option and no value of one: what the caller took for a command.
std::string first_plain(const Words& words)
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--data" || words[i] == "--pin-file" || words[i] == "--lang")
            ++i;
        else if (!words[i].starts_with('-'))
            return words[i];
    }
    return {};
}

Error explain(const CLI::App& app, const Words& words, const CLI::ParseError& error)
{
    const auto named = app.get_subcommands();
    if (named.empty()) {
        const auto word = first_plain(words);
        const auto names = command_names(app);
        if (word.empty())
            return fail(Errc::bad_argument, fmt::format("a command is missing. Commands: {}", fmt::join(names, ", ")));
        if (std::find(names.begin(), names.end(), word) == names.end())
            return no_such("command", "Commands", word, names);
        return fail(Errc::bad_argument, error.what());
    }
    const auto* at = named.front();
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    const auto& sub = *at;
    const auto extras = app.remaining(true);
    const auto option =
        std::find_if(extras.begin(), extras.end(), [](const std::string& word) { return word.starts_with('-'); });
    if (option != extras.end()) {
        std::vector<std::string> names;
        append_options(sub, names);
        append_options(app, names);
        return no_such(fmt::format("option of {}", sub.get_name()), "Options", option->substr(0, option->find('=')),
                       names);
    }
    if (const auto names = command_names(sub); !names.empty()) {
        if (extras.empty()) return fail(Errc::bad_argument, fmt::format("{}: a command is missing. Commands: {}", sub.get_name(), fmt::join(names, ", ")));
        return no_such(fmt::format("command of {}", sub.get_name()), "Commands", extras.front(), names);
    }
    return fail(Errc::bad_argument, fmt::format("{}: {}. `{} --help` tells how it is called", sub.get_name(),
                                                error.what(), sub.get_name()));
}

} // namespace

Result<Parsed> parse(const Words& words, const Call& base)
{
    const bool in_batch = !base.data.empty();
    Call call = base;
    Slots slots;
    CLI::App app{about, "roadbook-device"};
    app.require_subcommand(1);
    add_common(app, call, in_batch);
    add_connecting(app, slots);
    add_reading(app, slots);
    add_editing(app, slots);
    add_state(app, slots);
    app.footer(after_help); // last, so that the commands do not inherit it
    try {
        app.parse(Words{words.rbegin(), words.rend()}); // CLI11 takes them from the back
    } catch (const CLI::CallForHelp&) {
        return Parsed{std::nullopt, app.help()};
    } catch (const CLI::CallForVersion& version) {
        return Parsed{std::nullopt, std::string{version.what()} + "\n"};
    } catch (const CLI::ParseError& error) {
        return explain(app, words, error);
    }
    call.command = std::move(slots.command).value();
    if (call.data.empty() && !std::holds_alternative<SchemaCall>(call.command))
        return fail(Errc::bad_argument, "which device? Name its folder with --data DIR, or set ROADBOOK_DATA");
    return Parsed{std::move(call), {}};
}

} // namespace roadbook::headless
