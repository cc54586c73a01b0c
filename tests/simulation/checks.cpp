// What must hold when a world has come to rest: the product against the ledger, and the replicas against each other.
#include "shared/rules/totals.hpp"
#include "tests/simulation/described.hpp"
#include "tests/simulation/who_sees.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::simulation {
namespace {

/// What unique() made, wherever it stands in this: "zq000017q".
std::set<std::string> canaries_in(std::string_view bytes)
{
    std::set<std::string> found;
    for (auto at = bytes.find(World::canary); at != std::string_view::npos; at = bytes.find(World::canary, at + 1)) {
        const auto end = bytes.find_first_not_of("0123456789", at + World::canary.size());
        if (end != std::string_view::npos && bytes[end] == World::canary.back()) found.emplace(bytes.substr(at, end + 1 - at));
    }
    return found;
}

std::vector<RecordId> ids_on(replica::Replica& replica, std::string_view kind)
{
    std::vector<RecordId> ids;
    if (replica.count(kind) == 0) return ids; // most types have none, and a list of each is dear
    for (const auto& record : replica.list({std::string{kind}, {}, "id", false, 100'000, 0}).value()) ids.push_back(record.id);
    return ids;
}

} // namespace

std::map<std::string, std::string> World::view_of_device(std::size_t index)
{
    auto& replica = *devices_[index].replica;
    std::map<std::string, std::string> view;
    for (const auto& kind : schema::kinds())
        for (const auto& id : ids_on(replica, kind.name)) view[id.text()] = describe(replica.show(id).value().merged, !lied_.contains(id.text()));
    return view;
}

/// Read once for all checks: at rest nothing changes any more.
void World::read_server()
{
    truth_.clear();
    for (const auto& kind : schema::kinds())
        for (const auto& id : hub_->records_of(kind.name)) truth_.emplace(id, hub_->merged(id).value());
}

const merge::Merged* World::on_server(const std::string& record) const
{
    const auto found = truth_.find(RecordId::parse(record).value());
    return found == truth_.end() ? nullptr : &found->second;
}

std::map<std::string, std::string> World::view_of_server() const
{
    std::map<std::string, std::string> view;
    for (const auto& [id, merged] : truth_) view[id.text()] = describe(merged, !lied_.contains(id.text()));
    return view;
}

std::set<std::string> World::refusals()
{
    std::set<std::string> all;
    for (const auto& edit : hub_->kept_edits(true))
        if (!weather_.damaged_frames || edit.why.code != Errc::bad_change) all.insert(fmt::format("{} {} {} {}", edit.device.text(), edit.record ? edit.record->text() : "", name(edit.why.code), edit.why.field));
    return all;
}

std::vector<std::string> World::check()
{
    std::vector<std::string> broken;
    read_server();
    note_kept();
    check_edits(broken);
    check_rights(broken);
    check_views(broken);
    check_money(broken);
    check_approvals(broken);
    check_files(broken);
    check_leftovers(broken);
    check_numbers(broken);
    check_bytes(broken);
    check_audit(broken);
    tally_.refused = ledger_.refusals;
    return broken;
}

/// What the server keeps in quarantine, with its reason, is not lost: also where its device has let go of the record.
void World::note_kept()
{
    for (const auto& kept : hub_->kept_edits(true)) {
        if (!kept.record || kept.state == store::EditState::taken_back) continue; // that one its author has sent once more
        const auto edit = hub_->kept_edit(kept.number());
        if (edit) note_refusal(kept.record->text(), kept.creates, edit->sets, kept.state != store::EditState::released); // nobody but a restored server releases here
    }
}

/// Nobody's number is anybody else's: from leases, or told apart by a suffix.
void World::check_numbers(std::vector<std::string>& broken)
{
    for (const auto& kind : schema::kinds()) {
        if (kind.number_field() == nullptr) continue;
        std::map<std::string, RecordId> bearers;
        for (const auto& id : hub_->records_of(kind.name)) {
            const auto number = schema::text_of(on_server(id.text())->record, kind.number_field()->name);
            if (number.empty() || bearers.try_emplace(number, id).second) continue;
            broken.push_back(fmt::format("{} and {} bear the number {}", bearers.at(number).text(), id.text(), number));
        }
    }
}

/// A device's copy makes the same edit again that was refused of its original, and the other way round; so does who brings back a lost day.
/// And a bit that is turned in an answer says of the wrong edit that it was refused.
bool World::may_be_refused_and_there() const
{
    return weather_.disaster == Disaster::device_cloned || weather_.disaster == Disaster::device_restored || weather_.disaster == Disaster::server_restored ||
           weather_.damaged_frames;
}

/// Invariant 1: no edit that a device confirmed is lost: it is in the record, or replaced by one that saw it, or beside another.
void World::check_edits(std::vector<std::string>& broken)
{
    for (const auto& [record, made] : ledger_.records)
        if (made.must_be_there() && !on_server(record))
            broken.push_back(fmt::format("{} {} of {} is not on the server", made.kind, record, made.device));
    for (const auto& [key, cell] : ledger_.cells) {
        const auto merged = on_server(key.first);
        if (!merged) continue; // counted above, or its creation was never confirmed
        const auto found = readable(*merged, key.second);
        const auto wanted = cell.live();
        const auto possible = cell.possible();
        if (found.size() > 1) ++tally_.conflicts;
        if (found == wanted || values_unknown_) continue;
        if (may_be_refused_and_there() && std::includes(found.begin(), found.end(), wanted.begin(), wanted.end())) continue;
        if (may_be_refused_and_there() && found == cell.live_with(found)) continue;
        const bool fits = cell.is_unsure() && std::includes(possible.begin(), possible.end(), found.begin(), found.end());
        if (!fits) broken.push_back(fmt::format("{} {}: readable {}, expected {}", key.first, key.second, joined(found), joined(wanted)));
    }
    for (const auto& [record, texts] : ledger_.notes) {
        const auto merged = on_server(record);
        const auto text = merged ? schema::text_of(merged->record, "notes") : std::string{};
        for (const auto& one : texts)
            if (one.must_be_there() && text.find(one.text) == std::string::npos) broken.push_back(fmt::format("the note {} of {} is lost: {}", one.text, record, text));
    }
    for (const auto& intent : unexpected_refusals_) broken.push_back("an honest edit was refused: " + intent);
}

/// Invariant 4: what its author had no right to write is nowhere; and what a device was told is kept in quarantine is there.
void World::check_rights(std::vector<std::string>& broken)
{
    for (const auto& [id, merged] : truth_)
        if (merged.record.kind == "account" && merged.record.fields.contains(lied_field)) broken.push_back(fmt::format("the server took what its author may not write: {} of {}", lied_field, id.text()));
    std::set<IntentId> kept;
    for (const auto& edit : hub_->kept_edits(true)) kept.insert(edit.intent);
    if (weather_.disaster == Disaster::server_restored) return; // its quarantine is the backup's
    if (weather_.damaged_frames) return; // the bit that was turned may be one of the edit's id
    for (auto& device : devices_) {
        if (device.is_absent) continue;
        for (const auto& edit : device.replica->refused())
            if (edit.state == replica::RefusedEdit::State::kept && !kept.contains(edit.intent)) broken.push_back(fmt::format("a refused edit of {} is not kept on the server: {}", device.name, edit.reason));
    }
}

/// Invariant 2: replicas show the same as the server for every record that they hold, and hold exactly what is granted.
void World::check_views(std::vector<std::string>& broken)
{
    const auto server = view_of_server();
    const WhoSees sees{firm_, truth_};
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        if (devices_[i].is_absent) continue;
        const auto view = view_of_device(i);
        for (const auto& [id, text] : view) {
            if (values_unknown_ && lied_.contains(id)) continue; // it may have been told that the lie was taken
            const auto there = server.find(id);
            if (there == server.end()) broken.push_back(fmt::format("{} shows {} that the server does not have", devices_[i].name, id));
            else if (there->second != text) broken.push_back(fmt::format("{} shows {} as\n{}the server as\n{}", devices_[i].name, id, text, there->second));
        }
        for (const auto& [id, merged] : truth_) {
            const bool may = sees(devices_[i].person, merged.record);
            if (may != view.contains(id.text())) broken.push_back(fmt::format("{} {} {} {}", devices_[i].name, may ? "lacks" : "still has", merged.record.kind, id.text()));
        }
    }
}

/// Invariant 6: an expense report comes to what was spent, to the cent.
void World::check_money(std::vector<std::string>& broken)
{
    for (const auto& [record, spent] : ledger_.items) {
        const auto merged = on_server(record);
        if (!merged) continue;
        std::int64_t sure = 0;
        std::set<std::int64_t> sums{0};
        for (const auto& one : spent) {
            if (one.refused && !may_be_refused_and_there()) continue;
            if (one.must_be_there()) {
                sure += one.minor;
                continue;
            }
            std::set<std::int64_t> more;
            for (const auto sum : sums) more.insert({sum, sum + one.minor});
            sums = more;
        }
        const auto totals = rules::totals_of(merged->record).value();
        const auto total = totals.sums.empty() ? 0 : totals.sums.front().total().minor;
        if (!sums.contains(total - sure)) broken.push_back(fmt::format("expense report {} comes to {}, spent was {}", record, total, sure));
    }
}

/// When all is quiet nothing waits, and what a device kept of other people's records is gone.
void World::check_leftovers(std::vector<std::string>& broken)
{
    for (auto& device : devices_) {
        if (device.is_absent) continue;
        const auto status = device.replica->status();
        if (status.unsent != 0) broken.push_back(fmt::format("{} still has {} unsent edits", device.name, status.unsent));
        std::int64_t shown = 0;
        for (const auto& kind : schema::kinds()) shown += device.replica->count(kind.name);
        if (shown == status.records) continue;
        // A bit of the creation's id was turned: the server keeps it under another id, and has nothing that names the photo.
        if (weather_.damaged_frames && status.records - shown <= status.files_to_send) continue;
        std::string hidden;
        for (const auto& [id, made] : ledger_.records)
            if (const auto record = RecordId::parse(id).value(); device.replica->kind_of(record) && !device.replica->show(record)) hidden += fmt::format(", not shown: {} {}", made.kind, id);
        broken.push_back(fmt::format("{} holds {} documents and shows {}{}", device.name, status.records, shown, hidden));
    }
}

/// Invariant 3: of a record that a device does not show, not one byte is on its disk: rows, index, free pages and write-ahead log.
void World::check_bytes(std::vector<std::string>& broken)
{
    std::map<std::string, std::set<std::string>> records_of; // of each canary
    std::map<std::string, std::set<std::string>> never_saved; // by device: of an edit that failed something may lie about
    for (const auto& [key, cell] : ledger_.cells)
        for (const auto& write : cell.writes)
            for (const auto& token : canaries_in(write.value)) {
                records_of[token].insert(key.first);
                if (write.fate == Ledger::Fate::unknown) never_saved[token].insert(write.device);
            }
    for (auto& device : devices_) {
        if (device.is_absent || device.name == liar_disk_) continue; // whose disk went back in time has remains of what never was
        std::set<RecordId> refused; // the user has still to see to these
        for (const auto& edit : device.replica->refused()) refused.insert(edit.record);
        std::set<std::string> found;
        device.disk->each_file([&](std::string_view bytes) { found.merge(canaries_in(bytes)); });
        for (const auto& token : found) {
            const auto of = records_of.find(token);
            if (of == records_of.end() || never_saved[token].contains(device.name)) continue; // the first is cut short by what stands behind it
            const bool may = std::any_of(of->second.begin(), of->second.end(), [&](const std::string& record) {
                const auto id = RecordId::parse(record).value();
                return refused.contains(id) || device.replica->kind_of(id).has_value();
            });
            if (!may) broken.push_back(fmt::format("{} still holds bytes of {}: {}", device.name, *of->second.begin(), token));
        }
    }
}

/// Each answer, grant and login stands in the audit log, and the log hangs together.
void World::check_audit(std::vector<std::string>& broken)
{
    const auto verdict = hub_->audit().verify();
    if (verdict.first_bad != 0) broken.push_back(fmt::format("the audit log is broken at {}: {}", verdict.first_bad, verdict.why));
}

} // namespace roadbook::simulation
