// What people do to records of every type, from the schema alone: add one, write any field of one, take entries out.
#include "shared/schema/validation.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/random_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::simulation {

/// The ledger follows single values: no notes, which are joined; no numbers and places, which the product gives out itself; no states that approvals
/// and payments bring about.
bool World::is_followed(const schema::Kind& kind, const schema::Field& field)
{
    if ((kind.approval() != nullptr && !field.steps.empty()) || field.target == "territory" || field.name == "assignee") return false; // nor where it belongs
    if (kind.name == "expense_report" && field.name == "currency") return false; // the same one by everybody who submits: it names no edit
    return field.type != schema::Type::note && field.number_prefix.empty() && field.name != "credit_limit";
}

/// The power went while its user lied: until its next sync this app still takes him for a manager.
bool World::is_tampered(Device& device)
{
    const auto me = device.disk->is_dead() ? std::nullopt : device.replica->identity();
    return !me || me->role != device.role;
}

std::optional<schema::Value> World::any_value(Device& device, const schema::Field& field)
{
    if (field.type == schema::Type::text && field.length_max >= 24) return schema::Value{unique("t")};
    if (field.type == schema::Type::money) return schema::Value{Money{std::clamp<std::int64_t>(++numbers_, field.least, field.greatest), "EUR"}};
    if (field.type != schema::Type::reference) return testing::RandomValues{chance_.below(UINT64_MAX)}.good(field);
    if (field.target == "person") return schema::Value{device.person};
    const auto record = pick_record(device, field.target);
    return record ? std::optional{schema::Value{record->id}} : std::nullopt;
}

void World::add_any(Device& device)
{
    if (is_tampered(device)) return;
    const auto& kind = *chance_.pick(weather_.kinds);
    if (!kind.creators.has(device.role)) return;
    const auto id = new_id<RecordId>(device.clock->now(), *device.random);
    schema::Fields fields;
    for (const auto& field : kind.fields) {
        if (!field.is_required && (!is_followed(kind, field) || !chance_.one_in(3) || !field.steps.empty())) continue;
        const auto value = any_value(device, field);
        if (value) fields[field.name] = *value;
        else if (field.is_required) return; // there is nothing here yet that it could belong to
    }
    merge::Intent intent;
    intent.record = id;
    intent.kind = kind.name;
    intent.create = true;
    intent.steps.push_back({{}, {}, false, fields});
    save(device, std::move(intent), [&](Ledger::Fate fate) {
        tell(fmt::format("{} adds {} {}", device.name, kind.name, id.text()));
        ledger_.made(id.text(), kind.name, fate);
    });
}

std::optional<schema::Record> World::pick_any(Device& device)
{
    for (int tries = 0; tries < 4; ++tries) { // most types have no record yet
        const auto& kind = chance_.one_in(2) ? *chance_.pick(weather_.kinds) : schema::kinds()[chance_.below(schema::kinds().size())];
        if (kind.is_authority) continue;
        if (auto record = pick_record(device, kind.name)) return record;
    }
    return std::nullopt;
}

void World::edit_any(Device& device)
{
    if (is_tampered(device)) return;
    const auto record = pick_any(device);
    if (!record) return;
    const auto& kind = *schema::find_kind(record->kind);
    const auto& field = chance_.pick(kind.fields);
    const bool moves = std::any_of(kind.scopes.begin(), kind.scopes.end(), [&](const auto& rule) { return rule.field == field.name; });
    if (!is_followed(kind, field) || moves) return;
    if (const auto value = any_value(device, field)) set_value(device, *record, {}, {}, field.name, *value);
}

void World::add_entry(Device& device)
{
    if (is_tampered(device)) return;
    const auto record = pick_any(device);
    if (!record) return;
    const auto& kind = *schema::find_kind(record->kind);
    if (kind.collections.empty()) return;
    const auto& collection = chance_.pick(kind.collections);
    const bool is_plain = collection.gathers == schema::Gathering::entries || collection.gathers == schema::Gathering::sum;
    if (!is_plain || collection.name == "items" || collection.name == "attachments") return; // an expense's sum is followed by the ledger itself
    schema::Fields fields{{"position", std::string{"m"}}};
    for (const auto& field : collection.fields) {
        if (!field.is_required && !chance_.one_in(2)) continue;
        const auto value = any_value(device, field);
        if (value) fields[field.name] = *value;
        else if (field.is_required) return;
    }
    const auto child = new_id<ChildId>(device.clock->now(), *device.random);
    merge::Intent intent;
    intent.record = record->id;
    intent.kind = record->kind;
    intent.steps.push_back({collection.name, child, true, fields});
    save(device, std::move(intent), [&](Ledger::Fate fate) {
        tell(fmt::format("{} adds {} {} to {} {}", device.name, collection.name, child.text(), record->kind, record->id.text()));
        for (const auto& [name, value] : fields)
            if (const auto* field = collection.field(name); field != nullptr && is_followed(kind, *field))
                ledger_.wrote(record->id.text(), fmt::format("{}/{}/{}", collection.name, child.text(), name), schema::format(*field, value), {}, fate);
    });
}

/// Taken out or brought back: its values stay readable either way.
void World::remove_entry(Device& device)
{
    if (is_tampered(device)) return;
    const auto record = pick_any(device);
    if (!record) return;
    for (const auto& [name, children] : record->collections) {
        if (children.empty() || name == "items" || !chance_.one_in(2)) continue;
        const auto& child = chance_.pick(children);
        merge::Intent intent;
        intent.record = record->id;
        intent.kind = record->kind;
        intent.steps.push_back({name, child.id, false, {{"removed", !child.removed}}});
        return save(device, std::move(intent), [&](Ledger::Fate) {
            tell(fmt::format("{} {} {} {} of {} {}", device.name, child.removed ? "brings back" : "takes out", name, child.id.text(), record->kind, record->id.text()));
        });
    }
}

} // namespace roadbook::simulation
