// A server that is put back to yesterday: devices bring the lost day back, as it was, and nobody gets in before an administrator says so.
#include "sync-server/admin/backup.hpp"
#include "sync-server/session/restore.hpp"
#include "tests/support/office.hpp"

#include <fmt/format.h>

#include <algorithm>

using namespace roadbook;
using namespace roadbook::testing;
using store::AuditKind;

namespace {

struct Yesterday {
    Company company;
    Device ann{company, "ann", company.ann};
    Device ben{company, "ben", company.ben};
    Device mona{company, "mona", company.mona};
    std::filesystem::path file = company.folder("backup.tar");

    Yesterday()
    {
        for (auto* device : all()) REQUIRE(device->sync().code == Errc::ok);
        later();
        REQUIRE(server::make_backup(company.server_folder(), file).has_value());
        later();
    }
    std::array<Device*, 3> all() { return {&ann, &ben, &mona}; }
    void later() { company.clock().advance(std::chrono::minutes{5}); }

    /// The disk is lost; the key was kept elsewhere, or was not.
    void restore(bool with_key = true)
    {
        company.close_server();
        const auto folder = company.server_folder();
        const auto key = company.folder("kept.key");
        std::filesystem::copy_file(folder / server::seal_key_file, key, std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove_all(folder);
        const auto report = server::restore_backup(file, folder, with_key ? key : std::filesystem::path{});
        REQUIRE(report.has_value());
        REQUIRE(report->has_key == with_key);
        company.open_server();
    }
    void confirm(std::vector<DeviceId> revoked = {}) { REQUIRE(company.hub().confirm_restore(revoked).has_value()); }

    /// Until nobody has anything new.
    void sync_all(const std::vector<Device*>& order)
    {
        for (int round = 0; round < 3; ++round)
            for (auto* device : order) {
                later();
                REQUIRE(device->sync().code == Errc::ok);
            }
    }
    DeviceId id_of(const RecordId& person)
    {
        for (const auto& row : company.hub().devices())
            if (row.person == person && !row.revoked_at) return row.id;
        return {};
    }
    /// Every change with whom it is attributed to, from the history of one device.
    std::vector<std::string> history(Device& device, const RecordId& record)
    {
        std::vector<std::string> lines;
        for (const auto& entry : device->history(record).value())
            lines.push_back(fmt::format("{} {} {} {}", entry.change.hex(), entry.by->person.text(), entry.by->device.text(), to_text(entry.by->received_at.value())));
        std::sort(lines.begin(), lines.end());
        return lines;
    }
};

} // namespace

TEST_CASE("a server put back to yesterday gets the lost day from its devices, whoever comes first", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    // The day: Ann edits and makes a visit, Ben edits, Mona edits what Ann edited and hands a territory over; all of it is accepted.
    REQUIRE(world.ann->set(company.acme, {{"phone", text("1")}}).has_value());
    const auto visit = world.ann->add("visit", {{"subject", text("Lost and found")}, {"account", company.acme}}).value().record;
    REQUIRE(world.ben->set(company.bolt, {{"city", text("Kiel")}}, "he moved").has_value());
    world.sync_all({&world.ann, &world.ben, &world.mona});
    REQUIRE(world.mona->set(company.acme, {{"phone", text("2")}}).has_value());
    const auto lead = company.new_record();
    company.apply(creation(lead, "territory", {{"name", text("East")}, {"holder", company.ben}})); // by administration, at the server itself
    world.sync_all({&world.mona, &world.ann, &world.ben});
    const auto before = world.history(world.mona, company.acme);
    REQUIRE(before.size() == 3);
    // And edits that nobody has sent yet.
    REQUIRE(world.ann->set(visit, {{"subject", text("Found")}}).has_value());
    REQUIRE(world.ben->set(company.bolt, {{"phone", text("7")}}).has_value());

    world.restore();
    for (auto* device : world.all()) REQUIRE(device->sync().code == Errc::server_busy);
    REQUIRE(world.ann->show(visit).has_value()); // nothing is dropped for that
    world.confirm();

    std::vector<Device*> order{&world.ann, &world.ben, &world.mona};
    for (auto turns = GENERATE(range(0, 6)); turns > 0; --turns) std::next_permutation(order.begin(), order.end());
    world.sync_all(order);

    REQUIRE(server_value(company, company.acme, "phone") == text("2"));
    REQUIRE(server_value(company, visit, "subject") == text("Found"));
    REQUIRE(server_value(company, company.bolt, "city") == text("Kiel"));
    REQUIRE(server_value(company, company.bolt, "phone") == text("7"));
    REQUIRE(server_value(company, lead, "name") == text("East"));
    for (auto* device : world.all()) {
        REQUIRE(device->replica().status().unsent == 0);
        REQUIRE(device->replica().refused().empty());
    }
    REQUIRE(world.history(world.ann, company.acme) == before); // with its author, device and time, on all of them
    REQUIRE(world.history(world.mona, company.acme) == before);
    REQUIRE(device_value(world.mona, visit, "subject") == text("Found"));
    REQUIRE(device_value(world.ben, lead, "name") == text("East"));
    REQUIRE(company.hub().audit().verify().first_bad == 0);
}

TEST_CASE("what the new holder of a lost day has written since is not refused because the hand-over comes with it", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.mona->set(company.south, {{"holder", company.ann}}).has_value());
    world.sync_all({&world.mona, &world.ann});
    REQUIRE(world.ann->set(company.bolt, {{"phone", text("7")}}).has_value());
    world.restore();
    world.confirm();
    world.sync_all({&world.ann, &world.mona});
    CHECK(world.ann->refused().empty());
    CHECK(server_value(company, company.bolt, "phone") == text("7"));
}

TEST_CASE("the files of the lost day come back from whoever has them", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    Bytes photo(20'000);
    company.chance().fill(photo);
    const auto hash = sha256(photo);
    const auto visit = world.ann->add("visit", {{"subject", text("With a photo")}, {"account", company.acme}}).value().record;
    REQUIRE(world.ann->attach(visit, "photo.jpg", "image/jpeg", photo).has_value());
    world.sync_all({&world.ann, &world.mona});
    REQUIRE(world.mona->want_attachment(visit, hash).has_value());
    world.sync_all({&world.mona});
    REQUIRE(world.mona->attachment(visit, hash).has_value());
    world.restore();
    world.confirm();
    SECTION("its author") { world.sync_all({&world.ann}); }
    SECTION("somebody who had fetched it") { world.sync_all({&world.mona}); }
    Device fresh{company, "fresh", company.mona};
    REQUIRE(fresh.sync().code == Errc::ok);
    REQUIRE(fresh->want_attachment(visit, hash).has_value());
    REQUIRE(fresh.sync().code == Errc::ok);
    REQUIRE(fresh->attachment(visit, hash).has_value());
    CHECK(fresh->attachment(visit, hash).value() == photo);
    world.sync_all({&world.ann, &world.mona});
    for (auto* device : world.all()) CHECK(device->replica().status().files_to_send == 0);
}

TEST_CASE("one device alone brings back what all of them wrote, under their names", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.ann->set(company.acme, {{"phone", text("1")}}).has_value());
    world.sync_all({&world.ann, &world.mona});
    const auto before = world.history(world.mona, company.acme);
    world.restore();
    world.confirm();
    REQUIRE(world.mona.sync().code == Errc::ok);
    REQUIRE(server_value(company, company.acme, "phone") == text("1"));
    REQUIRE(world.history(world.mona, company.acme) == before);
    std::vector<store::AuditEntry> recovered;
    company.hub().audit().each({{}, {}, {}, {}, AuditKind::change_recovered}, [&](const auto& entry) {
        recovered.push_back(entry);
        return true;
    });
    REQUIRE(recovered.size() == 1);
    REQUIRE(recovered.front().note.person == company.mona); // who brought it
    REQUIRE(recovered.front().note.items.size() == 1);      // and only what was lost
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(world.history(world.ann, company.acme) == before);
}

TEST_CASE("what a restored server refused for want of proof is settled when somebody brings it back with proof", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.ann->set(company.acme, {{"phone", text("1")}}).has_value());
    {
        auto connection = greet(company, world.ann); // the answer is lost, and with it the proof
        for (const auto& answer : connection.push(outgoing(world.ann))) REQUIRE(answer.status() == v1::ACCEPTED);
    }
    REQUIRE(world.mona.sync().code == Errc::ok);
    world.restore();
    world.confirm();
    company.apply(edit(company.north, "territory", {{"holder", company.ben}}));
    let_go_by_a_copy(company, world.ann);
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(company.hub().kept_edits().size() == 1);
    REQUIRE_FALSE(server_value(company, company.acme, "phone") == text("1"));

    REQUIRE(world.mona.sync().code == Errc::ok);
    CHECK(server_value(company, company.acme, "phone") == text("1"));
    CHECK(company.hub().kept_edits().empty());
    const auto settled = company.hub().kept_edits(true);
    REQUIRE(settled.size() == 1);
    CHECK(settled.front().state == store::EditState::released);
    CHECK(audit_entries(company, AuditKind::change_released).size() == 1);
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(world.ann->refused().size() == 1);
    CHECK(world.ann->refused().front().state == replica::RefusedEdit::State::released); // her device has heard of it
}

TEST_CASE("what was made on a record that moved in the lost day is late, as it would have been", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    const auto account = world.ann->add("account", {{"name", text("New shop")}, {"territory", company.north}}).value().record;
    world.sync_all({&world.ann, &world.mona});
    const auto visit = world.ann->add("visit", {{"subject", text("First call")}, {"account", account}}).value().record; // before she hears of the move
    REQUIRE(world.mona->set(account, {{"territory", company.south}}).has_value());
    REQUIRE(world.mona.sync().code == Errc::ok);
    world.restore();
    world.confirm();
    world.sync_all({&world.mona, &world.ann, &world.ben}); // it comes back at once where it was last
    CHECK(world.ann->status().unsent == 0);
    CHECK(world.ann->refused().empty());
    CHECK(audit_entries(company, AuditKind::change_late).size() == 1);
    CHECK_FALSE(world.ann->kind_of(account).has_value());
    CHECK(device_value(world.ben, visit, "subject") == text("First call"));
}

TEST_CASE("what was made on a territory that was given and taken in the lost day is late, as it would have been", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.mona->set(company.south, {{"holder", company.ann}}).has_value());
    world.sync_all({&world.mona, &world.ann});
    const auto visit = world.ann->add("visit", {{"subject", text("First call")}, {"account", company.bolt}}).value().record;
    REQUIRE(world.mona->set(company.south, {{"holder", company.ben}}).has_value()); // before she hears of it
    world.restore();
    world.confirm();
    world.sync_all({&world.mona, &world.ann, &world.ben});
    CHECK(world.ann->status().unsent == 0);
    CHECK_FALSE(world.ann->kind_of(company.bolt).has_value());
    CHECK(device_value(world.ben, visit, "subject") == text("First call"));
}

TEST_CASE("what was written on a record that comes back together with its move reaches who had the move before", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.mona->set(company.acme, {{"territory", company.south}}).has_value());
    world.sync_all({&world.mona, &world.ben});
    REQUIRE(world.ben->show(company.acme).has_value());
    REQUIRE(world.mona->set(company.acme, {{"city", text("Kiel")}}).has_value());
    world.restore();
    world.confirm();
    world.sync_all({&world.mona, &world.ben}); // the feed of the south is as long as it was, and says "acme comes in" at the same place
    CHECK(server_value(company, company.acme, "city") == text("Kiel"));
    CHECK(device_value(world.ben, company.acme, "city") == text("Kiel"));
}

TEST_CASE("what was granted and withdrawn in the lost day goes from the device all the same", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.mona->set(company.south, {{"holder", company.ann}}).has_value());
    world.sync_all({&world.mona, &world.ann});
    REQUIRE(world.ann->show(company.bolt).has_value());
    REQUIRE(world.mona->set(company.south, {{"holder", company.ben}}).has_value());
    REQUIRE(world.mona.sync().code == Errc::ok); // before Ann has heard of it
    world.restore();
    world.confirm();
    REQUIRE(world.mona.sync().code == Errc::ok); // both at once: as this server knows it, the south was never Ann's
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE_FALSE(world.ann->kind_of(company.bolt).has_value());
    REQUIRE(world.ann->show(company.acme).has_value());
}

TEST_CASE("after a restore a device whose cursors are in the backup gets nothing anew", "[restore]")
{
    Yesterday world;
    world.restore();
    world.confirm();
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(world.ann.tally().records_received == 0);
    REQUIRE(world.ann.tally().sent == 0);
}

TEST_CASE("without the key what comes back is an edit of the one who brings it", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.ann->set(company.acme, {{"phone", text("1")}}).has_value());
    world.sync_all({&world.ann, &world.mona});
    world.restore(false);
    world.confirm();
    REQUIRE(world.mona.sync().code == Errc::ok);
    REQUIRE(server_value(company, company.acme, "phone") == text("1"));
    Device fresh{company, "fresh", company.mona};
    REQUIRE(fresh.sync().code == Errc::ok);
    REQUIRE(fresh->history(company.acme).value().size() == 2);
    for (const auto& entry : fresh->history(company.acme).value()) REQUIRE(entry.by->person == company.mona); // nothing under Ann's name
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(server_value(company, company.acme, "phone") == text("1"));
}

TEST_CASE("a forged seal makes a change an edit of the one who brings it", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.mona->set(company.acme, {{"phone", text("real")}}).has_value());
    world.sync_all({&world.mona, &world.ann});
    world.restore();
    world.confirm();

    // Ben brings a change of Acme, which is not his, and says that it was Mona's.
    auto connection = greet(company, world.ben);
    auto forged = forged_phone(company, [&] {
        v1::ChangeList list;
        list.add_changes()->set_document(protocol::to_field(company.acme));
        return list;
    }(), "forged");
    auto& pushed = *forged.mutable_changes(0);
    pushed.set_intent(protocol::to_field(company.new_record()));
    auto& original = *pushed.mutable_original();
    original.set_person(protocol::to_field(company.mona));
    original.set_device(protocol::to_field(world.id_of(company.mona)));
    original.set_received_at(company.clock().now().time_since_epoch().count());
    SECTION("with a seal made up") { pushed.set_mac(std::string(8, 'x')); }
    SECTION("without one") {}
    const auto answer = connection.push(forged).front();
    REQUIRE(answer.status() == v1::REFUSED);
    REQUIRE(answer.code() == "not_found");
    REQUIRE(company.hub().quarantine().back().person == company.ben);
    REQUIRE_FALSE(server_value(company, company.acme, "phone") == text("forged"));
}

TEST_CASE("a device that was revoked since the backup stays out until an administrator has said so again", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    const auto revoked = world.id_of(company.ben);
    const auto code = company.hub().make_code(company.ben, std::chrono::hours{1}).value();
    REQUIRE(server::make_backup(company.server_folder(), world.file).has_value());
    REQUIRE(company.hub().revoke(revoked).has_value());
    REQUIRE(world.ben.sync().code == Errc::revoked);
    world.restore();
    REQUIRE(world.ben.sync().code == Errc::server_busy);
    REQUIRE(company.hub().enrol(enrolment(code).enrol()).error().code == Errc::server_busy);
    REQUIRE(company.hub().restore_state()->people.size() == 3);
    REQUIRE(company.hub().confirm_restore(std::vector{DeviceId{}}).error().code == Errc::not_found);
    REQUIRE(world.ann.sync().code == Errc::server_busy); // one wrong name, and nothing was confirmed
    world.confirm({revoked});
    REQUIRE(world.ben.sync().code == Errc::revoked);
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(company.hub().enrol(enrolment(code).enrol()).error().code == Errc::bad_code); // it may have been used since
    REQUIRE_FALSE(company.hub().restore_state().has_value());
}

TEST_CASE("a device whose token was given out in the lost day comes in all the same, and an older token does not", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    const auto stolen = world.ann.hello();
    company.clock().advance(std::chrono::hours{24 * 31});
    REQUIRE(world.ben.sync().code == Errc::ok);
    REQUIRE(world.ben->set(company.bolt, {{"phone", text("7")}}).has_value());
    REQUIRE(world.ben.sync().code == Errc::ok);
    REQUIRE(server::make_backup(company.server_folder(), world.file).has_value());
    world.later();
    world.sync_all({&world.ann}); // gets a new token and uses it: the backup does not know that one
    REQUIRE(world.ann->set(company.acme, {{"phone", text("1")}}).has_value());
    world.sync_all({&world.ann});
    REQUIRE(world.ann->set(company.acme, {{"city", text("Kiel")}}).has_value());
    const auto current = world.ann.hello();
    REQUIRE(current.hello().token() != stolen.hello().token());
    const bool with_key = GENERATE(true, false);
    world.restore(with_key);
    REQUIRE(world.ann.sync().code == Errc::server_busy);
    if (with_key && GENERATE(true, false)) { // what the administrator has said counts all the same
        world.confirm({*DeviceId::from(as_bytes(current.hello().device()))});
        REQUIRE(world.ann.sync().code == Errc::revoked);
        return;
    }
    world.confirm();
    if (!with_key) { // nothing proves that the server gave it
        REQUIRE(world.ann.sync().code == Errc::bad_token);
        REQUIRE(world.ann->status().unsent == 1);
        return;
    }
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(server_value(company, company.acme, "phone") == text("1"));
    REQUIRE(server_value(company, company.acme, "city") == text("Kiel"));
    REQUIRE(company.hub().greet(stolen.hello()).error().code == Errc::bad_token);
    auto forged = current;
    forged.mutable_hello()->mutable_token()->back() ^= 1;
    REQUIRE(company.hub().greet(forged.hello()).error().code == Errc::bad_token);
    forged = current;
    forged.mutable_hello()->set_device(world.mona.hello().hello().device()); // a token is its device's alone
    REQUIRE(company.hub().greet(forged.hello()).error().code == Errc::bad_token);
}

TEST_CASE("a device that was enrolled after the backup loses no edit: it waits until an administrator admits it", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    Device fresh{company, "fresh", company.ann, {}, Device::With::vault};
    REQUIRE(fresh.sync().code == Errc::ok);
    REQUIRE(fresh->set(company.acme, {{"phone", text("1")}}).has_value());
    REQUIRE(fresh.sync().code == Errc::ok);
    REQUIRE(fresh->set(company.acme, {{"city", text("Kiel")}}).has_value());
    const auto id = fresh->identity()->device;
    world.restore();
    REQUIRE(fresh.sync().code == Errc::server_busy);
    REQUIRE(company.hub().admit(id).error().code == Errc::not_found); // it has not come yet
    world.confirm();
    for (int twice = 0; twice < 2; ++twice) REQUIRE(fresh.sync().code == Errc::server_busy);
    REQUIRE(fresh->status().unsent == 1);
    const auto rows = company.hub().devices();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.id == id; });
    REQUIRE(row != rows.end());
    REQUIRE(row->person == company.ann);
    REQUIRE(row->awaits_since.has_value());
    SECTION("he admits it")
    {
        REQUIRE(company.hub().admit(id).has_value());
        REQUIRE(company.hub().admit(id).error().code == Errc::bad_argument);
        REQUIRE(fresh.sync().code == Errc::ok);
        REQUIRE(server_value(company, company.acme, "phone") == text("1"));
        REQUIRE(server_value(company, company.acme, "city") == text("Kiel"));
        REQUIRE(fresh->status().unsent == 0);
    }
    SECTION("he does not: it was lost on the lost day")
    {
        REQUIRE(company.hub().revoke(id).has_value());
        REQUIRE(fresh.sync().code == Errc::revoked);
        const auto handed = fresh.surrender("revoked");
        REQUIRE(handed.handed_over() == 1);
        REQUIRE(handed.is_wiped());
        REQUIRE(company.hub().surrendered().size() == 1);
    }
    SECTION("it is locked, and only hands over")
    {
        const auto handed = fresh.surrender("pin");
        REQUIRE(handed.handed_over() == 1);
        REQUIRE_FALSE(handed.is_wiped());
    }
}

TEST_CASE("a device that a server restored without its key does not know is enrolled anew, and loses no edit", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    Device fresh{company, "fresh", company.ann, {}, Device::With::vault};
    REQUIRE(fresh.sync().code == Errc::ok);
    REQUIRE(fresh->set(company.acme, {{"phone", text("1")}}).has_value());
    REQUIRE(fresh.sync().code == Errc::ok);
    const auto visit = fresh->add("visit", {{"subject", text("Call")}, {"account", company.acme}, {"owner", company.ann}}).value().record;
    REQUIRE(fresh->set(visit, {{"subject", text("Call again")}}).has_value());
    REQUIRE(fresh->set(company.acme, {{"city", text("Kiel")}}).has_value());
    const auto former = fresh->identity()->device;
    world.restore(false);
    world.confirm();
    REQUIRE(fresh.sync().code == Errc::bad_token);
    REQUIRE(fresh.surrender("asked").failure().code == Errc::bad_token);
    fresh.close();
    fresh.open();

    REQUIRE(fresh.enrol("fresh", company.ben).code == Errc::not_allowed); // another person's edits would become his
    REQUIRE(fresh->identity()->device == former);
    REQUIRE(fresh.enrol("fresh", company.ann).code == Errc::ok);
    REQUIRE(fresh->identity()->device != former);
    REQUIRE(fresh->outbox().size() == 3);
    { // sealed to the server that there is now: a forgotten PIN loses none of them either
        const auto handed = fresh.surrender("pin");
        REQUIRE(handed.handed_over() == 3);
        REQUIRE(company.hub().surrendered().size() == 3);
        for (const auto& edit : company.hub().surrendered()) REQUIRE(edit.intent.has_value());
        fresh.close();
        fresh.open();
    }
    REQUIRE(fresh.sync().code == Errc::ok);
    REQUIRE(fresh->status().unsent == 0);
    REQUIRE(fresh->refused().empty());
    REQUIRE(server_value(company, company.acme, "phone") == text("1"));
    REQUIRE(server_value(company, company.acme, "city") == text("Kiel"));
    REQUIRE(server_value(company, visit, "subject") == text("Call again"));
}

TEST_CASE("what a device had not sent when it was enrolled anew is made again under its new name", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    REQUIRE(world.ann->set(company.acme, {{"phone", text("1")}}).has_value());
    REQUIRE(world.ann.sync().code == Errc::ok); // the actor is bound to the device
    const auto former = world.ann->identity()->device;
    const auto visit = world.ann->add("visit", {{"subject", text("Call")}, {"account", company.acme}, {"owner", company.ann}}).value().record;
    REQUIRE(world.ann->set(company.acme, {{"phone", text("2")}}).has_value());
    REQUIRE(world.ann->set(company.acme, {{"city", text("Kiel")}}).has_value());
    REQUIRE(world.mona->set(company.acme, {{"fax", text("9")}}).has_value());
    REQUIRE(world.mona.sync().code == Errc::ok);
    REQUIRE(world.ann.enrol("ann again", company.ann).code == Errc::ok);
    REQUIRE(world.ann->outbox().size() == 3);
    REQUIRE(world.ann->identity()->device != former);
    REQUIRE(world.ann->set(visit, {{"subject", text("Call again")}}).has_value()); // of the same run, under another actor
    REQUIRE(world.ann.sync().code == Errc::ok);
    REQUIRE(world.ann.tally().sent == 4); // each once, though the server refused it first
    REQUIRE(world.ann.tally().accepted == 4);
    REQUIRE(world.ann.tally().entries_received == 1); // Mona's, and not what comes back of its own
    world.sync_all({&world.ann, &world.mona});
    REQUIRE(world.ann->refused().empty());
    REQUIRE(world.ann->status().unsent == 0);
    REQUIRE(company.hub().quarantine().empty());
    REQUIRE(server_value(company, company.acme, "phone") == text("2"));
    REQUIRE(server_value(company, company.acme, "city") == text("Kiel"));
    REQUIRE(server_value(company, company.acme, "fax") == text("9"));
    REQUIRE(server_value(company, visit, "subject") == text("Call again"));
    REQUIRE(world.history(world.ann, company.acme) == world.history(world.mona, company.acme));
    REQUIRE(world.ann->show(company.acme)->merged.conflicts.empty());
}

TEST_CASE("what a device sends once it was enrolled anew is its new name's on every device, so that its seal fits", "[restore]")
{
    Yesterday world;
    const auto visit = world.ann->add("visit", {{"subject", text("Call")}, {"account", world.company.acme}, {"owner", world.company.ann}}).value().record;
    REQUIRE(world.ann.enrol("ann again", world.company.ann).code == Errc::ok);
    world.sync_all({&world.ann, &world.mona});
    CHECK(world.history(world.ann, visit) == world.history(world.mona, visit));
}

TEST_CASE("numbers that were leased since the backup are nobody else's", "[restore]")
{
    Yesterday world;
    auto& company = world.company;
    // Used and brought back, leased and still unused: neither may be given out again.
    std::vector<std::string> given;
    const auto quotes = [&](Device& device, const RecordId& account, int count) {
        for (int i = 0; i < count; ++i) {
            const auto made = device->add("quote", {{"account", account}, {"currency", text("EUR")}});
            REQUIRE(made.has_value());
            given.push_back(schema::text_of(device->show(made->record)->merged.record, "number"));
        }
    };
    quotes(world.ann, company.acme, 30);
    world.sync_all({&world.ann});
    quotes(world.ann, company.acme, 5);
    world.restore();
    world.confirm();
    world.sync_all({&world.ben}); // comes first, and is given new ones
    quotes(world.ben, company.bolt, 60);
    world.sync_all({&world.ben, &world.ann, &world.mona});
    quotes(world.ann, company.acme, 30);
    world.sync_all({&world.ann, &world.ben});
    quotes(world.ben, company.bolt, 20);
    world.sync_all({&world.ben, &world.ann});
    const auto count = given.size();
    std::sort(given.begin(), given.end());
    given.erase(std::unique(given.begin(), given.end()), given.end());
    REQUIRE(given.size() == count);
    for (const auto& number : given) REQUIRE(number.find("-2-") == std::string::npos);
}
