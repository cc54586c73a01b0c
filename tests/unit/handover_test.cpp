// A territory changes hands: what is said before, how it is taken back, who may ask. What an absent holder's edits come to, and two managers who
// disagree, are stories of the simulation.
#include "conflict/merge/handover.hpp"
#include "shared/protocol/handover_words.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace roadbook;
using namespace roadbook::testing;
using Catch::Matchers::Contains;

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
