// Who has what: hand-overs, moves, late edits, people who leave, servers that are set back.
#include "tests/support/office.hpp"

#include "conflict/automerge-cpp/document.hpp"
#include "shared/storage/database.hpp"
#include "tests/support/forged_change.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;
using schema::Fields;

// ---- authority

TEST_CASE("a late edit after a hand-over is taken and marked, and after the device has drained it is refused", "[hub]")
{
    Office office;
    Device ben{office.company, "ben", office.company.ben};
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("late")}}).has_value());
    const auto saved_then = outgoing(office.ann);
    office.give_north_to(office.company.ben);

    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->status().late_accepted == 1);
    CHECK(server_value(office.company, office.company.acme, "phone") == text("late"));
    CHECK(office.ann->show(office.company.acme).error().code == Errc::not_found);
    REQUIRE(ben.sync().code == Errc::ok);
    const auto history = ben->history(office.company.acme).value();
    CHECK(history.back().by->late);
    CHECK(history.back().person_name == "Ann");

    // The device has confirmed that it holds nothing more: what still claims to be from before is not taken.
    auto connection = greet(office.company, office.ann);
    CHECK(connection.push(forged_phone(office.company, saved_then, "too late")).front().code() == "not_found");
    CHECK(server_value(office.company, office.company.acme, "phone") == text("late"));
}

TEST_CASE("a late edit beyond the grace is refused and kept", "[hub]")
{
    Office office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("very late")}}).has_value());
    office.give_north_to(office.company.ben);
    office.company.clock().advance(std::chrono::hours{24 * 31});
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->status().unsent == 0);
    CHECK(office.company.hub().quarantine().size() == 1);
    CHECK(schema::is_empty(server_value(office.company, office.company.acme, "phone")));
}

TEST_CASE("edits of an account that was moved meanwhile are taken late, with a new visit on it, until the device has confirmed the move", "[hub]")
{
    Office office;
    Device ben{office.company, "ben", office.company.ben};
    const auto acme = office.company.acme;
    REQUIRE(office.ann->set(acme, {{"phone", text("0049 40")}}).has_value());
    const auto visit = office.ann->add("visit", {{"subject", text("Price talk")}, {"account", acme}});
    REQUIRE(visit.has_value());
    const auto saved_then = outgoing(office.ann);
    office.company.apply(edit(acme, "account", {{"territory", office.company.south}}));

    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann.tally().late == 2);
    CHECK(office.company.hub().quarantine().empty());
    CHECK(server_value(office.company, acme, "phone") == text("0049 40"));
    CHECK_FALSE(office.ann->kind_of(acme));
    CHECK_FALSE(office.ann->kind_of(visit->record));
    REQUIRE(ben.sync().code == Errc::ok);
    CHECK(ben->show(visit->record).has_value());

    // Her next Hello says that she has stored the move and has nothing unsent: an edit after that is no late one.
    REQUIRE(office.ann.sync().code == Errc::ok);
    auto connection = greet(office.company, office.ann);
    CHECK(connection.push(forged_phone(office.company, saved_then, "too late")).front().code() == "not_found");
    CHECK(server_value(office.company, acme, "phone") == text("0049 40"));
}

TEST_CASE("two managers who move one territory apart leave it with exactly one holder and show both choices", "[hub]")
{
    Office office;
    Device other{office.company, "other", office.company.mona};
    REQUIRE(other.sync().code == Errc::ok);
    const auto carl = office.company.new_record();
    office.company.apply(creation(carl, "person", {{"name", text("Carl")}, {"role", text("rep")}, {"reports_to", office.company.mona}}));
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(other.sync().code == Errc::ok);
    REQUIRE(office.mona->set(office.company.north, {{"holder", office.company.ben}}).has_value());
    REQUIRE(other->set(office.company.north, {{"holder", carl}}).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(other.sync().code == Errc::ok);
    REQUIRE(office.mona.sync().code == Errc::ok);

    const auto merged = office.company.hub().merged(office.company.north).value();
    REQUIRE(merged.conflicts.size() == 1);
    CHECK(merged.conflicts.front().needs_person());
    const auto scope = schema::ScopeId::territory(office.company.north);
    int holders = 0;
    for (const auto& person : {office.company.ann, office.company.ben, carl}) {
        const auto heads = office.company.hub().grants_of(person).heads;
        const bool has = std::any_of(heads.begin(), heads.end(), [&](const auto& head) { return head.scope == scope; });
        holders += has;
        CHECK(has == (merged.record["holder"] == schema::Value{person}));
    }
    CHECK(holders == 1);
    CHECK(office.mona->conflicts().size() == 1);
    CHECK(other->conflicts().size() == 1);
}

TEST_CASE("somebody who is demoted loses his rights on the connection that he has open", "[hub]")
{
    Office office;
    auto open = greet(office.company, office.mona);
    REQUIRE(office.mona->set(office.company.north, {{"name", text("Far North")}}).has_value());
    const auto changes = outgoing(office.mona);
    office.company.apply(edit(office.company.mona, "person", {{"role", text("rep")}}));
    CHECK(open.push(changes).front().code() == "not_allowed");
    CHECK(server_value(office.company, office.company.north, "name") == text("North"));
}

TEST_CASE("somebody who has left can write no more, not even on an open connection", "[hub]")
{
    Office office;
    auto open = greet(office.company, office.ann);
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    auto changes = outgoing(office.ann);
    office.company.apply(edit(office.company.ann, "person", {{"deleted_at", office.company.clock().now()}}));
    changes.mutable_changes(0)->set_grant_epoch(1'000); // claims to be from after it
    CHECK(open.push(changes).front().status() == v1::REFUSED);
    CHECK(office.ann.sync().code == Errc::revoked);
}

// ---- several processes, files

TEST_CASE("what administration does in another process is noticed and told", "[hub]")
{
    Office office;
    auto connection = greet(office.company, office.ann);
    const auto admin = office.company.another_hub();
    const auto moved = edit(office.company.south, "territory", {{"holder", office.company.ann}});
    REQUIRE(admin->apply(std::span{&moved, 1}, office.company.mona).front().has_value());
    (void)greet(office.company, office.mona); // somebody else comes in between; the news must not get lost with that
    office.company.core().poll();
    const auto frames = connection.receive();
    REQUIRE_FALSE(frames.empty());
    CHECK(frames.front().has_grants());
    CHECK(std::any_of(frames.begin(), frames.end(), [](const auto& frame) { return frame.has_pack(); }));

    REQUIRE(admin->revoke(office.ann->identity()->device).has_value());
    office.company.core().poll();
    CHECK(refusal(connection.receive()) == "revoked");
    CHECK(connection.is_closed());
    office.company.core().poll();
    CHECK(connection.receive().empty());
}

TEST_CASE("a database of a newer version is refused and not touched", "[hub]")
{
    Company company;
    company.close_server();
    {
        auto db = storage::Database::open({company.server_folder() / "server.db", false, {}, {}}).value();
        db.execute("PRAGMA user_version = 1000");
    }
    const auto opened = server::Hub::open({company.server_folder(), &company.clock(), &company.chance(), {}, 1});
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == Errc::newer_file);
    CHECK_THAT(opened.error().message, Catch::Contains("not touched"));
}

TEST_CASE("a territory and an account in it, made before the next sync, go out and stay in one sync", "[hub]")
{
    Office office;
    const auto east = office.mona->add("territory", {{"name", text("East")}, {"holder", office.company.ann}})->record;
    const auto pump = office.mona->add("account", {{"name", text("Pump Works")}, {"territory", east}})->record;
    const auto visit = office.mona->add("visit", {{"subject", text("First call")}, {"account", pump}})->record;
    CHECK(office.mona.sync().code == Errc::ok);
    for (const auto& id : {east, pump, visit}) CHECK(office.mona->show(id).has_value());
    CHECK(office.mona->status().unsent == 0);
    CHECK(office.mona.sync().code == Errc::ok);
    for (const auto& id : {east, pump, visit}) CHECK(office.mona->show(id).has_value());
    CHECK(office.mona->count("account") == office.company.hub().count("account"));
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->show(visit).has_value());
}

TEST_CASE("a record whose territory went to others before its scope had come goes again, with the scopes of the next connection", "[hub]")
{
    Office office;
    RecordId east, pump;
    for (std::size_t bytes = 1'000; office.company.hub().count("account") == 2; bytes += 500) { // until her edits are there, and hardly more came back
        if (bytes == 1'000) {
            east = office.mona->add("territory", {{"name", text("East")}, {"holder", office.company.ann}})->record;
            pump = office.mona->add("account", {{"name", text("Pump Works")}, {"territory", east}})->record;
        }
        REQUIRE(bytes < 20'000);
        sync_until_cut(office.company, office.mona, bytes);
    }
    CHECK(office.mona->show(pump).has_value());
    for (const auto& scope : office.mona->status().scopes) CHECK(scope != "territory:" + east.text());
    const auto stranger = office.company.new_record();
    office.company.apply(creation(stranger, "person", {{"name", text("Otto")}, {"role", text("rep")}}));
    office.company.apply(edit(east, "territory", {{"holder", stranger}}));
    CHECK(office.mona.sync().code == Errc::ok);
    CHECK(office.mona.sync().code == Errc::ok);
    CHECK_FALSE(office.mona->kind_of(pump).has_value());
    CHECK(office.mona->status().unsent == 0);
}

TEST_CASE("what was made on an account that had been moved meanwhile goes with the territory that the account is in", "[hub]")
{
    Office office;
    const auto east = office.mona->add("territory", {{"name", text("East")}, {"holder", office.company.ann}})->record;
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.ann.sync().code == Errc::ok);
    const auto account = office.ann->list({"account", {{"territory", office.company.north}}, "id", false, 1, 0}).value().front().id;
    const auto visit = office.ann->add("visit", {{"subject", text("First call")}, {"account", account}})->record; // in North, as far as she knows
    REQUIRE(office.mona->set(account, {{"territory", east}}).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->show(visit).has_value()); // East is hers, too
    REQUIRE(office.mona->set(east, {{"holder", office.company.mona}}).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK_FALSE(office.ann->kind_of(account).has_value());
    CHECK_FALSE(office.ann->kind_of(visit).has_value());
}

TEST_CASE("a page with another running hash costs a fresh pack and nothing that was written here", "[hub]")
{
    Office office;
    REQUIRE(office.mona->set(office.company.acme, {{"street", text("Main St")}}).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    const auto scope = schema::ScopeId::territory(office.company.north);
    const auto hello = office.ann->hello();
    std::uint64_t seq = 0;
    for (const auto& cursor : hello.cursors())
        if (cursor.scope() == protocol::to_field(scope.bytes())) seq = cursor.seq();
    const server::Caller caller{office.ann->identity()->device, office.company.ann};
    auto page = office.company.hub().read_feed(caller, scope, {seq, 0, false}).frame.page();
    page.set_running_hash(std::string(32, 'x'));
    CHECK(office.ann->store_page(page).error().code == Errc::bad_frame);
    CHECK(device_value(office.ann, office.company.acme, "phone") == text("1"));
    CHECK(schema::is_empty(device_value(office.ann, office.company.acme, "street")));

    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann.tally().records_received > 0);
    CHECK(device_value(office.ann, office.company.acme, "street") == text("Main St"));
    CHECK(server_value(office.company, office.company.acme, "phone") == text("1"));
    CHECK(office.ann->status().unsent == 0);
}

TEST_CASE("what left a scope while its feed was lost is gone once the scope came anew", "[hub]")
{
    Office office;
    const auto visit = office.ann->add("visit", {{"subject", text("Call")}, {"account", office.company.acme}}).value().record;
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.mona.sync().code == Errc::ok);
    const auto fresh = office.ann->add("visit", {{"subject", text("Unsent")}, {"account", office.company.acme}}).value().record;
    v1::Page broken;
    broken.set_scope(protocol::to_field(schema::ScopeId::territory(office.company.north).bytes()));
    broken.mutable_plain();
    REQUIRE(office.ann->store_page(broken).has_error());
    const auto other = office.company.new_record();
    office.company.apply(creation(other, "account", {{"name", text("Other")}, {"territory", office.company.north}}));
    office.company.apply(edit(visit, "visit", {{"account", office.company.bolt}})); // moves to the south

    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->show(visit).error().code == Errc::not_found);
    CHECK(office.ann->search("Call").empty());
    CHECK(device_value(office.ann, other, "name") == text("Other"));
    CHECK(device_value(office.ann, fresh, "subject") == text("Unsent"));
    CHECK(server_value(office.company, fresh, "subject") == text("Unsent"));
}

TEST_CASE("a server that was set back sends everything anew, and takes back what it has lost", "[hub]")
{
    Office office;
    office.company.close_server();
    const auto backup = office.company.folder("backup");
    std::filesystem::copy(office.company.server_folder(), backup, std::filesystem::copy_options::recursive);
    office.company.open_server();
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.ann->set(office.company.acme, {{"fax", text("2")}}).has_value());

    office.company.close_server();
    std::filesystem::remove_all(office.company.server_folder());
    std::filesystem::copy(backup, office.company.server_folder(), std::filesystem::copy_options::recursive);
    {
        auto db = storage::Database::open({office.company.server_folder() / "server.db", false, {}, {}}).value();
        db.execute("UPDATE setting SET value = zeroblob(16) WHERE name = 'epoch'");
    }
    office.company.open_server();
    CHECK(schema::is_empty(server_value(office.company, office.company.acme, "phone")));
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->status().unsent == 0);
    CHECK(device_value(office.ann, office.company.acme, "phone") == text("1"));
    CHECK(device_value(office.ann, office.company.acme, "fax") == text("2"));
    CHECK(server_value(office.company, office.company.acme, "phone") == text("1"));
    CHECK(server_value(office.company, office.company.acme, "fax") == text("2"));
}

TEST_CASE("a saved document that the disk has damaged is made again from the log", "[hub]")
{
    Office office;
    const auto acme = office.company.acme;
    const auto damage = [&](int at) {
        office.company.close_server();
        {
            auto db = storage::Database::open({office.company.server_folder() / server::Hub::file_name}).value();
            const auto kept = [&] {
                auto rows = db.statement("SELECT snapshot FROM document WHERE id = :id");
                rows.bind(":id", acme);
                REQUIRE(rows.step());
                return rows.blob(0);
            };
            auto bytes = kept();
            if (at < 0) bytes.clear();
            else bytes[static_cast<std::size_t>(at)] ^= std::byte{1};
            db.statement("UPDATE document SET snapshot = :bytes WHERE id = :id").bind(":bytes", ByteView{bytes}).bind(":id", acme).run();
        }
        office.company.open_server();
    };
    const int at = GENERATE(-1, 0, 40, 200);
    damage(at);
    SECTION("an edit of it is taken")
    {
        REQUIRE(office.ann->set(acme, {{"phone", text("77")}}).has_value());
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.ann->outbox().empty());
        CHECK(server_value(office.company, acme, "phone") == text("77"));
    }
    SECTION("a new device gets it whole")
    {
        Device other{office.company, "other", office.company.ann};
        REQUIRE(other.sync().code == Errc::ok);
        CHECK(device_value(other, acme, "name") == device_value(office.ann, acme, "name"));
    }
}

TEST_CASE("a visit that was put on an account before the server had it moves there when it comes", "[hub]")
{
    Office office;
    const auto visit = office.mona->add("visit", {{"subject", text("Call")}, {"account", office.company.acme}}).value().record;
    REQUIRE(office.mona.sync().code == Errc::ok);
    const auto account = office.mona->add("account", {{"name", text("New")}, {"territory", office.company.south}}).value().record;
    REQUIRE(office.mona->set(visit, {{"account", account}}).has_value());
    const auto both = outgoing(office.mona);
    auto connection = greet(office.company, office.mona);
    v1::ChangeList reversed;
    *reversed.add_changes() = both.changes(1);
    CHECK(connection.push(reversed).front().status() == v1::ACCEPTED);
    v1::ChangeList first;
    *first.add_changes() = both.changes(0);
    CHECK(connection.push(first).front().status() == v1::ACCEPTED);
    Device ben{office.company, "ben", office.company.ben};
    REQUIRE(ben.sync().code == Errc::ok);
    CHECK(device_value(ben, visit, "subject") == text("Call"));
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->show(visit).error().code == Errc::not_found);
}

TEST_CASE("who makes customers in a territory of which he has not heard yet that he leads it keeps them", "[hub]")
{
    Company company;
    Device mona{company, "desk", company.mona};
    REQUIRE(mona.sync().code == Errc::ok);
    const auto east = mona->add("territory", {{"name", text("East")}, {"holder", company.ann}}).value().record;
    {
        auto connection = greet(company, mona); // that breaks before the server's answer comes
        static_cast<void>(connection.push(outgoing(mona)));
        company.core().lost(connection.id(), fail(Errc::link_lost, "cut"));
    }
    const auto made = mona->add("account", {{"name", text("First")}, {"territory", east}}).value().record;
    for (int times = 0; times < 3; ++times) {
        CAPTURE(times);
        REQUIRE(mona.sync().code == Errc::ok);
        CHECK(mona->show(made).has_value());
    }
    CHECK(mona->status().unsent == 0);
    Device ann{company, "phone", company.ann};
    REQUIRE(ann.sync().code == Errc::ok);
    CHECK(ann->show(made).has_value());
}
