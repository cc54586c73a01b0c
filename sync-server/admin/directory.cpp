#include "sync-server/admin/directory.hpp"

#include "conflict/merge/handover.hpp"
#include "shared/schema/called.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace roadbook::server {
namespace {

template <class Row>
void sort_by_name(std::vector<Row>& rows)
{
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
}

} // namespace

std::vector<PersonRow> Directory::people()
{
    std::map<RecordId, int> devices;
    for (const auto& device : hub_.devices())
        if (!device.revoked_at) ++devices[device.person];
    std::vector<PersonRow> rows;
    std::map<RecordId, std::string> names;
    for (const auto& id : hub_.records_of("person")) {
        const auto person = hub_.record(id).value();
        names[id] = schema::text_of(person, "name");
        rows.push_back({id, names[id], schema::text_of(person, "role"), schema::text_of(person, "title"), schema::text_of(person, "email"),
                        schema::reference_of(person, "reports_to"), {}, devices[id]});
    }
    for (auto& row : rows)
        if (row.reports_to) row.reports_to_name = names[*row.reports_to];
    sort_by_name(rows);
    return rows;
}

std::vector<TerritoryRow> Directory::territories()
{
    std::vector<TerritoryRow> rows;
    for (const auto& id : hub_.records_of("territory")) {
        const auto territory = hub_.record(id).value();
        const auto region = schema::reference_of(territory, "region");
        const auto region_record = region ? hub_.record(*region) : Result<schema::Record>{schema::Record{}};
        TerritoryRow row{id, schema::text_of(territory, "name"), schema::text_of(territory, "code"), {}, schema::reference_of(territory, "holder"), {}};
        if (region_record) row.region = schema::text_of(*region_record, "name");
        if (row.holder) row.holder_name = name_of(*row.holder);
        rows.push_back(std::move(row));
    }
    sort_by_name(rows);
    return rows;
}

Result<RecordId> Directory::find_person(std::string_view word)
{
    std::vector<schema::Called<RecordId>> all;
    for (auto& row : people()) all.push_back({row.id, std::move(row.name), {}});
    return schema::find_called("person", word, all, "person list");
}

Result<RecordId> Directory::find_territory(std::string_view word)
{
    std::vector<schema::Called<RecordId>> all;
    for (auto& row : territories()) all.push_back({row.id, std::move(row.name), std::move(row.code)});
    return schema::find_called("territory", word, all, "territory list");
}

Result<DeviceId> Directory::find_device(std::string_view word)
{
    std::vector<schema::Called<DeviceId>> all;
    for (auto& row : hub_.devices()) all.push_back({row.id, std::move(row.name), {}});
    return schema::find_called("device", word, all, "device list");
}

Result<RecordId> Directory::add_person(const NewPerson& person)
{
    const auto id = new_id<RecordId>(system_clock().now(), system_random());
    schema::Fields fields{{"name", person.name}, {"role", person.role}};
    for (const auto& [name, text] : {std::pair{"title", person.title}, std::pair{"email", person.email}, std::pair{"phone", person.phone}})
        if (!text.empty()) fields[name] = text;
    if (person.reports_to) fields["reports_to"] = *person.reports_to;
    ROADBOOK_CHECK(edit(id, "person", std::move(fields), true));
    return id;
}

Result<void> Directory::set_role(const RecordId& person, std::string_view role)
{
    return edit(person, "person", {{"role", std::string{role}}});
}

Result<void> Directory::set_reports_to(const RecordId& person, const std::optional<RecordId>& boss)
{
    std::set<RecordId> seen;
    for (auto above = boss; above && seen.insert(*above).second;) {
        if (*above == person)
            return fail(Errc::bad_argument, fmt::format("{} cannot report to {}, who reports to {} in turn", name_of(person), name_of(*boss), name_of(person)),
                        "reports_to");
        const auto record = hub_.record(*above);
        above = record ? schema::reference_of(*record, "reports_to") : std::nullopt;
    }
    return edit(person, "person", {{"reports_to", boss ? schema::Value{*boss} : schema::Value{}}});
}

Result<void> Directory::assign(const RecordId& territory, const std::optional<RecordId>& holder)
{
    return edit(territory, "territory", {{"holder", holder ? schema::Value{*holder} : schema::Value{}}});
}

Result<void> Directory::hand_over(const RecordId& territory, const RecordId& to, const std::string& on)
{
    const auto record = hub_.record(territory);
    if (!record) return record.error();
    return edit(territory, "territory", merge::handover(*record, to, on), false, "handed over");
}

Result<void> Directory::take_back_handover(const RecordId& territory)
{
    auto fields = hub_.undo_of_handover(territory);
    if (!fields) return fields.error();
    return edit(territory, "territory", std::move(*fields), false, "hand-over taken back");
}

std::string Directory::name_of(const RecordId& person)
{
    const auto record = hub_.record(person);
    return record ? schema::text_of(*record, "name") : person.text();
}

Result<void> Directory::edit(const RecordId& record, std::string_view kind, schema::Fields fields, bool create, std::string_view reason)
{
    const auto* declared = schema::find_kind(kind);
    for (const auto& [name, value] : fields) ROADBOOK_CHECK(schema::check(*declared->field(name), value));
    merge::Intent intent;
    intent.id = new_id<IntentId>(system_clock().now(), system_random());
    intent.record = record;
    intent.kind = kind;
    intent.create = create;
    intent.reason = reason;
    intent.steps.push_back({{}, {}, false, std::move(fields)});
    return hub_.apply(std::span{&intent, 1}, {}).front();
}

} // namespace roadbook::server
