// Which records are where: what comes along with work, what leaders and roles see, what a day on the calendar changes, and that a move
// changes exactly the right ids.
#include "sync-server/store/store.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::testing;
using schema::ScopeId;

namespace {

/// The small company with a service department, finance, and a second manager in another part of it.
struct Service : Company {
    RecordId eve = person("Eve", "engineer", {}), emil = person("Emil", "engineer", {}), dora = person("Dora", "dispatcher", {});
    RecordId fay = person("Fay", "finance", {}), max = person("Max", "manager", {}), rita = person("Rita", "rep", max);
    RecordId west = add("territory", {{"name", text("West")}, {"holder", rita}});
    RecordId contact = add("contact", {{"name", text("Bob")}, {"account", acme}});
    RecordId asset = add("asset", {{"serial", text("S-1")}, {"account", acme}});
    RecordId quote = add("quote", {{"account", acme}, {"owner", ann}});

    RecordId add(const char* kind, schema::Fields fields)
    {
        const auto id = new_record();
        apply(creation(id, kind, std::move(fields)));
        return id;
    }
    RecordId person(const char* name, const char* role, std::optional<RecordId> boss)
    {
        schema::Fields fields{{"name", text(name)}, {"role", text(role)}};
        if (boss) fields["reports_to"] = *boss;
        return add("person", std::move(fields));
    }
    void set(const RecordId& id, schema::Fields fields) { apply(edit(id, hub().record(id).value().kind, std::move(fields))); }
    RecordId order_for(const RecordId& engineer)
    {
        return add("work_order", {{"subject", text("Repair")}, {"account", acme}, {"assignee", engineer}, {"status", text("offered")}});
    }
};

bool has(Device& device, const RecordId& id)
{
    return device->show(id).has_value();
}

bool synced(Device& device)
{
    return device.sync().code == Errc::ok;
}

} // namespace

TEST_CASE("open work brings its customer, contacts and equipment to the engineer, and takes them along when it goes", "[access]")
{
    Service company;
    Device eve{company, "eve", company.eve};
    Device emil{company, "emil", company.emil};
    REQUIRE(synced(eve));
    CHECK_FALSE(has(eve, company.acme));
    const auto order = company.order_for(company.eve);
    REQUIRE(synced(eve));
    for (const auto& id : {order, company.acme, company.contact, company.asset}) CHECK(has(eve, id));
    CHECK_FALSE(has(eve, company.quote));
    CHECK_FALSE(has(eve, company.bolt));

    SECTION("to another engineer")
    {
        company.set(order, {{"assignee", company.emil}});
        REQUIRE((synced(eve) && synced(emil)));
        for (const auto& id : {order, company.acme, company.contact, company.asset}) {
            CHECK_FALSE(has(eve, id));
            CHECK(has(emil, id));
        }
    }
    SECTION("out of sight when it is closed, but not while a second order is open")
    {
        const auto second = company.order_for(company.eve);
        company.set(order, {{"status", text("cancelled")}});
        REQUIRE(synced(eve));
        CHECK(has(eve, company.acme));
        company.set(second, {{"status", text("cancelled")}});
        REQUIRE(synced(eve));
        CHECK(has(eve, order)); // his own work stays
        for (const auto& id : {company.acme, company.contact, company.asset}) CHECK_FALSE(has(eve, id));
    }
    SECTION("with what was added to them meanwhile")
    {
        const auto late = company.add("contact", {{"name", text("Carl")}, {"account", company.acme}});
        const auto visit = company.add("visit", {{"subject", text("Sale")}, {"account", company.acme}, {"owner", company.ann}});
        REQUIRE(synced(eve));
        CHECK(has(eve, late));
        CHECK_FALSE(has(eve, visit));
    }
    SECTION("an edit made there offline after the work went on is taken late")
    {
        REQUIRE(eve->set(company.contact, {{"phone", text("555")}}).has_value());
        company.set(order, {{"assignee", company.emil}});
        REQUIRE(synced(eve));
        CHECK(server_value(company, company.contact, "phone") == text("555"));
        CHECK_FALSE(has(eve, company.contact));
    }
    SECTION("a visit there is refused on the device: the customer is not his")
    {
        const auto visit = eve->add("visit", {{"subject", text("Coffee")}, {"account", company.acme}});
        REQUIRE_FALSE(visit.has_value());
        CHECK(visit.error().code == Errc::not_allowed);
        CHECK(visit.error().field == "account");
        CHECK(eve->add("contact", {{"name", text("Doris")}, {"account", company.acme}}).has_value());
        REQUIRE(synced(eve));
        CHECK(company.hub().quarantine().empty());
    }
}

TEST_CASE("terms are seen by finance and by who leads where the customer is, costs by managers, personnel files by superiors", "[access]")
{
    Service company;
    const auto terms = company.add("account_terms", {{"name", text("Net 30")}, {"account", company.acme}});
    const auto cost = company.add("product_cost", {{"product", company.widget}, {"cost", Money{500, "EUR"}}, {"valid_from", text("2026-01-01")}});
    const auto file = company.add("person_private", {{"person", company.ann}});
    const auto report = company.add("expense_report", {{"title", text("Trip")}, {"owner", company.ann}});
    Device ann{company, "ann", company.ann}, mona{company, "mona", company.mona}, max{company, "max", company.max}, fay{company, "fay", company.fay},
        dora{company, "dora", company.dora};
    for (auto* device : {&ann, &mona, &max, &fay, &dora}) REQUIRE(synced(*device));
    const auto readers = [&](const RecordId& id) {
        std::string found;
        for (auto [name, device] : {std::pair{"ann ", &ann}, {"mona ", &mona}, {"max ", &max}, {"fay ", &fay}, {"dora ", &dora}})
            if (has(*device, id)) found += name;
        return found;
    };
    CHECK(readers(terms) == "mona fay ");
    CHECK(readers(cost) == "mona max fay ");
    CHECK(readers(file) == "mona fay ");
    CHECK(readers(report) == "ann mona fay ");
    CHECK(readers(company.acme) == "ann mona fay dora ");
    CHECK(readers(company.quote) == "ann mona ");

    company.set(company.acme, {{"territory", company.west}});
    for (auto* device : {&ann, &mona, &max, &fay, &dora}) REQUIRE(synced(*device));
    CHECK(readers(terms) == "max fay ");
    CHECK(readers(company.quote) == "max ");
}

TEST_CASE("a cover by date begins and ends at its time, on open connections too", "[access]")
{
    Service company;
    Device ben{company, "ben", company.ben};
    REQUIRE(synced(ben));
    merge::Intent cover = edit(company.north, "territory", {});
    const auto child = new_id<ChildId>(company.clock().now(), company.chance());
    cover.steps = {{"covers", child, true, {{"person", company.ben}, {"from", text("2026-03-05")}, {"until", text("2026-03-06")}}}};
    company.apply(cover);
    REQUIRE(synced(ben));
    CHECK_FALSE(has(ben, company.acme));

    company.clock().set(time_from_text("2026-03-05T00:00:00Z").value());
    REQUIRE(synced(ben));
    CHECK(has(ben, company.acme));

    auto connection = greet(company, ben);
    company.clock().set(time_from_text("2026-03-07T00:00:00Z").value());
    company.core().poll();
    const auto told = connection.receive();
    REQUIRE(told.size() == 1);
    REQUIRE(told.front().has_grants());
    company.core().lost(connection.id(), fail(Errc::link_lost, "bye"));
    REQUIRE(synced(ben));
    CHECK_FALSE(has(ben, company.acme));
}

TEST_CASE("a hand-over agreed for a day is made on that day by the server itself, once", "[access]")
{
    Service company;
    Device ann{company, "ann", company.ann}, ben{company, "ben", company.ben};
    REQUIRE((synced(ann) && synced(ben)));
    company.set(company.north, {{"next_holder", company.ben}, {"next_holder_from", text("2026-03-05")}});
    REQUIRE((synced(ann) && synced(ben)));
    CHECK(has(ann, company.acme));
    REQUIRE(ann->set(company.acme, {{"phone", text("1")}}).has_value());

    company.clock().set(time_from_text("2026-03-05T06:00:00Z").value());
    SECTION("while it runs") { company.core().poll(); }
    SECTION("when it starts again later")
    {
        company.close_server();
        company.open_server();
    }
    REQUIRE((synced(ben) && synced(ann) && synced(ben)));
    CHECK(server_value(company, company.north, "holder") == schema::Value{company.ben});
    CHECK(schema::is_empty(server_value(company, company.north, "next_holder")));
    CHECK_FALSE(has(ann, company.acme));
    CHECK(device_value(ben, company.acme, "phone") == text("1"));
}

namespace {

/// The question, asked naively: where does this record belong, by the rules of its kind?
std::set<ScopeId> belongs(Company& company, const RecordId& id, const std::vector<RecordId>& orders);

std::set<ScopeId> home(Company& company, const RecordId& id)
{
    using How = schema::ScopeRule::How;
    std::set<ScopeId> scopes;
    const auto record = company.hub().record(id).value();
    for (const auto& rule : schema::find_kind(record.kind)->scopes) {
        const auto target = rule.field.empty() ? id : schema::reference_of(record, rule.field).value_or(RecordId{});
        if (rule.how == How::company) scopes.insert(ScopeId::company());
        if (rule.how == How::roles) scopes.insert(ScopeId::of_roles(rule.roles));
        if (target.is_nil()) continue;
        if (rule.how == How::territory) scopes.insert(ScopeId::territory(target));
        if (rule.how == How::person) scopes.insert(ScopeId::person(target));
        if (rule.how == How::with || rule.how == How::along)
            for (const auto& scope : home(company, target))
                if (scope.kind != ScopeId::Kind::roles) scopes.insert(scope);
        if (rule.how == How::office)
            for (const auto& scope : home(company, target))
                if (scope.kind == ScopeId::Kind::territory) scopes.insert(ScopeId::office(scope.id));
    }
    return scopes;
}

std::set<ScopeId> belongs(Company& company, const RecordId& id, const std::vector<RecordId>& orders)
{
    auto scopes = home(company, id);
    const auto record = company.hub().record(id).value();
    const auto account = record.kind == "account" ? id : schema::reference_of(record, "account").value_or(RecordId{});
    if (record.kind != "account" && record.kind != "contact" && record.kind != "asset") return scopes;
    for (const auto& order : orders) {
        const auto work = company.hub().record(order).value();
        const auto state = schema::text_of(work, "status");
        if (schema::reference_of(work, "account") != account || state == "cancelled" || state == "closed") continue;
        for (const auto* who : {"assignee", "dispatcher"})
            if (const auto person = schema::reference_of(work, who)) scopes.insert(ScopeId::person(*person));
    }
    return scopes;
}

/// What somebody has who read the scope's feed from its beginning.
std::set<RecordId> replay(store::Store& store, const store::ScopeHead& scope)
{
    std::set<RecordId> there;
    for (std::uint64_t at = 0; at < scope.seq;)
        for (const auto& row : store.entries(scope.num, at, 1'000)) {
            REQUIRE(row.seq == at + 1); // no gaps
            at = row.seq;
            if (row.kind == v1::Entry::LEAVE) there.erase(row.document);
            else there.insert(row.document);
        }
    return there;
}

} // namespace

TEST_CASE("each of many random edits moves exactly the records that the naive question moves, in the tables and in every feed", "[access]")
{
    Service company;
    simulation::Chance chance{11};
    std::vector<RecordId> territories{company.north, company.south, company.west}, engineers{company.eve, company.emil, company.dora};
    std::vector<RecordId> accounts{company.acme, company.bolt}, orders, all{company.acme, company.bolt, company.contact, company.asset, company.quote};
    for (int i = 0; i < 4; ++i) all.push_back(accounts.emplace_back(company.add("account", {{"name", text("More")}, {"territory", chance.pick(territories)}})));
    for (const auto* kind : {"contact", "visit", "account_terms", "asset"})
        for (const auto& account : accounts) {
            schema::Fields fields{{"account", account}};
            if (std::string_view{kind} == "visit") fields["subject"] = text("See"), fields["owner"] = company.ann;
            if (std::string_view{kind} == "contact") fields["name"] = text("Bob");
            if (std::string_view{kind} == "asset") fields["serial"] = text("S");
            all.push_back(company.add(kind, std::move(fields)));
        }
    for (int i = 0; i < 5; ++i) {
        all.push_back(orders.emplace_back(company.order_for(chance.pick(engineers))));
        company.set(orders.back(), {{"account", chance.pick(accounts)}});
    }
    for (int step = 0; step < 400; ++step) {
        CAPTURE(step);
        switch (chance.below(5)) {
        case 0: company.set(chance.pick(accounts), {{"territory", chance.pick(territories)}}); break;
        case 1: company.set(chance.pick(orders), {{"assignee", chance.pick(engineers)}}); break;
        case 2: company.set(chance.pick(orders), {{"account", chance.pick(accounts)}}); break;
        case 3: company.set(chance.pick(orders), {{"status", text(chance.one_in(2) ? "cancelled" : chance.one_in(2) ? "offered" : "closed")}}); break;
        default: company.set(chance.pick(orders), {{"dispatcher", chance.one_in(2) ? schema::Value{} : schema::Value{company.dora}}}); break;
        }
        if (step % 20 != 0) continue;
        auto store = store::Store::open({company.server_folder() / server::Hub::file_name, false, {}, {}}).value();
        std::map<ScopeId, std::set<RecordId>> expected;
        for (const auto& id : all)
            for (const auto& scope : belongs(company, id, orders)) expected[scope].insert(id);
        const std::set<RecordId> watched{all.begin(), all.end()};
        for (const auto& scope : store.scopes()) {
            CAPTURE(scope.id.text());
            std::set<RecordId> kept, read;
            for (const auto& row : store.members(scope.num, 0, 10'000))
                if (watched.contains(row.id)) kept.insert(row.id);
            for (const auto& id : replay(store, scope))
                if (watched.contains(id)) read.insert(id);
            REQUIRE(kept == expected[scope.id]);
            REQUIRE(read == expected[scope.id]);
        }
    }
}

TEST_CASE("whatever a greeting or an enrolment is refused for is said in both languages, and reaches the device so", "[hub]")
{
    Office office;
    auto& company = office.company;
    const auto refused = [&](const v1::ClientFrame& frame) {
        Connection connection{company};
        const auto frames = connection.send(frame);
        REQUIRE(frames.size() == 1);
        REQUIRE(frames.front().has_refusal());
        const auto& refusal = frames.front().refusal();
        INFO(refusal.code() << ": " << refusal.message());
        CHECK_FALSE(refusal.message().empty());
        CHECK_FALSE(refusal.message_zh().empty());
        return refusal.code();
    };
    CHECK(refused(enrolment("AAAA-AAAA-AAAA-AAAA")) == "bad_code");
    CHECK(refused(enrolment(std::string(2'000, 'A'))) == "too_large");
    auto by_password = enrolment({});
    by_password.mutable_enrol()->set_person("Ann");
    by_password.mutable_enrol()->set_password("wrong");
    CHECK(refused(by_password) == "bad_code");
    auto newer = office.ann.hello();
    newer.mutable_hello()->set_version(protocol::version + 1);
    CHECK(refused(newer) == "unsupported_version");
    auto stranger = office.ann.hello();
    stranger.mutable_hello()->set_token(std::string(64, 'x'));
    CHECK(refused(stranger) == "bad_token");
    v1::ClientFrame surrender;
    surrender.mutable_surrender()->set_version(protocol::version);
    surrender.mutable_surrender()->set_device(std::string(16, 'x'));
    CHECK(refused(surrender) == "bad_token");
    CHECK(refused({}) == "bad_frame");
    REQUIRE(company.hub().revoke(office.mona->identity()->device).has_value());
    CHECK(refused(office.mona.hello()) == "revoked");
    company.apply(edit(company.ann, "person", {{"deleted_at", company.clock().now()}}));
    CHECK(refused(office.ann.hello()) == "revoked");
    const auto why = office.ann.sync();
    CHECK(why.code == Errc::revoked);
    CHECK_FALSE(why.message_zh.empty());
}
