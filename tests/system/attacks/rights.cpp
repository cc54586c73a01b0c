// A device with a good token that wants what is not its person's: other people's records, and more rights for himself.
#include "conflict/merge/genesis.hpp"
#include "shared/protocol/limits.hpp"
#include "tests/support/forged_change.hpp"
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

namespace roadbook::attacks {
namespace {

using Put = automerge::Edit::Put;

/// Ann edits a record that she sees. `record`: which one, of the arena's.
Attack edit(std::string row, std::string what, std::string expected, RecordId Arena::*record, std::function<std::vector<automerge::Edit>(Arena&)> edits)
{
    return {std::move(row), std::move(what), std::move(expected), [=](Arena& arena) {
                Intruder device{arena, arena.enrol(arena.ann)};
                return device.push_one(arena.*record, change_on(device.records().at(arena.*record), edits(arena)));
            }};
}

Attack set(std::string row, std::string what, RecordId Arena::*record, std::string field, std::function<automerge::Scalar(Arena&)> value)
{
    return edit(std::move(row), std::move(what), "REFUSED not_allowed", record,
                [field = std::move(field), value = std::move(value)](Arena& arena) { return std::vector<automerge::Edit>{{{field}, Put{value(arena)}}}; });
}

Attack create(std::string row, std::string what, std::string expected, std::function<merge::Intent(Arena&, const RecordId&)> intent)
{
    return {std::move(row), std::move(what), std::move(expected), [intent = std::move(intent)](Arena& arena) {
                Intruder device{arena, arena.enrol(arena.ann)};
                const auto id = new_id<RecordId>(system_clock().now(), system_random());
                return device.push_one(id, change_of(intent(arena, id)));
            }};
}

automerge::Scalar reference(const RecordId& id)
{
    return to_bytes(id.view());
}

/// The same change for a record out of sight and for one that there is not: what is answered.
std::string change_of_anothers(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto answer = [&](const RecordId& id) {
        auto change = testing::ForgedChange::from(change_on_new("account", {{{"phone"}, Put{std::string{"1"}}}}));
        change.deps = {sha256(as_bytes("guessed"))};
        return device.push_one(id, change.bytes());
    };
    const auto hidden = answer(arena.bolt);
    const auto missing = answer(new_id<RecordId>(system_clock().now(), system_random()));
    return hidden == missing ? hidden + " for both" : hidden + ", " + missing;
}

std::string record_made_anew(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    return device.push_one(arena.bolt, change_of(creation(arena.bolt, "account", {{"name", std::string{"Mine"}}, {"territory", arena.north}})));
}

v1::ClientFrame ask_for(const RecordId& record, const Hash& file)
{
    v1::ClientFrame frame;
    frame.mutable_ask_part()->set_document(protocol::to_field(record));
    frame.mutable_ask_part()->set_sha256(protocol::to_field(file));
    frame.mutable_ask_part()->set_bytes_max(protocol::part_bytes_max);
    return frame;
}

/// An old holder knows the hash of what he may not read any more.
std::string anothers_file_by_hash(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto visit = new_id<RecordId>(system_clock().now(), system_random());
    auto intent = creation(visit, "visit", {{"subject", std::string{"Mine"}}, {"account", arena.acme}});
    const auto child = new_id<ChildId>(system_clock().now(), system_random());
    intent.steps.push_back({"attachments", child, true, {{"name", std::string{"theirs.jpg"}}, {"size", std::int64_t{1'000}}, {"sha256", arena.photo.hex()}}});
    const auto made = device.push_one(visit, change_of(intent));
    v1::ClientFrame put;
    put.mutable_put_part()->set_document(protocol::to_field(visit));
    put.mutable_put_part()->set_sha256(protocol::to_field(arena.photo));
    const auto named = name_of(*device.ask(ask_for(visit, arena.photo)));
    const auto asked = name_of(*device.ask(put));
    put.mutable_put_part()->set_data(std::string(1'000, 'x'));
    const auto sent = name_of(*device.ask(put));
    return fmt::format("{}; {}; {}; {}; {}", made, named, asked, sent, name_of(*device.ask(ask_for(visit, arena.photo))));
}

std::string anothers_file(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto nowhere = new_id<RecordId>(system_clock().now(), system_random());
    std::string answers;
    for (const auto& record : {arena.visit, nowhere, arena.acme}) answers += (answers.empty() ? "" : ", ") + name_of(*device.ask(ask_for(record, arena.photo)));
    v1::ClientFrame put;
    put.mutable_put_part()->set_document(protocol::to_field(arena.visit));
    put.mutable_put_part()->set_sha256(protocol::to_field(arena.photo));
    put.mutable_put_part()->set_data("overwritten");
    return answers + "; sent: " + name_of(*device.ask(put));
}

std::string preview_of_a_handover(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    std::string answers;
    for (const auto& territory : {arena.south, arena.north, arena.acme}) {
        v1::ClientFrame frame;
        frame.mutable_enquiry()->mutable_handover()->set_territory(protocol::to_field(territory));
        frame.mutable_enquiry()->mutable_handover()->set_to(protocol::to_field(arena.ann));
        answers += (answers.empty() ? "" : ", ") + name_of(*device.ask(frame));
    }
    return answers;
}

/// Cursors of Ben's scopes, as good as a thief can make them.
std::string anothers_feed(Arena& arena)
{
    const auto who = arena.enrol(arena.ann);
    auto greeting = hello(who);
    for (const auto& scope : {schema::ScopeId::territory(arena.south), schema::ScopeId::person(arena.ben), schema::ScopeId::office(arena.south)}) {
        auto& cursor = *greeting.mutable_hello()->add_cursors();
        cursor.set_scope(protocol::to_field(scope.bytes()));
        cursor.set_running_hash(std::string(32, '\0'));
    }
    Intruder device{arena};
    device.send(greeting);
    for (auto frame = device.read(); frame && !frame->has_caught_up();) frame = device.read();
    const bool has_bens = device.records().contains(arena.bolt) || device.records().contains(arena.visit) ||
                          device.scopes().contains(protocol::to_field(schema::ScopeId::territory(arena.south).bytes()));
    return has_bens ? "records of his" : device.records().contains(arena.acme) ? "her own records alone" : "nothing at all";
}

std::string a_later_epoch(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    v1::ClientFrame frame;
    frame.mutable_drained()->set_grant_epoch(std::uint64_t{1} << 62);
    const auto answer = name_of(*device.ask(frame));
    return answer + ", then " + device.push_one(arena.acme, change_on(device.records().at(arena.acme), {{{"phone"}, Put{std::string{"+49 2"}}}}));
}

/// Who brings an attribution that the server never made is its author himself.
std::string forged_seal(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    const auto task = new_id<RecordId>(system_clock().now(), system_random());
    v1::ChangeList list;
    auto& pushed = *list.add_changes();
    pushed.set_document(protocol::to_field(task));
    pushed.set_change(protocol::to_field(change_of(creation(task, "task", {{"subject", std::string{"in Mona's name"}}, {"owner", arena.ann}}))));
    auto& by = *pushed.mutable_original();
    by.set_person(protocol::to_field(arena.mona));
    by.set_device(std::string(16, 'm'));
    by.set_received_at(1);
    by.set_intent(std::string(16, 'i'));
    pushed.set_mac(std::string(protocol::mac_bytes, 'x'));
    const auto answers = device.push_all(list);
    const auto entries = arena.audit_of(task);
    const auto* author = entries.empty() ? "nobody" : entries.front().note.person == arena.ann ? "Ann" : "somebody else";
    return (answers.exceptions_size() == 0 ? "accepted" : name_of(answers.exceptions(0))) + ", as " + author;
}

} // namespace

std::vector<Attack> attacks_on_rights()
{
    const auto text = [](const char* value) { return [value](Arena&) -> automerge::Scalar { return std::string{value}; }; };
    return {
        {"M7, 15", "a change of another's account, and of no record", "NEED for both", change_of_anothers},
        {"M7", "another's account, created once more", "REFUSED not_found", record_made_anew},
        {"15", "another's photo, by a record of his, of nobody, of one's own", "file not_found, file not_found, file not_found; sent: file not_found", anothers_file},
        {"15", "another's photo, by its hash in a record of his own", "accepted; file not_found; file taken; file hash_conflict; file not_found", anothers_file_by_hash},
        {"15", "what a hand-over would move", "reply not_found, reply not_found, reply not_found", preview_of_a_handover},
        {"15", "another's feeds, by their ids", "her own records alone", anothers_feed},
        {"M8, 17", "a grant epoch that was never given", "purge of 0 scopes, then accepted", a_later_epoch},
        set("M8", "one's own role raised", &Arena::ann, "role", text("admin")),
        set("M8", "one's superior taken away", &Arena::ann, "reports_to", [](Arena& arena) { return reference(arena.ann); }),
        set("M8", "another's territory taken", &Arena::south, "holder", [](Arena& arena) { return reference(arena.ann); }),
        set("M8", "one's own territory given away", &Arena::north, "holder", [](Arena& arena) { return reference(arena.ben); }),
        set("M8", "a price changed", &Arena::widget, "price", text("1 EUR")),
        set("M8", "one's account moved to another territory", &Arena::acme, "territory", [](Arena& arena) { return reference(arena.south); }),
        set("M8", "another's role, as the manager's actor might", &Arena::mona, "role", text("rep")),
        edit("M8", "one's own role raised, beside an honest field", "REFUSED not_allowed", &Arena::ann,
             [](Arena&) { return std::vector<automerge::Edit>{{{"phone"}, Put{std::string{"1"}}}, {{"role"}, Put{std::string{"admin"}}}}; }),
        create("M8", "a person of one's own making, an admin", "REFUSED not_allowed",
               [](Arena&, const RecordId& id) { return creation(id, "person", {{"name", std::string{"Eve"}}, {"role", std::string{"admin"}}}); }),
        create("M8", "a territory of one's own making", "REFUSED not_allowed",
               [](Arena& arena, const RecordId& id) { return creation(id, "territory", {{"name", std::string{"East"}}, {"holder", arena.ann}}); }),
        create("M8", "a price list of one's own making", "REFUSED not_allowed",
               [](Arena&, const RecordId& id) { return creation(id, "price_list", {{"name", std::string{"All for free"}}}); }),
        create("M7", "an account in another's territory", "REFUSED not_found",
               [](Arena& arena, const RecordId& id) { return creation(id, "account", {{"name", std::string{"Acre"}}, {"territory", arena.south}}); }),
        create("A9", "an expense report that its author has approved", "REFUSED not_allowed",
               [](Arena& arena, const RecordId& id) { return creation(id, "expense_report", {{"title", std::string{"Trip"}}, {"owner", arena.ann}, {"status", std::string{"approved"}}}); }),
        {"T3, M1", "a change under a seal that the server never made", "accepted, as Ann", forged_seal},
    };
}

} // namespace roadbook::attacks
