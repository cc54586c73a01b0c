// Frames and both sessions, without a network: what a hostile or confused other end gets.
#include "shared/protocol/client_session.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/packing.hpp"
#include "shared/protocol/running_hash.hpp"
#include "shared/protocol/server_session.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace roadbook;
using namespace roadbook::protocol;

namespace {

using Server = ServerSession;
using Client = ClientSession;

RecordId record(std::uint8_t last)
{
    RecordId id;
    id.bytes.back() = static_cast<std::byte>(last);
    return id;
}

Bytes random_bytes(std::mt19937& chance, std::size_t size)
{
    Bytes bytes(size);
    for (auto& b : bytes) b = static_cast<std::byte>(chance() & 0xff);
    return bytes;
}

v1::ClientFrame hello(std::uint64_t credit = credit_bytes)
{
    v1::ClientFrame frame;
    frame.mutable_hello()->set_version(version);
    frame.mutable_hello()->set_credit(credit);
    return frame;
}

v1::ClientFrame push(std::uint64_t batch, int changes = 1)
{
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(batch);
    for (int i = 0; i < changes; ++i) frame.mutable_push()->mutable_plain()->add_changes()->set_change("x");
    return frame;
}

template <class Step, class Steps>
const Step* find(const Steps& steps)
{
    for (const auto& step : steps)
        if (const auto* found = std::get_if<Step>(&step)) return found;
    return nullptr;
}

std::vector<Server::Step> give(Server& session, const v1::ClientFrame& frame)
{
    const auto bytes = write(frame);
    return session.resume(Server::Received{bytes});
}
std::vector<Client::Step> give(Client& session, const v1::ServerFrame& frame)
{
    const auto bytes = write(frame);
    return session.resume(Client::Received{bytes});
}

/// The server's refusal among the steps: a frame that says why, and the close behind it.
std::string refusal(const std::vector<Server::Step>& steps)
{
    const auto* send = find<Server::Send>(steps);
    const auto* close = find<Server::Close>(steps);
    if (send == nullptr || close == nullptr) return "none";
    const auto frame = read_server_frame(send->frame).value();
    return frame.has_refusal() && errc_from_name(frame.refusal().code()) == close->why.code ? frame.refusal().code() : "none";
}

/// A server session past its welcome, with these feeds.
Server greeted(std::vector<Server::FeedHead> heads, std::uint64_t credit = credit_bytes)
{
    Server session;
    REQUIRE(find<Server::CheckHello>(give(session, hello(credit))) != nullptr);
    (void)session.resume(Server::HelloChecked{v1::Welcome{}, std::move(heads)});
    return session;
}

Client welcomed(bool up_to_date = true)
{
    Client session;
    (void)session.resume(Client::Opened{v1::Hello{}});
    v1::ServerFrame frame;
    frame.mutable_welcome()->set_version(version);
    frame.mutable_welcome()->set_up_to_date(up_to_date);
    (void)give(session, frame);
    return session;
}

/// All of this batch's one change.
v1::ServerFrame answers_to(std::uint64_t batch)
{
    v1::ServerFrame frame;
    frame.mutable_answers()->set_batch(batch);
    frame.mutable_answers()->set_count(1);
    return frame;
}

v1::ChangeList one_change()
{
    v1::ChangeList list;
    list.add_changes()->set_change("x");
    return list;
}

Server::PageRead page_of(std::uint64_t seq, std::uint64_t bytes = 10)
{
    Server::PageRead read;
    read.frame.mutable_page()->set_first_seq(seq);
    read.bytes = bytes;
    read.place.seq = seq;
    return read;
}

} // namespace

// ---- frames

TEST_CASE("bytes that are no frame are a bad frame, whatever they are", "[protocol]")
{
    std::mt19937 chance{20261122};
    int frames = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto bytes = random_bytes(chance, chance() % 200);
        for (const auto code : {read_client_frame(bytes).has_error() ? read_client_frame(bytes).error().code : Errc::ok,
                                read_server_frame(bytes).has_error() ? read_server_frame(bytes).error().code : Errc::ok}) {
            if (code == Errc::ok) ++frames;
            else REQUIRE(code == Errc::bad_frame);
        }
    }
    CHECK(frames < 10'000); // some noise is a frame with unknown fields; most is none
}

TEST_CASE("a damaged frame is read as another frame or refused, and never ends the process", "[protocol]")
{
    v1::ServerFrame frame;
    auto& page = *frame.mutable_page();
    page.set_scope(to_field(schema::ScopeId::territory(record(1)).bytes()));
    v1::EntryList entries;
    auto& entry = *entries.add_entries();
    entry.mutable_by()->set_reason("because");
    entry.mutable_whole()->add_records()->add_times()->add_remarks()->set_reason("why");
    fill(page, entries);
    const auto honest = write(frame);
    std::mt19937 chance{1};
    for (int i = 0; i < 10'000; ++i) {
        auto bytes = honest;
        for (auto hits = 1 + chance() % 3; hits > 0; --hits) bytes[chance() % bytes.size()] = static_cast<std::byte>(chance() & 0xff);
        const auto read = read_server_frame(bytes);
        if (!read) REQUIRE(read.error().code == Errc::bad_frame);
    }
}

TEST_CASE("a frame over the limit is refused before it is parsed", "[protocol]")
{
    const Bytes bytes(frame_bytes_max + 1);
    CHECK(read_client_frame(bytes).error().code == Errc::too_large);
    CHECK(read_server_frame(bytes).error().code == Errc::too_large);
    Server session;
    CHECK(refusal(session.resume(Server::Received{bytes})) == "too_large");
    CHECK(session.state() == Server::State::closed);
}

TEST_CASE("the deepest honest frame is read, and one nested deeper is not", "[protocol]")
{
    v1::ServerFrame frame;
    frame.mutable_page()->mutable_plain()->add_entries()->mutable_whole()->add_records()->add_times()->add_remarks()->set_reason("deep");
    CHECK(read_server_frame(write(frame)).has_value());

    // Unknown groups, opened one in another: what a parser without a bound would follow down its stack.
    Bytes bytes(1'000, std::byte{0x9b});
    for (std::size_t i = 1; i < bytes.size(); i += 2) bytes[i] = std::byte{0x01}; // field 19, start group
    CHECK(read_server_frame(bytes).error().code == Errc::bad_frame);
}

TEST_CASE("an empty frame says nothing and is refused", "[protocol]")
{
    CHECK(read_client_frame(Bytes{}).error().code == Errc::bad_frame);
    CHECK(read_server_frame(Bytes{}).error().code == Errc::bad_frame);
}

TEST_CASE("a field of a newer version does not make a frame unreadable", "[protocol]")
{
    auto bytes = write(hello());
    bytes.insert(bytes.end(), {std::byte{0xf8}, std::byte{0x07}, std::byte{0x01}}); // field 127 of the frame: a number
    CHECK(read_client_frame(bytes).value().has_hello());
}

// ---- compression

TEST_CASE("a compressed bomb is refused by what it claims, before memory is taken", "[protocol]")
{
    const auto bomb = deflate(std::string(64 << 20, 'a'), Effort::live);
    REQUIRE(bomb.size() < 16 << 10);
    v1::Push push;
    push.set_zstd(bomb);
    CHECK(changes_of(push).error().code == Errc::too_large);
    v1::Page page;
    page.set_zstd(bomb);
    CHECK(entries_of(page).error().code == Errc::too_large);
    v1::Pack pack;
    pack.set_zstd(bomb);
    CHECK(records_of(pack).error().code == Errc::too_large);
}

TEST_CASE("a payload that lies about its size or is cut short is a bad frame", "[protocol]")
{
    const auto packed = deflate(std::string(5'000, 'a') + "the end", Effort::live);
    CHECK(inflate(packed, 10'000).has_value());
    CHECK(inflate(packed.substr(0, packed.size() - 3), 10'000).error().code == Errc::bad_frame);
    CHECK(inflate(packed + packed, 10'000).error().code == Errc::bad_frame);
    CHECK(inflate("", 10'000).error().code == Errc::bad_frame);
    CHECK(inflate("no zstd at all", 10'000).error().code == Errc::bad_frame);
    CHECK(inflate(packed, 5'000).error().code == Errc::too_large);
}

TEST_CASE("a list survives its way through a frame, compressed where that is smaller", "[protocol]")
{
    v1::ChangeList small = one_change();
    v1::Push plain;
    fill(plain, small);
    CHECK(plain.has_plain());
    v1::ChangeList large;
    for (int i = 0; i < 100; ++i) large.add_changes()->set_change(std::string(100, 'x'));
    v1::Push packed;
    fill(packed, large);
    CHECK_FALSE(packed.has_plain());
    CHECK(changes_of(packed).value().SerializeAsString() == large.SerializeAsString());
    CHECK(changes_of(plain).value().SerializeAsString() == small.SerializeAsString());
}

// ---- running hash

TEST_CASE("the running hash tells apart every word of an attribution", "[protocol]")
{
    v1::Attribution by;
    by.set_person(to_field(record(1)));
    by.set_device_time(5);
    const EntryIdentity entry{v1::Entry::CHANGE, record(2), sha256(as_bytes("change"))};
    const auto before = extend(Hash{}, entry, &by);
    CHECK(extend(Hash{}, {v1::Entry::OWN, entry.document, entry.content}, &by) == before); // the author's own device computes the same
    const auto differs = [&](auto change) {
        auto other = by;
        change(other);
        return extend(Hash{}, entry, &other) != before;
    };
    CHECK(differs([](auto& a) { a.set_person(to_field(record(3))); }));
    CHECK(differs([](auto& a) { a.set_device_time(6); }));
    CHECK(differs([](auto& a) { a.set_clock_offset(1); }));
    CHECK(differs([](auto& a) { a.set_received_at(1); }));
    CHECK(differs([](auto& a) { a.set_reason("r"); }));
    CHECK(differs([](auto& a) { a.set_late(true); }));
    CHECK(extend(Hash{}, {v1::Entry::LEAVE, entry.document, entry.content}, nullptr) != extend(Hash{}, {v1::Entry::ENTER, entry.document, entry.content}, nullptr));
    CHECK(extend(before, entry, &by) != before);
}

// ---- the server's session

TEST_CASE("a connection that does not begin with a greeting is refused", "[protocol]")
{
    Server session;
    CHECK(refusal(give(session, push(1))) == "bad_frame");
    CHECK(session.resume(Server::FeedGrew{}).empty()); // a closed session says nothing more
}

TEST_CASE("a frame before the welcome and a second greeting are refused", "[protocol]")
{
    Server waiting;
    (void)give(waiting, hello());
    CHECK(refusal(give(waiting, push(1))) == "bad_frame");
    CHECK(waiting.resume(Server::HelloChecked{v1::Welcome{}, {}}).empty());

    auto session = greeted({});
    CHECK(refusal(give(session, hello())) == "bad_frame");
}

TEST_CASE("a device that speaks another version hears both numbers and that its edits are safe", "[protocol]")
{
    v1::ClientFrame enrol;
    enrol.mutable_enrol()->set_version(version + 1);
    auto old = hello();
    old.mutable_hello()->set_version(0);
    for (const auto& frame : {enrol, old}) {
        Server session;
        const auto steps = give(session, frame);
        CHECK(refusal(steps) == "unsupported_version");
        CHECK_THAT(find<Server::Close>(steps)->why.message, Catch::Contains("protocol 1") && Catch::Contains("safe"));
    }
}

TEST_CASE("a hello with a cursor that names no scope, or with too many, is refused", "[protocol]")
{
    auto broken = hello();
    broken.mutable_hello()->add_cursors()->set_scope("nowhere");
    Server first;
    CHECK(refusal(give(first, broken)) == "bad_frame");
    auto many = hello();
    for (int i = 0; i <= cursors_max; ++i) many.mutable_hello()->add_cursors()->set_scope(to_field(schema::ScopeId::company().bytes()));
    Server second;
    CHECK(refusal(give(second, many)) == "too_large");
}

TEST_CASE("a missing batch and one that came twice are refused", "[protocol]")
{
    auto gap = greeted({});
    CHECK(refusal(give(gap, push(2))) == "bad_frame");
    auto twice = greeted({});
    CHECK(find<Server::Commit>(give(twice, push(1))) != nullptr);
    CHECK(refusal(give(twice, push(1))) == "bad_frame");
}

TEST_CASE("a device that does not wait for answers is refused", "[protocol]")
{
    auto session = greeted({});
    for (std::uint64_t batch = 1; batch <= batches_in_flight_max; ++batch) CHECK(find<Server::Commit>(give(session, push(batch))) != nullptr);
    CHECK(refusal(give(session, push(batches_in_flight_max + 1))) == "bad_frame");

    auto patient = greeted({});
    for (std::uint64_t batch = 1; batch < 10; ++batch) {
        CHECK(find<Server::Commit>(give(patient, push(batch))) != nullptr);
        (void)patient.resume(Server::Committed{v1::Answers{}});
    }
}

TEST_CASE("a batch of no changes or of too many is refused", "[protocol]")
{
    for (const int count : {0, batch_changes_max + 1}) {
        auto session = greeted({});
        auto frame = push(1, count);
        frame.mutable_push()->mutable_plain();
        CHECK(refusal(give(session, frame)) == "too_large");
    }
    auto session = greeted({});
    CHECK(find<Server::Commit>(give(session, push(1, batch_changes_max))) != nullptr);
}

TEST_CASE("without credit no page is read, and credit sets the reading off again", "[protocol]")
{
    auto session = greeted({{schema::ScopeId::company(), 5}}, 0);
    CHECK(session.resume(Server::FeedGrew{{{schema::ScopeId::company(), 6}}}).empty());
    v1::ClientFrame credit;
    credit.mutable_credit()->set_bytes(100);
    CHECK(find<Server::ReadFeed>(give(session, credit)) != nullptr);
    const auto steps = session.resume(page_of(6, 100));
    CHECK(find<Server::Send>(steps) != nullptr);
    CHECK(session.resume(Server::FeedGrew{{{schema::ScopeId::company(), 7}}}).empty()); // used up
}

TEST_CASE("credit does not add up beyond its bound", "[protocol]")
{
    auto session = greeted({{schema::ScopeId::company(), 5}}, UINT64_MAX);
    v1::ClientFrame credit;
    credit.mutable_credit()->set_bytes(UINT64_MAX);
    (void)give(session, credit);
    const auto steps = session.resume(page_of(1, credit_bytes));
    CHECK(find<Server::Send>(steps) != nullptr);
    CHECK(find<Server::ReadFeed>(steps) == nullptr);
}

TEST_CASE("a page that was being read when its scope was withdrawn is not sent", "[protocol]")
{
    const auto territory = schema::ScopeId::territory(record(1));
    auto session = greeted({{territory, 5}});
    REQUIRE(session.serves(territory));
    (void)session.resume(Server::GrantsChanged{v1::Grants{}, {}});
    CHECK_FALSE(session.serves(territory));
    for (const auto& step : session.resume(page_of(1))) {
        const auto* send = std::get_if<Server::Send>(&step);
        CHECK((send == nullptr || read_server_frame(send->frame).value().has_caught_up()));
    }
}

TEST_CASE("only one feed is read at a time, own and urgent scopes first", "[protocol]")
{
    const auto company = schema::ScopeId::company();
    const auto territory = schema::ScopeId::territory(record(1));
    const auto person = schema::ScopeId::person(record(2));
    Server session;
    (void)give(session, hello());
    auto steps = session.resume(Server::HelloChecked{v1::Welcome{}, {{company, 1}, {territory, 1}, {person, 1}}});
    std::vector<schema::ScopeId> order;
    while (const auto* read = find<Server::ReadFeed>(steps)) {
        order.push_back(read->scope);
        CHECK(session.resume(Server::FeedGrew{{{company, 1}}}).empty());
        steps = session.resume(page_of(1));
    }
    CHECK(order == std::vector{person, territory, company});
    CHECK(read_server_frame(std::get<Server::Send>(steps.back()).frame).value().has_caught_up());
}

TEST_CASE("a device that has everything hears so in the welcome itself", "[protocol]")
{
    const auto company = schema::ScopeId::company();
    auto frame = hello();
    auto& cursor = *frame.mutable_hello()->add_cursors();
    cursor.set_scope(to_field(company.bytes()));
    cursor.set_seq(5);
    Server session;
    (void)give(session, frame);
    const auto steps = session.resume(Server::HelloChecked{v1::Welcome{}, {{company, 5}}});
    REQUIRE(steps.size() == 1);
    CHECK(read_server_frame(std::get<Server::Send>(steps.front()).frame).value().welcome().up_to_date());

    Server other; // the same cursor, but of another history
    (void)give(other, frame);
    const auto anew = other.resume(Server::HelloChecked{v1::Welcome{}, {{company, 5}}, {company}});
    REQUIRE(find<Server::ReadFeed>(anew) != nullptr);
    CHECK(find<Server::ReadFeed>(anew)->after.packing);
}

// ---- the device's session

TEST_CASE("a device takes no frame but a welcome to its hello, and no other version", "[protocol]")
{
    Client session;
    (void)session.resume(Client::Opened{v1::Hello{}});
    v1::ServerFrame frame;
    frame.mutable_caught_up();
    CHECK(find<Client::Close>(give(session, frame))->why.code == Errc::bad_frame);

    Client newer;
    (void)newer.resume(Client::Opened{v1::Hello{}});
    v1::ServerFrame welcome;
    welcome.mutable_welcome()->set_version(version + 1);
    CHECK(find<Client::Close>(give(newer, welcome))->why.code == Errc::unsupported_version);
}

TEST_CASE("a device that enrols takes its identity and nothing else", "[protocol]")
{
    Client session;
    (void)session.resume(Client::OpenedToEnrol{v1::Enrol{}});
    v1::ServerFrame enrolled;
    enrolled.mutable_enrolled()->set_person_name("Ann");
    const auto steps = give(session, enrolled);
    REQUIRE(steps.size() == 2);
    CHECK(std::get<Client::KeepIdentity>(steps[0]).enrolled.person_name() == "Ann");
    CHECK(std::get<Client::Close>(steps[1]).why.code == Errc::ok);

    Client other;
    (void)other.resume(Client::OpenedToEnrol{v1::Enrol{}});
    v1::ServerFrame page;
    page.mutable_page();
    CHECK(find<Client::Close>(give(other, page))->why.code == Errc::bad_frame);
}

TEST_CASE("a refusal of the server reaches the user with its code and words", "[protocol]")
{
    auto session = welcomed();
    v1::ServerFrame frame;
    frame.mutable_refusal()->set_code("revoked");
    frame.mutable_refusal()->set_message("access was ended");
    const auto steps = give(session, frame);
    CHECK(find<Client::Close>(steps)->why == fail(Errc::revoked, "access was ended"));
    CHECK(session.resume(Client::OutboxGrew{}).empty());
}

TEST_CASE("answers to a batch that is not under way end the connection", "[protocol]")
{
    auto session = welcomed();
    CHECK(find<Client::Close>(give(session, answers_to(1)))->why.code == Errc::bad_frame);
}

TEST_CASE("answers to fewer or other changes than were sent settle nothing: the edits stay unsent, and the connection ends", "[protocol]")
{
    auto session = welcomed();
    (void)session.resume(Client::GrantsAdopted{});
    (void)session.resume(Client::OutboxTaken{one_change()});
    auto answers = answers_to(1);
    SECTION("fewer") { answers.mutable_answers()->set_count(0); }
    SECTION("more") { answers.mutable_answers()->set_count(2); }
    SECTION("one that is not in it") { answers.mutable_answers()->add_exceptions()->set_index(1); }
    const auto steps = give(session, answers);
    CHECK(find<Client::SettleAnswers>(steps) == nullptr);
    REQUIRE(find<Client::Close>(steps) != nullptr);
    CHECK(find<Client::Close>(steps)->why.code == Errc::bad_frame);
}

TEST_CASE("a question goes out after the welcome, and its reply comes back to who asked", "[protocol]")
{
    Client session;
    const auto asked = [](std::uint64_t ticket) {
        v1::Enquiry enquiry;
        enquiry.set_ticket(ticket);
        return Client::Asked{enquiry};
    };
    (void)session.resume(Client::Opened{});
    CHECK(session.resume(asked(1)).empty()); // not greeted yet
    v1::ServerFrame welcome;
    welcome.mutable_welcome()->set_version(version);
    welcome.mutable_welcome()->set_up_to_date(true);
    CHECK(read_client_frame(find<Client::Send>(give(session, welcome))->frame).value().enquiry().ticket() == 1);
    for (std::uint64_t ticket = 2; ticket <= enquiries_in_flight_max; ++ticket) CHECK(find<Client::Send>(session.resume(asked(ticket))) != nullptr);
    (void)session.resume(Client::GrantsAdopted{});
    (void)session.resume(Client::OutboxTaken{});
    CHECK_FALSE(session.is_quiet());
    const auto one_too_many = session.resume(asked(99));
    REQUIRE(find<Client::GiveReply>(one_too_many) != nullptr);
    CHECK(find<Client::GiveReply>(one_too_many)->reply.code() == "server_busy");
    v1::ServerFrame reply;
    for (std::uint64_t ticket = enquiries_in_flight_max; ticket >= 1; --ticket) {
        reply.mutable_reply()->set_ticket(ticket);
        REQUIRE(find<Client::GiveReply>(give(session, reply)) != nullptr);
    }
    CHECK(session.is_quiet());
    CHECK(find<Client::Close>(give(session, reply))->why.code == Errc::bad_frame); // nobody asked
}

TEST_CASE("a device keeps two batches under way and no more", "[protocol]")
{
    auto session = welcomed();
    CHECK(find<Client::TakeOutbox>(session.resume(Client::GrantsAdopted{})) != nullptr);
    for (int i = 1; i <= batches_in_flight_max; ++i) {
        const auto steps = session.resume(Client::OutboxTaken{one_change()});
        CHECK(find<Client::Send>(steps) != nullptr);
        CHECK((find<Client::TakeOutbox>(steps) != nullptr) == (i < batches_in_flight_max));
    }
    CHECK_FALSE(session.is_quiet());
    CHECK(find<Client::SettleAnswers>(give(session, answers_to(1))) != nullptr);
    CHECK(find<Client::TakeOutbox>(session.resume(Client::Settled{})) != nullptr);
}

TEST_CASE("a device confirms a withdrawal only when all its edits are answered", "[protocol]")
{
    auto session = welcomed();
    (void)session.resume(Client::GrantsAdopted{true, 7});
    (void)session.resume(Client::OutboxTaken{one_change()});
    CHECK(find<Client::Send>(session.resume(Client::OutboxTaken{{}})) == nullptr); // one batch has no answer yet
    (void)give(session, answers_to(1));
    const auto steps = session.resume(Client::Settled{});
    const auto* drained = find<Client::Send>(steps);
    REQUIRE(drained != nullptr);
    CHECK(read_client_frame(drained->frame).value().drained().grant_epoch() == 7);
    CHECK_FALSE(session.is_quiet()); // until it is told to purge
    v1::ServerFrame purge;
    purge.mutable_purge()->set_grant_epoch(7);
    CHECK(find<Client::PurgeScopes>(give(session, purge)) != nullptr);
    (void)session.resume(Client::Purged{});
    CHECK(session.is_quiet());
}

TEST_CASE("a device with edits that wait does not confirm a withdrawal", "[protocol]")
{
    auto session = welcomed();
    (void)session.resume(Client::GrantsAdopted{true, 7});
    (void)session.resume(Client::OutboxTaken{one_change()});
    (void)session.resume(Client::OutboxTaken{{}});
    (void)give(session, answers_to(1));
    const auto steps = session.resume(Client::Settled{false, true});
    CHECK(find<Client::Send>(steps) == nullptr);
    CHECK(find<Client::LetGo>(steps) != nullptr); // of all that it has nothing unsent of
    CHECK(session.is_quiet()); // nothing more can be done on this connection
}

TEST_CASE("a device gives credit back once half of it is used", "[protocol]")
{
    auto session = welcomed();
    CHECK(session.resume(Client::Stored{credit_bytes / 2 - 1}).empty());
    const auto steps = session.resume(Client::Stored{1});
    REQUIRE(find<Client::Send>(steps) != nullptr);
    CHECK(read_client_frame(find<Client::Send>(steps)->frame).value().credit().bytes() == credit_bytes / 2);
}
