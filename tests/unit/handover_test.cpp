// A territory changes hands while its old holder is away: what is said before, what arrives, what is marked, what stays, in every order.
#include "conflict/merge/handover.hpp"
#include "shared/protocol/handover_words.hpp"
#include "tests/support/office.hpp"
#include "tests/support/sqlcipher_pages.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace roadbook;
using namespace roadbook::testing;
using Catch::Matchers::Contains;

namespace {

constexpr std::size_t moved_count = 7, kept_count = 5;

/// Rows, photos, index, free pages and log: all of it is in the one database, and is searched in clear.
bool lies_in(Company& company, Device& device, const std::string& name, std::string_view canary)
{
    const auto key = device.replica().vault() ? device.vault().unlock({}).value() : Bytes{};
    return clear_bytes(company.folder(name) / replica::Replica::file_name, key).find(canary) != std::string::npos;
}

/// Large enough for several pages, and found again by its words.
Bytes photo(std::size_t i)
{
    std::string bytes;
    while (bytes.size() < 20'000) bytes += "canaryPhoto" + std::to_string(i) + " ";
    return to_bytes(as_bytes(bytes));
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
    std::vector<RecordId> moved, kept, deals, visits;
    std::unique_ptr<Device> w, z, mona;

    explicit Week(Device::With with = Device::With::no_vault)
    {
        for (const auto& [id, name] : {std::pair{west, "West"}, std::pair{other, "Other"}})
            company.apply(creation(id, "territory", {{"name", text(name)}, {"holder", company.ann}}));
        for (std::size_t i = 0; i < moved_count; ++i) moved.push_back(account("canaryMoved", i, west));
        for (std::size_t i = 0; i < kept_count; ++i) kept.push_back(account("keptCustomer", i, other));
        for (std::size_t i = 0; i < moved_count; ++i) { // each has an opportunity, whose amount a person must settle when two change it
            deals.push_back(company.new_record());
            company.apply(creation(deals.back(), "opportunity", {{"name", numbered("canaryDeal", i)}, {"account", moved[i]}, {"amount", Money{100'000, "EUR"}}}));
        }
        w = std::make_unique<Device>(company, "w", company.ann, Bytes{}, with);
        z = std::make_unique<Device>(company, "z", company.ben);
        mona = std::make_unique<Device>(company, "mona", company.mona);
        company.clock().advance(std::chrono::minutes{2});
        for (auto* device : {w.get(), z.get(), mona.get()}) REQUIRE(device->sync().code == Errc::ok);
        for (std::size_t i = 0; i < moved_count; ++i) { // with a photo each, which stays on W's device
            visits.push_back((*w)->add("visit", {{"subject", numbered("canaryVisit", i)}, {"account", moved[i]}}).value().record);
            REQUIRE((*w)->attach(visits.back(), "photo.jpg", "image/jpeg", photo(i)).has_value());
        }
        REQUIRE(w->sync().code == Errc::ok);
        REQUIRE(w->replica().status().files_to_send == 0);
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
        REQUIRE((*w)->attach(visits[0], "late.jpg", "image/jpeg", photo(99)).has_value()); // 3 x 7 + 1
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
    // Z: 22 marked late under W's name; 19 merged, 3 in review with both values; his own are as he left them.
    int late = 0;
    for (const auto* records : {&moved, &deals, &visits})
        for (const auto& record : *records)
            for (const auto& entry : (*z)->history(record).value()) late += entry.by->late && entry.person_name == "Ann";
    CHECK(late == 22);
    // The photo that W took before she knew has come, too, and so have the others.
    for (const auto& [visit, file] : {std::pair{visits[0], photo(99)}, std::pair{visits[3], photo(3)}}) {
        REQUIRE((*z)->want_attachment(visit, sha256(file)).has_value());
        REQUIRE(z->sync().code == Errc::ok);
        CHECK((*z)->attachment(visit, sha256(file)).value() == file);
    }
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
    CHECK(std::count_if(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.kind == "account"; }) == 14);
    CHECK(std::count_if(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.kind == "visit"; }) == 1);
    CHECK(std::all_of(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.saved_at < receipt.taken_at; }));
    for (const auto* records : {&moved, &deals, &visits})
        for (const auto& record : *records) CHECK_FALSE((*w)->kind_of(record));
    for (const auto* word : {"canaryMoved", "canaryDeal", "canaryVisit", "canaryPhone", "canaryCity", "canaryPhoto", "canary"}) {
        INFO(word);
        CHECK_FALSE(lies_in(company, *w, "w", word));
    }
    CHECK(lies_in(company, *w, "w", "keptCustomer")); // the search finds what is there
    CHECK((*w)->search("canary").empty());
    for (std::size_t i = 0; i < kept_count; ++i) CHECK(device_value(*w, kept[i], "phone") == numbered("kept", i));
    CHECK((*w)->count("account") == kept_count + 1); // and Acme, in the north
}

} // namespace

TEST_CASE("a territory that is moved while its holder is three days away with 40 edits loses none of them, in every order", "[handover]")
{
    const int permutation = GENERATE(range(0, 6));
    const int cut = GENERATE(0, 1, 2, 3, 4);
    Week week{(permutation + cut) % 2 == 0 ? Device::With::vault : Device::With::no_vault}; // encrypted ones, too
    auto& company = week.company;
    week.w_works();
    for (const auto* canary : {"canaryPhone0", "canaryPhoto3", "canaryPhoto99"}) REQUIRE(lies_in(company, *week.w, "w", canary));

    company.clock().advance(std::chrono::hours{22});
    const auto preview = company.hub().preview_handover(week.west, company.ben, {}).value();
    CHECK_THAT(protocol::text_of(preview), Contains("Ann (w): last contact Monday 2026-03-02 08:02 UTC, had nothing unsent then, may hold unsent work"));
    CHECK_THAT(protocol::text_of(preview), Contains("21: account 7, opportunity 7, visit 7") && Contains("7: 7000.00 EUR"));
    REQUIRE((*week.mona)->set(week.west, merge::handover((*week.mona)->show(week.west)->merged.record, company.ben, {})).has_value());
    REQUIRE(week.mona->sync().code == Errc::ok);
    REQUIRE(week.z->sync().code == Errc::ok);
    week.z_works();
    company.clock().advance(std::chrono::hours{24});

    // Wednesday: who comes first decides nothing, nor where W's connection breaks.
    std::vector<Device*> order{week.w.get(), week.z.get(), week.mona.get()};
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
        CHECK(undo.at("holder") == schema::Value{company.ann});
        company.apply(edit(company.north, "territory", undo));
        CHECK(company.hub().undo_of_handover(company.north).error().code == Errc::not_allowed); // an undo is not itself undone
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
        const auto undo = company.hub().undo_of_handover(company.north).value();
        CHECK(undo.at("next_holder") == schema::Value{});
        CHECK(undo.at("next_holder_from") == schema::Value{});
        CHECK_FALSE(undo.contains("holder"));
        company.apply(edit(company.north, "territory", undo));
        CHECK(company.hub().undo_of_handover(company.north).error().code == Errc::not_allowed); // nor does a second one undo what was before
        CHECK(server_value(company, company.north, "holder") == schema::Value{company.ben});
    }
}

TEST_CASE("a device hands over and takes back without a network, and a second undo says that there is nothing to take back", "[handover]")
{
    Office office;
    auto& company = office.company;
    CHECK(office.mona->undo_handover(company.north).error().code == Errc::not_allowed); // never handed over
    CHECK(office.ann->hand_over(company.north, company.ben, {}).error().code == Errc::not_allowed); // only leaders do
    CHECK(office.mona->hand_over(company.north, company.ben, "2026-02-30").error().code == Errc::invalid_value);
    CHECK(office.mona->hand_over(company.north, company.ben, "2026-03-02").error().code == Errc::bad_argument); // has begun
    REQUIRE(office.mona->hand_over(company.north, company.ben, {})->changed);
    CHECK_FALSE(office.mona->hand_over(company.north, company.ben, {})->changed);
    const bool is_sent = GENERATE(true, false);
    if (is_sent) REQUIRE(office.mona.sync().code == Errc::ok);
    SECTION("in time")
    {
        company.clock().advance(std::chrono::hours{23});
        REQUIRE(office.mona->undo_handover(company.north).has_value());
        const auto again = office.mona->undo_handover(company.north);
        CHECK(again.error().code == Errc::not_allowed);
        CHECK_THAT(again.error().message, Contains("taken back already"));
        CHECK_THAT(again.error().message_zh, Contains("没有可撤销的移交"));
        for (auto* device : {&office.mona, &office.ann}) REQUIRE(device->sync().code == Errc::ok);
        CHECK(company.hub().undo_of_handover(company.north).error() == again.error()); // the server says the same
        CHECK(server_value(company, company.north, "holder") == schema::Value{company.ann});
        CHECK(office.ann->show(company.acme).has_value());
        REQUIRE(office.mona->hand_over(company.north, company.ben, {}).has_value()); // and it can be handed over anew
        REQUIRE(office.mona->undo_handover(company.north).has_value());
    }
    SECTION("a day later it is a new hand-over, if the server has had it for so long")
    {
        company.clock().advance(std::chrono::hours{25});
        CHECK(office.mona->undo_handover(company.north).has_value() != is_sent);
    }
    SECTION("agreed ahead")
    {
        REQUIRE(office.mona->hand_over(company.north, company.mona, "2026-03-20").has_value());
        REQUIRE(office.mona->undo_handover(company.north).has_value());
        CHECK(device_value(office.mona, company.north, "next_holder") == schema::Value{});
        CHECK(device_value(office.mona, company.north, "holder") == schema::Value{company.ben});
        CHECK(office.mona->undo_handover(company.north).error().code == Errc::not_allowed);
    }
}

TEST_CASE("two managers hand one territory over apart: both see the conflict, and one has it until it is settled, in every order", "[handover]")
{
    Company company;
    const auto max = company.new_record(), cora = company.new_record();
    company.apply(creation(max, "person", {{"name", text("Max")}, {"role", text("manager")}}));
    company.apply(edit(company.mona, "person", {{"reports_to", max}}));
    company.apply(creation(cora, "person", {{"name", text("Cora")}, {"role", text("rep")}, {"reports_to", company.mona}}));
    Device mona{company, "mona", company.mona}, boss{company, "max", max}, ann{company, "ann", company.ann}, ben{company, "ben", company.ben}, other{company, "cora", cora};
    std::vector<Device*> order{&mona, &boss, &ann, &ben, &other};
    for (auto* device : order) REQUIRE(device->sync().code == Errc::ok);
    REQUIRE(mona->hand_over(company.north, company.ben, {}).has_value());
    REQUIRE(boss->hand_over(company.north, cora, {}).has_value());

    const auto holders = [&] {
        int count = 0;
        for (auto* device : {&ann, &ben, &other}) count += (*device)->show(company.acme).has_value();
        return count;
    };
    const auto granted = [&] {
        int count = 0;
        for (const auto& person : {company.ann, company.ben, cora}) {
            const auto grants = company.hub().grants_of(person).grants;
            for (const auto& scope : grants.scopes()) count += scope == protocol::to_field(schema::ScopeId::territory(company.north).bytes());
        }
        return count;
    };
    std::sort(order.begin(), order.end());
    for (auto turns = 7 * GENERATE(range(0, 17)); turns > 0; --turns) std::next_permutation(order.begin(), order.end()); // every seventh of the 120
    for (int round = 0; round < 3; ++round)
        for (auto* device : order) {
            REQUIRE(device->sync().code == Errc::ok);
            CHECK(granted() == 1);
        }
    CHECK(holders() == 1);
    for (auto* manager : {&mona, &boss}) {
        const auto conflicts = (*manager)->conflicts();
        REQUIRE(conflicts.size() == 1);
        CHECK(conflicts.front().path == "holder");
        CHECK(conflicts.front().needs_person);
        CHECK(conflicts.front().candidates.size() == 2);
        CHECK_THAT((*manager)->undo_handover(company.north).error().message, Contains("settle the conflict"));
    }
    REQUIRE(boss->resolve(company.north, "holder", cora, "as agreed").has_value());
    for (int round = 0; round < 3; ++round)
        for (auto* device : order) REQUIRE(device->sync().code == Errc::ok);
    CHECK(mona->conflicts().empty());
    CHECK(holders() == 1);
    CHECK(other->show(company.acme).has_value());
    CHECK(granted() == 1);
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
