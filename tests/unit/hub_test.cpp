// The server's decisions: what each kind of bad input gets, and that nothing is lost by it and nobody else notices.
#include "tests/support/company.hpp"

#include "conflict/automerge-cpp/document.hpp"
#include "conflict/merge/genesis.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "shared/storage/database.hpp"
#include "tests/support/forged_change.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;
using schema::Fields;

namespace {

schema::Value text(const char* value)
{
    return std::string{value};
}

/// What the device would push now.
v1::ChangeList outgoing(Device& device)
{
    return device->take_outbox(0, protocol::batch_changes_max).changes;
}

/// A greeted connection of this device.
Connection greet(Company& company, Device& device)
{
    Connection connection{company};
    (void)connection.send(device.hello());
    return connection;
}

std::string refusal(const std::vector<v1::ServerFrame>& frames)
{
    return frames.size() == 1 && frames.front().has_refusal() ? frames.front().refusal().code() : "none";
}

v1::ClientFrame enrolment(const std::string& code)
{
    v1::ClientFrame frame;
    frame.mutable_enrol()->set_version(protocol::version);
    frame.mutable_enrol()->set_code(code);
    return frame;
}

schema::Value server_value(Company& company, const RecordId& id, std::string_view field)
{
    return company.hub().record(id).value()[field];
}

schema::Value device_value(Device& device, const RecordId& id, std::string_view field)
{
    const auto shown = device->show(id);
    return shown ? shown->merged.record[field] : text("not here");
}

/// Ann, synced, and a manager beside her.
struct Office {
    Company company;
    Device ann{company, "ann", company.ann};
    Device mona{company, "mona", company.mona};
    Office()
    {
        REQUIRE(ann.sync().code == Errc::ok);
        REQUIRE(mona.sync().code == Errc::ok);
    }
    void give_north_to(const RecordId& person)
    {
        REQUIRE(mona->set(company.north, {{"holder", person}}).has_value());
        REQUIRE(mona.sync().code == Errc::ok);
    }
};

} // namespace

// ---- who is there

TEST_CASE("a wrong, a used and an expired enrolment code get one and the same answer", "[hub]")
{
    Company company;
    const auto used = company.hub().make_code(company.ann, std::chrono::hours{1}).value();
    Connection first{company};
    REQUIRE(first.send(enrolment(used)).front().has_enrolled());
    const auto expired = company.hub().make_code(company.ann, std::chrono::hours{1}).value();
    company.clock().advance(std::chrono::hours{1});
    std::set<std::string> answers;
    for (const auto& code : {std::string{"0000-0000-0000-0000"}, used, expired, std::string{}}) {
        Connection connection{company};
        const auto frames = connection.send(enrolment(code));
        CHECK(refusal(frames) == "bad_code");
        CHECK(connection.is_closed());
        answers.insert(frames.front().refusal().message());
    }
    CHECK(answers.size() == 1);
    CHECK(company.hub().devices().size() == 1);
}

TEST_CASE("a code is taken as people type it", "[hub]")
{
    Company company;
    auto code = company.hub().make_code(company.ann, std::chrono::hours{1}).value();
    std::erase(code, '-');
    for (auto& c : code) c = c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
    Connection connection{company};
    CHECK(connection.send(enrolment(" " + code)).front().has_enrolled());
}

TEST_CASE("a code for nobody is not made", "[hub]")
{
    Company company;
    CHECK(company.hub().make_code(company.new_record(), std::chrono::hours{1}).error().code == Errc::not_found);
}

TEST_CASE("an unknown device and a wrong token get one answer, a revoked one is told so", "[hub]")
{
    Office office;
    auto unknown = office.ann.hello();
    unknown.mutable_hello()->set_device(std::string(16, 'x'));
    auto wrong = office.ann.hello();
    wrong.mutable_hello()->set_token(std::string(32, 'x'));
    auto none = office.ann.hello();
    none.mutable_hello()->clear_device();
    std::set<std::string> answers;
    for (const auto& frame : {unknown, wrong, none}) {
        Connection connection{office.company};
        const auto frames = connection.send(frame);
        CHECK(refusal(frames) == "bad_token");
        answers.insert(frames.front().refusal().message());
    }
    CHECK(answers.size() == 1);

    REQUIRE(office.company.hub().revoke(office.ann->identity()->device).has_value());
    CHECK(office.ann.sync().code == Errc::revoked);
    CHECK(office.mona.sync().code == Errc::ok);
}

TEST_CASE("a frame over the limit and bytes that are no frame end one connection and no other", "[hub]")
{
    Office office;
    auto other = greet(office.company, office.mona);
    for (const auto& [bytes, code] : {std::pair{Bytes(protocol::frame_bytes_max + 1), "too_large"}, std::pair{Bytes(10, std::byte{0xff}), "bad_frame"}}) {
        auto connection = greet(office.company, office.ann);
        CHECK(refusal(connection.send_bytes(bytes)) == code);
        CHECK(connection.is_closed());
    }
    CHECK_FALSE(other.is_closed());
    CHECK(office.company.core().connections() >= 1);
    CHECK(office.ann.sync().code == Errc::ok);
}

// ---- changes

TEST_CASE("a change that does not parse is refused, kept and refused again in the same words", "[hub]")
{
    Office office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    auto changes = outgoing(office.ann);
    changes.mutable_changes(0)->set_change("no change at all");
    auto connection = greet(office.company, office.ann);
    const auto first = connection.push(changes).front();
    CHECK(first.status() == v1::REFUSED);
    CHECK(first.code() == "bad_change");
    const auto again = connection.push(changes).front();
    CHECK(again.SerializeAsString() == first.SerializeAsString());
    REQUIRE(office.company.hub().quarantine().size() == 1);
    CHECK(office.company.hub().quarantine().front().record == office.company.acme);
}

TEST_CASE("a record out of one's scopes and one that does not exist are answered alike, and the edits are kept", "[hub]")
{
    Office office;
    Device ben{office.company, "ben", office.company.ben};
    REQUIRE(ben.sync().code == Errc::ok);
    // What Ben would send: his account, changed. Ann sends the same shape, once for his account and once for one of nobody.
    const auto forged = [&](const RecordId& account) {
        const auto& kind = *schema::find_kind("account");
        auto document = merge::new_document(kind);
        ActorId actor;
        office.company.chance().fill(actor.bytes);
        const std::vector<automerge::Edit> edits{{{"phone"}, automerge::Edit::Put{std::string{"1"}}}};
        v1::ChangeList list;
        auto& pushed = *list.add_changes();
        pushed.set_document(protocol::to_field(account));
        pushed.set_change(protocol::to_field(document.commit(actor, edits).value()->bytes));
        pushed.set_intent(std::string(16, 'i'));
        return list;
    };
    auto connection = greet(office.company, office.ann);
    const auto hidden = connection.push(forged(office.company.bolt)).front();
    CHECK(hidden.status() == v1::REFUSED);
    CHECK(hidden.code() == "not_found");
    CHECK_THAT(hidden.reason(), Catch::Contains("kept on the server"));
    CHECK(schema::is_empty(server_value(office.company, office.company.bolt, "phone")));

    // The same, for real: an account that is created where she may not put one, so that there is none.
    REQUIRE(office.ann->add("account", {{"name", text("Acre")}, {"territory", office.company.south}}).has_value());
    const auto missing = connection.push(outgoing(office.ann)).front();
    CHECK(missing.code() == hidden.code());
    CHECK(missing.reason() == hidden.reason());
    CHECK(missing.field() == hidden.field());
    CHECK(office.company.hub().quarantine().size() == 2);
}

TEST_CASE("a change under the actor of another device or of the genesis is refused", "[hub]")
{
    Office office;
    Device second{office.company, "second", office.company.ann};
    REQUIRE(second.sync().code == Errc::ok);
    REQUIRE(second->set(office.company.acme, {{"phone", text("1")}}).has_value());
    const auto stolen = outgoing(second);
    REQUIRE(second.sync().code == Errc::ok); // the actor is bound to the second device now

    REQUIRE(second->set(office.company.acme, {{"phone", text("2")}}).has_value());
    auto connection = greet(office.company, office.ann);
    const auto answer = connection.push(outgoing(second)).front();
    CHECK(answer.status() == v1::REFUSED);
    CHECK(answer.code() == "actor_forbidden");
    CHECK(server_value(office.company, office.company.acme, "phone") == text("1"));

    v1::ChangeList genesis;
    genesis.add_changes()->set_document(protocol::to_field(office.company.acme));
    genesis.mutable_changes(0)->set_change(protocol::to_field(merge::genesis_of(*schema::find_kind("account")).links.front()));
    CHECK(connection.push(genesis).front().code() == "actor_forbidden");
    CHECK(second.sync().code == Errc::ok); // the honest device goes on
    CHECK(server_value(office.company, office.company.acme, "phone") == text("2"));
}

TEST_CASE("a change with a gap before it is answered with what is missing, and nothing of it is kept", "[hub]")
{
    Office office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("2")}}).has_value());
    const auto both = outgoing(office.ann);
    v1::ChangeList second;
    *second.add_changes() = both.changes(1);
    auto connection = greet(office.company, office.ann);
    const auto answer = connection.push(second).front();
    CHECK(answer.status() == v1::NEED);
    REQUIRE(answer.need_size() == 1);
    CHECK(schema::is_empty(server_value(office.company, office.company.acme, "phone")));
    CHECK(office.company.hub().quarantine().empty());
    for (const auto& given : connection.push(both)) CHECK(given.status() == v1::ACCEPTED);
    CHECK(server_value(office.company, office.company.acme, "phone") == text("2"));
}

TEST_CASE("a record that comes before the one that decides its place waits, and is taken afterwards", "[hub]")
{
    Office office;
    const auto account = office.ann->add("account", {{"name", text("New")}, {"territory", office.company.north}}).value().record;
    REQUIRE(office.ann->add("visit", {{"subject", text("First call")}, {"account", account}}).has_value());
    const auto both = outgoing(office.ann);
    v1::ChangeList visit;
    *visit.add_changes() = both.changes(1);
    auto connection = greet(office.company, office.ann);
    const auto answer = connection.push(visit).front();
    CHECK(answer.status() == v1::WAITING);
    CHECK(answer.waiting_for() == protocol::to_field(account));
    CHECK(office.company.hub().count("visit") == 0);
    for (const auto& given : connection.push(both)) CHECK(given.status() == v1::ACCEPTED);
    CHECK(office.company.hub().count("visit") == 1);
}

TEST_CASE("a record that hangs on a refused one is refused with it instead of waiting for ever", "[hub]")
{
    Office office;
    const auto account = office.ann->add("account", {{"name", text("New")}, {"territory", office.company.south}}).value().record;
    REQUIRE(office.ann->add("visit", {{"subject", text("First call")}, {"account", account}}).has_value());
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->status().unsent == 0);
    CHECK(office.ann->refused().size() == 2);
    CHECK(office.company.hub().quarantine().size() == 2);
}

TEST_CASE("an edit on top of a refused one is stranded, and the device makes it again", "[hub]")
{
    Office office;
    // The device takes Ann for finance, so it lets her raise the limit; the server knows better.
    auto identity = office.ann->identity().value();
    identity.role = schema::Role::finance;
    office.ann->keep_identity(identity);
    REQUIRE(office.ann->set(office.company.acme, {{"credit_limit", Money{100, "EUR"}}}).has_value());
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    auto connection = greet(office.company, office.ann);
    const auto taken = office.ann->take_outbox(0, 10);
    const auto answers = connection.push(taken.changes);
    CHECK(answers[0].status() == v1::REFUSED);
    CHECK(answers[0].code() == "not_allowed");
    CHECK(answers[0].field() == "credit_limit");
    CHECK(answers[1].status() == v1::STRANDED);

    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(server_value(office.company, office.company.acme, "phone") == text("1"));
    CHECK(schema::is_empty(server_value(office.company, office.company.acme, "credit_limit")));
    CHECK(schema::is_empty(device_value(office.ann, office.company.acme, "credit_limit")));
    REQUIRE(office.ann->refused().size() == 1);
    CHECK(office.ann->refused().front().field == "credit_limit");
    CHECK(office.ann->status().unsent == 0);
}

TEST_CASE("a push that comes twice has the same answer and no effect", "[hub]")
{
    Office office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    const auto changes = outgoing(office.ann);
    auto connection = greet(office.company, office.ann);
    CHECK(connection.push(changes).front().status() == v1::ACCEPTED);
    const auto before = office.company.hub().grants_of(office.company.ann);
    auto again = greet(office.company, office.ann);
    CHECK(again.push(changes).front().status() == v1::ACCEPTED);
    const auto after = office.company.hub().grants_of(office.company.ann);
    for (std::size_t i = 0; i < before.heads.size(); ++i) CHECK(after.heads[i].seq == before.heads[i].seq);
}

TEST_CASE("a record cannot be created a second time to get round its write rules", "[hub]")
{
    Office office;
    const auto& kind = *schema::find_kind("account");
    auto document = merge::new_document(kind);
    ActorId actor;
    office.company.chance().fill(actor.bytes);
    const auto put = [](const char* name, automerge::Scalar value) { return automerge::Edit{{name}, automerge::Edit::Put{std::move(value)}}; };
    const std::vector<automerge::Edit> edits{put("id", to_bytes(office.company.acme.view())), put("name", std::string{"Acme"}),
                                             put("territory", to_bytes(office.company.north.view())), put("credit_limit", std::string{"999 EUR"})};
    v1::ChangeList list;
    list.add_changes()->set_document(protocol::to_field(office.company.acme));
    list.mutable_changes(0)->set_change(protocol::to_field(document.commit(actor, edits).value()->bytes));
    auto connection = greet(office.company, office.ann);
    const auto answer = connection.push(list).front();
    CHECK(answer.status() == v1::REFUSED);
    CHECK(answer.code() == "bad_change");
    CHECK(schema::is_empty(server_value(office.company, office.company.acme, "credit_limit")));
}

TEST_CASE("times beyond reason do no harm", "[hub]")
{
    Office office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    auto changes = outgoing(office.ann);
    changes.mutable_changes(0)->set_device_time(INT64_MIN);
    auto hello = office.ann.hello();
    hello.mutable_hello()->set_device_time(INT64_MAX);
    Connection connection{office.company};
    (void)connection.send(hello);
    CHECK(connection.push(changes).front().status() == v1::ACCEPTED);
    CHECK(office.mona.sync().code == Errc::ok); // reads it back
    CHECK(device_value(office.mona, office.company.acme, "phone") == text("1"));
}

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
    v1::ChangeList forged = saved_then;
    auto document = merge::new_document(*schema::find_kind("account"));
    ActorId actor;
    office.company.chance().fill(actor.bytes);
    const std::vector<automerge::Edit> edits{{{"phone"}, automerge::Edit::Put{std::string{"too late"}}}};
    forged.mutable_changes(0)->set_change(protocol::to_field(document.commit(actor, edits).value()->bytes));
    auto connection = greet(office.company, office.ann);
    CHECK(connection.push(forged).front().code() == "not_found");
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
    v1::ChangeList forged;
    *forged.add_changes() = saved_then.changes(0);
    auto document = merge::new_document(*schema::find_kind("account"));
    ActorId actor;
    office.company.chance().fill(actor.bytes);
    const std::vector<automerge::Edit> edits{{{"phone"}, automerge::Edit::Put{std::string{"too late"}}}};
    forged.mutable_changes(0)->set_change(protocol::to_field(document.commit(actor, edits).value()->bytes));
    auto connection = greet(office.company, office.ann);
    CHECK(connection.push(forged).front().code() == "not_found");
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
