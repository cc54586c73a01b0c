// A territory changes hands while its old holder is away: what is said before, what arrives, what is marked, what stays, in every order.
#include "conflict/merge/handover.hpp"
#include "shared/protocol/handover_words.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

using namespace roadbook;
using namespace roadbook::testing;
using Catch::Matchers::Contains;

namespace {

constexpr std::size_t moved_count = 7, kept_count = 5;

bool lies_in(const std::filesystem::path& folder, std::string_view canary)
{
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        if (bytes.find(canary) != std::string::npos) return true;
    }
    return false;
}

schema::Value numbered(const char* word, std::size_t i)
{
    return std::string{word} + std::to_string(i);
}

schema::Value euros(std::int64_t minor, std::size_t more)
{
    return Money{minor + static_cast<std::int64_t>(more), "EUR"};
}

/// One connection of `device` that breaks after so many frames from it.
void sync_until_cut(Company& company, Device& device, int frames)
{
    sync::SyncClient client{device.replica()};
    Connection connection{company};
    std::deque<Bytes> up;
    for (auto& frame : client.open().value()) up.push_back(std::move(frame));
    for (int sent = 0; sent < frames && !up.empty() && !client.is_closed(); ++sent) {
        const auto answers = connection.send_bytes(up.front());
        up.pop_front();
        if (sent + 1 == frames) break; // the server has it, its answer is lost
        for (const auto& answer : answers)
            for (auto& next : client.receive(protocol::write(answer))) up.push_back(std::move(next));
    }
    company.core().lost(connection.id(), fail(Errc::link_lost, "cut"));
    client.lost(fail(Errc::link_lost, "cut"));
}

/// Monday 08:00: W (Ann) holds West with 7 customers and South-West with 5, Z (Ben) another territory, and Mona leads both.
struct Week {
    Company company;
    RecordId west = company.new_record(), other = company.new_record();
    std::vector<RecordId> moved, kept, deals;
    std::unique_ptr<Device> w, z, mona;

    Week()
    {
        for (const auto& [id, name] : {std::pair{west, "West"}, std::pair{other, "Other"}})
            company.apply(creation(id, "territory", {{"name", text(name)}, {"holder", company.ann}}));
        for (std::size_t i = 0; i < moved_count; ++i) moved.push_back(account("canaryMoved", i, west));
        for (std::size_t i = 0; i < kept_count; ++i) kept.push_back(account("keptCustomer", i, other));
        for (std::size_t i = 0; i < moved_count; ++i) { // each has an opportunity, whose amount a person must settle when two change it
            deals.push_back(company.new_record());
            company.apply(creation(deals.back(), "opportunity", {{"name", numbered("canaryDeal", i)}, {"account", moved[i]}, {"amount", Money{100'000, "EUR"}}}));
        }
        w = std::make_unique<Device>(company, "w", company.ann);
        z = std::make_unique<Device>(company, "z", company.ben);
        mona = std::make_unique<Device>(company, "mona", company.mona);
        company.clock().advance(std::chrono::minutes{2});
        for (auto* device : {w.get(), z.get(), mona.get()}) REQUIRE(device->sync().code == Errc::ok);
    }
    RecordId account(const char* word, std::size_t i, const RecordId& territory)
    {
        const auto id = company.new_record();
        company.apply(creation(id, "account", {{"name", numbered(word, i)}, {"territory", territory}}));
        return id;
    }
    static void change(Device& device, const RecordId& id, schema::Fields fields) { REQUIRE(device->set(id, fields).has_value()); }

    /// W, without a network: 22 edits on the 7 and 18 on the 5.
    void w_works()
    {
        company.clock().advance(std::chrono::hours{2});
        for (std::size_t i = 0; i < moved_count; ++i) {
            change(*w, moved[i], {{"phone", numbered("canaryPhone", i)}});
            change(*w, moved[i], {{"city", numbered("canaryCity", i)}});
            change(*w, deals[i], {{"amount", euros(200'000, i)}});
        }
        change(*w, moved[0], {{"website", text("canaryWeb")}}); // 3 x 7 + 1
        for (std::size_t i = 0; i < 18; ++i) change(*w, kept[i % kept_count], {{i < 5 ? "phone" : i < 10 ? "city" : i < 15 ? "fax" : "street", numbered("kept", i)}});
        REQUIRE(w->replica().status().unsent == 40);
    }
    /// Z, on Tuesday: 9 edits on the 7, 3 of them on fields that W has changed, too.
    void z_works()
    {
        company.clock().advance(std::chrono::hours{2});
        for (std::size_t i = 0; i < 6; ++i) change(*z, moved[i], {{"industry", numbered("trade", i)}});
        for (std::size_t i = 0; i < 3; ++i) change(*z, deals[i], {{"amount", euros(300'000, i)}});
    }
    void check_everybody();
};

void Week::check_everybody()
{
    // 40 of 40 are on the server, nothing is refused, nothing waits.
    CHECK(w->replica().status().unsent == 0);
    CHECK(w->replica().status().refused == 0);
    CHECK(company.hub().quarantine().empty());
    for (std::size_t i = 0; i < moved_count; ++i) {
        CHECK(server_value(company, moved[i], "phone") == numbered("canaryPhone", i));
        CHECK(server_value(company, moved[i], "city") == numbered("canaryCity", i));
    }
    CHECK(server_value(company, moved[0], "website") == text("canaryWeb"));
    // Z: 22 marked late under W's name; 19 merged, 3 in review with both values; his own are as he left them.
    int late = 0;
    for (const auto& record : moved)
        for (const auto& entry : (*z)->history(record).value()) late += entry.by->late && entry.person_name == "Ann";
    for (const auto& record : deals)
        for (const auto& entry : (*z)->history(record).value()) late += entry.by->late && entry.person_name == "Ann";
    CHECK(late == 22);
    const auto conflicts = (*z)->conflicts();
    CHECK(conflicts.size() == 3);
    for (const auto& conflict : conflicts) {
        CHECK(conflict.needs_person);
        CHECK(conflict.path == "amount");
        CHECK(conflict.candidates.size() == 2);
    }
    CHECK((*mona)->conflicts().size() == 3);
    for (std::size_t i = 0; i < 6; ++i) CHECK(device_value(*z, moved[i], "industry") == numbered("trade", i));
    for (std::size_t i = 3; i < moved_count; ++i) CHECK(device_value(*z, deals[i], "amount") == euros(200'000, i));
    // W has a receipt of 22 lines that names no content, and not one byte of the 7; the 5 are as they were.
    const auto receipts = (*w)->receipts();
    CHECK(receipts.size() == 22);
    CHECK(std::count_if(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.kind == "account"; }) == 15);
    CHECK(std::all_of(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.saved_at < receipt.taken_at; }));
    for (const auto& record : moved) CHECK_FALSE((*w)->kind_of(record));
    CHECK_FALSE(lies_in(company.folder("w"), "canary"));
    CHECK((*w)->search("canary").empty());
    for (std::size_t i = 0; i < kept_count; ++i) CHECK(device_value(*w, kept[i], "phone") == numbered("kept", i));
    CHECK((*w)->count("account") == kept_count + 1); // and Acme, in the north
}

} // namespace

TEST_CASE("a territory that is moved while its holder is three days away with 40 edits loses none of them, in every order", "[handover]")
{
    Week week;
    auto& company = week.company;
    week.w_works();
    REQUIRE(lies_in(company.folder("w"), "canaryPhone0"));

    company.clock().advance(std::chrono::hours{22});
    const auto preview = company.hub().preview_handover(week.west, company.ben, {}).value();
    CHECK_THAT(protocol::text_of(preview), Contains("Ann (w): last contact Monday 2026-03-02 08:02 UTC, had nothing unsent then, may hold unsent work"));
    CHECK_THAT(protocol::text_of(preview), Contains("14: account 7, opportunity 7") && Contains("7: 7000.00 EUR"));
    REQUIRE((*week.mona)->set(week.west, merge::handover((*week.mona)->show(week.west)->merged.record, company.ben, {})).has_value());
    REQUIRE(week.mona->sync().code == Errc::ok);
    REQUIRE(week.z->sync().code == Errc::ok);
    week.z_works();
    company.clock().advance(std::chrono::hours{24});

    // Wednesday: who comes first decides nothing, nor where W's connection breaks.
    std::vector<Device*> order{week.w.get(), week.z.get(), week.mona.get()};
    const int permutation = GENERATE(range(0, 6));
    const int cut = GENERATE(0, 1, 2, 3, 4);
    std::sort(order.begin(), order.end());
    for (int i = 0; i < permutation; ++i) std::next_permutation(order.begin(), order.end());
    if (cut > 0) sync_until_cut(company, *week.w, cut);
    for (auto* device : order) REQUIRE(device->sync().code == Errc::ok);
    for (auto* device : {week.w.get(), week.z.get(), week.mona.get()}) REQUIRE(device->sync().code == Errc::ok);
    week.check_everybody();
}

TEST_CASE("a preview counts what moves: open quotes and opportunities with sums, appointments ahead, and who sees it then", "[handover]")
{
    Office office;
    auto& company = office.company;
    const auto acme = company.acme;
    const auto quote = office.ann->add("quote", {{"account", acme}}).value().record;
    REQUIRE(office.ann->add_item(quote, "lines", {{"quantity", std::int64_t{12'000}}, {"unit_price", Money{500, "EUR"}}}).has_value());
    REQUIRE(office.ann->add("quote", {{"account", acme}}).has_value()); // no line yet
    REQUIRE(office.ann->add("opportunity", {{"name", text("Big")}, {"account", acme}, {"amount", Money{9'900, "USD"}}}).has_value());
    const auto tomorrow = company.clock().now() + std::chrono::hours{24};
    for (const auto at : {tomorrow, tomorrow - std::chrono::hours{72}})
        REQUIRE(office.ann->add("visit", {{"subject", text("Call")}, {"account", acme}, {"planned_at", at}}).has_value());
    REQUIRE(office.ann.sync().code == Errc::ok);

    const auto preview = company.hub().preview_handover(company.north, company.ben, {}).value();
    const auto json = protocol::json_of(preview);
    CHECK(json.at("records").at("quote") == 2);
    CHECK(json.at("open_quotes").at("count") == 2);
    CHECK(json.at("open_quotes").at("sums").at(0).at("text") == "60.00 EUR");
    CHECK(json.at("open_quotes").at("without_amount") == 1);
    CHECK(json.at("open_opportunities").at("sums").at(0).at("text") == "99.00 USD");
    CHECK(json.at("visits_ahead") == 1);
    CHECK(json.at("next_appointment") == to_text(tomorrow));
    REQUIRE(json.at("losing").size() == 1);
    CHECK(json.at("losing").at(0).at("name") == "Ann");
    REQUIRE(json.at("gaining").size() == 1);
    CHECK(json.at("gaining").at(0).at("name") == "Ben");
    CHECK(json.at("devices").size() == 1); // Mona keeps what she leads
    CHECK(json.at("devices").at(0).at("unsent") == 0);
    CHECK(server_value(company, company.north, "holder") == schema::Value{company.ann});

    CHECK(company.hub().preview_handover(company.north, company.ben, "2026-03-20")->losing_size() == 1);
    CHECK(company.hub().preview_handover(company.north, company.ben, "2026-02-30").error().code == Errc::bad_argument);
    CHECK(company.hub().preview_handover(company.north, company.ben, "2026-03-01").error().code == Errc::bad_argument);
    CHECK(company.hub().preview_handover(company.acme, company.ben, {}).error().code == Errc::not_found);
}

TEST_CASE("a hand-over is taken back within 24 hours, and only from the one to whom it was given", "[handover]")
{
    Office office;
    auto& company = office.company;
    CHECK(company.hub().undo_of_handover(company.north).error().code == Errc::not_allowed); // never handed over
    office.give_north_to(company.ben);
    SECTION("in time")
    {
        company.clock().advance(std::chrono::hours{24});
        const auto undo = company.hub().undo_of_handover(company.north).value();
        CHECK(undo == schema::Fields{{"holder", company.ann}});
        company.apply(edit(company.north, "territory", undo));
        REQUIRE(office.ann.sync().code == Errc::ok);
        CHECK(office.ann->show(company.acme).has_value());
    }
    SECTION("too late")
    {
        company.clock().advance(std::chrono::hours{24} + std::chrono::seconds{1});
        CHECK(company.hub().undo_of_handover(company.north).error().code == Errc::not_allowed);
    }
    SECTION("one that was agreed for a later day")
    {
        const auto territory = company.hub().record(company.north).value();
        company.apply(edit(company.north, "territory", merge::handover(territory, company.ann, "2026-03-20")));
        CHECK(company.hub().undo_of_handover(company.north).value() == schema::Fields{{"next_holder", {}}, {"next_holder_from", {}}});
    }
}

TEST_CASE("a device is told what a hand-over would move only if its person leads the territory", "[handover]")
{
    Office office;
    auto& company = office.company;
    const auto ask = [&](Device& device, const RecordId& territory, const RecordId& to) {
        v1::ClientFrame frame;
        auto& asked = *frame.mutable_enquiry()->mutable_handover();
        asked.set_territory(protocol::to_field(territory));
        asked.set_to(protocol::to_field(to));
        auto connection = greet(company, device);
        const auto frames = connection.send(frame);
        REQUIRE(frames.size() == 1);
        REQUIRE(frames.front().has_reply());
        return frames.front().reply();
    };
    const auto told = ask(office.mona, company.north, company.ben);
    CHECK(told.code().empty());
    CHECK(told.handover().from_name() == "Ann");
    CHECK(told.handover().devices_size() == 1);
    const auto nothing = ask(office.mona, company.new_record(), company.ben).SerializeAsString();
    CHECK(ask(office.mona, company.north, company.acme).SerializeAsString() == nothing);
    CHECK(ask(office.ann, company.north, company.ben).SerializeAsString() == nothing); // holds it, but does not lead
    CHECK(ask(office.ann, company.south, company.ann).SerializeAsString() == nothing);
}

TEST_CASE("a manager's device asks for the preview while it syncs", "[handover]")
{
    Office office;
    auto& company = office.company;
    v1::Enquiry enquiry;
    enquiry.mutable_handover()->set_territory(protocol::to_field(company.north));
    enquiry.mutable_handover()->set_to(protocol::to_field(company.ben));
    std::vector<v1::Reply> replies;
    REQUIRE(office.mona->add("task", {{"subject", text("Call Ann")}, {"owner", company.mona}}).has_value());
    CHECK(office.mona.sync(enquiry, [&](const v1::Reply& reply) { replies.push_back(reply); }).code == Errc::ok);
    REQUIRE(replies.size() == 1);
    CHECK(replies.front().handover().to_name() == "Ben");
    CHECK(office.mona->status().unsent == 0);
}
