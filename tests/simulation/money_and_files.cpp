// What stands on exactly what a record says: approvals, payments, signatures; and the files that it names.
#include "shared/schema/attachment.hpp"
#include "shared/schema/validation.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::simulation {
namespace {

constexpr auto expense_report = "expense_report";

/// All that an approval is over, as plain text: everything but approvals, payments, the state that they bring about, who pays, the opportunity, and
/// the number, which is a provisional one until its device has met the server.
std::string content_of(const schema::Record& record)
{
    const auto& kind = *schema::find_kind(record.kind);
    std::string text;
    for (const auto& [name, value] : record.fields) {
        const auto* field = kind.field(name);
        const bool is_approved = field != nullptr && field->steps.empty() && field->number_prefix.empty() && name != "payer" && name != "opportunity";
        if (is_approved) text += fmt::format("{} = {}\n", name, schema::format(*field, value));
    }
    for (const auto& [name, entries] : record.collections) {
        if (name != "items" && name != "lines") continue;
        for (const auto& entry : entries)
            for (const auto& [field, value] : entry.fields)
                if (const auto* described = kind.collection(name)->field(field)) text += fmt::format("{} {} {} = {}\n", entry.id.text(), entry.removed, field, schema::format(*described, value));
    }
    return text;
}

} // namespace

/// A call of the replica's own that saves: true if it did. The user is told of nothing else.
template <class Outcome>
bool World::did(Device& device, const Outcome& outcome)
{
    if (outcome) {
        ++tally_.edits;
        if (device.link && !device.disk->is_dead())
            for (auto& frame : device.link->client->outbox_grew()) device.link->up.push_back(std::move(frame));
        return true;
    }
    if (!device.disk->is_dead() && !has_io_error(device)) {
        ++tally_.local_refusals;
        const auto why = outcome.error();
        note_damage(why);
        tell(fmt::format("{}: {} ({})", device.name, why.message, roadbook::name(why.code)));
    }
    return false;
}

void World::submit_report(Device& device)
{
    for (const auto& mine : device.replica->list({expense_report, {{"owner", device.person}}, "id", false, 1000, 0}).value()) {
        const auto state = schema::text_of(mine, "status");
        if (!state.empty() && state != "draft") continue; // a new one has no state yet
        const bool has_currency = !schema::text_of(mine, "currency").empty();
        schema::Fields written{{"status", std::string{"submitted"}}};
        if (!has_currency) written["currency"] = std::string{"EUR"};
        merge::Intent intent;
        intent.record = mine.id;
        intent.kind = expense_report;
        intent.steps.push_back({{}, {}, false, std::move(written)});
        return save(device, std::move(intent), [&](Ledger::Fate) {
            tell(fmt::format("{} submits {}", device.name, mine.id.text()));
        });
    }
}

/// What he saw is kept, to be compared with whatever is shown as approved at the end.
void World::approve(Device& device)
{
    if (is_tampered(device)) return;
    for (const auto* kind : {expense_report, "quote"}) {
        const auto record = kind == expense_report ? pick_in_state(device, kind, "submitted") : pick_record(device, kind);
        if (!record || (schema::reference_of(*record, "owner") == device.person)) continue;
        const auto shown = device.replica->show(record->id);
        if (!shown) return;
        const auto decided = device.replica->approve(record->id, replica::Decision::approved, {});
        if (did(device, decided)) {
            ++tally_.met["approved"];
            approved_[decided->entry.text()] = content_of(shown->merged.record);
            tell(fmt::format("{} approves {}", device.name, record->id.text()));
        }
        return;
    }
}

void World::pay(Device& device)
{
    if (device.role != schema::Role::finance) return;
    const auto record = pick_in_state(device, expense_report, "approved");
    if (!record) return;
    const auto paid = device.replica->pay(record->id, {});
    if (!did(device, paid)) return;
    if (paid->payments == 0) return;
    ++tally_.met["paid"];
    tell(fmt::format("{} pays {} of {}", device.name, paid->total.text(), record->id.text()));
}

void World::attach(Device& device)
{
    const auto visit = pick_record(device, "visit");
    if (!visit || is_tampered(device)) return;
    ledger_.made_on(device.name);
    Bytes photo(64 + chance_.below(30'000)); // some go in several parts
    device.random->fill(photo);
    const auto added = device.replica->attach(visit->id, "photo.jpg", "image/jpeg", photo);
    if (!did(device, added)) return;
    ++tally_.met["file attached"];
    const auto hash = sha256(photo).hex();
    files_.emplace_back(visit->id.text(), hash);
    ledger_.wrote(visit->id.text(), fmt::format("{}/{}/sha256", schema::attachments_collection, added->text()), hash, {}, Ledger::Fate::confirmed);
    tell(fmt::format("{} takes a photo of {}", device.name, visit->id.text()));
}

/// Invariants 5 and 6: what shows as approved is to the letter what its approver saw; and nothing is paid twice, or more than was approved.
void World::check_approvals(std::vector<std::string>& broken)
{
    for (auto& device : devices_) {
        if (device.is_absent) continue;
        for (const auto* kind : {"expense_report", "quote"})
            for (const auto& record : device.replica->list({kind, {}, "id", false, 1000, 0}).value()) {
                const auto shown = device.replica->show(record.id).value();
                const auto now = content_of(shown.merged.record);
                for (const auto& one : shown.endorsed) {
                    const auto then = approved_.find(one.read.id.text());
                    if (one.read.standing != merge::Endorsed::Standing::holds || then == approved_.end()) continue;
                    ++tally_.met["approval holds"];
                    if (then->second != now) broken.push_back(fmt::format("{} shows {} as approved, which says\n{}approved was\n{}", device.name, record.id.text(), now, then->second));
                }
                if (!shown.payout) continue;
                if (shown.payout->paid > shown.payout->approved) broken.push_back(fmt::format("{}: {} paid of {} approved", record.id.text(), shown.payout->paid, shown.payout->approved));
                for (const auto& item : shown.payout->items)
                    if (item.payments.size() > 1 && item.due() == 0 && item.paid > (item.approved ? item.approved->minor : 0))
                        broken.push_back(fmt::format("item {} of {} is paid twice", item.item.text(), record.id.text()));
            }
    }
}

/// A file that its user was told is kept is on the server, if its record names it there.
void World::check_files(std::vector<std::string>& broken)
{
    if (weather_.disaster != Disaster::none && weather_.disaster != Disaster::long_absence) return; // it may have gone with its device
    for (const auto& [id, hash] : files_) {
        const auto* visit = on_server(id);
        if (visit == nullptr) continue;
        const auto entries = visit->record.collections.find(schema::attachments_collection);
        const bool is_named = entries != visit->record.collections.end() && std::any_of(entries->second.begin(), entries->second.end(), [&](const schema::Child& entry) {
            const auto named = entry.fields.find("sha256");
            return named != entry.fields.end() && named->second == schema::Value{hash};
        });
        if (is_named && !std::filesystem::exists(folder_ / "server" / "attachments" / hash.substr(0, 2) / hash.substr(2)))
            broken.push_back(fmt::format("the photo {} of {} is not on the server", hash.substr(0, 8), id));
    }
}

} // namespace roadbook::simulation
