// What one may not see and what does not exist: the same answer, by the same statements. Whoever guesses ids learns nothing, not even by a clock.
#include "tests/support/office.hpp"
#include "tests/support/forged_change.hpp"
#include "tests/support/statement_trace.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;
using namespace std::chrono_literals;

namespace {

/// Ann's and Mona's company, every connection to its database watched from the beginning.
struct WatchedOffice {
    WatchedOffice() : office{watched()} {}
    static Office* watched()
    {
        StatementTrace::watch_statements();
        return new Office;
    }
    std::unique_ptr<Office> office;
    Company& company() { return office->company; }
};

struct Seen {
    std::string answer; ///< the frames, as they go out
    std::vector<std::string> statements;
};

void check_alike(const Seen& hidden, const Seen& missing)
{
    CHECK(hidden.answer == missing.answer);
    CHECK_FALSE(hidden.answer.empty());
    CHECK(hidden.statements == missing.statements);
    CHECK_FALSE(hidden.statements.empty());
}

/// `without`: what the caller sent and gets back, such as an id.
Seen seen(Connection& connection, const v1::ClientFrame& frame, const std::string& without = {})
{
    StatementTrace trace;
    Seen result;
    for (const auto& answer : connection.send(frame)) result.answer += answer.SerializeAsString();
    if (const auto at = result.answer.find(without); !without.empty() && at != std::string::npos) result.answer.erase(at, without.size());
    result.statements = trace.statements();
    return result;
}

Seen seen_first(Company& company, const v1::ClientFrame& frame)
{
    Connection connection{company};
    return seen(connection, frame);
}

/// A change of an account's phone on top of `parent`, under an actor that nobody has used.
v1::ClientFrame push_on(Company& company, const RecordId& account, const Hash& parent, std::uint64_t batch)
{
    auto document = merge::new_document(*schema::find_kind("account"));
    ActorId actor;
    company.chance().fill(actor.bytes);
    const std::vector<automerge::Edit> edits{{{"phone"}, automerge::Edit::Put{std::string{"1"}}}};
    auto change = ForgedChange::from(document.commit(actor, edits).value()->bytes);
    change.deps = {parent};
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(batch);
    v1::ChangeList list;
    list.add_changes()->set_document(protocol::to_field(account));
    list.mutable_changes(0)->set_change(protocol::to_field(change.bytes()));
    list.mutable_changes(0)->set_intent(std::string(16, 'i'));
    protocol::fill(*frame.mutable_push(), list);
    return frame;
}

v1::ClientFrame push_intent(Company& company, const merge::Intent& intent, std::uint64_t batch)
{
    auto document = merge::new_document(*schema::find_kind(intent.kind));
    ActorId actor;
    company.chance().fill(actor.bytes);
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(batch);
    v1::ChangeList list;
    list.add_changes()->set_document(protocol::to_field(intent.record));
    list.mutable_changes(0)->set_change(protocol::to_field(document.commit(actor, merge::edits_of(intent).value()).value()->bytes));
    list.mutable_changes(0)->set_intent(protocol::to_field(company.new_record()));
    protocol::fill(*frame.mutable_push(), list);
    return frame;
}

/// The one answer to a push, without what the caller sent: the batch's number, and the record that it waits for.
v1::Answer answer_of(const Seen& seen, const RecordId& named = {})
{
    v1::ServerFrame frame;
    REQUIRE(frame.ParseFromString(seen.answer));
    REQUIRE(frame.has_answers());
    v1::Answer answer;
    if (frame.answers().exceptions_size() == 1) answer = frame.answers().exceptions(0);
    if (answer.waiting_for() == protocol::to_field(named)) answer.clear_waiting_for();
    return answer;
}

void check_alike(const Seen& hidden, const RecordId& hidden_id, const Seen& missing, const RecordId& missing_id)
{
    CHECK(answer_of(hidden, hidden_id).SerializeAsString() == answer_of(missing, missing_id).SerializeAsString());
    CHECK(hidden.statements == missing.statements);
}

} // namespace

TEST_CASE("a new record on a customer that one never saw and on none: both wait by the same statements, and are refused alike in the end", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    auto connection = greet(company, world.office->ann);
    std::uint64_t batch = 0;
    const auto visit_at = [&](const RecordId& account) { return creation(company.new_record(), "visit", {{"subject", text("Call")}, {"account", account}, {"owner", company.ann}}); };
    const auto nowhere = company.new_record();
    const auto before = push_intent(company, visit_at(nowhere), ++batch); // statements are prepared once
    (void)seen(connection, before);

    const auto on_hidden = push_intent(company, visit_at(company.bolt), ++batch);
    auto hidden = seen(connection, on_hidden);
    const auto on_missing = push_intent(company, visit_at(nowhere), ++batch);
    auto missing = seen(connection, on_missing);
    CHECK(answer_of(hidden).status() == v1::WAITING);
    check_alike(hidden, company.bolt, missing, nowhere);
    CHECK(company.hub().quarantine().empty());

    company.clock().advance(24h * 31);
    auto later = greet(company, world.office->ann);
    batch = 0;
    const auto again = [&](v1::ClientFrame frame) {
        frame.mutable_push()->set_batch(++batch);
        return seen(later, frame);
    };
    CHECK(answer_of(again(before)).status() == v1::REFUSED); // from now on something of hers is in quarantine
    hidden = again(on_hidden);
    missing = again(on_missing);
    check_alike(hidden, company.bolt, missing, nowhere);
    CHECK(answer_of(hidden).status() == v1::REFUSED);
    CHECK(answer_of(hidden).code() == "not_found");
    CHECK(company.hub().quarantine().size() == 3);
}

TEST_CASE("a visit at a customer that comes into one's territory meanwhile is taken after all", "[alike]")
{
    Office office;
    auto& company = office.company;
    auto connection = greet(company, office.ann);
    const auto visit = creation(company.new_record(), "visit", {{"subject", text("Call")}, {"account", company.bolt}, {"owner", company.ann}});
    auto frame = push_intent(company, visit, 1);
    CHECK(connection.send(frame).front().answers().exceptions(0).status() == v1::WAITING);
    company.apply(edit(company.bolt, "account", {{"territory", company.north}}));
    frame.mutable_push()->set_batch(2);
    for (const auto& answer : connection.send(frame))
        if (answer.has_answers()) CHECK(answer.answers().exceptions_size() == 0);
    CHECK(company.hub().record(visit.record).has_value());
}

TEST_CASE("naming a record that one never saw and naming none: the same answer, the same statements, whatever type it is of", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    const auto hidden_contact = company.new_record();
    company.apply(creation(hidden_contact, "contact", {{"name", text("Bea")}, {"account", company.bolt}}));
    auto connection = greet(company, world.office->ann);
    std::uint64_t batch = 0;
    const auto task_on = [&](const RecordId& account) {
        return seen(connection, push_intent(company, creation(company.new_record(), "task", {{"subject", text("Call")}, {"owner", company.ann}, {"account", account}}), ++batch));
    };
    (void)task_on(company.new_record());
    const auto status = [](const Seen& seen) { // its own feed's entry comes with it
        v1::ServerFrame frame;
        return frame.ParseFromString(seen.answer) ? frame.answers().exceptions_size() : -1;
    };
    const auto missing = task_on(company.new_record());
    for (const auto& hidden : {company.bolt, hidden_contact}) {
        const auto one = task_on(hidden);
        CHECK(status(one) == status(missing));
        CHECK(one.statements == missing.statements);
    }
}

TEST_CASE("a push to a record out of sight and one to no record: the same answer, the same statements", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    auto connection = greet(company, world.office->ann);
    Hash parent;
    company.chance().fill(parent.bytes);
    std::uint64_t batch = 0;
    (void)seen(connection, push_on(company, company.new_record(), parent, ++batch)); // statements are prepared once
    auto hidden = seen(connection, push_on(company, company.bolt, parent, ++batch));
    auto missing = seen(connection, push_on(company, company.new_record(), parent, ++batch));
    // The batch's own number is all that may differ.
    v1::ServerFrame one, other;
    REQUIRE(one.ParseFromString(hidden.answer));
    REQUIRE(other.ParseFromString(missing.answer));
    one.mutable_answers()->set_batch(0);
    other.mutable_answers()->set_batch(0);
    check_alike({one.SerializeAsString(), hidden.statements}, {other.SerializeAsString(), missing.statements});
    CHECK(one.answers().exceptions(0).status() == v1::NEED);
    CHECK(company.hub().quarantine().empty());

    // Over a change of one's own that was refused before, there and not there.
    const auto rubbish = [&](const RecordId& id) {
        v1::ChangeList list;
        list.add_changes()->set_document(protocol::to_field(id));
        list.mutable_changes(0)->set_change("no change at all");
        v1::ClientFrame frame;
        frame.mutable_push()->set_batch(++batch);
        protocol::fill(*frame.mutable_push(), list);
        (void)connection.send(frame);
        return sha256(as_bytes("no change at all"));
    };
    const auto nowhere = company.new_record();
    const auto on_hidden = rubbish(company.bolt);
    const auto on_missing = rubbish(nowhere);
    hidden = seen(connection, push_on(company, company.bolt, on_hidden, ++batch));
    missing = seen(connection, push_on(company, nowhere, on_missing, ++batch));
    REQUIRE(one.ParseFromString(hidden.answer));
    REQUIRE(other.ParseFromString(missing.answer));
    CHECK(one.answers().exceptions(0).status() == other.answers().exceptions(0).status());
    CHECK(hidden.statements == missing.statements);
}

TEST_CASE("a file of a record out of sight and one of no record, asked for and sent: the same answer, the same statements", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    const auto visit = world.office->ann->add("visit", {{"subject", text("With a photo")}, {"account", company.acme}}).value().record;
    REQUIRE(world.office->ann->attach(visit, "photo.jpg", "image/jpeg", Bytes(5'000, std::byte{7})).has_value());
    REQUIRE(world.office->ann.sync().code == Errc::ok);
    const auto hash = protocol::to_field(sha256(Bytes(5'000, std::byte{7})));
    Device ben{company, "ben", company.ben};
    auto connection = greet(company, ben);
    const auto ask = [&](const RecordId& id) {
        v1::ClientFrame frame;
        frame.mutable_ask_part()->set_document(protocol::to_field(id));
        frame.mutable_ask_part()->set_sha256(hash);
        return seen(connection, frame, protocol::to_field(id));
    };
    const auto put = [&](const RecordId& id) {
        v1::ClientFrame frame;
        frame.mutable_put_part()->set_document(protocol::to_field(id));
        frame.mutable_put_part()->set_sha256(hash);
        frame.mutable_put_part()->set_data("x");
        return seen(connection, frame, protocol::to_field(id));
    };
    (void)ask(company.new_record());
    check_alike(ask(visit), ask(company.new_record()));
    check_alike(put(visit), put(company.new_record()));
    // Both leave a trace, and a flood of them a bounded one.
    for (int i = 0; i < 100; ++i) (void)ask(visit);
    const auto entries = audit_entries(company, store::AuditKind::attachment_refused);
    CHECK(entries.size() == 10);
}

TEST_CASE("who reads a file is written down, once an hour", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    const auto visit = world.office->ann->add("visit", {{"subject", text("With a photo")}, {"account", company.acme}}).value().record;
    REQUIRE(world.office->ann->attach(visit, "photo.jpg", "image/jpeg", Bytes(5'000, std::byte{7})).has_value());
    REQUIRE(world.office->ann.sync().code == Errc::ok);
    auto connection = greet(company, world.office->mona);
    const auto read = [&](std::uint64_t offset) {
        v1::ClientFrame frame;
        frame.mutable_ask_part()->set_document(protocol::to_field(visit));
        frame.mutable_ask_part()->set_sha256(protocol::to_field(sha256(Bytes(5'000, std::byte{7}))));
        frame.mutable_ask_part()->set_offset(offset);
        CHECK(connection.send(frame).front().part().code().empty());
        return audit_entries(company, store::AuditKind::attachment_sent);
    };
    CHECK(read(1'000).size() == 1); // also who leaves its beginning out
    CHECK(read(0).size() == 1);
    company.clock().advance(1h);
    const auto entries = read(0);
    REQUIRE(entries.size() == 2);
    CHECK(entries[1].note.person == company.mona);
    CHECK(entries[1].note.items.front().record == visit);
}

TEST_CASE("a hand-over of what one does not lead and of what there is not: the same answer, the same statements", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    auto connection = greet(company, world.office->ann);
    const auto enquire = [&](const RecordId& territory, const RecordId& to) {
        v1::ClientFrame frame;
        frame.mutable_enquiry()->mutable_handover()->set_territory(protocol::to_field(territory));
        frame.mutable_enquiry()->mutable_handover()->set_to(protocol::to_field(to));
        return seen(connection, frame);
    };
    (void)enquire(company.new_record(), company.ben);
    check_alike(enquire(company.south, company.ben), enquire(company.new_record(), company.ben));
    check_alike(enquire(company.north, company.new_record()), enquire(company.acme, company.ann));
}

TEST_CASE("a cursor of a scope that one is not granted and one of no scope: the same welcome, the same statements", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    const auto hello_with = [&](const schema::ScopeId& scope) {
        auto frame = world.office->ann.hello();
        auto& cursor = *frame.mutable_hello()->add_cursors();
        cursor.set_scope(protocol::to_field(scope.bytes()));
        cursor.set_seq(1);
        cursor.set_running_hash(std::string(32, 'x'));
        auto result = seen_first(company, frame);
        return result;
    };
    (void)hello_with(schema::ScopeId::territory(company.new_record()));
    check_alike(hello_with(schema::ScopeId::territory(company.south)), hello_with(schema::ScopeId::territory(company.new_record())));
}

TEST_CASE("an unknown device and a wrong token, greeting or surrendering: the same answer, the same statements", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    auto wrong = world.office->ann.hello();
    wrong.mutable_hello()->set_token(std::string(32, 'x'));
    auto unknown = wrong;
    unknown.mutable_hello()->set_device(std::string(16, 'x'));
    (void)seen_first(company, unknown);
    check_alike(seen_first(company, wrong), seen_first(company, unknown));

    const auto surrender = [&](const std::string& device) {
        v1::ClientFrame frame;
        frame.mutable_surrender()->set_version(protocol::version);
        frame.mutable_surrender()->set_device(device);
        frame.mutable_surrender()->set_token(std::string(32, 'x'));
        return seen_first(company, frame);
    };
    (void)surrender(std::string(16, 'x'));
    check_alike(surrender(wrong.hello().device()), surrender(std::string(16, 'x')));
}

TEST_CASE("wrong, used and expired codes, unknown names and wrong passwords: each the same answer by the same statements", "[alike]")
{
    WatchedOffice world;
    auto& company = world.company();
    const auto used = company.hub().make_code(company.ann, 1h).value();
    REQUIRE(company.hub().enrol(enrolment(used).enrol()).has_value());
    const auto expired = company.hub().make_code(company.ann, 1min).value();
    company.clock().advance(1h);
    for (int i = 0; i < 10; ++i) (void)company.hub().enrol(enrolment("WRONG").enrol(), "elsewhere"); // its audit entries are used up
    const auto wrong = seen_first(company, enrolment("0000-0000-0000-0000"));
    check_alike(seen_first(company, enrolment(used)), wrong);
    check_alike(seen_first(company, enrolment(expired)), wrong);

    REQUIRE(company.hub().set_password(company.ann, "a long enough password").has_value());
    const auto sign_in = [&](const std::string& name) {
        company.clock().advance(2s);
        v1::ClientFrame frame = enrolment({});
        frame.mutable_enrol()->set_person(name);
        frame.mutable_enrol()->set_password("not that password");
        return seen_first(company, frame);
    };
    (void)sign_in("nobody");
    check_alike(sign_in("Ann"), sign_in("nobody"));
}
