// Approvals, signatures and payments with a server and devices, as people meet them: expenses that need two people's yes, a quote that is changed
// after it was approved, and a work order that is changed after the customer signed for it. The race of an approval is a story of the simulation.
#include "tests/support/office.hpp"
#include "tests/support/raw_author.hpp"

#include <algorithm>

using namespace roadbook;
using namespace roadbook::testing;
using Standing = merge::Endorsed::Standing;

namespace {

/// Ann, her manager Mona, and Fay of finance.
struct Trip {
    Company company;
    RecordId fay = company.new_record(), policy = company.new_record(), report;
    std::optional<Device> phone, mona, finance;
    ChildId hotel, taxi;

    Trip()
    {
        company.apply(creation(fay, "person", {{"name", text("Fay")}, {"role", text("finance")}}));
        auto rules = creation(policy, "expense_policy", {{"name", text("Travel 2026")}, {"currency", text("CNY")}});
        const auto add = [&](const char* collection, schema::Fields fields) { rules.steps.push_back({collection, new_id<ChildId>(company.clock().now(), company.chance()), true, std::move(fields)}); };
        add("limits", {{"category", text("hotel")}, {"amount", Money{30'000, "CNY"}}, {"per", text("night")}});
        add("mileage", {{"per_km", Money{120, "CNY"}}});
        add("per_diems", {{"full_day", Money{15'000, "CNY"}}});
        company.apply(rules);
        phone.emplace(company, "phone", company.ann);
        mona.emplace(company, "mona", company.mona);
        finance.emplace(company, "finance", fay);
        for (auto* device : all()) REQUIRE(device->sync().code == Errc::ok);
    }

    std::vector<Device*> all() { return {&*phone, &*mona, &*finance}; }

    void write_report()
    {
        auto& me = *phone;
        report = me->add("expense_report", {{"title", text("Bangkok")}, {"status", text("draft")}, {"currency", text("CNY")}, {"policy", policy}})->record;
        const auto item = [&](schema::Fields fields) {
            fields["spent_on"] = text("2026-05-06");
            return me->add_item(report, "items", fields).value();
        };
        hotel = item({{"category", text("hotel")}, {"amount", Money{540'000, "THB"}}, {"nights", std::int64_t{3}}, {"rate_millionths", std::int64_t{200'000}},
                      {"rate_source", text("Bank of China")}, {"rate_date", text("2026-05-04")}, {"place", text("Bangkok")}, {"reason", text("trade fair: nothing cheaper")}});
        taxi = item({{"category", text("taxi")}, {"amount", Money{24'000, "CNY"}}});
        (void)item({{"category", text("per_diem")}, {"amount", Money{45'000, "CNY"}}, {"hours", std::int64_t{72'000}}});
        (void)item({{"category", text("mileage")}, {"amount", Money{10'320, "CNY"}}, {"distance", std::int64_t{86'000}}});
    }

    merge::PayoutState payout(Device& device) { return device->show(report)->payout.value(); }
};

std::vector<std::string> told(const replica::Shown& shown)
{
    std::vector<std::string> all;
    for (const auto& one : shown.endorsed) {
        auto words = one.read.standing == Standing::holds ? std::string{"holds"} : one.read.standing == Standing::changed_since ? "changed since" : "does not fit";
        for (const auto& move : one.moves) words += "; " + move.path.substr(move.path.rfind('/') + 1) + " " + move.then + " -> " + move.now + " by " + move.person_name;
        all.push_back(words);
    }
    return all;
}

std::string error_of(const auto& result)
{
    return result ? "none" : std::string{name(result.error().code)} + " " + result.error().field;
}

} // namespace

TEST_CASE("an expense over its limit without a reason needs finance beside the manager, and is not approved before", "[approval][scenario]")
{
    Trip trip;
    trip.write_report();
    REQUIRE((*trip.phone)->set_item(trip.report, "items", trip.hotel, {{"reason", schema::Value{}}}).has_value());
    REQUIRE(trip.phone->sync().code == Errc::ok);
    REQUIRE(trip.mona->sync().code == Errc::ok);
    CHECK(error_of((*trip.mona)->approve(trip.report)) == "not_allowed status"); // a draft
    REQUIRE((*trip.phone)->set(trip.report, {{"status", text("submitted")}}).has_value());
    for (auto* device : {&*trip.phone, &*trip.mona}) REQUIRE(device->sync().code == Errc::ok);

    CHECK(error_of((*trip.phone)->approve(trip.report)).starts_with("not_allowed approvals/")); // her own
    const auto first = (*trip.mona)->approve(trip.report).value();
    CHECK((first.step == 1 && first.steps_needed == 2 && !first.complete));
    CHECK(error_of((*trip.mona)->set(trip.report, {{"status", text("approved")}})) == "not_allowed status");
    CHECK(schema::text_of((*trip.mona)->show(trip.report)->merged.record, "status") == "submitted");
    for (auto* device : {&*trip.mona, &*trip.finance}) REQUIRE(device->sync().code == Errc::ok);
    CHECK((*trip.finance)->pay(trip.report)->payments == 0);
    const auto second = (*trip.finance)->approve(trip.report).value();
    CHECK((second.step == 2 && second.complete));
    CHECK((*trip.finance)->pay(trip.report)->total == Money{187'320, "CNY"});
    for (auto* device : {&*trip.finance, &*trip.phone}) REQUIRE(device->sync().code == Errc::ok);
    CHECK((*trip.finance)->status().refused == 0);
    CHECK(schema::text_of((*trip.phone)->show(trip.report)->merged.record, "status") == "reimbursed");
    CHECK((*trip.phone)->show(trip.report)->approval.is_approved());
}

TEST_CASE("two who pay one report apart: the first counts, the other shows as paid again", "[approval][scenario]")
{
    Trip trip;
    trip.write_report();
    REQUIRE((*trip.phone)->set(trip.report, {{"status", text("submitted")}}).has_value());
    for (auto* device : {&*trip.phone, &*trip.mona}) REQUIRE(device->sync().code == Errc::ok);
    REQUIRE((*trip.mona)->approve(trip.report).has_value());
    Device other{trip.company, "finance 2", trip.fay};
    for (auto* device : {&*trip.mona, &*trip.finance, &other}) REQUIRE(device->sync().code == Errc::ok);
    CHECK((*trip.finance)->pay(trip.report)->payments == 4);
    CHECK(other->pay(trip.report)->payments == 4);
    for (int round = 0; round < 2; ++round)
        for (auto* device : {&*trip.finance, &other, &*trip.phone}) REQUIRE(device->sync().code == Errc::ok);
    CHECK((*trip.finance)->status().refused + other->status().refused == 0);
    for (auto* device : {&*trip.finance, &other, &*trip.phone}) {
        const auto state = trip.payout(*device);
        CHECK(state.paid == 187'320);
        CHECK(state.due == 0);
        for (const auto& item : state.items) CHECK((item.payments.size() == 1 && item.paid_again.size() == 1));
    }
}

TEST_CASE("a payment is for what is due, no more, no less, and not by hand", "[approval][scenario]")
{
    Trip trip;
    trip.write_report();
    REQUIRE((*trip.phone)->set(trip.report, {{"status", text("submitted")}}).has_value());
    for (auto* device : {&*trip.phone, &*trip.mona}) REQUIRE(device->sync().code == Errc::ok);
    const auto approval = (*trip.mona)->approve(trip.report)->entry;
    for (auto* device : {&*trip.mona, &*trip.finance}) REQUIRE(device->sync().code == Errc::ok);
    const auto pay = [&](schema::Fields fields) {
        fields["paid_on"] = text("2026-05-20");
        auto refused = error_of((*trip.finance)->add_item(trip.report, "payments", fields));
        return refused.substr(0, refused.find(' ')) + refused.substr(std::min(refused.rfind('/'), refused.size()));
    };
    const schema::Fields right{{"amount", Money{24'000, "CNY"}}, {"item", trip.taxi.text()}, {"approval", approval.text()}};
    const auto but = [&](const char* field, schema::Value value) {
        auto fields = right;
        fields[field] = std::move(value);
        return pay(fields);
    };
    CHECK(pay({{"amount", Money{24'000, "CNY"}}}) == "not_allowed/item");
    CHECK(but("amount", Money{24'001, "CNY"}) == "not_allowed/amount");
    CHECK(but("amount", Money{24'000, "USD"}) == "not_allowed/amount");
    CHECK(but("approval", trip.taxi.text()) == "not_allowed/approval");
    CHECK(but("item", approval.text()) == "not_allowed/item");
    REQUIRE((*trip.finance)->add_item(trip.report, "payments", [&] { auto fields = right; fields["paid_on"] = text("2026-05-20"); return fields; }()).has_value());
    CHECK(pay(right) == "not_allowed/item"); // once
    // Typed approvals are refused as well.
    CHECK(error_of((*trip.mona)->add_item(trip.report, "approvals", {{"approver", trip.company.mona}, {"decision", text("approved")}})).starts_with("not_allowed approvals/"));
}

TEST_CASE("a quote that was approved and then changed shows both, and loses its approval on every device", "[approval][scenario]")
{
    Office office;
    const auto quote = office.ann->add("quote", {{"account", office.company.acme}, {"status", text("draft")}, {"discount", std::int64_t{500}}})->record;
    const auto line = office.ann->add_item(quote, "lines", {{"quantity", std::int64_t{10'000}}, {"unit_price", Money{10'000, "EUR"}}}).value();
    for (auto* device : {&office.ann, &office.mona}) REQUIRE(device->sync().code == Errc::ok);
    CHECK(error_of(office.mona->set(quote, {{"status", text("approved")}})) == "not_allowed status");
    const auto approved = office.mona->approve(quote).value();
    CHECK(approved.complete);
    CHECK_FALSE(office.mona->approve(quote)->changed);
    CHECK(schema::text_of(office.mona->show(quote)->merged.record, "status") == "approved");
    REQUIRE(office.ann->set_item(quote, "lines", line, {{"quantity", std::int64_t{12'000}}}).has_value());
    for (int round = 0; round < 2; ++round)
        for (auto* device : {&office.ann, &office.mona}) REQUIRE(device->sync().code == Errc::ok);
    for (auto* device : {&office.ann, &office.mona}) {
        CHECK(told((*device)->show(quote).value()) == std::vector<std::string>{"changed since; quantity 10 -> 12 by Ann"});
        CHECK((*device)->as_endorsed(quote, approved.entry)->collections.at("lines").front().fields.at("quantity") == schema::Value{std::int64_t{10'000}});
    }
    REQUIRE(office.mona->approve(quote).has_value());
    const auto shown = office.mona->show(quote).value();
    CHECK(shown.approval.is_approved());
    CHECK(told(shown) == std::vector<std::string>{"changed since; quantity 10 -> 12 by Ann", "holds"});
    REQUIRE(office.mona.sync().code == Errc::ok);
    CHECK(office.mona->status().refused == 0);
}

TEST_CASE("a quote with an open conflict is not approved, on the device and on the server", "[approval][scenario]")
{
    Office office;
    const auto quote = office.ann->add("quote", {{"account", office.company.acme}, {"status", text("draft")}, {"discount", std::int64_t{500}}})->record;
    for (auto* device : {&office.ann, &office.mona}) REQUIRE(device->sync().code == Errc::ok);
    REQUIRE(office.ann->set(quote, {{"discount", std::int64_t{600}}}).has_value());
    REQUIRE(office.mona->set(quote, {{"discount", std::int64_t{700}}}).has_value());
    for (int round = 0; round < 2; ++round)
        for (auto* device : {&office.ann, &office.mona}) REQUIRE(device->sync().code == Errc::ok);
    CHECK(error_of(office.mona->approve(quote)) == "conflict_open discount");
    REQUIRE(office.mona->approve(quote, replica::Decision::rejected, "which discount?").has_value());
    REQUIRE(office.mona->resolve(quote, "discount", std::int64_t{600}, "agreed").has_value());
    REQUIRE(office.mona->approve(quote).has_value());
    REQUIRE(office.mona.sync().code == Errc::ok);
    CHECK(office.mona->status().refused == 0);
}

TEST_CASE("a customer's signature shows what was changed in the work order afterwards", "[approval][scenario]")
{
    Office office;
    const auto order = office.company.new_record();
    office.company.apply(creation(order, "work_order", {{"subject", text("Repair")}, {"account", office.company.acme}, {"assignee", office.company.ann}, {"status", text("in_progress")}}));
    for (auto* device : {&office.ann, &office.mona}) REQUIRE(device->sync().code == Errc::ok);
    const auto labour = office.mona->add_item(order, "labour", {{"person", office.company.ann}, {"minutes", std::int64_t{90}}}).value();
    const auto signature = office.mona->sign(order, {"Maria Anders", "Owner", "signature.png", "image/png", to_bytes(as_bytes("a picture"))}).value();
    REQUIRE(office.mona->set(order, {{"status", text("completed")}, {"completed_at", office.company.clock().now()}}).has_value());
    CHECK(told(office.mona->show(order).value()) == std::vector<std::string>{"holds"});
    for (auto* device : {&office.mona, &office.ann}) REQUIRE(device->sync().code == Errc::ok);
    REQUIRE(office.mona->set_item(order, "labour", labour, {{"minutes", std::int64_t{120}}}).has_value());
    for (int round = 0; round < 2; ++round)
        for (auto* device : {&office.mona, &office.ann}) REQUIRE(device->sync().code == Errc::ok);
    for (auto* device : {&office.mona, &office.ann}) {
        CHECK(told((*device)->show(order).value()) == std::vector<std::string>{"changed since; minutes 90 -> 120 by Mona"});
        CHECK((*device)->as_endorsed(order, signature)->collections.at("labour").front().fields.at("minutes") == schema::Value{std::int64_t{90}});
    }
    CHECK(office.mona->status().refused == 0);
    CHECK(office.mona->attachment(order, sha256(as_bytes("a picture"))).has_value());
}

TEST_CASE("the server takes no forged approval from somebody who holds a manager's token", "[approval]")
{
    Office office;
    RawAuthor raw{office.company, office.mona};
    const auto quote = office.company.new_record();
    const auto made = raw.change(creation(quote, "quote", {{"account", office.company.acme}, {"status", text("draft")}, {"owner", office.company.ann}, {"discount", std::int64_t{500}}})).value();
    REQUIRE(raw.commit(made).status() == protocol::v1::ACCEPTED);
    raw.keep(quote);
    const auto head = automerge::inspect(as_bytes(made.change()), {}).value().hash;

    const auto& kind = *schema::find_kind("quote");
    auto document = merge::new_document(kind);
    const ByteView bytes = as_bytes(made.change());
    document.apply(std::span{&bytes, 1}).value();
    const auto content = document.read().value();
    schema::Fields right{{"approver", office.company.mona}, {"decision", text("approved")}, {"step", std::int64_t{1}}, {"steps_needed", std::int64_t{1}}};
    merge::write(merge::seal_of(content, {head}, *kind.approval()), right);
    const auto pushed = [&](schema::Fields entry, bool with_state = false) {
        merge::Intent intent;
        intent.record = quote;
        intent.kind = "quote";
        if (!entry.empty()) intent.steps.push_back({"approvals", new_id<ChildId>(office.company.clock().now(), office.company.chance()), true, std::move(entry)});
        if (with_state) intent.steps.push_back({{}, {}, false, {{"status", text("approved")}}});
        const auto answer = raw.commit(raw.change(intent).value());
        return answer.status() == protocol::v1::ACCEPTED ? std::string{"accepted"} : answer.code();
    };
    const auto but = [&](const char* field, schema::Value value) {
        auto entry = right;
        entry[field] = std::move(value);
        return pushed(entry, true);
    };
    CHECK(but("digest", sha256(as_bytes("what I would like")).hex()) == "not_allowed");
    CHECK(but("heads", sha256(as_bytes("nowhere")).hex()) == "not_allowed");
    CHECK(but("exclusions", text("approvals lines number opportunity signatures status")) == "not_allowed");
    CHECK(but("steps_needed", std::int64_t{2}) == "not_allowed"); // then it is not approved yet
    CHECK(but("decision", text("rejected")) == "not_allowed");
    CHECK(pushed({}, true) == "not_allowed");
    CHECK(pushed(right, true) == "accepted");
}

namespace {

/// A quote of Ann's with 20 % off, of which Mona alone may approve up to so much.
struct Discounted {
    Company company;
    RecordId limit = company.new_record(), quote;
    Device ann{company, "ann", company.ann}, mona{company, "mona", company.mona};

    explicit Discounted(std::int64_t allowed)
    {
        company.apply(creation(limit, "discount_limit", {{"name", text("Reps")}, {"role", text("rep")}, {"limit", allowed}}));
        for (auto* device : {&ann, &mona}) REQUIRE(device->sync().code == Errc::ok);
        quote = ann->add("quote", {{"account", company.acme}, {"status", text("draft")}, {"currency", text("EUR")}, {"discount", std::int64_t{2'000}}})->record;
        REQUIRE(ann->add_item(quote, "lines", {{"description", text("L1")}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{10'000, "EUR"}}}).has_value());
        for (auto* device : {&ann, &mona}) REQUIRE(device->sync().code == Errc::ok);
    }
    void limit_to(std::int64_t allowed) { company.apply(edit(limit, "discount_limit", {{"limit", allowed}})); }
};

} // namespace

TEST_CASE("a manager's device that leaves the second approver out is not believed", "[approval]")
{
    Discounted world{5'000};
    world.limit_to(1'000);
    world.company.clock().advance(std::chrono::hours{1}); // her device has not heard of the lower limit, or says so
    const auto decided = world.mona->approve(world.quote);
    REQUIRE(decided.has_value());
    CHECK(decided->steps_needed == 1);
    REQUIRE(world.mona.sync().code == Errc::ok);
    const auto refused = world.mona->refused();
    REQUIRE(refused.size() == 1);
    CHECK(refused.front().code == Errc::not_allowed);
    CHECK(refused.front().field.ends_with("/steps_needed"));
    CHECK_FALSE(refused.front().reason_zh.empty());
    CHECK(server_value(world.company, world.quote, "status") == text("draft"));
    // With the limits of now it asks for the second one by itself.
    const auto again = world.mona->approve(world.quote);
    REQUIRE(again.has_value());
    CHECK(again->steps_needed == 2);
    CHECK_FALSE(again->complete);
    REQUIRE(world.mona.sync().code == Errc::ok);
    CHECK(world.mona->refused().size() == 1);
}

TEST_CASE("who approved offline before a limit was lowered, and comes later, is believed", "[approval]")
{
    Discounted world{5'000};
    REQUIRE(world.mona->approve(world.quote)->complete);
    world.company.clock().advance(std::chrono::hours{48});
    world.limit_to(1'000);
    REQUIRE(world.mona.sync().code == Errc::ok);
    CHECK(world.mona->refused().empty());
    CHECK(server_value(world.company, world.quote, "status") == text("approved"));
}

TEST_CASE("what was agreed with a customer about discounts is asked, too, before one person's yes is enough", "[approval]")
{
    Discounted world{5'000};
    world.company.apply(creation(world.company.new_record(), "account_terms", {{"account", world.company.acme}, {"discount_limit", std::int64_t{1'500}}}));
    world.company.clock().advance(std::chrono::hours{1});
    REQUIRE(world.mona.sync().code == Errc::ok);
    const auto decided = world.mona->approve(world.quote);
    REQUIRE(decided.has_value());
    CHECK(decided->steps_needed == 2);
}
