// Edits that the server refused: released, returned, discarded by people, taken back or given up by their authors.
#include "tests/support/refused_office.hpp"

#include <fmt/format.h>

using namespace roadbook;
using namespace roadbook::testing;
using State = replica::RefusedEdit::State;

TEST_CASE("a manager releases a refused edit: it is in its record, its history names both, and its author hears of it", "[quarantine]")
{
    RefusedOffice office;
    const auto& [company, hub] = std::tie(office.company, office.company.hub());
    office.refuse_limit(100);
    const auto kept = office.company.hub().kept_edits();
    REQUIRE(kept.size() == 1);
    CHECK(kept.front().person == company.ann);
    CHECK(kept.front().why.field == "credit_limit");
    const auto shown = hub.kept_edit(kept.front().number()).value();
    REQUIRE(shown.sets.size() == 1);
    CHECK(shown.sets.front() == merge::WrittenField{"credit_limit", "1.00 EUR"});

    CHECK(hub.release(kept.front().number(), {company.mona, {}}).value().empty());
    CHECK(server_value(office.company, company.acme, "credit_limit") == schema::Value{Money{100, "EUR"}});
    CHECK(hub.kept_edits().empty());
    CHECK(hub.release(kept.front().number(), {company.mona, {}}).error().code == Errc::not_allowed);

    for (auto* device : {&office.mona, &office.ann}) {
        REQUIRE(device->sync().code == Errc::ok);
        CHECK(device_value(*device, company.acme, "credit_limit") == schema::Value{Money{100, "EUR"}});
        const auto last = (*device)->history(company.acme).value().back();
        CHECK(last.by->person == company.ann);
        CHECK(last.by->released_by == company.mona);
        CHECK(last.released_by_name == "Mona");
    }
    REQUIRE(office.ann->refused().size() == 1);
    CHECK(office.ann->refused().front().state == State::released);
    CHECK(office.ann->refused().front().decided_by == "Mona");
    CHECK(office.ann->resend(office.ann->refused().front().intent).error().code == Errc::not_allowed);
    CHECK(office.ann->drop(office.ann->refused().front().intent).value());
    CHECK(office.ann->refused().empty());
    CHECK(office.audited(store::AuditKind::change_released).at(0).note.person == company.mona);
    CHECK(office.audited(store::AuditKind::change_released).at(0).note.subject == company.ann);
}

TEST_CASE("a device that comes new gets a released change with both names, too", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(100);
    REQUIRE(office.company.hub().release("1", {}).has_value()); // at the console
    Device second{office.company, "ann's second", office.company.ann};
    REQUIRE(second.sync().code == Errc::ok);
    const auto last = second->history(office.company.acme).value().back();
    CHECK(last.by->person == office.company.ann);
    CHECK(last.by->released_by == RecordId{});
    CHECK(last.released_by_name.empty());
}

TEST_CASE("an edit that its releaser may not make either stays, and the answer says why", "[quarantine]")
{
    RefusedOffice office;
    auto& hub = office.company.hub();
    office.as(schema::Role::admin, [&] { REQUIRE(office.ann->set(office.company.widget, {{"price", Money{1, "EUR"}}}).has_value()); });
    const auto why = hub.release("1", {office.company.mona, {}}).error();
    CHECK(why.code == Errc::not_allowed);
    CHECK(why.field == "price");
    CHECK_FALSE(why.message_zh.empty());
    CHECK(hub.kept_edits().size() == 1);
    CHECK(hub.release("1", {office.company.ann, {}}).error().code == Errc::not_allowed); // herself, by her own authority
    CHECK(server_value(office.company, office.company.widget, "price") == schema::Value{Money{1000, "EUR"}});
    CHECK(hub.release("99", {}).error().code == Errc::not_found);
    CHECK(hub.release("x", {}).error().code == Errc::not_found);
    REQUIRE(hub.release("1", {}).has_value()); // an administrator may
    CHECK(server_value(office.company, office.company.widget, "price") == schema::Value{Money{1, "EUR"}});
}

TEST_CASE("bytes that are no change can be discarded, not released", "[quarantine]")
{
    RefusedOffice office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    auto changes = outgoing(office.ann);
    changes.mutable_changes(0)->set_change("no change at all");
    auto connection = greet(office.company, office.ann);
    (void)connection.push(changes);
    auto& hub = office.company.hub();
    CHECK(hub.kept_edit("1").value().sets.empty());
    CHECK(hub.release("1", {}).error().code == Errc::bad_change);
    CHECK(hub.discard("1", {}, "").error().code == Errc::bad_argument);
    REQUIRE(hub.discard("1", {}, "rubbish").has_value());
}

TEST_CASE("what was stranded on a refused edit follows it when it is released: other records, and later edits of it", "[quarantine]")
{
    RefusedOffice office;
    auto& company = office.company;
    const auto account = office.ann->add("account", {{"name", text("New")}, {"territory", company.south}}).value().record;
    REQUIRE(office.ann->set(account, {{"phone", text("1")}}).has_value());
    const auto visit = office.ann->add("visit", {{"subject", text("First call")}, {"account", account}, {"owner", company.ann}}).value().record;
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann.tally().sent == 3); // each once, however often it had to be made again
    CHECK(office.ann.tally().refused == 3);
    CHECK(office.states() == std::vector{State::kept, State::kept, State::here}); // the later edit was stranded, as it would be in a push of its own
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.states() == std::vector{State::kept, State::kept, State::kept});
    REQUIRE(company.hub().kept_edits().size() == 3);

    const auto followed = company.hub().release("1", {company.mona, {}}).value();
    CHECK(followed.size() == 2);
    CHECK(company.hub().kept_edits().empty());
    CHECK(server_value(company, account, "phone") == text("1"));
    CHECK(server_value(company, visit, "subject") == text("First call"));
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.states() == std::vector{State::released, State::released, State::released});
}

TEST_CASE("an edit that could not be made again without a refused one is handed over, and follows when that one is released", "[quarantine]")
{
    RefusedOffice office;
    auto& company = office.company;
    RecordId account;
    office.as(schema::Role::finance, [&] {
        account = office.ann->add("account", {{"name", text("New")}, {"territory", company.north}, {"credit_limit", Money{100, "EUR"}}}).value().record;
        REQUIRE(office.ann->set(account, {{"phone", text("1")}}).has_value());
    });
    CHECK(office.states() == std::vector{State::kept, State::here});
    CHECK(company.hub().kept_edits().size() == 1);
    SECTION("handed over before")
    {
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.states() == std::vector{State::kept, State::kept});
        REQUIRE(company.hub().kept_edits().size() == 2);
        CHECK(company.hub().kept_edits().back().from == "stranded");
        CHECK(company.hub().release("s1", {company.mona, {}}).error().code == Errc::not_found); // its base is not there
        CHECK(company.hub().release("1", {company.mona, {}}).value() == std::vector<std::string>{"s1"});
    }
    SECTION("released before it came")
    {
        CHECK(company.hub().release("1", {company.mona, {}}).value().empty());
        CHECK(schema::is_empty(server_value(company, account, "phone")));
        REQUIRE(office.ann.sync().code == Errc::ok);
    }
    CHECK(company.hub().kept_edits().empty());
    CHECK(server_value(company, account, "phone") == text("1"));
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.states() == std::vector{State::released, State::released});
    const auto last = office.ann->history(account).value().back();
    CHECK(last.by->person == company.ann);
    CHECK(last.by->released_by == company.mona);
}

TEST_CASE("a returned edit says so on its device; mended there it goes through, and is no longer in quarantine", "[quarantine]")
{
    RefusedOffice office;
    auto& company = office.company;
    office.as(schema::Role::finance, [&] {
        REQUIRE(office.ann->set(company.acme, {{"credit_limit", Money{100, "EUR"}}, {"phone", text("1")}}, "asked for it").has_value());
    });
    REQUIRE(company.hub().give_back("1", {company.mona, {}}, "leave the limit out").has_value());
    CHECK(company.hub().kept_edits().front().state == store::EditState::returned);
    REQUIRE(office.ann.sync().code == Errc::ok);
    auto refused = office.ann->refused().at(0);
    CHECK(refused.state == State::returned);
    CHECK(refused.decided_why == "leave the limit out");
    CHECK(office.ann->resend(refused.intent).error().field == "credit_limit"); // as it was it is still illegal: said before it is sent
    CHECK(office.ann->resend(refused.intent, {{{"nonsense", text("x")}}, {}}).error().code == Errc::bad_argument);
    CHECK(office.ann->resend(refused.intent, {{}, {"phone", "credit_limit"}}).error().code == Errc::bad_argument); // nothing would be left
    CHECK(office.ann->refused().size() == 1);

    REQUIRE(office.ann->resend(refused.intent, {{{"phone", text("2")}}, {"credit_limit"}}).value().changed);
    CHECK(office.ann->refused().empty());
    CHECK(office.ann->outbox().size() == 1);
    CHECK(company.hub().kept_edits().size() == 1); // until the server has the mended one
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(company.hub().kept_edits().empty());
    CHECK(company.hub().kept_edits(true).front().state == store::EditState::taken_back);
    CHECK(server_value(company, company.acme, "phone") == text("2"));
    CHECK(office.audited(store::AuditKind::change_taken_back).size() == 1);
    CHECK(office.audited(store::AuditKind::change_returned).size() == 1);
}

TEST_CASE("sent again as it was, an edit goes through once its author's rights have changed", "[quarantine]")
{
    RefusedOffice office;
    auto& company = office.company;
    office.refuse_limit(100);
    company.apply(edit(company.ann, "person", {{"role", text("finance")}}));
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.ann->resend(office.ann->refused().at(0).intent).has_value());
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(server_value(company, company.acme, "credit_limit") == schema::Value{Money{100, "EUR"}});
    CHECK(company.hub().kept_edits().empty());
}

TEST_CASE("a refused new record is sent again with its number and its lines", "[quarantine]")
{
    RefusedOffice office;
    auto& company = office.company;
    const auto account = office.ann->add("account", {{"name", text("New")}, {"territory", company.south}}).value().record;
    REQUIRE(office.ann.sync().code == Errc::ok);
    const auto refused = office.ann->refused().at(0);
    CHECK(refused.creates);
    REQUIRE(office.ann->resend(refused.intent, {{{"territory", company.north}}, {}}).value().record == account);
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(server_value(company, account, "name") == text("New"));
    CHECK(company.hub().kept_edits().empty());
    CHECK(office.ann->refused().empty());
}

TEST_CASE("a mended edit that is refused again is in quarantine once, as it is now", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(100);
    office.as(schema::Role::finance, [&] {
        REQUIRE(office.ann->resend(office.ann->refused().at(0).intent, {{{"credit_limit", Money{50, "EUR"}}}, {}}).has_value());
    });
    const auto kept = office.company.hub().kept_edits();
    REQUIRE(kept.size() == 1);
    CHECK(office.company.hub().kept_edit(kept.front().number()).value().sets.front().value == "0.50 EUR");
    CHECK(office.ann->refused().size() == 1);
    CHECK(office.ann->refused().front().intent == kept.front().intent);
}

TEST_CASE("an edit that was released while its author mended it takes effect once; what he sent is kept", "[quarantine]")
{
    RefusedOffice office;
    auto& company = office.company;
    office.as(schema::Role::finance, [&] {
        REQUIRE(office.ann->set(company.acme, {{"credit_limit", Money{100, "EUR"}}, {"phone", text("1")}}).has_value());
    });
    REQUIRE(office.ann->resend(office.ann->refused().at(0).intent, {{{"phone", text("2")}}, {"credit_limit"}}).has_value());
    SECTION("released")
    {
        REQUIRE(company.hub().release("1", {company.mona, {}}).has_value());
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(server_value(company, company.acme, "phone") == text("1"));
        CHECK(device_value(office.ann, company.acme, "phone") == text("1"));
        CHECK(device_value(office.ann, company.acme, "credit_limit") == schema::Value{Money{100, "EUR"}});
    }
    SECTION("discarded")
    {
        REQUIRE(company.hub().discard("1", {company.mona, {}}, "no").has_value());
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(schema::is_empty(server_value(company, company.acme, "phone")));
    }
    REQUIRE(office.ann->refused().size() == 1);
    const auto refused = office.ann->refused().front();
    CHECK(refused.state == State::kept);
    CHECK(refused.code == Errc::not_allowed);
    CHECK(company.hub().kept_edits().size() == 1);
    REQUIRE(office.ann->resend(refused.intent).has_value()); // on the record as it is now: his to decide
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(server_value(company, company.acme, "phone") == text("2"));
    CHECK(company.hub().kept_edits().empty());
}

TEST_CASE("a discarded edit is told with its reason, and its content stays on record", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(100);
    auto& hub = office.company.hub();
    REQUIRE(hub.discard("1", {office.company.mona, {}}, "not this year").has_value());
    CHECK(hub.kept_edits().empty());
    const auto kept = hub.kept_edit("1").value();
    CHECK(kept.state == store::EditState::discarded);
    CHECK(kept.sets.front().value == "1.00 EUR");
    CHECK(kept.decision->reason == "not this year");
    for (const auto verb : {0, 1, 2}) {
        const auto why = verb == 0 ? hub.release("1", {}).error() : verb == 1 ? hub.give_back("1", {}, {}).error() : hub.discard("1", {}, "x").error();
        CHECK(why.code == Errc::not_allowed);
    }
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->refused().at(0).state == State::discarded);
    CHECK(office.ann->refused().at(0).decided_why == "not this year");
    CHECK(office.audited(store::AuditKind::change_discarded).at(0).note.detail == "not this year");
}

TEST_CASE("what its author gives up is off his list once the server has confirmed it", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(100);
    const auto intent = office.ann->refused().at(0).intent;
    CHECK_FALSE(office.ann->drop(intent).value());
    CHECK(office.ann->refused().at(0).state == State::dropping);
    CHECK(office.company.hub().kept_edits().size() == 1);
    SECTION("nobody else has decided")
    {
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.ann->refused().empty());
        CHECK(office.company.hub().kept_edits().empty());
        CHECK(office.audited(store::AuditKind::change_discarded).at(0).note.person == office.company.ann);
    }
    SECTION("it was asked back meanwhile: he still gives it up")
    {
        REQUIRE(office.company.hub().give_back("1", {}, "again").has_value());
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.ann->refused().empty());
        CHECK(office.company.hub().kept_edits().empty());
    }
    SECTION("it was released meanwhile: that stands, and he is told")
    {
        REQUIRE(office.company.hub().release("1", {}).has_value());
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.ann->refused().at(0).state == State::released);
    }
}

TEST_CASE("of a refused edit whose record was handed over, its user still hears what becomes of it, and nothing else stays", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(100);
    office.give_north_to(office.company.ben);
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE_FALSE(office.ann->kind_of(office.company.acme).has_value());
    auto refused = office.ann->refused();
    REQUIRE(refused.size() == 1);
    CHECK(refused.front().record.is_nil());
    CHECK(refused.front().sets.empty());
    CHECK(refused.front().reason.empty());
    CHECK(refused.front().kind == "account");
    CHECK(office.ann->resend(refused.front().intent).error().code == Errc::not_found);
    REQUIRE(office.company.hub().discard("1", {office.company.mona, {}}, "no").has_value());
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.states() == std::vector{State::discarded});
    CHECK(office.ann->refused().front().decided_why == "no");
    CHECK(office.ann->drop(office.ann->refused().front().intent).value());
}

TEST_CASE("nobody asks a device to mend an edit that has no access any more", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(100);
    REQUIRE(office.company.hub().revoke(office.ann->identity()->device).has_value());
    CHECK(office.company.hub().give_back("1", {}, {}).error().code == Errc::not_allowed);
    CHECK(office.company.hub().release("1", {office.company.mona, {}}).has_value());
}

TEST_CASE("edits that a locked device handed over are in the same view, and each takes effect once", "[quarantine]")
{
    Company company;
    Device ann{company, "ann", company.ann, {}, Device::With::vault};
    REQUIRE(ann.sync().code == Errc::ok);
    REQUIRE(ann->set(company.acme, {{"phone", text("1")}}).has_value());
    ann.close();
    CHECK(ann.surrender("asked").handed_over() == 1);
    auto& hub = company.hub();
    REQUIRE(hub.kept_edits().size() == 1);
    CHECK(hub.kept_edits().front().number() == "s1");
    CHECK(hub.kept_edits().front().from == "asked");
    CHECK(hub.kept_edit("s1").value().sets.front() == merge::WrittenField{"phone", "1"});
    ann.close();
    ann.open();
    SECTION("nobody has decided: its user sends it after all")
    {
        REQUIRE(ann.sync().code == Errc::ok);
        CHECK(hub.kept_edits().empty());
        CHECK(hub.release("s1", {}).error().code == Errc::not_allowed);
    }
    SECTION("a manager has released it: what the device sends counts no more, and its record has it")
    {
        REQUIRE(hub.release("s1", {company.mona, {}}).has_value());
        const auto row = company.hub().record(company.acme).value();
        REQUIRE(ann.sync().code == Errc::ok);
        REQUIRE(ann.sync().code == Errc::ok);
        CHECK(device_value(ann, company.acme, "phone") == text("1"));
        const auto last = ann->history(company.acme).value().back();
        CHECK(last.by->person == company.ann);
        CHECK(last.by->released_by == company.mona);
        CHECK(hub.kept_edits().empty()); // not a second time
        REQUIRE(ann->refused().size() == 1);
        CHECK(ann->refused().front().state == State::released);
        CHECK(hub.release("1", {}).error().code == Errc::not_allowed);
    }
    CHECK(server_value(company, company.acme, "phone") == text("1"));
}

TEST_CASE("an edit that was handed over and discarded does not come back when its device sends it after all", "[quarantine]")
{
    Company company;
    Device ann{company, "ann", company.ann, {}, Device::With::vault};
    REQUIRE(ann.sync().code == Errc::ok);
    REQUIRE(ann->set(company.acme, {{"phone", text("1")}}).has_value());
    ann.close();
    REQUIRE(ann.surrender("asked").handed_over() == 1);
    auto& hub = company.hub();
    REQUIRE(hub.discard("s1", {company.mona, {}}, "a wrong number").has_value());
    ann.close();
    ann.open();
    for (int i = 0; i < 2; ++i) REQUIRE(ann.sync().code == Errc::ok);
    CHECK(hub.kept_edits().empty());
    REQUIRE(ann->refused().size() == 1);
    CHECK(ann->refused().front().state == State::discarded);
    CHECK(ann->refused().front().decided_why == "a wrong number");
    CHECK(schema::is_empty(server_value(company, company.acme, "phone")));
}

TEST_CASE("over the connection, those who lead the author see his refused edits and decide; for others there are none", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(100);
    Device ben{office.company, "ben", office.company.ben};
    const auto none = office.ask(ben, "show", "1");
    CHECK(none.code() == "not_found");
    CHECK_FALSE(none.message_zh().empty());
    CHECK(office.ask(ben, "release", "1").SerializeAsString() == none.SerializeAsString());
    CHECK(office.ask(ben, "release", "7").SerializeAsString() == none.SerializeAsString());
    CHECK(office.ask(office.ann, "release", "1").SerializeAsString() == none.SerializeAsString()); // her own
    CHECK(office.ask(ben, "list", {}).quarantine().edits().empty());

    const auto list = office.ask(office.mona, "list", {});
    REQUIRE(list.quarantine().edits_size() == 1);
    CHECK(list.quarantine().edits(0).person_name() == "Ann");
    CHECK(list.quarantine().edits(0).title() == "Acme");
    CHECK(office.ask(office.mona, "discard", "1").code() == "bad_argument"); // without a reason
    CHECK(office.ask(office.mona, "erase", "1").code() == "bad_argument");
    const auto released = office.ask(office.mona, "release", "1");
    CHECK(released.code().empty());
    CHECK(released.quarantine().edits(0).state() == "released");
    CHECK(released.quarantine().edits(0).decision().by_name() == "Mona");
    CHECK(server_value(office.company, office.company.acme, "credit_limit") == schema::Value{Money{100, "EUR"}});
    CHECK(office.audited(store::AuditKind::change_released).at(0).note.device == office.mona->identity()->device);
}

TEST_CASE("what was stranded here alone is not purged with its record before the server has it", "[quarantine]")
{
    RefusedOffice office;
    auto& company = office.company;
    const auto order = office.ann->add("work_order", {{"subject", text("Valve")}, {"account", company.acme}}).value().record;
    REQUIRE(office.ann.sync().code == Errc::ok);
    office.as(schema::Role::dispatcher, [&] {
        const auto skill = office.ann->add_item(order, "required_skills", {{"name", text("welding")}}).value();
        REQUIRE(office.ann->set_item(order, "required_skills", skill, {{"level", std::int64_t{2}}}).has_value());
    });
    CHECK(office.states() == std::vector{State::kept, State::here});
    office.give_north_to(company.ben);
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(company.hub().kept_edits().size() == 2);
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK_FALSE(office.ann->kind_of(order).has_value());
}

TEST_CASE("a device that is connected hears of a decision about a refused edit at once, and an older one with its next greeting", "[quarantine]")
{
    RefusedOffice office;
    office.refuse_limit(5'000);
    const auto number = office.company.hub().kept_edits().at(0).number();
    const bool is_older = GENERATE(false, true);
    sync::SyncClient client{office.ann.replica()};
    Connection connection{office.company};
    for (const auto& frame : client.open().value()) {
        auto hello = protocol::read_client_frame(frame).value();
        if (is_older) hello.mutable_hello()->set_revision(0);
        for (const auto& answer : connection.send(hello)) (void)client.receive(protocol::write(answer));
    }
    const auto by_mona = [&](const std::string& verb) { // as another process does it, or a manager on a connection of her own
        if (verb == "return") REQUIRE(office.company.hub().give_back(number, {office.company.mona, {}}, "which account?").has_value());
        else REQUIRE(office.company.another_hub()->discard(number, {office.company.mona, {}}, "not needed").has_value());
        office.company.core().poll();
        int frames = 0;
        for (const auto& frame : connection.receive()) {
            frames += frame.has_refused() ? 1 : 0;
            (void)client.receive(protocol::write(frame));
        }
        return frames;
    };
    CHECK(by_mona("return") == (is_older ? 0 : 1));
    if (!is_older) CHECK(office.ann->refused().at(0).state == replica::RefusedEdit::State::returned);
    CHECK(by_mona("discard") == (is_older ? 0 : 1));
    office.company.core().poll();
    CHECK(connection.receive().empty()); // told once
    office.company.core().lost(connection.id(), fail(Errc::link_lost, "the test is done"));
    REQUIRE(office.ann.sync().code == Errc::ok);
    REQUIRE(office.ann->refused().size() == 1);
    CHECK(office.ann->refused()[0].state == replica::RefusedEdit::State::discarded);
    CHECK(office.ann->refused()[0].decided_why == "not needed");
    CHECK(client.tally().decisions_heard == (is_older ? 0 : 2));
}
