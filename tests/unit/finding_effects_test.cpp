// Findings on real devices and a real server: who is told what and when again, and merging two accounts. Whole scenarios are stories of the simulation.
#include "tests/support/office.hpp"

#include <fmt/format.h>

using namespace roadbook;
using namespace roadbook::testing;
using findings::Finding;

namespace {

std::vector<std::string> names(const std::vector<Finding>& all)
{
    std::vector<std::string> list;
    for (const auto& one : all) list.push_back(one.name);
    return list;
}

std::vector<schema::Record> tasks(Device& device)
{
    return device->list({"task", {}, "id"}).value();
}

RecordId added(Device& device, std::string_view kind, schema::Fields fields)
{
    const auto saved = device->add(kind, fields);
    INFO((saved ? "" : saved.error().message));
    REQUIRE(saved.has_value());
    return saved->record;
}

void exchange(Device& device)
{
    REQUIRE(device.sync().code == Errc::ok);
    REQUIRE(device->refused().empty());
}

/// Two engineers and a dispatcher beside the reps.
struct Workshop {
    Company company;
    RecordId eve = hire("Eve", "engineer"), finn = hire("Finn", "engineer"), dora = hire("Dora", "dispatcher");
    Device e1{company, "eve", eve}, e2{company, "finn", finn}, store{company, "dora", dora}, mona{company, "mona", company.mona};

    RecordId hire(const char* name, const char* role)
    {
        const auto id = company.new_record();
        company.apply(creation(id, "person", {{"name", text(name)}, {"role", text(role)}, {"reports_to", company.mona}}));
        return id;
    }
    std::vector<Device*> all() { return {&e1, &e2, &store, &mona}; }
    void exchange_all()
    {
        for (auto* device : all()) exchange(*device);
    }
    RecordId move(Device& by, std::int64_t units, const char* reason, const RecordId& who)
    {
        return added(by, "stock_movement", {{"product", company.widget}, {"van", eve}, {"quantity", units * 1'000}, {"reason", text(reason)}, {"moved_at", company.clock().now()}, {"moved_by", who}});
    }
};

} // namespace

TEST_CASE("a recount task that its owner has seen is not told again while the cause lasts", "[findings]")
{
    Workshop shop;
    shop.exchange_all();
    shop.move(shop.e1, -1, "used", shop.eve);
    exchange(shop.e1);
    exchange(shop.e1);
    const auto task = tasks(shop.e1).at(0).id;
    REQUIRE(shop.e1->set(task, {{"notice", text("seen")}}).has_value());
    exchange(shop.e1);
    shop.move(shop.e1, -1, "used", shop.eve);
    exchange(shop.e1);
    exchange(shop.e1);
    CHECK(tasks(shop.e1).size() == 1);
    CHECK(device_value(shop.e1, task, "notice") == text("seen"));
}

TEST_CASE("a recount that was done is asked for again, by the same task, when there is too little again", "[findings]")
{
    Workshop shop;
    shop.exchange_all();
    for (const auto& [units, reason, notice] : {std::tuple{-1, "used", "new"}, std::tuple{1, "counted", "withdrawn"}, std::tuple{-1, "used", "new"}}) {
        shop.move(shop.e1, units, reason, shop.eve);
        exchange(shop.e1);
        exchange(shop.e1);
        REQUIRE(tasks(shop.e1).size() == 1);
        CHECK(tasks(shop.e1)[0]["notice"] == text(notice));
    }
}

TEST_CASE("a task that is opened again keeps the subject that somebody gave it", "[findings]")
{
    Workshop shop;
    shop.exchange_all();
    const auto move = [&](int units, const char* reason) {
        shop.move(shop.e1, units, reason, shop.eve);
        exchange(shop.e1);
        exchange(shop.e1);
    };
    move(-1, "used");
    const auto task = tasks(shop.e1).at(0).id;
    REQUIRE(shop.e1->set(task, {{"subject", text("ask Eve about the box under the seat")}}).has_value());
    exchange(shop.e1);
    move(1, "counted");
    CHECK(device_value(shop.e1, task, "notice") == text("withdrawn"));
    move(-1, "used");
    CHECK(device_value(shop.e1, task, "notice") == text("new"));
    CHECK(device_value(shop.e1, task, "subject") == text("ask Eve about the box under the seat"));
}

TEST_CASE("a customer whom two reps entered apart is told to their manager only, once", "[findings]")
{
    Office office;
    auto& company = office.company;
    Device ben{company, "ben", company.ben};
    exchange(ben);
    const auto north = added(office.ann, "account", {{"name", text("Zenit")}, {"territory", company.north}, {"tax_number", text("DE 123456789")}});
    const auto south = added(ben, "account", {{"name", text("Zenith Pumps")}, {"territory", company.south}, {"tax_number", text("DE123456789")}});
    exchange(office.ann);
    exchange(ben);
    for (int i = 0; i < 2; ++i)
        for (auto* device : {&office.ann, &ben, &office.mona}) exchange(*device);
    CHECK(office.ann->findings().empty());
    CHECK(ben->findings().empty());
    CHECK(tasks(office.ann).empty());
    CHECK(tasks(ben).empty());
    REQUIRE(office.mona->findings().size() == 1);
    CHECK(names(company.hub().findings()) == names(office.mona->findings()));
    REQUIRE(tasks(office.mona).size() == 1);
    const auto task = tasks(office.mona)[0];
    CHECK(task["owner"] == schema::Value{company.mona});
    CHECK(schema::text_of(task, "subject").find("Zenith Pumps") != std::string::npos);
    REQUIRE(office.mona->merge_accounts(north, south, "one customer").has_value());
    exchange(office.mona);
    exchange(office.mona);
    CHECK(office.mona->findings().empty());
    CHECK(device_value(office.mona, task.id, "notice") == text("withdrawn"));
    REQUIRE(office.mona->unmerge_account(south, "two after all").has_value());
    exchange(office.mona);
    exchange(office.mona);
    CHECK(tasks(office.mona).size() == 1);
    CHECK(device_value(office.mona, task.id, "notice") == text("new"));
}

TEST_CASE("two customers who only look alike are told apart once, by a person, for everybody, until something that was compared changes", "[findings]")
{
    Office office;
    auto& company = office.company;
    Device ben{company, "ben", company.ben};
    Device second{company, "mona's second", company.mona};
    const auto everybody = [&] {
        for (int i = 0; i < 2; ++i)
            for (auto* device : {&office.ann, &ben, &office.mona, &second}) exchange(*device);
    };
    everybody();
    const auto north = added(office.ann, "account", {{"name", text("Zenit")}, {"territory", company.north}, {"tax_number", text("DE 123456789")}});
    const auto south = added(ben, "account", {{"name", text("Zenith Pumps")}, {"territory", company.south}, {"tax_number", text("DE123456789")}});
    everybody();
    REQUIRE(office.mona->findings().size() == 1);
    const auto name = office.mona->findings()[0].name;
    const auto task = tasks(office.mona).at(0).id;

    CHECK(office.mona->dismiss("double_booking/x/y", "no").error().code == Errc::not_found);
    CHECK(office.mona->restore_finding(name).error().code == Errc::not_found);
    REQUIRE(office.mona->dismiss(name, "two families of one name").has_value());
    CHECK(office.mona->findings().empty()); // at once
    everybody();
    for (auto* device : {&office.mona, &second}) {
        CHECK((*device)->findings().empty());
        const auto dismissed = (*device)->dismissed();
        REQUIRE(dismissed.size() == 1);
        CHECK(dismissed[0].finding == name);
        CHECK(dismissed[0].reason == "two families of one name");
        CHECK(dismissed[0].holds);
    }
    CHECK(company.hub().findings().empty());
    CHECK(device_value(office.mona, task, "notice") == text("withdrawn"));

    REQUIRE(ben->set(south, {{"notes", text("pays late")}}).has_value()); // nothing that was compared
    everybody();
    CHECK(office.mona->findings().empty());
    REQUIRE(ben->set(south, {{"city", text("Kiel")}}).has_value());
    everybody();
    REQUIRE(second->findings().size() == 1);
    CHECK(names(company.hub().findings()) == std::vector{name});
    CHECK_FALSE(second->dismissed().at(0).holds);

    REQUIRE(second->dismiss(name, "still two").has_value());
    everybody();
    CHECK(office.mona->findings().empty());
    CHECK(office.mona->dismissed().size() == 1);
    REQUIRE(office.mona->restore_finding(name).has_value());
    everybody();
    CHECK(second->findings().size() == 1);
    CHECK(second->dismissed().empty());
    CHECK(office.mona->history(north).value().size() == 4); // made, dismissed, dismissed again, taken back
}

TEST_CASE("one receipt in the reports of two colleagues is told to who leads both", "[findings]")
{
    Office office;
    Device ben{office.company, "ben", office.company.ben};
    exchange(ben);
    for (auto* device : {&office.ann, &ben}) {
        const auto report = added(*device, "expense_report", {{"title", text("Trip")}, {"owner", device == &ben ? office.company.ben : office.company.ann}});
        REQUIRE((*device)->add_item(report, "items", {{"spent_on", text("2026-03-01")}, {"category", text("taxi")}, {"amount", Money{24'000, "CNY"}}, {"receipt", text("0331-9921")}}).has_value());
        exchange(*device);
    }
    exchange(office.ann);
    exchange(office.mona);
    CHECK(office.ann->findings().empty());
    CHECK(ben->findings().empty());
    REQUIRE(office.mona->findings().size() == 1);
    CHECK(office.mona->findings()[0].money == Money{24'000, "CNY"});
    CHECK(tasks(office.mona).size() == 1);
}

TEST_CASE("merged accounts are listed as one with all that hangs on them, and a merge is taken back", "[findings]")
{
    Office office;
    auto& company = office.company;
    const auto other = added(office.ann, "account", {{"name", text("Acme Ltd")}, {"territory", company.north}});
    const auto visit = added(office.ann, "visit", {{"subject", text("Call")}, {"account", other}, {"owner", company.ann}});
    const auto visits = [&](const RecordId& account) { return office.ann->list({"visit", {{"account", account}}, {}}).value().size(); };
    CHECK(visits(company.acme) == 0);
    REQUIRE(office.ann->merge_accounts(company.acme, other, "entered twice").has_value());
    CHECK(visits(company.acme) == 1);
    CHECK(office.ann->aliases_of(company.acme) == std::vector{other});
    CHECK(office.ann->standing_for(other) == company.acme);
    CHECK(device_value(office.ann, visit, "account") == schema::Value{other}); // nothing moved
    CHECK(office.ann->merge_accounts(other, company.acme, "the other way").error().code == Errc::bad_argument);
    CHECK(office.ann->merge_accounts(company.acme, other, "again").error().code == Errc::bad_argument);
    REQUIRE(office.ann->unmerge_account(other, "two branches").has_value());
    CHECK(visits(company.acme) == 0);
    CHECK(visits(other) == 1);
    CHECK(office.ann->unmerge_account(other, "again").error().code == Errc::bad_argument);
}

TEST_CASE("accounts that two people merged into each other apart are one, the same everywhere", "[findings]")
{
    for (const bool ann_first : {true, false}) {
        Office office;
        auto& company = office.company;
        const auto other = added(office.ann, "account", {{"name", text("Acme Ltd")}, {"territory", company.north}});
        exchange(office.ann);
        exchange(office.mona);
        REQUIRE(office.ann->merge_accounts(company.acme, other, "entered twice").has_value());
        REQUIRE(office.mona->merge_accounts(other, company.acme, "entered twice").has_value());
        for (auto* device : ann_first ? std::array{&office.ann, &office.mona} : std::array{&office.mona, &office.ann}) exchange(*device);
        exchange(office.ann);
        exchange(office.mona);
        const auto oldest = std::min(other, company.acme);
        for (auto* device : {&office.ann, &office.mona}) {
            CHECK((*device)->standing_for(company.acme) == oldest);
            CHECK((*device)->standing_for(other) == oldest);
            CHECK((*device)->aliases_of(oldest) == std::vector{std::max(other, company.acme)});
        }
    }
}

TEST_CASE("findings of purged records leave nothing, and a replica that is opened anew shows the same", "[findings]")
{
    Office office;
    const auto one = added(office.ann, "visit", {{"subject", text("One")}, {"account", office.company.acme}, {"owner", office.company.ann}, {"planned_at", office.company.clock().now()}, {"status", text("planned")}});
    added(office.ann, "visit", {{"subject", text("Two")}, {"account", office.company.acme}, {"owner", office.company.ann}, {"planned_at", office.company.clock().now()}, {"status", text("planned")}});
    const auto found = office.ann->findings();
    REQUIRE(found.size() == 1);
    CHECK(office.ann->status().findings == 1);
    office.ann.close();
    office.ann.open();
    CHECK(office.ann->findings() == found);
    exchange(office.ann);
    office.give_north_to(office.company.ben);
    exchange(office.ann);
    CHECK(office.ann->findings().empty());
    CHECK(office.ann->findings_of(one).empty());
}
