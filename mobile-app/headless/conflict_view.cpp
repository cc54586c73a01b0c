#include "mobile-app/headless/conflict_view.hpp"

#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/names.hpp"
#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>

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

Json json_of(const replica::NamedConflict& conflict, Titles& titles)
{
    Json json{{"record", conflict.record.text()},
              {"kind", conflict.kind},
              {"title", conflict.title},
              {"path", conflict.path},
              {"needs_person", conflict.needs_person}};
    auto& candidates = json["candidates"] = Json::array();
    for (const auto& candidate : conflict.candidates) {
        const auto& by = candidate.by;
        Json one{{"value", json_of(candidate.value, field_of(conflict), titles)}};
        one["person"] = by ? Json(by->person.text()) : Json(nullptr);
        one["person_name"] = candidate.person_name;
        one["device"] = by ? Json(by->device.text()) : Json(nullptr);
        one["when"] = by ? Json(to_text(by->when())) : Json(nullptr);
        one["late"] = by && by->late;
        one["reason"] = by ? by->reason : "";
        one["shown"] = &candidate == &conflict.candidates.front();
        candidates.push_back(std::move(one));
    }
    return json;
}

std::string text_of(const replica::NamedConflict& conflict, const schema::Record& record, Titles& titles,
                    const Form& form)
{
    Table table;
    table.column("").column("value").column("written by").column("when").column("device").column("reason");
    for (const auto& candidate : conflict.candidates) {
        const auto& by = candidate.by;
        auto value = cell_of(candidate.value, field_of(conflict), titles);
        table.row({&candidate == &conflict.candidates.front() ? "shown" : "", value.empty() ? "(empty)" : value,
                   candidate.person_name, by ? moment(by->when()) : "", by ? by->device.text() : "",
                   by ? by->reason : ""});
    }
    const auto* what = conflict.needs_person ? "a person must choose" : "told only, the one shown holds";
    return fmt::format("{} {} {}: {}\nresolve {} {} VALUE --reason TEXT\n{}", place_of(conflict, record, titles),
                       conflict.kind, one_line(conflict.title), what, conflict.record.text(), one_line(conflict.path),
                       table.text(form.cell_max));
}

} // namespace roadbook::headless
