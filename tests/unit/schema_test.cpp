#include "shared/schema/registry.hpp"
#include "shared/schema/scope.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace roadbook;
using namespace roadbook::schema;

namespace {

/// The smallest declarations that are a schema, for the tests to spoil.
std::vector<Kind> small_schema()
{
    Kind person{.name = "person",
                .label = {"Person", "人员"},
                .plural = {"People", "人员"},
                .fields = {text("name", {"Name", "姓名"}).required().searched()},
                .collections = {},
                .scopes = {{ScopeRule::How::company, {}}},
                .title = "name"};
    Kind note{.name = "memo",
              .label = {"Memo", "备忘"},
              .plural = {"Memos", "备忘"},
              .fields = {text("subject", {"Subject", "主题"}).searched(), reference("owner", {"Owner", "负责人"}, "person").required()},
              .collections = {{.name = "points", .label = {"Points", "要点"}, .item = {"Point", "要点"}, .fields = {decimal("weight", {"Weight", "权重"})}}},
              .scopes = {{ScopeRule::How::with, "owner"}},
              .title = "subject"};
    return {person, note};
}

bool says(const std::vector<std::string>& found, std::string_view words)
{
    return std::any_of(found.begin(), found.end(), [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

} // namespace

TEST_CASE("every file of kinds/ is a record type, and together they are a schema", "[schema]")
{
    std::vector<std::string> names;
    for (const auto& kind : kinds()) names.push_back(kind.name);
    CHECK(std::is_sorted(names.begin(), names.end()));
    for (const auto* expected :
         {"account", "account_note", "account_terms", "asset", "campaign", "collateral", "commission_plan", "competitor", "contact", "contract",
          "dictionary", "discount_limit", "exchange_rate", "expense_policy", "expense_report", "forecast_snapshot", "knowledge_article", "lead", "numbering_rule", "opportunity", "order",
          "person", "person_private", "price_list", "product", "product_cost", "quote", "region", "sales_return", "stock_movement", "task", "team",
          "territory", "ticket", "van_stock", "visit", "work_order", "working_calendar"}) {
        CAPTURE(expected);
        REQUIRE(find_kind(expected) != nullptr);
        CHECK(find_kind(expected)->name == expected);
    }
    CHECK(mistakes(kinds()).empty());
    CHECK(find_kind("acount") == nullptr);
    CHECK(find_kind("") == nullptr);
}

TEST_CASE("who may write follows from the declarations", "[schema]")
{
    CHECK(find_kind("territory")->field("holder")->writers == leaders);
    CHECK(find_kind("account")->field("territory")->writers == leaders);
    CHECK(find_kind("account")->field("phone")->writers == everyone);
    CHECK(find_kind("person")->creators == Roles{Role::admin});
    CHECK_FALSE(find_kind("product")->field("price")->writers.has(Role::rep));
    CHECK(find_kind("person")->is_authority);
    CHECK_FALSE(find_kind("account")->is_authority);
    CHECK(find_kind("quote")->collection("approvals")->field("decision")->writers == Roles{Role::manager, Role::finance, Role::admin});
    CHECK(find_kind("expense_report")->collection("payments")->field("amount")->writers == Roles{Role::finance, Role::admin});
    CHECK(find_kind("price_list")->collection("entries")->field("unit_price")->writers == Roles{Role::product_manager, Role::admin});
    CHECK(find_kind("work_order")->field("assignee")->writers == Roles{Role::dispatcher, Role::manager, Role::admin});
    CHECK(find_kind("work_order")->field("status")->writers == everyone);
    CHECK_FALSE(find_kind("expense_policy")->creators.has(Role::rep));
}

TEST_CASE("what only managers and finance may read is in no scope of the one it is about", "[schema]")
{
    for (const auto* name : {"person_private", "product_cost", "account_terms"}) {
        CAPTURE(name);
        const auto& kind = *find_kind(name);
        CHECK_FALSE(kind.creators.has(Role::rep));
        CHECK_FALSE(kind.creators.has(Role::engineer));
        for (const auto& rule : kind.scopes) {
            const bool is_roles = rule.how == ScopeRule::How::roles;
            CHECK((is_roles || rule.how == ScopeRule::How::office));
            for (const auto role : {Role::rep, Role::engineer, Role::dispatcher, Role::product_manager}) CHECK_FALSE(rule.roles.has(role));
        }
    }
}

TEST_CASE("a line's quantity is settled by a person, a visit's state by its rank, a note by its text", "[schema]")
{
    CHECK(find_kind("quote")->collection("lines")->field("quantity")->merge == Policy::ask);
    CHECK(find_kind("visit")->field("notes")->merge == Policy::text);
    const auto* status = find_kind("visit")->field("status");
    CHECK(status->merge == Policy::furthest);
    CHECK(status->choices.back().value == "done"); // over a concurrent cancel
}

TEST_CASE("roles have stable names", "[schema]")
{
    for (int i = 0; i < role_count; ++i) CHECK(role_from_name(name(static_cast<Role>(i))) == static_cast<Role>(i));
    CHECK_FALSE(role_from_name("king"));
    for (const auto& choice : find_kind("person")->field("role")->choices) CHECK(role_from_name(choice.value));
}

TEST_CASE("nonsense in a declaration is named, with its place", "[schema]")
{
    auto all = small_schema();
    REQUIRE(mistakes(all).empty());
    auto& memo = all[1];

    SECTION("two types of one name")
    {
        all.push_back(all[0]);
        CHECK(says(mistakes(all), "person: the name stands twice"));
    }
    SECTION("two fields of one name")
    {
        memo.fields.push_back(memo.fields[0]);
        CHECK(says(mistakes(all), "memo.subject: the name stands twice"));
    }
    SECTION("a field that takes the column of an amount's currency")
    {
        memo.fields.push_back(money("price", {"Price", "价格"}));
        memo.fields.push_back(text("price_currency", {"Currency", "货币"}));
        CHECK(says(mistakes(all), "memo.price_currency: the name stands twice"));
    }
    SECTION("a collection named like a field")
    {
        memo.collections[0].name = "subject";
        CHECK(says(mistakes(all), "memo.subject: the name stands twice"));
    }
    SECTION("a reference to what does not exist")
    {
        memo.fields[1].target = "persn";
        CHECK(says(mistakes(all), "memo.owner: refers to 'persn'"));
    }
    SECTION("a record that is seen wherever itself is seen")
    {
        all[0].fields.push_back(reference("memo", {"Memo", "备忘"}, "memo").required());
        all[0].scopes = {{ScopeRule::How::with, "memo"}};
        CHECK(says(mistakes(all), "memo: its scope rules lead back to itself"));
    }
    SECTION("a scope decided by a field that may be empty")
    {
        memo.fields[1].is_required = false;
        CHECK(says(mistakes(all), "memo.owner: decides who sees the record"));
    }
    SECTION("but one that may be empty is no harm where another rule always says")
    {
        memo.fields[1].is_required = false;
        memo.fields.push_back(reference("author", {"Author", "作者"}, "person").required());
        memo.scopes.push_back({ScopeRule::How::person, "author"});
        CHECK(mistakes(all).empty());
    }
    SECTION("a record that nobody would see")
    {
        memo.scopes.clear();
        CHECK(says(mistakes(all), "memo: nobody would see it"));
    }
    SECTION("a title that is no searched text")
    {
        for (const auto* title : {"titel", "owner", ""}) {
            memo.title = title;
            CHECK(says(mistakes(all), "must be a searched text field"));
        }
    }
    SECTION("a name that is none, or that every record has")
    {
        for (const auto* name : {"", "Subject", "sub ject", "sub-ject", "1st", "a\"; DROP TABLE person; --", "sqlite_master", "a__b",
                                 "a_", "主题", "id", "rowid", "position", "deleted_at"}) {
            CAPTURE(name);
            memo.fields[0].name = memo.title = name;
            CHECK_FALSE(mistakes(all).empty());
        }
    }
    SECTION("a policy that does not go with the type")
    {
        for (const auto policy : {Policy::furthest, Policy::highest, Policy::lowest, Policy::text}) {
            memo.fields[0].merge = policy;
            CHECK(says(mistakes(all), "memo.subject: no rule says what its merge policy means"));
        }
    }
    SECTION("a collection that gathers by what it does not have")
    {
        auto& points = memo.collections[0];
        points.key = "colour";
        CHECK(says(mistakes(all), "memo.points: has no field 'colour' to tell entries by"));
        points.key.clear();
        points.gathers = Gathering::set;
        CHECK(says(mistakes(all), "a set needs a field to tell entries by"));
        points.gathers = Gathering::sum;
        CHECK(says(mistakes(all), "is no number or amount that could add up here"));
        points.counted = "weight";
        CHECK(mistakes(all).empty());
    }
    SECTION("choices without a choice, twice, or without a label")
    {
        memo.fields.push_back(choice("state", {"State", "状态"}, {}));
        CHECK(says(mistakes(all), "lists its choices"));
        memo.fields.back().choices = {{"on", {"On", "开"}}, {"on", {"On", "开"}}};
        CHECK(says(mistakes(all), "'on' is no name or stands twice"));
        memo.fields.back().choices = {{"on", {"On", ""}}};
        CHECK(says(mistakes(all), "a label in both languages"));
    }
    SECTION("bounds that leave nothing")
    {
        memo.collections[0].fields[0] = decimal("weight", {"Weight", "权重"}).between(2, 1);
        memo.fields[0].length_max = 0;
        CHECK(says(mistakes(all), "memo.points.weight: the least value is over the greatest"));
        CHECK(says(mistakes(all), "memo.subject: may hold 1 to"));
    }
}

TEST_CASE("a scope is the same after it was stored or sent, and other bytes are none", "[schema]")
{
    const auto id = id_from_name<RecordId>("test", "one");
    for (const auto& scope : {ScopeId::company(), ScopeId::territory(id), ScopeId::person(id)}) CHECK(ScopeId::from(scope.bytes()) == scope);
    CHECK(ScopeId::company().text() == "company");
    CHECK(ScopeId::territory(id).text() == "territory:" + id.text());
    const auto territory = ScopeId::territory(id).bytes();
    CHECK_FALSE(ScopeId::from({}));
    CHECK_FALSE(ScopeId::from(ByteView{territory}.first(16)));
    CHECK_FALSE(ScopeId::from(Bytes(1, std::byte{2})));
    CHECK_FALSE(ScopeId::from(Bytes(17, std::byte{1})));
    CHECK_FALSE(ScopeId::from(Bytes(17, std::byte{9})));
}
