// Two stories about devices that are not as they should be, in every order: one whose clock is two days fast, and one that was lost.
#include "shared/rules/service_level.hpp"
#include "tests/support/office.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

constexpr std::chrono::hours day{24};

/// The first `frames` frames of one connection, then it breaks; the answers to the last one are lost.
void sync_until_cut(Company& company, Device& device, int frames)
{
    sync::SyncClient client{device.replica()};
    Connection connection{company};
    std::deque<Bytes> up;
    for (auto& frame : client.open().value()) up.push_back(std::move(frame));
    for (int sent = 0; sent < frames && !up.empty() && !client.is_closed(); ++sent) {
        const auto answers = connection.send_bytes(up.front());
        up.pop_front();
        if (sent + 1 == frames) break;
        for (const auto& answer : answers)
            for (auto& next : client.receive(protocol::write(answer))) up.push_back(std::move(next));
    }
    company.core().lost(connection.id(), fail(Errc::link_lost, "cut"));
}

/// Ann's clock is two days fast. She and two of her managers share the customer Acme.
struct FastClock {
    Company company;
    RecordId max = company.new_record(), ticket = company.new_record();
    std::unique_ptr<Device> ann, mona, third;
    Time opened = company.clock().now(), edited{};

    FastClock()
    {
        company.apply(creation(max, "person", {{"name", text("Max")}, {"role", text("manager")}}));
        company.apply(edit(company.mona, "person", {{"reports_to", max}}));
        company.apply(creation(ticket, "ticket", {{"subject", text("It leaks")}, {"account", company.acme}, {"opened_at", opened}, {"respond_by", opened + std::chrono::hours{4}}}));
        ann = std::make_unique<Device>(company, "ann", company.ann, Bytes{}, Device::With::vault);
        mona = std::make_unique<Device>(company, "mona", company.mona);
        third = std::make_unique<Device>(company, "third", max);
        ann->clock.ahead = 2 * day;
        for (auto* device : all()) REQUIRE(device->sync().code == Errc::ok);
    }
    std::array<Device*, 3> all() const { return {ann.get(), mona.get(), third.get()}; }
    void work()
    {
        company.clock().advance(std::chrono::hours{1});
        edited = company.clock().now();
        REQUIRE((*third)->set(company.acme, {{"phone", text("of the third")}}).has_value()); // offline, and knows of neither of the others
        REQUIRE((*ann)->set(company.acme, {{"phone", text("of the rep")}}).has_value());
        REQUIRE((*ann)->add("task", {{"subject", text("Call back")}, {"owner", company.ann}, {"due_on", text("2026-03-20")}}).has_value());
        REQUIRE(ann->sync().code == Errc::ok);
        REQUIRE(mona->sync().code == Errc::ok);
        company.clock().advance(std::chrono::minutes{10});
        REQUIRE(device_value(*mona, company.acme, "phone") == text("of the rep"));
        REQUIRE((*mona)->set(company.acme, {{"phone", text("of the colleague")}}).has_value());
    }
    std::set<std::string> phones(Device& device) const
    {
        std::set<std::string> values;
        const auto shown = device->show(company.acme).value();
        for (const auto& conflict : shown.conflicts)
            if (conflict.path == "phone")
                for (const auto& candidate : conflict.candidates) values.insert(std::get<std::string>(candidate.value));
        return values;
    }
    std::vector<std::string> history(Device& device) const
    {
        std::vector<std::string> lines;
        for (const auto& entry : device->history(company.acme).value()) lines.push_back(entry.change.hex() + " " + to_text(entry.by->when()));
        return lines;
    }
    void check() const
    {
        storage::Query tasks;
        tasks.kind = "task";
        for (auto* device : all()) {
            // The colleague has seen the rep's value: hers supersedes it, whatever the clocks say. The third's stands beside it.
            CHECK(phones(*device) == std::set<std::string>{"of the colleague", "of the third"});
            int of_the_rep = 0;
            for (const auto& entry : (*device)->history(company.acme).value()) {
                if (entry.person_name != "Ann") continue;
                ++of_the_rep;
                CHECK(entry.by->device_time == edited + 2 * day);
                CHECK(entry.by->when() == edited); // shown put right
            }
            CHECK(of_the_rep == 1);
            CHECK(device_value(*device, ticket, "respond_by") == schema::Value{opened + std::chrono::hours{4}});
            const rules::Entitlement four_hours{"Hard repair", {}, 240, {}, false};
            const auto times = rules::service_times(four_hours, std::get<Time>(device_value(*device, ticket, "opened_at")), nullptr, {}).value();
            CHECK(times.response->at == opened + std::chrono::hours{4});
            CHECK((*device)->list(tasks).value().at(0)["due_on"] == text("2026-03-20")); // as it was typed
            CHECK((*device)->as_of(company.acme, edited - std::chrono::minutes{1}).value()["phone"] == schema::Value{});
        }
    }
};

/// Ann's phone was last in contact at 11:00, and is reported lost at 14:20.
struct LostDevice {
    Company company;
    Device lost{company, "lost", company.ann, {}, Device::With::vault};
    Device mona{company, "mona", company.mona};
    DeviceId id;

    LostDevice()
    {
        for (auto* device : {&lost, &mona}) REQUIRE(device->sync().code == Errc::ok);
        company.clock().advance(std::chrono::hours{3});
        REQUIRE(lost->set(company.acme, {{"phone", text("of 11:00")}}).has_value());
        REQUIRE(lost.sync().code == Errc::ok);
        REQUIRE(mona.sync().code == Errc::ok);
        company.clock().advance(std::chrono::hours{1});
        REQUIRE(lost->set(company.acme, {{"city", text("Kiel")}}).has_value());
        REQUIRE(lost->add("task", {{"subject", text("Unsent")}, {"owner", company.ann}}).has_value());
        id = lost->identity()->device;
    }
    void report()
    {
        company.clock().advance(std::chrono::hours{2} + std::chrono::minutes{20});
        REQUIRE(company.hub().revoke(id).has_value());
        company.core().poll(); // within a second, in the running server
    }
    /// It comes back at 16:00: what it is told on each connection, until it is wiped. The first one breaks after `cut` frames.
    void comes_back(int cut)
    {
        company.clock().advance(std::chrono::minutes{100});
        Connection greeting{company};
        for (const auto& answer : greeting.send(lost.hello())) CHECK(answer.refusal().code() == "revoked");
        CHECK(greeting.is_closed());
        lost.close();
        bool wiped = false;
        for (int limit = cut; !wiped; limit = 100) {
            sync::Surrendering surrendering{lost.vault(), "revoked"};
            Connection connection{company};
            std::deque<Bytes> up;
            for (auto& frame : surrendering.open().value()) up.push_back(std::move(frame));
            for (int sent = 0; sent < limit && !up.empty(); ++sent) {
                const auto answers = connection.send_bytes(up.front());
                up.pop_front();
                for (const auto& answer : answers) CHECK(answer.has_surrendered()); // names edits by their ids, and holds nothing else
                if (sent + 1 == limit) break;
                for (const auto& answer : answers)
                    for (auto& next : surrendering.receive(protocol::write(answer))) up.push_back(std::move(next));
            }
            company.core().lost(connection.id(), fail(Errc::link_lost, "cut"));
            wiped = surrendering.is_wiped();
        }
        lost.close();
        std::set<std::string> left;
        for (const auto& entry : std::filesystem::directory_iterator{company.folder("lost")}) left.insert(entry.path().filename().string());
        CHECK(left == std::set<std::string>{"lock"});
    }
    void check_new(Device& fresh)
    {
        REQUIRE(fresh.sync().code == Errc::ok);
        CHECK(device_value(fresh, company.acme, "phone") == text("of 11:00"));
        CHECK(device_value(fresh, company.acme, "city") == schema::Value{});
        CHECK(fresh->set(company.acme, {{"street", text("Harbour 1")}}).has_value());
        CHECK(fresh.sync().code == Errc::ok);
    }
};

} // namespace

TEST_CASE("a clock that is two days fast makes no value win, moves no time and keeps what was typed, in every order", "[scenario]")
{
    FastClock world;
    world.work();
    auto order = world.all();
    std::sort(order.begin(), order.end());
    for (auto turns = GENERATE(range(0, 6)); turns > 0; --turns) std::next_permutation(order.begin(), order.end());
    const int cut = GENERATE(0, 1, 2, 3);
    if (cut > 0)
        for (auto* device : order) sync_until_cut(world.company, *device, cut);
    for (int round = 0; round < 2; ++round)
        for (auto* device : order) REQUIRE(device->sync().code == Errc::ok);
    world.check();

    // Turned back, it reorders nothing, neither on the rep's device nor anywhere else.
    std::map<Device*, std::vector<std::string>> before;
    for (auto* device : order) before[device] = world.history(*device);
    world.ann->clock.ahead = -100 * day;
    CHECK(world.history(*world.ann) == before[world.ann.get()]);
    for (int round = 0; round < 2; ++round)
        for (auto* device : order) REQUIRE(device->sync().code == Errc::ok);
    for (auto* device : order) CHECK(world.history(*device) == before[device]);
    world.check();
}

TEST_CASE("turning a clock back extends no lease and no token", "[scenario]")
{
    FastClock world;
    auto& ann = *world.ann;
    REQUIRE(ann.sync().code == Errc::ok);
    ann.clock.ahead = -100 * day;
    CHECK(ann.vault().lease().left <= 14 * day);
    ann.uptime.since += 13 * day;
    CHECK(ann->may_read().has_value());
    ann.clock.ahead = -200 * day;
    ann.uptime.since += std::chrono::hours{25};
    CHECK(ann->may_read().error().field == "lease"); // fourteen days have passed, whatever the clock says

    const auto token = ann->identity()->token;
    world.company.clock().advance(31 * day);
    REQUIRE(ann.sync().code == Errc::ok); // by the server's clock it is old: a new one comes
    CHECK(ann->identity()->token != token);
    REQUIRE(ann.sync().code == Errc::ok);
    auto stale = ann.hello();
    stale.mutable_hello()->set_token(protocol::to_field(token));
    CHECK(world.company.hub().greet(stale.hello()).error().code == Errc::bad_token);
}

TEST_CASE("a lost device gets no byte from the report on, and what it had not sent waits for a manager, in every order", "[scenario]")
{
    LostDevice world;
    auto& company = world.company;
    auto open = greet(company, world.lost); // it may even be connected at that moment
    world.report();
    for (const auto& frame : open.receive()) CHECK(frame.refusal().code() == "revoked");
    CHECK(open.is_closed());
    REQUIRE(world.mona->set(company.acme, {{"website", text("after the report")}}).has_value());
    REQUIRE(world.mona.sync().code == Errc::ok);
    CHECK(open.receive().empty());

    const int cut = GENERATE(1, 2, 3, 4, 100);
    const bool old_first = GENERATE(true, false);
    if (old_first) world.comes_back(cut);
    Device fresh{company, "fresh", company.ann};
    world.check_new(fresh);
    if (!old_first) world.comes_back(cut);

    const auto edits = company.hub().surrendered();
    REQUIRE(edits.size() == 2);
    for (const auto& edit : edits) {
        CHECK(edit.person == company.ann);
        CHECK(edit.device == world.id);
        CHECK(edit.why == "revoked");
    }
    CHECK(server_value(company, company.acme, "city") == schema::Value{}); // nothing is carried out before somebody has decided
    for (const auto& edit : edits) REQUIRE(company.hub().release("s" + std::to_string(edit.num), {}).has_value());
    for (auto* device : {&fresh, &world.mona}) {
        REQUIRE(device->sync().code == Errc::ok);
        CHECK(device_value(*device, company.acme, "city") == text("Kiel"));
        CHECK(device_value(*device, company.acme, "phone") == text("of 11:00"));
        CHECK(device_value(*device, company.acme, "street") == text("Harbour 1"));
    }
    for (const auto& row : company.hub().devices()) CHECK(row.wiped_at.has_value() == (row.id == world.id));
}
