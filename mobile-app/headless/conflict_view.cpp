#include "mobile-app/headless/conflict_view.hpp"

#include "conflict/merge/catalogue.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/rules/totals.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

/// Stands in for a field that only a newer version knows, so that its values still show.
const schema::Field& field_of(const replica::NamedConflict& conflict)
{
    static const auto unknown = schema::text("unknown", {"Unknown", "未知"});
    const auto* kind = schema::find_kind(conflict.kind);
    const auto* field = kind ? find_field_at(*kind, conflict.path) : nullptr;
    return field ? *field : unknown;
}

/// Of what was taken out and edited apart: which of the two it is.
std::string_view standing(const replica::NamedCandidate& candidate)
{
    return schema::is_empty(candidate.value) ? "edited" : "taken out";
}

/// What the record comes to with this value: "1615.00 CNY", one for each currency.
std::vector<std::string> total_if(const replica::NamedConflict& conflict, const schema::Record& record, const replica::NamedCandidate& candidate)
{
    std::vector<std::string> totals;
    const auto all = rules::totals_of(merge::if_chosen(record, conflict.path, candidate.value));
    if (all)
        for (const auto& sum : all->sums) totals.push_back(sum.total().text());
    return totals;
}

/// What a line or item is about: the first field that names something.
std::string subject_of(const schema::Child& child, const schema::Collection& collection, Titles& titles)
{
    for (const auto& field : collection.fields) {
        const auto value = child.fields.find(field.name);
        const bool names = field.type == schema::Type::reference || field.type == schema::Type::text ||
                           field.type == schema::Type::choice;
        if (names && value != child.fields.end() && !schema::is_empty(value->second))
            return one_line(cell_of(value->second, field, titles));
    }
    return {};
}

/// "phone of", "quantity of line Tofu in": the path says it with ids.
std::string place_of(const replica::NamedConflict& conflict, const schema::Record& record, Titles& titles)
{
    const auto first = conflict.path.find('/'), last = conflict.path.rfind('/');
    const auto* kind = schema::find_kind(conflict.kind);
    const auto* collection =
        kind && first != std::string::npos ? kind->collection(conflict.path.substr(0, first)) : nullptr;
    if (!collection) return conflict.path + " of";
    const auto id = conflict.path.substr(first + 1, last - first - 1);
    std::string subject;
    if (const auto children = record.collections.find(collection->name); children != record.collections.end())
        for (const auto& child : children->second)
            if (child.id.text() == id) subject = subject_of(child, *collection, titles);
    return fmt::format("{} of {}{}{} in", conflict.path.substr(last + 1), item_word(*collection),
                       subject.empty() ? "" : " ", subject);
}

} // namespace

Json json_of(const replica::NamedConflict& conflict, const schema::Record& record, Titles& titles)
{
    Json json{{"record", conflict.record.text()},
              {"kind", conflict.kind},
              {"title", conflict.title},
              {"path", conflict.path},
              {"needs_person", conflict.needs_person},
              {"may_decide", conflict.may_decide}};
    const auto* kind = schema::find_kind(conflict.kind);
    if (kind != nullptr) {
        const auto words = merge::explain(*kind, conflict.path, conflict.policy, conflict.clash);
        json["conflict"] = {{"en", words.conflict.en}, {"zh", words.conflict.zh}};
        json["resolution"] = {{"en", words.resolution.en}, {"zh", words.resolution.zh}};
    }
    auto& candidates = json["candidates"] = Json::array();
    for (const auto& candidate : conflict.candidates) {
        const auto& by = candidate.by;
        Json one{{"value", conflict.clash == merge::Clash::values ? json_of(candidate.value, field_of(conflict), titles) : Json(standing(candidate))}};
        one["person"] = by ? Json(by->person.text()) : Json(nullptr);
        one["person_name"] = candidate.person_name;
        one["device"] = by ? Json(by->device.text()) : Json(nullptr);
        one["when"] = by ? Json(to_text(by->when())) : Json(nullptr);
        one["late"] = by && by->late;
        one["reason"] = by ? by->reason : "";
        one["shown"] = &candidate == &conflict.candidates.front();
        if (rules::has_totals(conflict.kind)) one["totals"] = total_if(conflict, record, candidate);
        candidates.push_back(std::move(one));
    }
    return json;
}

std::string text_of(const replica::NamedConflict& conflict, const schema::Record& record, Titles& titles,
                    const Form& form)
{
    Table table;
    const bool with_total = conflict.needs_person && rules::has_totals(conflict.kind);
    table.column("").column("value").column("written by").column("when").column("device").column("reason");
    if (with_total) table.column("total then", Table::Align::right);
    for (const auto& candidate : conflict.candidates) {
        const auto& by = candidate.by;
        auto value = conflict.clash == merge::Clash::values ? cell_of(candidate.value, field_of(conflict), titles) : std::string{standing(candidate)};
        std::vector<std::string> row{&candidate == &conflict.candidates.front() ? "shown" : "", value.empty() ? "(empty)" : value,
                                     candidate.person_name, by ? moment(by->when()) : "", by ? by->device.text() : "", by ? by->reason : ""};
        if (with_total) row.push_back(fmt::format("{}", fmt::join(total_if(conflict, record, candidate), " + ")));
        table.row(std::move(row));
    }
    const auto* what = !conflict.needs_person ? "told only, the one shown holds" : conflict.may_decide ? "a person must choose" : "a person must choose, but not you";
    const auto* kind = schema::find_kind(conflict.kind);
    const auto words = kind != nullptr ? merge::explain(*kind, conflict.path, conflict.policy, conflict.clash) : merge::Explanation{};
    const auto* choice = conflict.clash == merge::Clash::values ? "VALUE" : "keep|remove";
    const auto command = conflict.may_decide ? fmt::format("resolve {} {} {} --reason TEXT\n", conflict.record.text(), one_line(conflict.path), choice) : std::string{};
    return fmt::format("{} {} {}: {}\n{} {}\n{}{}", place_of(conflict, record, titles), conflict.kind, one_line(conflict.title), what,
                       form.chinese ? words.conflict.zh : words.conflict.en, form.chinese ? words.resolution.zh : words.resolution.en, command,
                       table.text(form.cell_max));
}

} // namespace roadbook::headless
