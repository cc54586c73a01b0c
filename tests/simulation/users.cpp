// What the people of a world do: a random but sensible week of sales.
#include "shared/schema/validation.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::simulation {
namespace {

using schema::Fields;
using schema::Value;

merge::Intent creation(const RecordId& id, std::string_view kind, Fields fields)
{
    merge::Intent intent;
    intent.record = id;
    intent.kind = kind;
    intent.create = true;
    intent.steps.push_back({{}, {}, false, std::move(fields)});
    return intent;
}

const schema::Field* field_of(std::string_view kind, std::string_view collection, std::string_view name)
{
    const auto* described = schema::find_kind(kind);
    return collection.empty() ? described->field(name) : described->collection(collection)->field(name);
}

} // namespace

std::string World::unique(std::string_view word)
{
    return fmt::format("{}{}{:06}{}", word, canary, ++numbers_, canary.back()); // so long that no bytes drawn by lot are one
}

/// What a new record says from the start.
void World::note_fields(const merge::Intent& made, Ledger::Fate fate)
{
    for (const auto& step : made.steps)
        for (const auto& [name, value] : step.values)
            if (const auto* field = step.collection.empty() ? schema::find_kind(made.kind)->field(name) : nullptr; field != nullptr && is_followed(*schema::find_kind(made.kind), *field))
                ledger_.wrote(made.record.text(), name, schema::format(*field, value), {}, fate);
}

/// Saves as a user would, and writes into the ledger what he was told.
void World::save(Device& device, merge::Intent intent, const std::function<void(Ledger::Fate)>& note)
{
    if (device.disk->is_dead()) return;
    const auto made = intent.create ? std::optional{intent} : std::nullopt;
    const auto io_errors = device.disk->times(DiskFault::io_error);
    ledger_.made_on(device.name);
    const auto saved = device.replica->save(std::move(intent));
    if (saved) {
        if (saved->changed) {
            ++tally_.edits;
            note(Ledger::Fate::confirmed);
            if (made) note_fields(*made, Ledger::Fate::confirmed);
            if (device.link && !device.disk->is_dead())
                for (auto& frame : device.link->client->outbox_grew()) device.link->up.push_back(std::move(frame));
        }
    } else if (device.disk->is_dead() || device.disk->times(DiskFault::io_error) > io_errors) {
        note(Ledger::Fate::unknown);
        if (made) note_fields(*made, Ledger::Fate::unknown);
    } else {
        ++tally_.local_refusals;
        note_damage(saved.error());
        tell(fmt::format("{}: {} ({})", device.name, saved.error().message, name(saved.error().code)));
    }
}

std::optional<schema::Record> World::pick_record(Device& device, std::string_view kind)
{
    const auto count = device.replica->count(kind);
    if (count == 0) return std::nullopt;
    auto found = device.replica->list({std::string{kind}, {}, "id", false, 1, static_cast<int>(chance_.below(static_cast<std::uint64_t>(count)))});
    return found && !found->empty() ? std::optional{std::move(found->front())} : std::nullopt;
}

std::optional<schema::Record> World::pick_in_state(Device& device, std::string_view kind, std::string_view state)
{
    const auto found = device.replica->list({std::string{kind}, {{"status", std::string{state}}}, "id", false, 1000, 0});
    if (!found || found->empty()) return std::nullopt;
    return chance_.pick(*found);
}

void World::set_value(Device& device, const schema::Record& record, std::string_view collection, const ChildId& child, std::string_view field, const Value& value)
{
    const auto* described = field_of(record.kind, collection, field);
    const auto path = collection.empty() ? std::string{field} : fmt::format("{}/{}/{}", collection, child.text(), field);
    const auto shown = device.replica->show(record.id);
    if (!shown) return;
    std::set<std::string> seen;
    for (const auto& conflict : shown->merged.conflicts)
        if (conflict.path == path)
            for (const auto& candidate : conflict.candidates) seen.insert(schema::format(*described, candidate.value));
    const auto& now = shown->merged.record;
    if (collection.empty()) {
        if (!schema::is_empty(now[field])) seen.insert(schema::format(*described, now[field]));
    } else {
        for (const auto& sibling : now.collections.find(collection)->second)
            if (sibling.id == child && sibling.fields.contains(field)) seen.insert(schema::format(*described, sibling.fields.find(field)->second));
    }
    merge::Intent intent;
    intent.record = record.id;
    intent.kind = record.kind;
    intent.steps.push_back({std::string{collection}, child, false, {{std::string{field}, value}}});
    const auto text = schema::format(*described, value);
    save(device, std::move(intent), [&](Ledger::Fate fate) {
        tell(fmt::format("{} sets {} {} of {} to {}{}", device.name, record.kind, path, record.id.text(), text, fate == Ledger::Fate::unknown ? " (power went)" : ""));
        ledger_.wrote(record.id.text(), path, text, seen, fate);
    });
}

/// Somebody does something; what cannot be done here and now is passed over for something else.
void World::act()
{
    for (int tries = 0; tries < 4; ++tries) {
        const auto before = tally_.edits + tally_.local_refusals;
        if (auto& device = chance_.pick(devices_); !device.is_absent) act(device);
        if (tally_.edits + tally_.local_refusals > before) return;
    }
}

void World::act(Device& device)
{
    switch (chance_.below(29)) {
    case 0:
    case 1:
    case 2: return edit_account(device);
    case 3: return write_note(device);
    case 4: return add_account(device);
    case 5: return device.name == "boss" ? add_visit_heard_of(device) : add_visit(device);
    case 6: return edit_visit(device);
    case 7: return add_quote(device);
    case 8:
    case 9: return edit_quote(device);
    case 10: return add_expense(device);
    case 11: return move_territory();
    case 12: return settle_conflict(device);
    case 13:
    case 14: return add_any(device);
    case 15:
    case 16:
    case 17: return edit_any(device);
    case 18:
    case 19: return add_entry(device);
    case 20: return remove_entry(device);
    case 21: return submit_report(device);
    case 22:
    case 23: return approve(device);
    case 24: return pay(device);
    case 25: return attach(device);
    case 26: return move_account();
    case 27: return dispatch(device);
    default: return lie(device);
    }
}

void World::edit_account(Device& device)
{
    static const std::vector<std::string> fields{"phone", "city", "street", "name"};
    if (const auto account = pick_record(device, "account")) set_value(device, *account, {}, {}, chance_.pick(fields), unique("v"));
}

void World::write_note(Device& device)
{
    const auto account = pick_record(device, "account");
    if (!account) return;
    const auto token = unique("[note ") + "]";
    merge::Intent intent;
    intent.record = account->id;
    intent.kind = "account";
    const auto shown = device.replica->show(account->id);
    if (!shown) return;
    intent.steps.push_back({{}, {}, false, {{"notes", schema::text_of(shown->merged.record, "notes") + token}}});
    save(device, std::move(intent), [&](Ledger::Fate fate) { ledger_.noted(account->id.text(), token, fate); });
}

void World::add_account(Device& device)
{
    std::vector<RecordId> own;
    for (const auto& territory : device.replica->list({"territory", {}, "id", false, 1000, 0}).value())
        if (schema::reference_of(territory, "holder") == device.person || device.person == firm_.people.front().id) own.push_back(territory.id);
    if (own.empty()) return;
    const auto id = new_id<RecordId>(device.clock->now(), *device.random);
    const auto called = unique("New ");
    save(device, creation(id, "account", {{"name", called}, {"territory", chance_.pick(own)}}), [&](Ledger::Fate fate) {
        tell(fmt::format("{} adds account {}", device.name, id.text()));
        ledger_.made(id.text(), "account", fate);
        ledger_.wrote(id.text(), "name", called, {}, fate);
    });
}

void World::add_visit(Device& device)
{
    if (const auto account = pick_record(device, "account")) add_visit(device, account->id);
}

/// A rep tells his manager of a new customer by the telephone: her visit comes to the server before the customer, and waits there.
void World::add_visit_heard_of(Device& device)
{
    if (weather_.disaster != Disaster::none || weather_.damaged_frames) return add_visit(device); // else the customer may never come
    std::vector<RecordId> new_ones;
    for (auto& told_by : devices_)
        for (const auto& account : told_by.is_absent ? std::vector<schema::Record>{} : told_by.replica->list({"account", {}, "id", false, 1000, 0}).value())
            if (!device.replica->show(account.id)) new_ones.push_back(account.id);
    if (new_ones.empty()) add_visit(device);
    else add_visit(device, chance_.pick(new_ones));
}

void World::add_visit(Device& device, const RecordId& account)
{
    const auto id = new_id<RecordId>(device.clock->now(), *device.random);
    save(device, creation(id, "visit", {{"subject", unique("Visit ")}, {"account", account}, {"owner", device.person}, {"status", std::string{"planned"}}}),
         [&](Ledger::Fate fate) {
             tell(fmt::format("{} adds visit {} on {}", device.name, id.text(), account.text()));
             ledger_.made(id.text(), "visit", fate);
         });
}

void World::edit_visit(Device& device)
{
    if (const auto visit = pick_record(device, "visit")) set_value(device, *visit, {}, {}, chance_.one_in(2) ? "outcome" : "next_step", unique("v"));
}

void World::add_quote(Device& device)
{
    const auto account = pick_record(device, "account");
    if (!account) return;
    const auto id = new_id<RecordId>(device.clock->now(), *device.random);
    auto intent = creation(id, "quote", {{"number", unique("Q")}, {"account", account->id}, {"owner", device.person}});
    std::vector<std::pair<ChildId, std::int64_t>> lines;
    std::string position;
    for (std::size_t i = 0; i < 2; ++i) {
        position = merge::position_after(position);
        lines.emplace_back(new_id<ChildId>(device.clock->now(), *device.random), ++numbers_ * 1000);
        intent.steps.push_back({"lines", lines.back().first, true,
                                {{"product", chance_.pick(firm_.products)}, {"quantity", lines.back().second}, {"unit_price", Money{1000, "EUR"}}, {"position", position}}});
    }
    save(device, std::move(intent), [&](Ledger::Fate fate) {
        tell(fmt::format("{} adds quote {} on {}", device.name, id.text(), account->id.text()));
        ledger_.made(id.text(), "quote", fate);
        for (const auto& [line, quantity] : lines)
            ledger_.wrote(id.text(), fmt::format("lines/{}/quantity", line.text()), schema::format(*field_of("quote", "lines", "quantity"), quantity), {}, fate);
    });
}

void World::edit_quote(Device& device)
{
    const auto quote = pick_record(device, "quote");
    const auto lines = quote ? quote->collections.find("lines") : decltype(quote->collections.find("lines")){};
    if (!quote || lines == quote->collections.end() || lines->second.empty()) return;
    if (!chance_.one_in(3)) return set_value(device, *quote, "lines", chance_.pick(lines->second).id, "quantity", std::int64_t{++numbers_ * 1000});
    merge::Intent intent;
    intent.record = quote->id;
    intent.kind = "quote";
    const auto line = new_id<ChildId>(device.clock->now(), *device.random);
    const std::int64_t quantity = ++numbers_ * 1000;
    intent.steps.push_back({"lines", line, true, {{"quantity", quantity}, {"unit_price", Money{1000, "EUR"}}, {"position", std::string{"m"}}}});
    save(device, std::move(intent), [&](Ledger::Fate fate) {
        tell(fmt::format("{} adds line {} to quote {}", device.name, line.text(), quote->id.text()));
        ledger_.wrote(quote->id.text(), fmt::format("lines/{}/quantity", line.text()), schema::format(*field_of("quote", "lines", "quantity"), quantity), {}, fate);
    });
}

void World::add_expense(Device& device)
{
    const auto amount = static_cast<std::int64_t>(100 + chance_.below(100'000));
    const Fields item{{"spent_on", std::string{"2026-03-02"}}, {"category", std::string{"taxi"}}, {"amount", Money{amount, "EUR"}}, {"position", std::string{"m"}}};
    std::optional<schema::Record> report;
    for (const auto& mine : device.replica->list({"expense_report", {{"owner", device.person}}, "id", false, 1000, 0}).value()) report = mine;
    const bool is_new = !report;
    const auto id = is_new ? new_id<RecordId>(device.clock->now(), *device.random) : report->id;
    merge::Intent intent;
    if (is_new) {
        intent = creation(id, "expense_report", {{"title", unique("Trip ")}, {"owner", device.person}});
    } else {
        intent.record = id;
        intent.kind = "expense_report";
    }
    intent.steps.push_back({"items", new_id<ChildId>(device.clock->now(), *device.random), true, item});
    save(device, std::move(intent), [&](Ledger::Fate fate) {
        if (is_new) ledger_.made(id.text(), "expense_report", fate);
        ledger_.spent(id.text(), amount, fate);
    });
}

/// One manager alone shares out the territories: what two make of one apart is a test of its own.
void World::move_territory()
{
    for (auto& device : devices_) {
        if (device.name != "boss" || device.is_absent || !chance_.one_in(2)) continue;
        const auto territory = pick_record(device, "territory");
        if (!territory) return;
        const auto to = chance_.pick(firm_.people_of(schema::Role::rep));
        merge::Intent intent;
        intent.record = territory->id;
        intent.kind = "territory";
        intent.steps.push_back({{}, {}, false, {{"holder", to}}});
        save(device, std::move(intent), [&](Ledger::Fate) {
            ++tally_.moves;
            tell(fmt::format("the manager gives {} to {}", territory->id.text(), firm_.person(to).name));
        });
        return;
    }
}

/// What hangs on it moves along.
void World::move_account()
{
    for (auto& device : devices_) {
        if (device.name != "boss" || device.is_absent || !chance_.one_in(3)) continue;
        const auto account = pick_record(device, "account");
        if (!account) return;
        const auto to = chance_.pick(firm_.territories);
        merge::Intent intent;
        intent.record = account->id;
        intent.kind = "account";
        intent.steps.push_back({{}, {}, false, {{"territory", to}}});
        save(device, std::move(intent), [&](Ledger::Fate) {
            ++tally_.met["account moved"];
            tell(fmt::format("the manager moves account {} to territory {}", account->id.text(), to.text()));
        });
        return;
    }
}

/// Work orders are sent to an engineer, and to another one; two dispatchers may do so apart.
void World::dispatch(Device& device)
{
    if (is_tampered(device) || (device.role != schema::Role::dispatcher && device.role != schema::Role::manager)) return;
    const auto engineer = chance_.pick(firm_.people_of(schema::Role::engineer));
    const auto order = pick_record(device, "work_order");
    const auto account = pick_record(device, "account");
    const bool is_new = !order || chance_.one_in(3);
    if (is_new && !account) return;
    const auto id = is_new ? new_id<RecordId>(device.clock->now(), *device.random) : order->id;
    merge::Intent intent = creation(id, "work_order", {{"assignee", engineer}});
    intent.create = is_new;
    if (is_new) {
        intent.steps.front().values["subject"] = unique("Repair ");
        intent.steps.front().values["account"] = account->id;
    }
    save(device, std::move(intent), [&](Ledger::Fate fate) {
        if (is_new) ledger_.made(id.text(), "work_order", fate);
        ++tally_.met["work order sent"];
        tell(fmt::format("{} sends {} with work order {}", device.name, firm_.person(engineer).name, id.text()));
    });
}

/// A customer whom somebody has entered on another device of his, which the server does not know yet.
std::optional<RecordId> World::not_sent_yet(const RecordId& person)
{
    if (weather_.damaged_frames) return std::nullopt; // he may never come
    for (auto& device : devices_) {
        if (device.person != person || is_tampered(device)) continue;
        for (const auto& account : device.replica->list({"account", {}, "id", false, 1000, 0}).value())
            if (!hub_->record(account.id)) return account.id;
    }
    return std::nullopt;
}

/// A rep writes with his older app: types of records that have grown since.
void World::work_with_older_app()
{
    auto& app = *older_app_;
    const auto now = server_clock_.now();
    ledger_.made_on("older app");
    const auto own = app.accounts();
    const auto made = [&](std::string_view kind, const RecordId& id, std::string_view field, const std::string& called) {
        ledger_.made(id.text(), std::string{kind}, Ledger::Fate::confirmed);
        ledger_.wrote(id.text(), std::string{field}, called, {}, Ledger::Fate::confirmed);
        tell(fmt::format("an older app adds {} {}", kind, id.text()));
    };
    switch (chance_.below(5)) {
    case 0: {
        const auto called = unique("Old ");
        made("account", app.add("account", {{"name", called}, {"territory", firm_.territories.front()}}, now), "name", called);
        break;
    }
    case 1: {
        const auto called = unique("Old trip ");
        made("expense_report", app.add("expense_report", {{"title", called}, {"owner", app.person()}}, now), "title", called);
        break;
    }
    case 2: {
        if (own.empty()) return older_app_comes();
        const auto& account = chance_.pick(own);
        const auto* field = chance_.one_in(2) ? "phone" : "name";
        const auto value = unique("v");
        const auto seen = app.set(account, field, value, now);
        ledger_.wrote(account.text(), field, value, seen.empty() ? std::set<std::string>{} : std::set{seen}, Ledger::Fate::confirmed);
        tell(fmt::format("an older app sets {} of {} to {}", field, account.text(), value));
        break;
    }
    case 3: { // it does not ask whether the customer is there: the visit may come to the server before him
        const auto account = not_sent_yet(app.person());
        if (!account) return older_app_comes();
        const auto called = unique("Old visit ");
        made("visit", app.add("visit", {{"subject", called}, {"account", *account}, {"owner", app.person()}}, now), "subject", called);
        break;
    }
    default: return older_app_comes();
    }
    ++tally_.edits;
    ++tally_.met["older app"];
}

void World::settle_conflict(Device& device)
{
    const auto conflicts = device.replica->conflicts();
    if (conflicts.empty()) return;
    const auto& conflict = chance_.pick(conflicts);
    const auto shown = device.replica->show(conflict.record);
    if (!shown) return;
    const auto first = conflict.path.find('/');
    const auto last = conflict.path.rfind('/');
    if (conflict.kind == "territory") return; // holders are settled in tests of their own
    const auto& record = shown->merged.record;
    if (conflict.clash != merge::Clash::values) {
        if (!device.disk->is_dead() && device.replica->resolve(conflict.record, conflict.path, {}, "it stays").has_value()) tell(fmt::format("{} keeps {} of {}", device.name, conflict.path, conflict.record.text()));
        return;
    }
    const bool is_entry = first != std::string::npos;
    const auto collection = is_entry ? conflict.path.substr(0, first) : std::string{};
    const auto name = is_entry ? conflict.path.substr(last + 1) : conflict.path;
    const auto child = is_entry ? ChildId::parse(conflict.path.substr(first + 1, last - first - 1)).value() : ChildId{};
    const auto* described = field_of(record.kind, collection, name);
    if (described == nullptr) return; // a place among siblings, which a rule has settled
    const auto value = name == "quantity" ? std::optional{Value{std::int64_t{++numbers_ * 1000}}} : any_value(device, *described);
    if (value) set_value(device, record, collection, child, name, *value);
}

/// A rep with a tampered app: it lets him write what only a manager may.
void World::lie(Device& device)
{
    if (!weather_.lies || device.role != schema::Role::rep || !chance_.one_in(2)) return;
    const auto account = pick_record(device, "account");
    if (!account || device.disk->is_dead()) return;
    auto me = device.replica->identity().value();
    try {
        me.role = schema::Role::manager;
        device.replica->keep_identity(me);
        lied_.insert(account->id.text());
        set_value(device, *account, {}, {}, lied_field, Money{++numbers_, "EUR"});
        me.role = schema::Role::rep;
        if (!device.disk->is_dead()) device.replica->keep_identity(me);
    } catch (const Fault&) {
        if (!device.disk->is_dead()) throw;
    }
}

} // namespace roadbook::simulation
