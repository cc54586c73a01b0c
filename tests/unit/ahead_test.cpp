// What somebody needs today comes before the pack that brings the rest; and a pack crosses any link.
#include "shared/schema/validation.hpp"
#include "tests/support/office.hpp"
#include "tests/support/sqlcipher_pages.hpp"

#include <fmt/format.h>

#include <functional>

using namespace roadbook;
using namespace roadbook::testing;

namespace {

schema::Value words(std::string value)
{
    return value;
}

/// The north with many customers; Ann has an appointment today at one of the last of them, another one tomorrow, and one next week.
struct Territory {
    Company company;
    std::vector<RecordId> accounts;
    RecordId contact, asset, opportunity, visit, tomorrow, next_week, done, task, work;

    explicit Territory(int count)
    {
        for (int i = 0; i < count; ++i)
            accounts.push_back(make("account", {{"name", words(fmt::format("Customer {}", i))}, {"territory", company.north}, {"city", words(noise(40))}}));
        const auto last = accounts.back();
        contact = make("contact", {{"name", words("Cora")}, {"account", last}});
        asset = make("asset", {{"serial", words("S-1")}, {"account", last}});
        opportunity = make("opportunity", {{"name", words("Pumps")}, {"account", last}, {"owner", company.ann}});
        visit = appointment("Today", last, std::chrono::hours{3});
        tomorrow = appointment("Tomorrow", accounts.at(accounts.size() / 2), std::chrono::hours{27});
        next_week = appointment("Next week", accounts.front(), std::chrono::hours{24 * 7});
        done = appointment("Done last week", accounts.front(), std::chrono::hours{-24 * 7});
        company.apply(edit(done, "visit", {{"status", words("done")}}));
        task = make("task", {{"subject", words("Call back")}, {"owner", company.ann}, {"due_on", words("2026-03-01")}});
        work = make("work_order", {{"subject", words("Repair")}, {"account", company.bolt}, {"assignee", company.ann}, {"appointment_start", company.clock().now() + std::chrono::hours{5}}});
    }

    RecordId make(std::string_view kind, schema::Fields fields)
    {
        const auto id = company.new_record();
        company.apply(creation(id, kind, std::move(fields)));
        return id;
    }
    RecordId appointment(const std::string& subject, const RecordId& account, Duration from_now)
    {
        return make("visit", {{"subject", words(subject)}, {"account", account}, {"owner", company.ann}, {"planned_at", company.clock().now() + from_now}});
    }
    /// What does not compress.
    std::string noise(std::size_t letters)
    {
        Bytes bytes(letters / 2);
        company.chance().fill(bytes);
        return to_hex(bytes);
    }
};

/// One connection of this device, until it is done or `goes_on` says no: asked after each frame of the server's that was stored. An older app says
/// another revision.
void exchange(Company& company, Device& device, const std::function<bool(const v1::ServerFrame&)>& goes_on, std::uint32_t revision = protocol::revision)
{
    sync::SyncClient client{device.replica()};
    Connection connection{company};
    std::deque<Bytes> up;
    for (auto& frame : client.open().value()) {
        auto hello = protocol::read_client_frame(frame).value();
        if (hello.has_hello()) hello.mutable_hello()->set_revision(revision);
        up.push_back(protocol::write(hello));
    }
    bool open = true;
    while (open && !up.empty() && !client.is_closed()) {
        const auto frame = std::move(up.front());
        up.pop_front();
        for (const auto& answer : connection.send_bytes(frame)) {
            for (auto& next : client.receive(protocol::write(answer))) up.push_back(std::move(next));
            open = goes_on(answer) && !client.is_closed();
            if (!open) break;
        }
    }
    company.core().lost(connection.id(), fail(Errc::link_lost, "cut"));
}

bool is_shown(Device& device, const RecordId& id)
{
    return device->show(id).has_value();
}

/// Everything that the user of a device could see, and how far each feed is stored.
std::map<std::string, std::string> state_of(Device& device)
{
    std::map<std::string, std::string> all;
    for (const auto& kind : schema::kinds()) {
        const auto listed = device->list({kind.name, {}, "id", false, 100'000, 0}).value();
        for (const auto& record : listed) {
            auto& text = all[record.id.text()];
            text = kind.name;
            for (const auto& [name, value] : record.fields) {
                const auto* field = kind.field(name);
                if (field != nullptr) text += fmt::format(" {}={}", name, schema::format(*field, value));
            }
            text += fmt::format(" changes={}", device->history(record.id).value().size());
        }
        all["count " + kind.name] = std::to_string(device->count(kind.name)) + " " + std::to_string(listed.size());
    }
    const auto hello = device->hello();
    for (const auto& cursor : hello.cursors())
        all["cursor " + schema::ScopeId::from(as_bytes(cursor.scope()))->text()] = fmt::format("{} {} {} {}", cursor.seq(), cursor.pack_position(), cursor.ahead_position(), cursor.block_hash());
    return all;
}

} // namespace

TEST_CASE("today's and tomorrow's work is on the device, with what it is about, before the first block of the territory's pack", "[ahead]")
{
    Territory north{600};
    Device ann{north.company, "ann", north.company.ann};
    const auto territory = protocol::to_field(schema::ScopeId::territory(north.company.north).bytes());
    int copies = 0, blocks = 0;
    exchange(north.company, ann, [&](const v1::ServerFrame& frame) {
        copies += frame.has_ahead() ? 1 : 0;
        if (!frame.has_pack() || frame.pack().scope() != territory) return true;
        ++blocks;
        return false; // the first one: the link breaks
    });
    CHECK(copies > 0);
    CHECK(blocks == 1);
    for (const auto& id : {north.visit, north.tomorrow, north.task, north.work, north.contact, north.asset, north.opportunity, north.accounts.back(), north.company.ann}) CHECK(is_shown(ann, id));
    for (const auto& id : {north.next_week, north.done, north.accounts.front()}) CHECK_FALSE(is_shown(ann, id));
    CHECK(device_value(ann, north.visit, "subject") == words("Today"));
    CHECK(ann->search("Cora").size() == 1);

    // It can be worked with at once, also after the app was closed, and what is saved goes out with the next connection.
    ann.close();
    ann.open();
    REQUIRE(ann->set(north.visit, {{"outcome", words("two pumps")}}).has_value());
    const auto made = ann->add("visit", {{"subject", words("Again")}, {"account", north.accounts.back()}});
    REQUIRE(made.has_value());
    CHECK(device_value(ann, made->record, "owner") == schema::Value{north.company.ann});
    REQUIRE(ann.sync().code == Errc::ok);
    CHECK(server_value(north.company, north.visit, "outcome") == words("two pumps"));
    CHECK(server_value(north.company, made->record, "owner") == schema::Value{north.company.ann});
    CHECK(ann->count("account") == 602); // with Acme, and Bolt that comes along with the work
    CHECK(ann->count("visit") == 5);
    CHECK(is_shown(ann, north.next_week));
}

TEST_CASE("today is the day where the person is, and what is late and open comes, too", "[ahead]")
{
    Territory north{3};
    auto& company = north.company;
    company.apply(edit(company.ann, "person", {{"time_zone", words("Pacific/Auckland")}})); // 2 March 21:00 there
    const auto ends_there = north.appointment("The day after tomorrow there", north.accounts[0], std::chrono::hours{28});
    const auto late = north.appointment("Never made", north.accounts[1], std::chrono::hours{-24 * 5});
    Device ann{company, "ann", company.ann};
    exchange(company, ann, [&](const v1::ServerFrame& frame) { return !frame.has_pack(); });
    CHECK(is_shown(ann, north.visit));
    CHECK(is_shown(ann, late));
    CHECK_FALSE(is_shown(ann, ends_there));
    CHECK_FALSE(is_shown(ann, north.done));
}

TEST_CASE("with copies or without, wherever the link breaks and whatever happens meanwhile, the device ends in the same state", "[ahead]")
{
    const int cut_after = GENERATE(range(1, 24));
    CAPTURE(cut_after);
    Territory north{40};
    auto& company = north.company;
    Device with{company, "with", company.ann};
    Device without{company, "without", company.ann};
    bool is_edited = false;
    for (int round = 0; round < 5; ++round) {
        int left = cut_after;
        const auto goes_on = [&](const v1::ServerFrame&) { return --left > 0; };
        exchange(company, with, goes_on);
        left = cut_after;
        exchange(company, without, goes_on, 0);
        if (round % 2 == 1) {
            with.close();
            with.open();
        }
        if (!is_edited && is_shown(with, north.visit)) is_edited = with->set(north.visit, {{"outcome", words("seen")}}).has_value();
        switch (round) {
        case 0: company.apply(edit(north.visit, "visit", {{"purpose", words("price")}})); break;
        case 1: company.apply(edit(north.accounts.back(), "account", {{"territory", company.south}})); break; // with its visit of today
        case 2: company.apply(edit(north.accounts.back(), "account", {{"territory", company.north}})); break;
        case 3:
            company.apply(edit(company.north, "territory", {{"holder", company.ben}}));
            company.apply(edit(north.tomorrow, "visit", {{"subject", words("moved")}}));
            break;
        default: company.apply(edit(company.north, "territory", {{"holder", company.ann}})); break;
        }
    }
    for (auto* device : {&with, &without, &with, &without}) CHECK(device->sync().code == Errc::ok);
    CHECK(state_of(with) == state_of(without));
    CHECK(with->status().unsent == 0);
    CHECK(with->status().refused == 0);
    if (is_edited) CHECK(server_value(company, north.visit, "outcome") == words("seen"));
    CHECK(device_value(with, north.visit, "outcome") == server_value(company, north.visit, "outcome"));
}

TEST_CASE("copies whose scope is withdrawn before its pack has come leave not a byte", "[ahead]")
{
    const auto with = GENERATE(Device::With::vault, Device::With::no_vault);
    Territory north{20};
    auto& company = north.company;
    company.apply(edit(north.visit, "visit", {{"subject", words("zqsubjectcanary")}, {"notes", words("zqnotecanary")}}));
    Device ann{company, "ann", company.ann, {}, with};
    const auto territory = protocol::to_field(schema::ScopeId::territory(company.north).bytes());
    const bool in_a_block = GENERATE(false, true);
    exchange(company, ann, [&](const v1::ServerFrame& frame) { return in_a_block ? !frame.has_pack() || frame.pack().scope() != territory : !frame.has_ahead() || !is_shown(ann, north.visit); });
    REQUIRE(is_shown(ann, north.visit));
    const auto key = with == Device::With::vault ? ann.vault().unlock({}).value() : Bytes{};
    const auto file = company.folder("ann") / replica::Replica::file_name;
    for (const auto* word : {"zqsubjectcanary", "zqnotecanary"}) CHECK(clear_bytes(file, key).find(word) != std::string::npos);

    const bool has_edited = GENERATE(false, true);
    if (has_edited) REQUIRE(ann->set(north.visit, {{"outcome", words("zqoutcomecanary")}}).has_value());
    company.apply(edit(company.north, "territory", {{"holder", company.ben}}));
    REQUIRE(ann.sync().code == Errc::ok);
    CHECK_FALSE(ann->kind_of(north.visit).has_value());
    CHECK_FALSE(ann->kind_of(north.accounts.back()).has_value());
    if (has_edited) CHECK(server_value(company, north.visit, "outcome") == words("zqoutcomecanary"));
    if (has_edited) CHECK(ann->status().late_accepted == 1);
    for (const auto* word : {"zqsubjectcanary", "zqnotecanary", "zqoutcomecanary"}) CHECK(clear_bytes(file, key).find(word) == std::string::npos);
}

TEST_CASE("a first sync gets through a link that is cut every 20 KB, a record of 60 KB included", "[ahead]")
{
    Territory north{300};
    auto& company = north.company;
    const auto long_note = north.noise(60'000);
    for (std::size_t written = 4'000; written <= long_note.size(); written += 4'000) // as much as one change takes
        company.apply(edit(north.accounts[5], "account", {{"notes", words(long_note.substr(0, written))}}));
    Device ann{company, "ann", company.ann};
    int connections = 0;
    while (!ann->status().last_sync) {
        REQUIRE(++connections < 60);
        if (connections % 4 == 0) company.apply(edit(north.accounts[6], "account", {{"phone", words(std::to_string(connections))}})); // meanwhile others work on
        sync_until_cut(company, ann, 20'000);
    }
    INFO("connections: " << connections);
    CHECK(connections > 3);
    CHECK(connections < 20);
    CHECK(ann->count("account") == 302);
    CHECK(device_value(ann, north.accounts[5], "notes") == words(long_note));
    REQUIRE(ann.sync().code == Errc::ok);
    CHECK(device_value(ann, north.accounts[6], "phone") == server_value(company, north.accounts[6], "phone"));
}

TEST_CASE("a part of a block that was damaged or does not follow costs that block and nothing else", "[ahead]")
{
    Territory north{300};
    auto& company = north.company;
    Device ann{company, "ann", company.ann};
    v1::Pack part; ///< the first of a block in parts
    exchange(company, ann, [&](const v1::ServerFrame& frame) {
        if (frame.has_pack() && !frame.pack().block_hash().empty() && frame.pack().offset() == 0) part = frame.pack();
        return part.zstd().empty();
    });
    REQUIRE_FALSE(part.zstd().empty());
    auto gap = part;
    gap.set_offset(part.zstd().size() + 1);
    CHECK(ann->store_pack(gap).error().code == Errc::bad_frame);
    CHECK(ann->store_pack(part).value() == 0); // from the beginning again
    auto damaged = part;
    damaged.set_offset(part.zstd().size());
    damaged.set_zstd(std::string(part.block_bytes() - part.zstd().size(), 'x'));
    CHECK(ann->store_pack(damaged).error().code == Errc::bad_frame);
    CHECK(ann.sync().code == Errc::ok);
    CHECK(ann->count("account") == 302);
}

TEST_CASE("what a device made while its pack came out of a block that was made before is not lost from it", "[ahead]")
{
    Territory north{5};
    auto& company = north.company;
    Device first{company, "first", company.ann};
    REQUIRE(first.sync().code == Errc::ok); // makes the blocks
    Device second{company, "second", company.ann};
    exchange(company, second, [&](const v1::ServerFrame& frame) { return !frame.has_pack(); });
    REQUIRE(second->add("visit", {{"subject", words("New")}, {"account", north.accounts.back()}}).has_value());
    CHECK(second.sync().code == Errc::ok);
    CHECK(second->count("visit") == company.hub().count("visit"));
    CHECK(second.sync().code == Errc::ok);
}

TEST_CASE("a device that let its territory go and gets it again has what it wrote in between, though its block was made before", "[ahead]")
{
    Territory north{5};
    auto& company = north.company;
    const auto account = north.accounts.back();
    Device ann{company, "ann", company.ann};
    Device second{company, "second", company.ann};
    REQUIRE(ann.sync().code == Errc::ok);
    REQUIRE(second.sync().code == Errc::ok); // makes the blocks anew, after all that there was
    REQUIRE(ann->set(account, {{"phone", words("040-1")}}).has_value());
    REQUIRE(ann.sync().code == Errc::ok);
    for (const auto& holder : {company.ben, company.ann}) {
        company.apply(edit(company.north, "territory", {{"holder", holder}}));
        CHECK(ann.sync().code == Errc::ok);
    }
    CHECK(device_value(ann, account, "phone") == words("040-1"));
    CHECK(ann.sync().code == Errc::ok);
}

TEST_CASE("a territory that was empty when its block was made comes whole once it has customers", "[ahead]")
{
    Office office;
    const auto east = office.mona->add("territory", {{"name", text("East")}, {"holder", office.company.ann}})->record;
    REQUIRE(office.mona.sync().code == Errc::ok);
    REQUIRE(office.ann.sync().code == Errc::ok); // nothing is in it: an empty block
    const auto pump = office.mona->add("account", {{"name", text("Pump Works")}, {"territory", east}})->record;
    REQUIRE(office.mona.sync().code == Errc::ok);
    Device tablet{office.company, "tablet", office.company.ann};
    int frames = 0;
    exchange(office.company, tablet, [&](const v1::ServerFrame&) { return ++frames < 1'000; });
    CHECK(frames < 1'000);
    CHECK(tablet->show(pump).has_value());
}

TEST_CASE("what is not in the scope any more does not come out of a block that was made before", "[ahead]")
{
    Territory north{5};
    auto& company = north.company;
    Device first{company, "first", company.ann};
    REQUIRE(first.sync().code == Errc::ok); // makes the blocks
    company.apply(edit(north.accounts[2], "account", {{"territory", company.south}}));
    company.apply(edit(north.accounts[3], "account", {{"name", words("Renamed")}}));
    Device second{company, "second", company.ann};
    REQUIRE(second.sync().code == Errc::ok);
    CHECK_FALSE(second->kind_of(north.accounts[2]).has_value());
    CHECK(device_value(second, north.accounts[3], "name") == words("Renamed"));
}
