// The server's decisions: what each kind of bad input gets, and that nothing is lost by it and nobody else notices.
#include "tests/support/office.hpp"

#include "conflict/automerge-cpp/document.hpp"
#include "shared/storage/database.hpp"
#include "tests/support/forged_change.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;
using schema::Fields;

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
    CHECK_THAT(hidden.reason_zh(), Catch::Contains("保存在服务器上"));
    CHECK(schema::is_empty(server_value(office.company, office.company.bolt, "phone")));

    // The same, for real: an account that is created where she may not put one, so that there is none.
    REQUIRE(office.ann->add("account", {{"name", text("Acre")}, {"territory", office.company.south}}).has_value());
    const auto missing = connection.push(outgoing(office.ann)).front();
    CHECK(missing.code() == hidden.code());
    CHECK(missing.reason() == hidden.reason());
    CHECK(missing.reason_zh() == hidden.reason_zh());
    CHECK(missing.field() == hidden.field());
    const auto kept = office.company.hub().quarantine();
    REQUIRE(kept.size() == 2);
    CHECK(kept.front().reason_zh == hidden.reason_zh());
}

TEST_CASE("a line with a product that is none is refused with its field; a reference to what may still come is not", "[hub]")
{
    Office office;
    const auto put = [](std::vector<std::string> path, automerge::Scalar value) { return automerge::Edit{std::move(path), automerge::Edit::Put{std::move(value)}}; };
    const auto created = [&](std::string_view kind, std::vector<automerge::Edit> edits) {
        auto document = merge::new_document(*schema::find_kind(kind));
        ActorId actor;
        office.company.chance().fill(actor.bytes);
        const auto id = office.company.new_record();
        edits.push_back(put({"id"}, to_bytes(id.view())));
        edits.push_back(put({"account"}, to_bytes(office.company.acme.view())));
        v1::ChangeList list;
        auto& pushed = *list.add_changes();
        pushed.set_document(protocol::to_field(id));
        pushed.set_change(protocol::to_field(document.commit(actor, edits).value()->bytes));
        pushed.set_intent(std::string(16, 'i'));
        return list;
    };
    const auto quote_with = [&](const RecordId& product) {
        const auto line = new_id<ChildId>(office.company.clock().now(), office.company.chance()).text();
        return created("quote", {{{"lines", line}, automerge::Edit::PutMap{}}, put({"lines", line, "product"}, to_bytes(product.view())),
                                 put({"lines", line, "quantity"}, std::int64_t{1000}), put({"lines", line, "unit_price"}, std::string{"500 EUR"})});
    };
    auto connection = greet(office.company, office.ann);
    for (const auto& none : {office.company.new_record(), office.company.acme}) { // nothing, and an account in the place of a product
        const auto answer = connection.push(quote_with(none)).front();
        CHECK(answer.status() == v1::REFUSED);
        CHECK(answer.code() == "invalid_value");
        CHECK_THAT(answer.field(), Catch::EndsWith("/product"));
        CHECK_THAT(answer.reason(), Catch::Contains("there is no product"));
        CHECK_THAT(answer.reason_zh(), Catch::Contains("没有产品"));
    }
    CHECK(connection.push(quote_with(office.company.widget)).front().status() == v1::ACCEPTED);
    // A colleague may have made the contact, and may come later.
    const auto visit = created("visit", {put({"subject"}, std::string{"Call"}), put({"contact"}, to_bytes(office.company.new_record().view()))});
    CHECK(connection.push(visit).front().status() == v1::ACCEPTED);
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

TEST_CASE("a record that hangs on one which came damaged is refused with it, too", "[hub]")
{
    Office office;
    const auto account = office.ann->add("account", {{"name", text("New")}, {"territory", office.company.north}}).value().record;
    REQUIRE(office.ann->add("visit", {{"subject", text("First call")}, {"account", account}}).has_value());
    auto both = outgoing(office.ann);
    auto& bytes = *both.mutable_changes(0)->mutable_change();
    bytes[bytes.size() / 2] ^= 1;
    auto connection = greet(office.company, office.ann);
    const auto answers = connection.push(both);
    CHECK(answers[0].code() == "bad_change");
    CHECK(answers[1].status() == v1::REFUSED);
    CHECK(answers[1].code() == "stranded");
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
    CHECK_FALSE(office.ann->refused().front().reason_zh.empty());
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

TEST_CASE("an edit that comes damaged after it came whole has the answer of the first time", "[hub]")
{
    Office office;
    const auto visit = office.ann->add("visit", {{"subject", text("call")}, {"account", office.company.acme}, {"owner", office.company.ann}}).value().record;
    REQUIRE(office.ann->set(visit, {{"outcome", text("sold")}}).has_value());
    const auto whole = outgoing(office.ann);
    auto damaged = whole;
    const auto flip = [](std::string& bytes) { bytes.back() = static_cast<char>(bytes.back() ^ 1); };
    SECTION("in its bytes") { flip(*damaged.mutable_changes(1)->mutable_change()); }
    SECTION("in those of a new record") { flip(*damaged.mutable_changes(0)->mutable_change()); }
    SECTION("in the id of its record") { flip(*damaged.mutable_changes(0)->mutable_document()); }

    auto first = greet(office.company, office.ann); // the device never hears its answer
    for (const auto& answer : first.push(whole)) CHECK(answer.status() == v1::ACCEPTED);
    auto second = greet(office.company, office.ann);
    for (const auto& answer : second.push(damaged)) CHECK(answer.status() == v1::ACCEPTED);
    CHECK(office.company.hub().quarantine().empty());
    CHECK(audit_entries(office.company, store::AuditKind::change_refused).empty());
}

TEST_CASE("an edit that comes damaged first and whole later is in its record, and no longer in quarantine", "[hub]")
{
    Office office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    auto damaged = outgoing(office.ann);
    damaged.mutable_changes(0)->mutable_change()->back() ^= 1;
    auto connection = greet(office.company, office.ann); // the device never hears its answer
    CHECK(connection.push(damaged).front().status() == v1::REFUSED);
    REQUIRE(office.company.hub().kept_edits().size() == 1);
    REQUIRE(office.ann.sync().code == Errc::ok);
    CHECK(office.ann->refused().empty());
    CHECK(server_value(office.company, office.company.acme, "phone") == text("1"));
    CHECK(office.company.hub().kept_edits().empty());
}

TEST_CASE("whole and damaged in one group, an edit is accepted", "[hub]")
{
    Office office;
    REQUIRE(office.ann->set(office.company.acme, {{"phone", text("1")}}).has_value());
    server::Hub::Batch whole;
    const auto me = office.ann->identity().value();
    whole.caller = {me.device, me.person, me.role, Duration{0}, false, false};
    whole.ticket = 1;
    whole.changes = outgoing(office.ann);
    auto damaged = whole;
    damaged.ticket = 2;
    damaged.changes.mutable_changes(0)->mutable_change()->back() ^= 1;
    const std::array batches{damaged, whole}; // of a dead connection and the next one
    for (const auto& [ticket, answers] : office.company.hub().commit(batches).answers) CHECK(answers.exceptions().empty());
    CHECK(office.company.hub().quarantine().empty());
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
