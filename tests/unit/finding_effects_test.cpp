// Findings on real devices and a real server: the scenarios in every order in which people sync, who is told what, and merging two accounts.
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

TEST_CASE("scenario 6: two engineers share a van's stock offline", "[findings]")
{
    std::vector<int> order{0, 1, 2};
    std::optional<std::vector<Finding>> first;
    do {
        for (const bool variant : {false, true}) {
            CAPTURE(order, variant);
            Workshop shop;
            shop.exchange_all();
            shop.move(shop.store, 5, "receipt", shop.dora);
            shop.exchange_all();
            const auto one = shop.move(shop.e1, variant ? -4 : -2, "used", shop.eve);
            const auto two = shop.move(shop.e2, variant ? -3 : -2, "used", shop.finn);
            shop.move(shop.store, 1, "transfer", shop.dora);
            for (const auto i : order) exchange(*std::array{&shop.e1, &shop.e2, &shop.store}[static_cast<std::size_t>(i)]);
            shop.exchange_all();
            std::int64_t missing = variant ? 1'000 : 0;
            for (auto* device : shop.all()) {
                const auto found = (*device)->findings();
                REQUIRE(found.size() == (variant ? 1 : 0));
                if (variant) CHECK(found[0].quantity == missing);
                if (variant) CHECK(found == shop.mona->findings());
            }
            CHECK(device_value(shop.mona, one, "quantity") == schema::Value{std::int64_t{variant ? -4'000 : -2'000}}); // both reports stay whole
            CHECK(device_value(shop.mona, two, "quantity") == schema::Value{std::int64_t{variant ? -3'000 : -2'000}});
            REQUIRE(tasks(shop.e1).size() == (variant ? 1 : 0));
            CHECK(tasks(shop.e2).empty());
            if (!variant) continue;
            const auto task = tasks(shop.e1).front();
            CHECK(task["owner"] == schema::Value{shop.eve});
            CHECK(task["notice"] == text("new"));
            CHECK(task["done"] == schema::Value{false});
            shop.move(shop.e1, 1, "counted", shop.eve);
            exchange(shop.e1);
            exchange(shop.e1);
            CHECK(shop.e1->findings().empty());
            CHECK(device_value(shop.e1, task.id, "notice") == text("withdrawn"));
            CHECK(schema::text_of(shop.e1->show(task.id)->merged.record, "closed_because").find("not below zero") != std::string::npos);
            shop.move(shop.e1, -1, "used", shop.eve); // again: the same task opens anew
            exchange(shop.e1);
            exchange(shop.e1);
            REQUIRE(tasks(shop.e1).size() == 1);
            CHECK(device_value(shop.e1, task.id, "notice") == text("new"));
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

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

TEST_CASE("scenario 7: cancelled, but done offline", "[findings]")
{
    for (const bool cancel_first : {true, false}) {
        CAPTURE(cancel_first);
        Workshop shop;
        auto& company = shop.company;
        shop.exchange_all();
        const auto van = added(shop.store, "van_stock", {{"holder", shop.eve}, {"product", company.widget}});
        shop.move(shop.store, 5, "receipt", shop.dora);
        const auto work = company.new_record();
        company.apply(creation(work, "work_order", {{"subject", text("Pump")}, {"account", company.acme}, {"assignee", shop.eve}, {"dispatcher", shop.dora}, {"status", text("accepted")}}));
        shop.exchange_all();
        shop.exchange_all();
        REQUIRE(shop.store->set(work, {{"status", text("cancelled")}, {"cancel_reason", text("customer called")}}).has_value());
        if (cancel_first) exchange(shop.store);
        REQUIRE(shop.e1->set(work, {{"status", text("in_progress")}}).has_value());
        for (int i = 0; i < 2; ++i)
            REQUIRE(shop.e1->add_item(work, "parts_used", {{"product", company.widget}, {"quantity", std::int64_t{1'000}}, {"van_stock", van}}).has_value());
        REQUIRE(shop.e1->add_item(work, "labour", {{"person", shop.eve}, {"minutes", std::int64_t{90}}}).has_value());
        REQUIRE(shop.e1->sign(work, {"Customer", {}, {}, {}, {}}).has_value());
        for (int i = 0; i < 4; ++i) {
            const auto photo = fmt::format("photo {}", i);
            REQUIRE(shop.e1->attach(work, fmt::format("{}.jpg", i), "image/jpeg", as_bytes(photo)).has_value());
        }
        REQUIRE(shop.e1->set(work, {{"status", text("completed")}}).has_value());
        exchange(shop.e1);
        exchange(shop.store);
        shop.exchange_all();
        for (auto* device : shop.all()) {
            if (device == &shop.e2) continue; // not his
            const auto found = (*device)->findings_of(work);
            REQUIRE(names(found) == std::vector<std::string>{"completed_after_cancel/" + work.text()});
            CHECK(found[0].words.en == R"("Pump" was completed after cancel (cancel not seen): 90 minutes of labour are counted, the invoice is on hold)");
            CHECK(found[0].people == std::vector{std::min(shop.eve, shop.dora), std::max(shop.eve, shop.dora)});
            CHECK(device_value(*device, work, "status") == text("completed"));
            CHECK(device_value(*device, work, "billing") == text("on_hold"));
        }
        const auto record = shop.store->show(work)->merged.record;
        CHECK(record.collections.at("parts_used").size() == 2);
        CHECK(record.collections.at("attachments").size() == 4);
        CHECK(record.collections.at("signatures").size() == 1);
        REQUIRE(tasks(shop.store).size() == 1); // one decision
        CHECK(tasks(shop.store)[0]["work_order"] == schema::Value{work});
        CHECK(tasks(shop.e1).empty());
        shop.move(shop.store, -4, "used", shop.dora); // 5 - 2 - 4: the parts were deducted
        CHECK(shop.store->findings().back().quantity == 1'000);
        shop.move(shop.store, 4, "counted", shop.dora);

        REQUIRE(shop.store->set(work, {{"billing", text("goodwill")}}).has_value());
        exchange(shop.store);
        exchange(shop.store);
        CHECK(shop.store->findings_of(work).empty());
        CHECK(tasks(shop.store)[0]["done"] == schema::Value{true});
        CHECK(schema::text_of(tasks(shop.store)[0], "closed_because").find("Goodwill") != std::string::npos);
    }
}

TEST_CASE("scenario 2: which price holds", "[findings]")
{
    for (const bool ann_first : {true, false}) {
        CAPTURE(ann_first);
        Office office;
        auto& company = office.company;
        const auto list = [&](std::int64_t version, std::int64_t price, const char* from) {
            auto made = creation(company.new_record(), "price_list", {{"name", text("STD")}, {"code", text("STD")}, {"currency", text("EUR")}, {"version", version}, {"valid_from", text(from)}});
            made.steps.push_back({"entries", ChildId::from(company.new_record().view()).value(), true, {{"product", company.widget}, {"unit_price", Money{price, "EUR"}}, {"position", text("a")}}});
            company.apply(made);
            return made.record;
        };
        const auto v12 = list(12, 10'000, "2026-01-01");
        const auto v13 = list(13, 9'200, "2026-06-01");
        exchange(office.ann);
        exchange(office.mona);
        const auto quote = [&](Device& by, const RecordId& owner, std::int64_t price, const RecordId& from, std::int64_t version, const char* day) {
            const auto id = added(by, "quote", {{"account", company.acme}, {"owner", owner}, {"quoted_on", text(day)}, {"valid_until", text("2026-07-31")}, {"status", text("draft")}});
            REQUIRE(by->add_item(id, "lines", {{"product", company.widget}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{price, "EUR"}}, {"price_list", from}, {"price_list_version", version}}).has_value());
            return id;
        };
        const auto a = quote(office.ann, company.ann, 10'000, v12, 12, "2026-05-30");
        REQUIRE(office.ann->attach(a, "quote.pdf", "application/pdf", as_bytes("the paper that was sent")).has_value());
        REQUIRE(office.ann->set(a, {{"status", text("sent")}}).has_value());
        const auto b = quote(office.mona, company.mona, 9'200, v13, 13, "2026-06-02");
        const auto was_a = office.ann->show(a)->merged.record;
        const auto was_b = office.mona->show(b)->merged.record;
        for (auto* device : ann_first ? std::array{&office.ann, &office.mona} : std::array{&office.mona, &office.ann}) exchange(*device);
        exchange(office.ann);
        exchange(office.mona);
        const auto found = office.ann->findings_of(company.acme);
        REQUIRE(found.size() == 1);
        CHECK(found == office.mona->findings_of(company.acme));
        CHECK(found[0].rule == "two_prices");
        CHECK(found[0].words.en.find("100.00 EUR by STD v12, valid until 2026-07-31") != std::string::npos);
        CHECK(found[0].words.en.find("92.00 EUR by STD v13, valid until 2026-07-31") != std::string::npos);
        CHECK(found[0].words.en.find("2026-06-01") != std::string::npos);
        CHECK(found[0].way_out.en.ends_with("list superseded, re-price to 92.00 EUR?"));
        CHECK(found[0].proposals.at(0).record == a);
        auto now_a = office.ann->show(a)->merged.record;
        auto now_b = office.mona->show(b)->merged.record;
        CHECK(now_a.collections == was_a.collections); // the paper's hash with them
        CHECK(now_b.collections == was_b.collections);
        CHECK(now_a["status"] == was_a["status"]);
        CHECK(tasks(office.mona).empty()); // Mona sees both herself
    }
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
