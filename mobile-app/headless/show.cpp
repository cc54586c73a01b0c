// `show`: all of one record: fields, items, total, open conflicts, and its history when asked for.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/conflict_view.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/endorsement_view.hpp"
#include "mobile-app/headless/finding_view.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/rules/totals.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::headless {
namespace {

constexpr std::string_view amount_name = "amount"; // the computed column; an expense item has one of its own

struct View {
    replica::Shown shown;
    const schema::Kind* kind = nullptr;
    std::optional<Result<rules::Totals>> totals;
    std::vector<replica::HistoryEntry> history;
    std::vector<findings::Finding> findings;
    std::vector<RecordId> aliases; ///< of an account
};

/// As it was once: what stands beside a record now says nothing of that.
void show_former(replica::Shown& shown, schema::Record then)
{
    shown.merged = merge::Merged{};
    shown.merged.record = std::move(then);
    shown.conflicts.clear();
    shown.endorsed.clear();
    shown.approval = {};
    shown.payout.reset();
    shown.unsent = false;
}

Result<View> view_of(const ShowCall& call, replica::Replica& replica)
{
    const auto id = record_id(call.id);
    if (!id) return id.error();
    auto shown = replica.show(*id);
    if (!shown) return shown.error();
    if (!call.as_of.empty()) {
        const auto moment = time_from_text(call.as_of);
        if (!moment) return fail(Errc::bad_argument, fmt::format("'{}' is no time: write it as 2026-01-31T14:05:00Z", call.as_of), "as-of");
        auto then = replica.as_of(*id, *moment);
        if (!then) return then.error();
        show_former(*shown, std::move(*then));
    }
    if (!call.approval.empty()) {
        const auto entry = child_id(call.approval);
        if (!entry) return entry.error();
        auto then = replica.as_endorsed(*id, *entry);
        if (!then) return then.error();
        show_former(*shown, std::move(*then));
    }
    const auto kind = kind_named(shown->merged.record.kind);
    if (!kind) return kind.error();
    View view{std::move(*shown), *kind, {}, {}, {}, replica.aliases_of(*id)};
    if (call.as_of.empty()) view.findings = replica.findings_of(*id);
    if (rules::has_totals((*kind)->name)) view.totals = rules::totals_of(view.shown.merged.record);
    if (call.history) {
        auto history = replica.history(*id);
        if (!history) return history.error();
        view.history = std::move(*history);
    }
    return view;
}

// ---- JSON

Json taxes_json(const rules::Sum& sum)
{
    auto json = Json::array();
    for (const auto& tax : sum.taxes)
        json.push_back({{"rate", decimal_text(tax.rate, 2)},
                        {"net", json_of(Money{tax.net, sum.currency})},
                        {"amount", json_of(Money{tax.amount, sum.currency})}});
    return json;
}

Json totals_json(const rules::Totals& totals)
{
    auto json = Json::array();
    for (const auto& sum : totals.sums) {
        const auto money = [&](std::int64_t minor) { return json_of(Money{minor, sum.currency}); };
        json.push_back({{"currency", sum.currency},
                        {"lines", money(sum.lines)},
                        {"discount", money(sum.discount)},
                        {"freight", money(sum.freight)},
                        {"tax", money(sum.tax)},
                        {"taxes", taxes_json(sum)},
                        {"total", json_of(sum.total())}});
    }
    return json;
}

Json json_of(const replica::HistoryEntry& entry)
{
    const auto& by = entry.by;
    Json json{{"change", entry.change.hex()}};
    json["person"] = by ? Json(by->person.text()) : Json(nullptr);
    json["person_name"] = entry.person_name;
    json["device"] = by && !by->device.is_nil() ? Json(by->device.text()) : Json(nullptr); // none: the server wrote it down, for somebody whose device was locked
    json["when"] = by ? Json(to_text(by->when())) : Json(nullptr);
    json["device_time"] = by ? Json(to_text(by->device_time)) : Json(nullptr);
    json["received_at"] = by ? headless::json_of(by->received_at) : Json(nullptr);
    json["late"] = by && by->late;
    json["reason"] = by ? by->reason : "";
    json["released_by"] = by && by->released_by ? Json{{"id", by->released_by->is_nil() ? Json(nullptr) : Json(by->released_by->text())}, {"name", entry.released_by_name}} : Json(nullptr);
    auto& sets = json["sets"] = Json::array();
    for (const auto& set : entry.sets) sets.push_back({{"path", set.path}, {"value", set.value}});
    return json;
}

Json view_json(const View& view, const ShowCall& call, Titles& titles)
{
    auto json = headless::json_of(view.shown.merged.record, *view.kind, titles);
    json["unsent"] = view.shown.unsent;
    if (view.totals && *view.totals) {
        json["totals"] = totals_json(**view.totals);
        json["incomplete_lines"] = (*view.totals)->incomplete;
    }
    auto& conflicts = json["conflicts"] = Json::array();
    for (const auto& conflict : view.shown.conflicts) conflicts.push_back(headless::json_of(conflict, view.shown.merged.record, titles));
    auto& sums = json["sums"] = Json::array();
    for (const auto& sum : view.shown.merged.sums)
        if (const auto* field = view.kind->collection(sum.collection)->field(sum.field))
            sums.push_back({{"collection", sum.collection}, {"field", sum.field}, {"total", headless::json_of(sum.total, *field, titles)}});
    auto& twins = json["added_twice"] = Json::array();
    for (const auto& one : view.shown.merged.twins) {
        Json items = Json::array();
        for (const auto& id : one.ids) items.push_back(id.text());
        twins.push_back({{"collection", one.collection}, {"items", std::move(items)}});
    }
    const bool is_former = !call.as_of.empty() || !call.approval.empty();
    if (!is_former) add_endorsements(json, view.shown, *view.kind, titles);
    auto& found = json["findings"] = Json::array();
    for (const auto& finding : view.findings) found.push_back(headless::json_of(finding, titles));
    if (view.kind->name == "account") {
        auto& aliases = json["aliases"] = Json::array();
        for (const auto& alias : view.aliases) aliases.push_back({{"id", alias.text()}, {"title", titles.of(alias)}});
    }
    if (!call.history) return json;
    auto& history = json["history"] = Json::array();
    for (const auto& entry : view.history) history.push_back(json_of(entry));
    return json;
}

// ---- text

std::string fields_text(const View& view, Titles& titles)
{
    const auto& record = view.shown.merged.record;
    Sheet sheet;
    sheet.line("id", record.id.text());
    for (const auto& field : view.kind->fields) sheet.line(field.name, text_of(record[field.name], field, titles));
    for (const auto& [name, value] : record.unknown) sheet.line(name, value + "  (of a newer version)");
    if (record.deleted_at) sheet.line("deleted_at", moment(*record.deleted_at));
    std::string aliases;
    for (const auto& alias : view.aliases) aliases += (aliases.empty() ? "" : "\n") + titles.of(alias) + "  " + alias.text();
    sheet.line("also known as", aliases);
    if (view.shown.unsent) sheet.line("unsent", "edits of it wait for the server");
    return sheet.text();
}

std::string amount_text(const schema::Fields& line)
{
    const auto amount = rules::amount_of(line);
    return amount && !amount->currency.empty() ? amount->text() : "";
}

/// The fields that any of them has filled in: a column of nothing takes the room of one that says something.
std::vector<const schema::Field*> used_fields(const std::vector<schema::Child>& children,
                                              const schema::Collection& collection)
{
    std::vector<const schema::Field*> used;
    for (const auto& field : collection.fields) {
        const auto has_value = [&](const schema::Child& child) {
            const auto value = child.fields.find(field.name);
            return !child.removed && value != child.fields.end() && !schema::is_empty(value->second);
        };
        if (std::any_of(children.begin(), children.end(), has_value)) used.push_back(&field);
    }
    return used;
}

std::string children_text(const std::vector<schema::Child>& children, const schema::Collection& collection,
                          bool with_amount, Titles& titles, const Form& form)
{
    const auto columns = used_fields(children, collection);
    Table table;
    table.column("id");
    for (const auto* field : columns) table.column(field->name, align_of(*field));
    if (with_amount) table.column(std::string{amount_name}, Table::Align::right);
    std::int64_t removed = 0;
    for (const auto& child : children) {
        removed += child.removed ? 1 : 0;
        if (child.removed) continue;
        std::vector<std::string> cells{child.id.text()};
        for (const auto* field : columns) {
            const auto value = child.fields.find(field->name);
            cells.push_back(value == child.fields.end() ? "" : cell_of(value->second, *field, titles));
        }
        if (with_amount) cells.push_back(amount_text(child.fields));
        table.row(std::move(cells));
    }
    auto text = fmt::format("\n{}\n", collection.name) + (table.is_empty() ? "none\n" : table.text(form.cell_max));
    return removed > 0 ? text + fmt::format("and {} removed\n", removed) : text;
}

std::string collections_text(const View& view, bool is_former, Titles& titles, const Form& form)
{
    std::string text;
    for (const auto& collection : view.kind->collections) {
        if (!is_former && view.kind->endorsement(collection.name) != nullptr) continue; // told below, with what has become of them
        const auto found = view.shown.merged.record.collections.find(collection.name);
        const auto none = std::vector<schema::Child>{};
        const bool with_amount = view.totals.has_value() && !collection.field(amount_name);
        text += children_text(found == view.shown.merged.record.collections.end() ? none : found->second, collection,
                              with_amount, titles, form);
    }
    return text;
}

std::string totals_text(const Result<rules::Totals>& totals, const Form& form)
{
    if (!totals) return fmt::format("\ntotal  {}\n", form.chinese ? totals.error().chinese() : totals.error().message);
    std::string text = "\n";
    for (const auto& sum : totals->sums) {
        text += fmt::format("total  {}", sum.total().text());
        if (sum.discount != 0)
            text += fmt::format("  after a discount of {}", Money{sum.discount, sum.currency}.text());
        if (sum.freight != 0)
            text += fmt::format("{} freight of {}", sum.discount != 0 ? " and with" : "  with",
                                Money{sum.freight, sum.currency}.text());
        text += "\n";
        for (const auto& tax : sum.taxes)
            text += fmt::format("       {} % tax on {} is {}\n", decimal_text(tax.rate, 2), Money{tax.net, sum.currency}.text(),
                                Money{tax.amount, sum.currency}.text());
    }
    if (totals->incomplete > 0)
        text += fmt::format("without {} that {} no amount yet\n", counted(totals->incomplete, "line", "lines"),
                            totals->incomplete == 1 ? "has" : "have");
    return text == "\n" ? "" : text;
}

/// What two people added apart and may be the same, and what entries come to.
std::string entries_text(const View& view)
{
    std::string text;
    for (const auto& sum : view.shown.merged.sums)
        if (const auto* field = view.kind->collection(sum.collection)->field(sum.field)) text += fmt::format("\n{} in all: {} {}\n", sum.collection, schema::format(*field, sum.total), field->name);
    for (const auto& twins : view.shown.merged.twins) {
        text += fmt::format("\nadded twice, by people who did not see each other's: {} of {}\n", counted(std::ssize(twins.ids), "entry", "entries"), twins.collection);
        text += fmt::format("join {} {} {} [--keep-both]\n", view.shown.merged.record.id.text(), twins.collection, twins.ids.back().text());
    }
    return text;
}

std::string conflicts_text(const View& view, Titles& titles, const Form& form)
{
    std::string text;
    for (const auto& conflict : view.shown.conflicts)
        text += "\nconflict: " + text_of(conflict, view.shown.merged.record, titles, form);
    return text;
}

/// A history keeps values as text; a reference reads better by its title.
std::string history_value(const replica::HistoryEntry::Set& set, const schema::Kind& kind, Titles& titles)
{
    const auto* field = find_field_at(kind, set.path);
    const auto id = field && field->type == schema::Type::reference ? RecordId::parse(set.value) : std::nullopt;
    return id ? titles.of(*id) : one_line(set.value);
}

/// Nothing for a position: a place among siblings means nothing to a reader.
std::string set_text(const replica::HistoryEntry::Set& set, const schema::Kind& kind, Titles& titles, const Form& form)
{
    const auto path = one_line(set.path);
    const auto slashes = std::count(path.begin(), path.end(), '/');
    if (slashes == 1 && set.value.empty()) return fmt::format("    {} made\n", path);
    if (slashes == 2 && path.ends_with("/position")) return {};
    if (set.value.empty()) return fmt::format("    {} cleared\n", path);
    const auto value = history_value(set, kind, titles);
    return fmt::format("    {} = {}\n", path, form.cell_max > 0 ? cut_to_width(value, form.cell_max) : value);
}

std::string history_text(const View& view, Titles& titles, const Form& form)
{
    std::string text = "\nhistory, oldest first\n";
    for (const auto& entry : view.history) {
        const bool was_released = entry.by && entry.by->released_by;
        const auto releaser = entry.released_by_name.empty() ? std::string{"an administrator"} : entry.released_by_name;
        text += one_line(author(entry.by, entry.person_name)) + (was_released ? fmt::format("; held back at first, released by {}", one_line(releaser)) : "") + "\n";
        for (const auto& set : entry.sets) text += set_text(set, *view.kind, titles, form);
    }
    return text;
}

} // namespace

Result<Answer> run(const ShowCall& call, replica::Replica& replica, const Form& form)
{
    const auto view = view_of(call, replica);
    if (!view) return view.error();
    Titles titles{replica};
    if (form.json) return Answer{view_json(*view, call, titles)};
    auto text = fmt::format("{} {}\n", view->kind->name, one_line(view->shown.title));
    const bool is_former = !call.as_of.empty() || !call.approval.empty();
    text += fields_text(*view, titles) + collections_text(*view, is_former, titles, form);
    if (!is_former) text += endorsements_text(view->shown, *view->kind, titles, form);
    if (view->totals) text += totals_text(*view->totals, form);
    text += entries_text(*view) + conflicts_text(*view, titles, form);
    for (const auto& finding : view->findings) text += "\n" + text_of(finding, titles, form);
    if (call.history) text += history_text(*view, titles, form);
    return Answer{std::move(text)};
}

} // namespace roadbook::headless
