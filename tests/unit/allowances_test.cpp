// What a device and an address may ask for, on virtual time: what goes over it loses nothing, and nobody else notices.
#include "sync-server/session/uploads.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;
using namespace std::chrono_literals;

namespace {

/// Ann's device with so many visits that it has not sent.
void write_visits(Office& office, int count)
{
    for (int i = 0; i < count; ++i) REQUIRE(office.ann->add("visit", {{"account", office.company.acme}, {"subject", text("Check")}}).has_value());
}

std::size_t visits_on_server(Office& office)
{
    return office.company.hub().records_of("visit").size();
}

/// A push of what the device has, whose answers come whole.
v1::Answers push(Connection& connection, v1::ChangeList changes, std::uint64_t batch)
{
    v1::ClientFrame frame;
    frame.mutable_push()->set_batch(batch);
    protocol::fill(*frame.mutable_push(), changes);
    for (const auto& answered : connection.send(frame))
        if (answered.has_answers()) return answered.answers();
    throw std::runtime_error{"no answer"};
}

/// Whom the core has refused anything more, and why, since it was asked last.
std::map<server::ConnectionId, std::string> ended(server::ServerCore& core)
{
    std::map<server::ConnectionId, std::string> refused;
    for (const auto& output : core.take_output())
        if (output.frame)
            if (const auto frame = protocol::read_server_frame(*output.frame).value(); frame.has_refusal()) refused[output.connection] = frame.refusal().code();
    return refused;
}

server::Rates few_changes()
{
    server::Rates rates;
    rates.changes = {100, 10};
    return rates;
}

} // namespace

TEST_CASE("a device that pushes faster than it may is told when to come again, and nothing of it is lost", "[allowances]")
{
    Office office;
    office.company.hub().allowances() = server::Allowances{few_changes()};
    write_visits(office, 90);
    auto connection = greet(office.company, office.ann);
    CHECK(push(connection, outgoing(office.ann), 1).exceptions_size() == 0);
    CHECK(visits_on_server(office) == 90);

    Office other;
    other.company.hub().allowances() = server::Allowances{few_changes()};
    write_visits(other, 150);
    auto second = greet(other.company, other.ann);
    auto changes = outgoing(other.ann);
    v1::ChangeList first_part, rest;
    for (int i = 0; i < changes.changes_size(); ++i) *(i < 95 ? first_part : rest).add_changes() = changes.changes(i);
    CHECK(push(second, first_part, 1).exceptions_size() == 0);
    const auto put_off = push(second, rest, 2);
    CHECK(put_off.exceptions_size() == rest.changes_size());
    for (const auto& answer : put_off.exceptions()) {
        CHECK(answer.status() == v1::WAITING);
        CHECK(answer.code() == "server_busy");
    }
    const std::chrono::seconds wait{put_off.retry_after_seconds()};
    CHECK(wait == 5s);
    // Until then every push of it waits, also a small one: it might build on those.
    v1::ChangeList one;
    *one.add_changes() = rest.changes(0);
    CHECK(push(second, one, 3).exceptions_size() == 1);
    CHECK(visits_on_server(other) == 95);
    CHECK(other.company.hub().quarantine().empty());
    // Its manager, meanwhile, is served.
    REQUIRE(other.mona->set(other.company.acme, {{"phone", text("1")}}).has_value());
    CHECK(other.mona.sync().code == Errc::ok);
    other.company.clock().advance(wait);
    CHECK(push(second, rest, 4).exceptions_size() == 0);
    CHECK(visits_on_server(other) == 150);
}

TEST_CASE("a device that has more than its allowance sends all of it on one connection, as the server takes it", "[allowances]")
{
    Office office;
    office.company.hub().allowances() = server::Allowances{few_changes()};
    write_visits(office, 700); // three pushes
    sync::SyncClient client{office.ann.replica()};
    Connection connection{office.company};
    std::deque<Bytes> to_send;
    const auto send = [&](std::vector<Bytes> frames) {
        for (auto& frame : frames) to_send.push_back(std::move(frame));
    };
    send(client.open().value());
    int waits = 0;
    while (!to_send.empty()) {
        const auto frame = std::move(to_send.front());
        to_send.pop_front();
        for (const auto& answer : connection.send_bytes(frame)) send(client.receive(protocol::write(answer)));
        if (!client.is_quiet() || !client.retry_after()) continue;
        REQUIRE(++waits < 100);
        office.company.clock().advance(*client.retry_after());
        send(client.try_again());
    }
    CHECK(waits >= 2);
    CHECK(client.is_quiet());
    CHECK(client.tally().waiting == 0);
    CHECK(client.tally().accepted == 700);
    CHECK(office.ann->status().unsent == 0);
    CHECK(visits_on_server(office) == 700);
}

TEST_CASE("the day's changes and bytes of one device are bounded, and come back with the hours", "[allowances]")
{
    server::Rates rates;
    rates.changes_a_day = {1'000, 1'000, 24h};
    rates.change_bytes_a_day = {1 << 20, 1 << 20, 24h};
    server::Allowances allowances{rates};
    const DeviceId device{};
    Time now{1'000h};
    CHECK(allowances.push(device, 256, 100'000, now) == 0s);
    CHECK(allowances.push(device, 256, 900'000, now) == 0s);
    CHECK(allowances.push(device, 256, 100'000, now) == server::limits::put_off_max); // of its bytes
    now += 3h;
    CHECK(allowances.push(device, 256, 100'000, now) == 0s);
    CHECK(allowances.push(DeviceId::from(Bytes(16, std::byte{1})).value(), 256, 100'000, now) == 0s);
}

TEST_CASE("what is put off for a moment uses up nothing of the day", "[allowances]")
{
    server::Rates rates;
    rates.changes = {100, 100};
    rates.changes_a_day = {1'000, 1'000, 24h};
    server::Allowances allowances{rates};
    const DeviceId device{};
    Time now{1'000h};
    for (int i = 0; i < 10; ++i) {
        CHECK(allowances.push(device, 100, 10, now) == 0s);
        CHECK(allowances.push(device, 100, 10, now) == server::limits::put_off_min);
        now += server::limits::put_off_min;
    }
    CHECK(allowances.push(device, 100, 10, now) == server::limits::put_off_max);
}

TEST_CASE("a device that connects without end is told to wait, by its token alone", "[allowances]")
{
    Office office;
    server::Rates rates;
    rates.greetings = {5, 1, 2s};
    office.company.hub().allowances() = server::Allowances{rates};
    auto wrong = office.ann.hello();
    wrong.mutable_hello()->set_token(std::string(32, 'x'));
    for (int i = 0; i < 20; ++i) { // a stranger who knows its id uses up nothing
        Connection stranger{office.company};
        CHECK(refusal(stranger.send(wrong)) == "bad_token");
    }
    for (int i = 0; i < 5; ++i) {
        Connection connection{office.company};
        CHECK(connection.send(office.ann.hello()).front().has_welcome());
    }
    Connection connection{office.company};
    const auto frames = connection.send(office.ann.hello());
    CHECK(refusal(frames) == "server_busy");
    CHECK(frames.front().refusal().retry_after_seconds() == 2);
    CHECK(office.mona.sync().code == Errc::ok);
    office.company.clock().advance(2s);
    CHECK(office.ann.sync().code == Errc::ok);
}

TEST_CASE("of more than two connections of one device the oldest ends", "[allowances]")
{
    Office office;
    auto& core = office.company.core();
    const auto open = [&](Device& device) {
        const auto id = core.connect();
        core.receive(id, protocol::write(device.hello()));
        return id;
    };
    const auto first = open(office.ann);
    const auto second = open(office.ann);
    const auto other = open(office.mona);
    CHECK(ended(core).empty());
    const auto third = open(office.ann);
    CHECK(ended(core) == std::map<server::ConnectionId, std::string>{{first, "session_over"}});
    for (const auto id : {second, other, third}) CHECK(core.is_greeted(id));
    CHECK_FALSE(core.is_greeted(first));
}

TEST_CASE("what may take the server long may not be asked without end", "[allowances]")
{
    Office office;
    auto connection = greet(office.company, office.mona);
    v1::ClientFrame frame;
    auto& asked = *frame.mutable_enquiry()->mutable_handover();
    asked.set_territory(protocol::to_field(office.company.north));
    asked.set_to(protocol::to_field(office.company.ben));
    for (int i = 0; i < 10; ++i) CHECK(connection.send(frame).front().reply().code().empty());
    const auto late = connection.send(frame).front().reply();
    CHECK(late.code() == "server_busy");
    CHECK_FALSE(late.message_zh().empty());
    office.company.clock().advance(6s);
    CHECK(connection.send(frame).front().reply().code().empty());
}

TEST_CASE("files that a device has begun count until they are whole, or an hour after their last part", "[allowances]")
{
    server::Uploads uploads;
    const DeviceId device{}, other = DeviceId::from(Bytes(16, std::byte{1})).value();
    const auto file = [](std::size_t number) { return sha256(as_bytes(std::to_string(number))); };
    Time now{1'000h};
    for (std::size_t i = 0; i < server::limits::unfinished_files_per_device; ++i) {
        REQUIRE(uploads.may_begin(device, file(i), now));
        uploads.note_begun(device, file(i), now);
    }
    CHECK_FALSE(uploads.may_begin(device, file(100), now));
    CHECK(uploads.may_begin(device, file(0), now)); // that one is begun
    CHECK(uploads.may_begin(other, file(100), now));
    uploads.note_ended(device, file(1));
    CHECK(uploads.may_begin(device, file(100), now));
    uploads.note_begun(device, file(100), now);
    CHECK_FALSE(uploads.may_begin(device, file(101), now));
    now += 30min;
    uploads.note_part(device, file(0), now);
    now += 30min;
    CHECK(uploads.may_begin(device, file(101), now)); // it may have lost the others
    CHECK(uploads.may_begin(device, file(0), now));
}

TEST_CASE("a server that stops tells each device a moment of its own", "[allowances]")
{
    Office office;
    auto& core = office.company.core();
    constexpr int connections = 1'000;
    for (int i = 0; i < connections; ++i) (void)core.connect(); // strangers, too, who have not greeted yet
    core.end_all(fail(Errc::server_busy, "the server restarts"));
    std::map<std::uint32_t, int> told;
    for (const auto& output : core.take_output())
        if (output.frame) ++told[protocol::read_server_frame(*output.frame).value().refusal().retry_after_seconds()];
    CHECK(told.begin()->first >= 1);
    CHECK(told.rbegin()->first <= 14); // 3 s, and one for every hundred
    CHECK(told.size() >= 12);
    for (const auto& [second, count] : told) CHECK(count < 200); // as many as come in, in a second
}

TEST_CASE("wrong codes are bounded for an address, answered alike, written down in few entries, and cost a good code nothing", "[allowances]")
{
    Company company;
    const auto good = company.hub().make_code(company.ann, 1h).value();
    const auto tried = [&](const std::string& code, const std::string& address) { return company.hub().enrol(enrolment(code).enrol(), address); };
    std::set<std::string> words;
    int wrong = 0;
    for (; wrong < 1'000; ++wrong) {
        const auto answer = tried("0000-0000-0000-0000", "192.0.2.1");
        if (answer.error().code == Errc::server_busy) break;
        CHECK(answer.error().code == Errc::bad_code);
        words.insert(answer.error().message);
    }
    CHECK(wrong == 21);
    CHECK(words.size() == 1);
    CHECK(tried(good, "192.0.2.1").error().code == Errc::server_busy); // not looked at, however right it is ...
    const auto entries = audit_entries(company, store::AuditKind::enrolment_refused);
    CHECK(entries.size() == 10);
    CHECK_THAT(entries.front().note.detail, Catch::Contains("192.0.2.1"));
    for (const auto& entry : entries) CHECK(entry.note.detail.find("0000") == std::string::npos);
    CHECK(tried(good, "192.0.2.2").has_value()); // ... and good all the same
    company.clock().advance(30s);
    CHECK(tried("0000-0000-0000-0000", "192.0.2.1").error().code == Errc::bad_code);
}
