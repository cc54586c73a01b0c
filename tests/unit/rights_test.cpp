// What each role may not do, by name: refused by the device before it says "saved", and by the server of a device that did not ask.
#include "tests/support/staff.hpp"

using namespace roadbook;
using namespace roadbook::testing;
using schema::Role;

namespace {

/// Both ends refuse it, with this code and field.
void check_refused(BothEnds& who, const merge::Intent& intent, Errc code, const std::string& field)
{
    CAPTURE(intent.kind, field);
    const auto device = who.on_device(intent);
    const auto server = who.on_server(intent);
    CHECK(device.code == code);
    CHECK(device.field == field);
    CHECK(server.code == code);
    CHECK(server.field == field);
}
void check_allowed(BothEnds& who, const merge::Intent& intent)
{
    CAPTURE(intent.kind);
    const auto device = who.on_device(intent);
    CHECK((device.code == Errc::ok ? std::string{} : device.field + ": " + device.message).empty());
    const auto server = who.on_server(intent);
    CHECK((server.code == Errc::ok ? std::string{} : server.field + ": " + server.message).empty());
}

merge::Intent entry(const RecordId& id, std::string_view kind, std::string_view collection, schema::Fields fields)
{
    merge::Intent intent;
    intent.record = id;
    intent.kind = kind;
    fields["position"] = text("aa");
    intent.steps.push_back({std::string{collection}, ChildId::parse("01900000-0000-7000-8000-000000000001").value(), true, std::move(fields)});
    return intent;
}
std::string approver_path(std::string_view field)
{
    return "approvals/01900000-0000-7000-8000-000000000001/" + std::string{field};
}

struct Desk : Staff {
    const schema::Kind& kind(std::string_view name) const { return *schema::find_kind(name); }
    Colleague& of(Role role) { return people.at(role); }
};

} // namespace

TEST_CASE("a rep cannot approve his own quote, and neither can a manager his", "[rights]")
{
    Desk desk;
    for (const auto role : {Role::rep, Role::manager, Role::finance, Role::admin}) {
        const auto& me = desk.of(role);
        const auto quote = desk.make(desk.kind("quote"), me, {{"status", text("draft")}});
        BothEnds who{desk, me.id, std::string{schema::name(role)}};
        check_refused(who, edit(quote, "quote", {{"status", text("approved")}}), Errc::not_allowed, "status");
        const auto approval = entry(quote, "quote", "approvals", {{"approver", me.id}, {"decision", text("approved")}});
        CHECK(who.on_device(approval).code == Errc::not_allowed);
        CHECK(who.on_server(approval).code == Errc::not_allowed);
    }
}

TEST_CASE("a manager writes no approval by hand, neither in another's name nor in his own", "[rights]")
{
    Desk desk;
    const auto quote = desk.make(desk.kind("quote"), desk.juniors.at(Role::manager), {{"status", text("draft")}});
    BothEnds mona{desk, desk.id_of(Role::manager), "manager"};
    check_refused(mona, entry(quote, "quote", "approvals", {{"approver", desk.id_of(Role::rep)}, {"decision", text("approved")}}), Errc::not_allowed, approver_path("approver"));
    // what he approves is sealed by the product: approval_scenario_test
    CHECK(mona.on_device(entry(quote, "quote", "approvals", {{"approver", desk.id_of(Role::manager)}, {"decision", text("approved")}})).code == Errc::not_allowed);
    CHECK(mona.on_server(entry(quote, "quote", "approvals", {{"approver", desk.id_of(Role::manager)}, {"decision", text("approved")}})).code == Errc::not_allowed);
}

TEST_CASE("nobody approves his own expenses, or pays them out to himself", "[rights]")
{
    Desk desk;
    for (const auto role : {Role::rep, Role::engineer, Role::manager, Role::finance, Role::admin}) {
        const auto& me = desk.of(role);
        const auto report = desk.make(desk.kind("expense_report"), me, {{"status", text("submitted")}});
        const auto approved = desk.make(desk.kind("expense_report"), me, {{"status", text("approved")}});
        BothEnds who{desk, me.id, std::string{schema::name(role)}};
        check_refused(who, edit(report, "expense_report", {{"status", text("approved")}}), Errc::not_allowed, "status");
        check_refused(who, edit(approved, "expense_report", {{"status", text("reimbursed")}}), Errc::not_allowed, "status");
        const auto payment = entry(approved, "expense_report", "payments", {{"paid_on", text("2026-03-02")}, {"amount", Money{1, "EUR"}}});
        CHECK(who.on_device(payment).code == Errc::not_allowed);
        CHECK(who.on_server(payment).code == Errc::not_allowed);
    }
}

TEST_CASE("a rep cannot see or change another rep's customers, nor what hangs on them", "[rights]")
{
    Desk desk;
    BothEnds rep{desk, desk.id_of(Role::rep), "rep"};
    const auto& other = desk.stranger;
    const auto visit = desk.make(desk.kind("visit"), other);
    const auto contact = desk.make(desk.kind("contact"), other);
    REQUIRE(rep.device.sync().code == Errc::ok);
    for (const auto& [id, kind, field] : {std::tuple{other.account, "account", "phone"}, {visit, "visit", "subject"}, {contact, "contact", "email"}}) {
        CHECK_FALSE(rep.device->kind_of(id).has_value());
        CHECK(rep.device->show(id).error().code == Errc::not_found);
        check_refused(rep, edit(id, kind, {{field, text("x@y.z")}}), Errc::not_found, "");
    }
    CHECK(rep.device->search("stranger", "account").empty());
    // nor put something there: it waits, as it would for a customer that is not there (alike_test.cpp)
    auto intrusion = creation(desk.company.new_record(), "visit", {{"subject", text("Mine")}, {"account", other.account}, {"owner", desk.id_of(Role::rep)}});
    CHECK(rep.on_server(intrusion).message == "WAITING");
    CHECK(rep.on_device(intrusion).code != Errc::ok);
}

TEST_CASE("nobody can take anything out of a record: deleting is a mark that can be taken back", "[rights]")
{
    Desk desk;
    for (const auto role : {Role::rep, Role::admin}) {
        BothEnds who{desk, desk.id_of(role), std::string{schema::name(role)}};
        const auto& mine = desk.of(role).account;
        for (const auto* key : {"name", "traits", "id"}) {
            auto document = who.document_of(mine);
            const std::vector<automerge::Edit> removal{{{key}, automerge::Edit::Remove{}}};
            CAPTURE(key);
            CHECK(who.push(mine, document, removal).code == Errc::bad_change);
        }
        const auto deletion = edit(mine, "account", {{"deleted_at", desk.company.clock().now()}});
        CHECK(who.on_server(deletion).code == Errc::ok);
        REQUIRE(who.device.sync().code == Errc::ok);
        CHECK(desk.company.hub().record(mine)->deleted_at.has_value());
        CHECK(schema::text_of(desk.company.hub().record(mine).value(), "name").starts_with("customer")); // all of it is there
        CHECK(who.on_device(edit(mine, "account", {{"deleted_at", schema::Value{}}})).code == Errc::ok);
        REQUIRE(who.device.sync().code == Errc::ok);
        CHECK_FALSE(desk.company.hub().record(mine)->deleted_at.has_value());
    }
    BothEnds rep{desk, desk.id_of(Role::rep), "rep again"};
    check_refused(rep, edit(desk.company.widget, "product", {{"deleted_at", desk.company.clock().now()}}), Errc::not_allowed, "deleted_at");
    check_refused(rep, edit(desk.of(Role::rep).territory, "territory", {{"deleted_at", desk.company.clock().now()}}), Errc::not_allowed, "deleted_at");
}

TEST_CASE("a rep cannot move an account to another territory, nor take a territory", "[rights]")
{
    Desk desk;
    BothEnds rep{desk, desk.id_of(Role::rep), "rep"};
    check_refused(rep, edit(desk.of(Role::rep).account, "account", {{"territory", desk.stranger.territory}}), Errc::not_allowed, "territory");
    check_refused(rep, edit(desk.stranger.territory, "territory", {{"holder", desk.id_of(Role::rep)}}), Errc::not_allowed, "holder");
    check_refused(rep, edit(desk.id_of(Role::rep), "person", {{"role", text("admin")}}), Errc::not_allowed, "role");
    check_refused(rep, edit(desk.of(Role::rep).account, "account", {{"credit_limit", Money{1, "EUR"}}}), Errc::not_allowed, "credit_limit");
    check_refused(rep, edit(desk.company.widget, "product", {{"price", Money{1, "EUR"}}}), Errc::not_allowed, "price");
    BothEnds manager{desk, desk.id_of(Role::manager), "manager"};
    check_allowed(manager, edit(desk.juniors.at(Role::manager).account, "account", {{"territory", desk.of(Role::manager).territory}}));
}

TEST_CASE("an engineer sees the customers of his open work alone, and gives no work to others", "[rights]")
{
    Desk desk;
    const auto& me = desk.of(Role::engineer);
    const auto& other = desk.stranger;
    const auto mine = desk.make(desk.kind("work_order"), other, {{"assignee", me.id}, {"dispatcher", desk.id_of(Role::dispatcher)}});
    const auto theirs = desk.make(desk.kind("work_order"), other, {{"assignee", other.id}, {"dispatcher", desk.id_of(Role::dispatcher)}});
    BothEnds engineer{desk, me.id, "engineer"};
    CHECK(engineer.device->kind_of(mine).has_value());
    CHECK(engineer.device->kind_of(other.account).has_value()); // it came along with the work
    CHECK_FALSE(engineer.device->kind_of(theirs).has_value());
    CHECK_FALSE(engineer.device->kind_of(desk.juniors.at(Role::finance).account).has_value());
    CHECK(engineer.on_server(edit(theirs, "work_order", {{"place", text("Dock 1")}})).code == Errc::not_found);
    check_refused(engineer, edit(mine, "work_order", {{"assignee", desk.id_of(Role::rep)}}), Errc::not_allowed, "assignee");
    check_refused(engineer, edit(mine, "work_order", {{"status", text("closed")}}), Errc::not_allowed, "status");
    check_refused(engineer, edit(other.account, "account", {{"credit_limit", Money{1, "EUR"}}}), Errc::not_allowed, "credit_limit");
}

TEST_CASE("a dispatcher shares the work out, but approves no quote and sets no price or credit", "[rights]")
{
    Desk desk;
    const auto& other = desk.stranger;
    const auto order = desk.make(desk.kind("work_order"), other, {{"assignee", other.id}, {"dispatcher", desk.id_of(Role::dispatcher)}});
    const auto quote = desk.make(desk.kind("quote"), desk.of(Role::dispatcher), {{"owner", other.id}, {"status", text("draft")}});
    BothEnds dispatcher{desk, desk.id_of(Role::dispatcher), "dispatcher"};
    check_allowed(dispatcher, edit(order, "work_order", {{"assignee", desk.id_of(Role::engineer)}}));
    check_refused(dispatcher, edit(other.account, "account", {{"credit_limit", Money{1, "EUR"}}}), Errc::not_allowed, "credit_limit");
    check_refused(dispatcher, edit(other.account, "account", {{"territory", desk.of(Role::dispatcher).territory}}), Errc::not_allowed, "territory");
    check_refused(dispatcher, edit(quote, "quote", {{"status", text("approved")}}), Errc::not_allowed, "status");
    check_refused(dispatcher, edit(desk.company.widget, "product", {{"price", Money{1, "EUR"}}}), Errc::not_allowed, "price");
}

TEST_CASE("finance keeps limits and pays expenses, but moves no account, prices no product and writes nobody's expenses", "[rights]")
{
    Desk desk;
    const auto& other = desk.stranger;
    const auto report = desk.make(desk.kind("expense_report"), other, {{"status", text("approved")}});
    BothEnds finance{desk, desk.id_of(Role::finance), "finance"};
    check_allowed(finance, edit(other.account, "account", {{"credit_limit", Money{1, "EUR"}}}));
    check_allowed(finance, edit(report, "expense_report", {{"status", text("reimbursed")}}));
    check_refused(finance, edit(report, "expense_report", {{"title", text("Mine")}}), Errc::not_allowed, "title");
    check_refused(finance, edit(other.account, "account", {{"territory", desk.of(Role::finance).territory}}), Errc::not_allowed, "territory");
    check_refused(finance, edit(desk.company.widget, "product", {{"price", Money{1, "EUR"}}}), Errc::not_allowed, "price");
    check_refused(finance, edit(other.id, "person", {{"role", text("admin")}}), Errc::not_allowed, "role");
}

TEST_CASE("somebody whose access was ended, and somebody who is no person any more, writes no field of any type, and his device is greeted no more", "[rights]")
{
    Desk desk;
    BothEnds revoked{desk, desk.juniors.at(Role::manager).id, "revoked"}, gone{desk, desk.juniors.at(Role::finance).id, "gone"};
    const auto everything = [&](BothEnds& who, const Colleague& about) {
        for (const auto& kind : schema::kinds()) {
            if (kind.name == "person" || kind.name == "territory") continue; // his own are below
            const auto record = desk.make(kind, about);
            RandomValues values{11};
            for (const auto& field : kind.fields) {
                CAPTURE(kind.name, field.name);
                const auto value = values.good(field);
                if (desk.company.hub().record(record).value()[field.name] == value) continue; // it says so already
                CHECK(who.on_server(edit(record, kind.name, {{field.name, value}})).code == Errc::not_found);
            }
            CHECK(who.on_server(edit(record, kind.name, {{"deleted_at", desk.company.clock().now()}})).code == Errc::not_found);
            CHECK(who.on_server(creation(desk.company.new_record(), kind.name, {})).code != Errc::ok);
        }
        CHECK(who.on_server(edit(about.id, "person", {{"phone", text("1")}})).code == Errc::not_found);
        CHECK(who.on_server(edit(about.territory, "territory", {{"name", text("x")}})).code == Errc::not_found);
    };
    const auto ghost = desk.juniors.at(Role::finance);
    desk.company.apply(edit(ghost.id, "person", {{"deleted_at", desk.company.clock().now()}}));
    everything(gone, ghost);
    CHECK(gone.device.sync().code == Errc::revoked);
    REQUIRE(desk.company.hub().revoke_person(desk.juniors.at(Role::manager).id).has_value());
    CHECK(revoked.device.sync().code == Errc::revoked); // not greeted, so nothing can be pushed
}
