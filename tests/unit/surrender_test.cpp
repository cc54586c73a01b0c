// Edits of devices that can no longer be opened or greeted: sealed as they are saved, handed over, kept, and the device wiped.
#include "tests/support/office.hpp"

#include <fmt/format.h>

#include <set>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

constexpr auto day = std::chrono::hours{24};

struct Firm {
    Company company;
    Device ann{company, "ann", company.ann, {}, Device::With::vault};

    Firm() { REQUIRE(ann.sync().code == Errc::ok); }
    RecordId save(const char* phone)
    {
        return ann->set(company.acme, {{"phone", text(phone)}}).value().record;
    }
    [[nodiscard]] std::string phone()
    {
        return schema::text_of(company.hub().record(company.acme).value(), "phone");
    }
};

} // namespace

TEST_CASE("an edit is sealed in the moment in which it is saved, and no longer when it is answered", "[surrender]")
{
    Firm firm;
    CHECK(firm.ann.vault().sealed_count() == 0);
    (void)firm.save("1");
    (void)firm.save("2");
    CHECK(firm.ann.vault().sealed_count() == 2);
    CHECK_FALSE(firm.ann->set(firm.company.acme, {{"name", text("")}}).has_value()); // refused here: not saved, not sealed
    CHECK(firm.ann.vault().sealed_count() == 2);
    REQUIRE(firm.ann.sync().code == Errc::ok);
    CHECK(firm.ann.vault().sealed_count() == 0);
    CHECK(firm.phone() == "2");
}

TEST_CASE("a kill between the vault and the replica leaves no edit behind the PIN alone, and none that was never saved", "[surrender]")
{
    Firm firm;
    (void)firm.save("1");
    const auto sealed = firm.ann.vault().sealed_ids();
    SECTION("sealed, but never saved")
    {
        const auto stray = new_id<IntentId>(firm.company.clock().now(), firm.company.chance());
        REQUIRE(firm.ann.vault().seal(stray, as_bytes("an edit of which nobody heard")));
    }
    SECTION("answered, and killed before it was forgotten here; saved, as an older version did, without a seal") { firm.ann.vault().forget(sealed); }
    firm.ann.close();
    firm.ann.open();
    CHECK(firm.ann.vault().sealed_ids() == sealed);
}

TEST_CASE("a device whose PIN is forgotten hands over its edits, each once, and keeps nothing from itself", "[surrender]")
{
    Firm firm;
    REQUIRE(firm.ann->set_pin("271828").has_value());
    (void)firm.save("1");
    REQUIRE(firm.ann.sync().code == Errc::ok); // this one was answered
    (void)firm.save("2");
    (void)firm.save("3");
    firm.ann.close();
    CHECK(firm.ann.try_open().error().field == "pin");

    auto handed = firm.ann.surrender("pin");
    CHECK(handed.failure().code == Errc::ok);
    CHECK(handed.handed_over() == 2);
    CHECK_FALSE(handed.is_wiped()); // the person may remember yet
    const auto edits = firm.company.hub().surrendered();
    REQUIRE(edits.size() == 2);
    CHECK(edits[0].person == firm.company.ann);
    CHECK(edits[0].device == firm.ann.vault().credentials()->device);
    CHECK(edits[0].why == "pin");
    CHECK(edits[0].intent->record == firm.company.acme);
    CHECK(edits[1].intent->steps[0].values.at("phone") == text("3"));
    CHECK(firm.phone() == "1"); // nothing is carried out before somebody has decided

    firm.ann.close();
    REQUIRE(firm.ann.try_open("271828").has_value()); // he does: what is in the outbox goes out as ever
    REQUIRE(firm.ann.sync().code == Errc::ok);
    CHECK(firm.phone() == "3");

    CHECK(firm.company.hub().surrendered().empty()); // each is in one place: these came from the device itself after all
    CHECK(firm.company.hub().release("s1", {}).error().code == Errc::not_allowed);
    CHECK(firm.phone() == "3");
}

TEST_CASE("what the server has answered already is not kept a second time", "[surrender]")
{
    Firm firm;
    (void)firm.save("1");
    const auto id = firm.ann.vault().sealed_ids().front();
    const auto sealed = firm.ann.vault().sealed(1 << 20, 10);
    REQUIRE(firm.ann.sync().code == Errc::ok);
    // the answer got lost: the device still has it sealed
    v1::SealedIntents list;
    auto& each = *list.add_intents();
    each.set_intent(protocol::to_field(id));
    each.set_sealed(protocol::to_field(sealed.front().sealed));
    const server::Caller ann{firm.ann.vault().credentials()->device, firm.company.ann};
    for (int twice = 0; twice < 2; ++twice) {
        const auto answer = firm.company.hub().keep_surrendered(ann, "asked", list);
        CHECK(answer.intents_size() == 1);
    }
    CHECK(firm.company.hub().surrendered().empty());
}

TEST_CASE("a revoked device gets no byte of content, hands over its edits and is wiped", "[surrender]")
{
    Firm firm;
    (void)firm.save("1");
    const auto device = firm.ann->identity()->device;
    SECTION("the device") { REQUIRE(firm.company.hub().revoke(device).has_value()); }
    SECTION("its person") { REQUIRE(firm.company.hub().revoke_person(firm.company.ann).has_value()); }
    CHECK(firm.ann.sync().code == Errc::revoked);
    auto handed = firm.ann.surrender("revoked");
    CHECK(handed.is_wiped());
    CHECK(handed.handed_over() == 1);
    CHECK(firm.company.hub().surrendered().size() == 1);
    CHECK(firm.company.hub().devices().front().wiped_at.has_value());
    firm.ann.close();
    std::set<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator{firm.company.folder("ann")}) left.insert(entry.path().filename().string());
    CHECK(left == std::set<std::string>{"lock"});
}

TEST_CASE("files that a locked or revoked device has not sent are handed over with its edits", "[surrender]")
{
    Firm firm;
    auto& company = firm.company;
    Device mona{company, "mona", company.mona};
    REQUIRE(mona.sync().code == Errc::ok);
    Bytes photo(200'000);
    company.chance().fill(photo);
    const auto visit = firm.ann->add("visit", {{"subject", text("With a photo")}, {"account", company.acme}}).value().record;
    REQUIRE(firm.ann->attach(visit, "photo.jpg", "image/jpeg", photo).has_value());
    CHECK(firm.ann.vault().sealed_count() == 2);
    CHECK(firm.ann.vault().sealed_ids().size() == 2 + 4); // the file in parts of 64 KiB
    int handed_over = 2;
    SECTION("locked") { REQUIRE(firm.ann->set_pin("271828").has_value()); }
    SECTION("revoked") { REQUIRE(company.hub().revoke(firm.ann->identity()->device).has_value()); }
    SECTION("revoked, after the edits and a part of the file were sent")
    {
        sync_until_cut(company, firm.ann, 100'000);
        REQUIRE(firm.ann->status().unsent == 0);
        REQUIRE(firm.ann->status().files_to_send == 1);
        REQUIRE(company.hub().revoke(firm.ann->identity()->device).has_value());
        handed_over = 0;
    }
    auto handed = firm.ann.surrender("asked");
    CHECK(handed.failure().code == Errc::ok);
    CHECK(handed.handed_over() == handed_over);
    CHECK(handed.files_handed_over() == 1);
    if (handed_over > 0) {
        auto& hub = company.hub();
        for (const auto& edit : hub.kept_edits()) REQUIRE(hub.release(edit.number(), {company.mona, {}}).has_value());
    }
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(mona->want_attachment(visit, sha256(photo)).has_value());
    REQUIRE(mona.sync().code == Errc::ok);
    REQUIRE(mona->attachment(visit, sha256(photo)).has_value());
    CHECK(mona->attachment(visit, sha256(photo)).value() == photo);
}

TEST_CASE("a file is sealed until it is sent", "[surrender]")
{
    Firm firm;
    Bytes photo(100'000);
    firm.company.chance().fill(photo);
    const auto visit = firm.ann->add("visit", {{"subject", text("With a photo")}, {"account", firm.company.acme}}).value().record;
    REQUIRE(firm.ann->attach(visit, "photo.jpg", "image/jpeg", photo).has_value());
    const auto sealed = firm.ann.vault().sealed_ids();
    SECTION("killed before it was sealed: it is when the device opens")
    {
        firm.ann.vault().forget(sealed);
        firm.ann.close();
        firm.ann.open();
        const auto again = firm.ann.vault().sealed_ids();
        CHECK(std::set<IntentId>{again.begin(), again.end()} == std::set<IntentId>{sealed.begin(), sealed.end()});
    }
    REQUIRE(firm.ann.sync().code == Errc::ok);
    CHECK(firm.ann->status().files_to_send == 0);
    CHECK(firm.ann.vault().sealed_ids().empty());
}

TEST_CASE("a device that is connected when it is revoked is told so, and hears nothing more", "[surrender]")
{
    Firm firm;
    Device mona{firm.company, "mona", firm.company.mona};
    REQUIRE(mona.sync().code == Errc::ok);
    Connection open{firm.company};
    (void)open.send(firm.ann.hello());
    SECTION("the device") { REQUIRE(firm.company.hub().revoke(firm.ann->identity()->device).has_value()); }
    SECTION("its person") { REQUIRE(firm.company.hub().revoke_person(firm.company.ann).has_value()); }
    firm.company.core().poll(); // within a second, in the running server
    for (const auto& frame : open.receive()) CHECK(frame.refusal().code() == "revoked");
    CHECK(open.is_closed());
    REQUIRE(mona->set(firm.company.acme, {{"website", text("after the report")}}).has_value());
    REQUIRE(mona.sync().code == Errc::ok);
    CHECK(open.receive().empty());
}

TEST_CASE("a session of surrender answers nothing else, and nobody without the token", "[surrender]")
{
    Firm firm;
    const auto me = firm.ann->identity().value();
    v1::ClientFrame open;
    open.mutable_surrender()->set_version(protocol::version);
    open.mutable_surrender()->set_device(protocol::to_field(me.device));
    open.mutable_surrender()->set_token(protocol::to_field(me.token));
    SECTION("a Hello in it, a Push, a second Surrender")
    {
        for (int what = 0; what < 3; ++what) {
            Connection connection{firm.company};
            REQUIRE(connection.send(open).front().has_surrendered());
            v1::ClientFrame frame;
            if (what == 0) frame = firm.ann.hello();
            else if (what == 1) frame.mutable_push()->set_batch(1);
            else frame = open;
            const auto answers = connection.send(frame);
            REQUIRE(answers.size() == 1);
            CHECK(answers.front().refusal().code() == "bad_frame");
            CHECK(connection.is_closed());
        }
    }
    SECTION("a wrong token, an unknown device")
    {
        auto forged = open;
        forged.mutable_surrender()->set_token(std::string(32, 'x'));
        auto unknown = open;
        unknown.mutable_surrender()->set_device(std::string(16, 'x'));
        std::set<std::string> said;
        for (const auto& frame : {forged, unknown}) {
            Connection connection{firm.company};
            said.insert(connection.send(frame).front().refusal().SerializeAsString());
        }
        CHECK(said.size() == 1);
    }
    SECTION("an edit that was sealed to another server is kept as it came; rubbish is, too, and never as somebody's edit")
    {
        const auto other = SealingKeys::make(firm.company.chance());
        v1::SealedIntents list;
        for (int i = 0; i < 2; ++i) {
            auto& each = *list.add_intents();
            each.set_intent(protocol::to_field(new_id<IntentId>(firm.company.clock().now(), firm.company.chance())));
            each.set_sealed(i == 0 ? protocol::to_field(seal(other.public_key, as_bytes("an edit"))) : std::string{"rubbish"});
        }
        const auto answer = firm.company.hub().keep_surrendered({me.device, me.person}, "made up", list);
        CHECK(answer.intents_size() == 2);
        CHECK_FALSE(answer.wipe());
        const auto edits = firm.company.hub().surrendered();
        REQUIRE(edits.size() == 2);
        CHECK_FALSE(edits[0].intent.has_value());
        CHECK(edits[0].why == "asked");
        CHECK(firm.company.hub().release(fmt::format("s{}", edits[0].num), {}).error().code == Errc::not_allowed);
    }
}

TEST_CASE("a device that does not see its server for the days of its lease shows nothing until it does", "[surrender]")
{
    Firm firm;
    (void)firm.save("1");
    firm.company.clock().advance(15 * day);
    CHECK(firm.ann->may_read().error().field == "lease");
    CHECK(firm.ann->show(firm.company.acme).error().code == Errc::locked);
    CHECK(firm.ann->history(firm.company.acme).error().code == Errc::locked);
    CHECK(firm.ann->set(firm.company.acme, {{"phone", text("2")}}).error().code == Errc::locked);
    CHECK(firm.ann->search("acme").empty());
    CHECK(firm.ann->outbox().empty());
    storage::Query query;
    query.kind = "account";
    CHECK(firm.ann->list(query).error().code == Errc::locked);

    REQUIRE(firm.ann.sync().code == Errc::ok);
    CHECK(firm.phone() == "1");
    CHECK(firm.ann->search("acme").size() == 1);
}

TEST_CASE("turning a clock back extends no lease and no token", "[surrender]")
{
    Firm firm;
    auto& ann = firm.ann;
    ann.clock.ahead = 2 * day;
    REQUIRE(ann.sync().code == Errc::ok);
    ann.clock.ahead = -100 * day;
    CHECK(ann.vault().lease().left <= 14 * day);
    ann.uptime.since += 13 * day;
    CHECK(ann->may_read().has_value());
    ann.clock.ahead = -200 * day;
    ann.uptime.since += std::chrono::hours{25};
    CHECK(ann->may_read().error().field == "lease"); // fourteen days have passed, whatever the clock says

    const auto token = ann->identity()->token;
    firm.company.clock().advance(31 * day);
    REQUIRE(ann.sync().code == Errc::ok); // by the server's clock it is old: a new one comes
    CHECK(ann->identity()->token != token);
    REQUIRE(ann.sync().code == Errc::ok);
    auto stale = ann.hello();
    stale.mutable_hello()->set_token(protocol::to_field(token));
    CHECK(firm.company.hub().greet(stale.hello()).error().code == Errc::bad_token);
}

TEST_CASE("a token is replaced after thirty days, and the old one holds until the new one was used", "[surrender]")
{
    Firm firm;
    const auto first = firm.ann->identity()->token;
    firm.company.clock().advance(31 * day);
    const auto greet_as = [&](const Bytes& token) {
        auto hello = firm.ann.hello();
        hello.mutable_hello()->set_token(protocol::to_field(token));
        return firm.company.hub().greet(hello.hello());
    };
    const auto lost = greet_as(first).value().welcome.new_token(); // a Welcome that never arrived
    CHECK(lost.size() == first.size());
    REQUIRE(firm.ann.sync().code == Errc::ok);
    const auto second = firm.ann->identity()->token;
    CHECK(second != first);
    CHECK(greet_as(first).has_value());
    REQUIRE(firm.ann.sync().code == Errc::ok); // with the new one
    CHECK(firm.ann->identity()->token == second);
    CHECK(greet_as(first).error().code == Errc::bad_token);
    CHECK(greet_as(to_bytes(as_bytes(lost))).error().code == Errc::bad_token);
}

TEST_CASE("name and password enrol a device; wrong ones, unknown people and guesses in a row get one answer", "[surrender]")
{
    Company company;
    constexpr auto password = "correct horse battery";
    CHECK(company.hub().set_password(company.ann, "too short").error().field == "password");
    REQUIRE(company.hub().set_password(company.ann, password).has_value());
    const auto enrol = [&](const char* name, const char* typed) {
        company.clock().advance(std::chrono::seconds{1});
        v1::Enrol frame;
        frame.set_version(protocol::version);
        frame.set_person(name);
        frame.set_password(typed);
        return company.hub().enrol(frame);
    };
    CHECK(enrol("ann", password).value().person_name() == "Ann");
    const auto wrong = enrol("Ann", "correct horse batterx").error();
    CHECK(wrong.code == Errc::bad_code);
    CHECK(enrol("nobody", password).error() == wrong);
    CHECK(enrol("Ben", password).error() == wrong);
    for (int guess = 0; guess < 5; ++guess) CHECK(enrol("Ann", "guessed again and again").error() == wrong);
    CHECK(enrol("Ann", password).error() == wrong); // right, but too early
    company.clock().advance(std::chrono::minutes{15});
    CHECK(enrol("Ann", password).has_value());
    company.clock().advance(std::chrono::seconds{1});
    const auto third = [&] { // in one second: nobody else signs in, and nothing says so
        v1::Enrol frame;
        frame.set_version(protocol::version);
        frame.set_person("Ann");
        frame.set_password(password);
        (void)company.hub().enrol(frame);
        (void)company.hub().enrol(frame);
        return company.hub().enrol(frame).error();
    }();
    CHECK(third.code == Errc::server_busy);
    CHECK(third.message.find("checks only a few passwords in a second") != std::string::npos);
    REQUIRE(company.hub().revoke_person(company.ann).has_value());
    CHECK(enrol("Ann", password).error() == wrong);
    CHECK(company.hub().make_code(company.ann, day).error().code == Errc::not_allowed);
    CHECK(company.hub().readmit_person(company.ann).value()); // there was a password
    CHECK(enrol("Ann", password).error() == wrong);           // which came to an end with the access
    REQUIRE(company.hub().set_password(company.ann, password).has_value());
    CHECK(enrol("Ann", password).has_value());
}

TEST_CASE("a password that somebody who guesses tries first is refused", "[surrender]")
{
    Company company;
    auto& hub = company.hub();
    company.apply(edit(company.ann, "person", {{"name", text("Margaret Peacock")}, {"email", text("m.peacock@northwind.example")}}));
    for (const auto* easy : {"passwordpassword", "Password12345678", "aaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "qwertyuiopasdfghjkl", "987654321987654321",
                             "MargaretPeacock2024", "roadbook-roadbook-1", "northwindnorthwind", "密码密码密码密码密码密码密码密码"}) {
        INFO(easy);
        const auto why = hub.set_password(company.ann, easy);
        REQUIRE_FALSE(why.has_value());
        CHECK(why.error().field == "password");
        CHECK(why.error().message.find("easy to guess") != std::string::npos);
    }
    CHECK(hub.set_password(company.ann, "春眠不觉晓处处").error().message.find("15 characters") != std::string::npos); // seven, whatever bytes they take
    for (const auto* hard : {"correct horse battery", "my password: blue teapots", "Roadbook 2024 in Berlin", "春眠不觉晓处处闻啼鸟夜来风雨声"}) {
        INFO(hard);
        CHECK(hub.set_password(company.ann, hard).has_value());
    }
}

TEST_CASE("what somebody who leaves has deleted comes back in one act, and what others deleted does not", "[surrender]")
{
    Firm firm;
    auto& company = firm.company;
    Device mona{company, "mona", company.mona};
    REQUIRE(mona.sync().code == Errc::ok);
    const auto visit = firm.ann->add("visit", {{"subject", text("Hers")}, {"account", company.acme}, {"owner", company.ann}}).value().record;
    REQUIRE(firm.ann.sync().code == Errc::ok);
    const auto deleted = [&](const RecordId& id) { return company.hub().record(id)->deleted_at.has_value(); };
    REQUIRE(firm.ann->set(visit, {{"deleted_at", company.clock().now()}}).has_value());
    REQUIRE(firm.ann.sync().code == Errc::ok);
    company.apply(edit(company.bolt, "account", {{"deleted_at", company.clock().now()}}));
    REQUIRE(deleted(visit));

    const auto since = company.clock().now() - 7 * day;
    const auto found = company.hub().deletions_of(company.ann, since);
    REQUIRE(found.size() == 1);
    CHECK(found.front().title == "Hers");
    CHECK(company.hub().undo_deletions(company.ann, since) == 1);
    CHECK_FALSE(deleted(visit));
    CHECK(deleted(company.bolt));
    CHECK(company.hub().undo_deletions(company.ann, since) == 0);
}
