// Findings over plain records: what is found, in which words, and that the way by which records came decides nothing.
#include "conflict/findings/catalogue.hpp"
#include "conflict/findings/index.hpp"
#include "conflict/findings/merged_accounts.hpp"
#include "conflict/findings/names.hpp"
#include "shared/schema/kind.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>

using namespace roadbook;
using findings::Finding;
using schema::Fields;
using schema::Record;

namespace {

RecordId id(int n)
{
    return RecordId::parse(fmt::format("01900000-0000-7000-8000-{:012}", n)).value();
}

schema::Value text(const char* value)
{
    return std::string{value};
}

Time at(const char* moment)
{
    return time_from_text(moment).value();
}

/// Records and their findings, as one replica has them.
class Book {
public:
    Book()
    {
        storage::Transaction transaction{db_};
        REQUIRE(index_.prepare());
        transaction.commit();
    }
    void put(const merge::Merged& merged)
    {
        storage::Transaction transaction{db_};
        records_[merged.record.id] = merged.record;
        index_.put(merged);
        transaction.commit();
    }
    void put(Record record)
    {
        merge::Merged merged;
        merged.record = std::move(record);
        put(merged);
    }
    void remove(const RecordId& record)
    {
        storage::Transaction transaction{db_};
        records_.erase(record);
        index_.remove(record);
        transaction.commit();
    }
    std::vector<Finding> all()
    {
        auto found = index_.all(source());
        const auto rules = findings::catalogue(); // each has its words on the page of rules
        for (const auto& one : found)
            REQUIRE(std::any_of(rules.begin(), rules.end(), [&](const auto& rule) { return rule.name == one.rule; }));
        return found;
    }
    std::vector<Finding> of(const RecordId& record) { return index_.of(record, source()); }
    std::vector<std::string> rules()
    {
        std::vector<std::string> names;
        for (const auto& one : all()) names.push_back(one.rule);
        return names;
    }
    findings::Index& index() { return index_; }
    std::int64_t rows() 
    {
        auto count = db_.statement("SELECT (SELECT count(*) FROM finding_mark) + (SELECT count(*) FROM finding_row)");
        count.step();
        return count.integer(0);
    }

private:
    findings::Source source()
    {
        return {[this](const RecordId& record, std::string_view kind) -> std::optional<Record> {
                    const auto found = records_.find(record);
                    return found == records_.end() || found->second.kind != kind ? std::nullopt : std::optional{found->second};
                },
                [this](std::string_view kind) {
                    std::vector<Record> found;
                    for (const auto& [record, one] : records_)
                        if (one.kind == kind) found.push_back(one);
                    return found;
                }};
    }
    testing::TempFolder folder_;
    storage::Database db_ = storage::Database::open({folder_ / "findings.db"}).value();
    findings::Index index_{db_};
    std::map<RecordId, Record> records_;
};

Record record(int n, const char* kind, Fields fields)
{
    return {id(n), kind, std::move(fields), {}, {}, {}};
}

Record visit(int n, int owner, const char* from, const char* until, const char* subject = "Call")
{
    return record(n, "visit", {{"subject", text(subject)}, {"owner", id(owner)}, {"planned_at", at(from)}, {"planned_until", at(until)}, {"status", text("planned")}});
}

Record account(int n, const char* name, Fields more = {})
{
    more["name"] = text(name);
    return record(n, "account", std::move(more));
}

Record movement(int n, std::int64_t quantity, std::optional<int> work_order = {})
{
    Record made = record(n, "stock_movement", {{"van", id(1)}, {"product", id(2)}, {"quantity", quantity * 1'000}, {"moved_by", id(1)}});
    if (work_order) made.fields["work_order"] = id(*work_order);
    return made;
}

Record quote(int n, int owner, std::int64_t price, int list, std::int64_t version, const char* day)
{
    auto made = record(n, "quote", {{"number", std::string{fmt::format("Q-{}", n)}}, {"account", id(3)}, {"owner", id(owner)}, {"status", text("sent")},
                                    {"quoted_on", text(day)}, {"valid_until", text("2026-07-31")}});
    made.collections["lines"].push_back({ChildId::from(id(n).view()).value(),
                                         {{"product", id(2)}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{price, "EUR"}}, {"price_list", id(list)}, {"price_list_version", version}},
                                         false});
    return made;
}

Record price_list(int n, std::int64_t version, std::int64_t price, const char* from)
{
    auto made = record(n, "price_list", {{"name", text("STD")}, {"code", text("STD")}, {"currency", text("EUR")}, {"version", version}, {"valid_from", text(from)}});
    made.collections["entries"].push_back({ChildId::from(id(n).view()).value(), {{"product", id(2)}, {"unit_price", Money{price, "EUR"}}}, false});
    return made;
}

bool similar(const char* a, const char* b)
{
    return findings::is_similar(findings::company_core(a), findings::company_core(b));
}

bool share_a_block(const char* a, const char* b)
{
    const auto one = findings::blocks_of(findings::company_core(a));
    const auto other = findings::blocks_of(findings::company_core(b));
    return std::any_of(one.begin(), one.end(), [&](const auto& block) { return std::find(other.begin(), other.end(), block) != other.end(); });
}

struct NamePair { const char *a, *b; };
constexpr NamePair one_customer[] = {
    {"Alfreds Futterkiste", "Alfreds Futterkiste GmbH"}, {"Müller Maschinenbau AG", "Mueller Maschinenbau"}, {"ACME Industries Ltd.", "Acme Industries Limited"},
    {"Ernst Handel", "Ernst Handel GmbH & Co. KG"}, {"Blauer See Delikatessen", "Blauer See Delikatesen"}, {"Hungry Owl All-Night Grocers", "Hungry Owl All Night Grocers"},
    {"Around the Horn", "The Around Horn"}, {"Berglunds snabbköp", "Berglunds Snabbkop AB"}, {"Frankenversand", "Frankenversnad"}, {"Königlich Essen", "Koeniglich Essen"},
    {"Magazzini Alimentari Riuniti S.p.A.", "Magazzini Alimentari Riuniti"}, {"Ottilies Käseladen", "Ottilie's Käseladen"}, {"Toms Spezialitäten", "Toms Spezialitaten"},
    {"Save-a-lot Markets", "SAVE A LOT MARKETS INC"}, {"Simons Bistro", "Bistro Simons"}, {"ＡＣＭＥ Pumpen", "Acme Pumpen"}, {"Rotterdam Hydraulics B.V.", "Rotterdam Hydraulic BV"},
    {"上海华盛机电有限公司", "上海华盛机电股份有限公司"}, {"华盛机电（上海）有限公司", "上海华盛机电有限公司"}, {"上海市华盛机电有限公司", "上海华盛机电有限公司"},
    {"华盛机电", "华胜机电"}, {"北京东方仪表集团有限公司", "东方仪表（北京）有限公司"}, {"深圳市中兴阀门有限公司", "深圳中兴阀门有限责任公司"}, {"杭州恒丰轴承", "杭州恒峰轴承有限公司"},
    {"大连海洋泵业有限公司", "大连海洋泵业公司"}, {"ＫＵＫＡ机器人（中国）有限公司", "KUKA机器人有限公司"}, {"广州白云电器设备股份有限公司", "广州白云电气设备股份有限公司"},
};
constexpr NamePair two_customers[] = {
    {"Alpha A", "Alpha B"}, {"Store 12 Hamburg", "Store 13 Hamburg"}, {"Nord Pumpen GmbH", "Sued Pumpen GmbH"}, {"Meier GmbH", "Maier GmbH"}, {"Hotel Adler", "Hotel Alder"},
    {"Bosch", "Bush"}, {"Schmidt Elektro", "Schmitz Elektro"}, {"Lehmanns Marktstand", "Lehmann Backwaren"}, {"Vins et alcools Chevalier", "Vins Chevreuil"},
    {"Wolf Technik", "Wolff Logistik"}, {"Global Foods East", "Global Foods West"}, {"Team 1 Services", "Team 2 Services"}, {"Richter Supermarkt", "Richter Spielwaren"},
    {"Old World Delicatessen", "New World Delicatessen"}, {"QUICK-Stop", "QUICK-Shop"}, {"Wartian Herkku", "Wellington Importadora"},
    {"上海华盛机电有限公司", "北京华盛机电有限公司"}, {"华盛机电", "华盛科技"}, {"东方仪表", "南方仪表"}, {"上海一建集团", "上海二建集团"}, {"华为技术有限公司", "华为终端有限公司"},
    {"中石油", "中石化"}, {"第一机床厂", "第三机床厂"}, {"上海3号仓库", "上海4号仓库"}, {"三一重工", "三一重机集团"}, {"广州白云电器", "广州白云机场"}, {"长江水泵", "长城水泵"},
};

} // namespace

TEST_CASE("names of one customer are told from those of two, by measured lists", "[findings]")
{
    std::string missed, wrong;
    int found = 0, right = 0;
    for (const auto& [a, b] : one_customer) similar(a, b) && share_a_block(a, b) ? void(++found) : void(missed += fmt::format("{} / {}\n", a, b));
    for (const auto& [a, b] : two_customers) !similar(a, b) ? void(++right) : void(wrong += fmt::format("{} / {}\n", a, b));
    INFO("missed:\n" << missed << "taken for one:\n" << wrong);
    CHECK(found >= static_cast<int>(std::size(one_customer)) - 1);
    CHECK(right >= static_cast<int>(std::size(two_customers)) - 2);
}

TEST_CASE("a telephone number is the same with and without country code, blanks and extension", "[findings]")
{
    const auto same = [](const char* a, const char* b) {
        const auto one = findings::phones_of(a);
        const auto other = findings::phones_of(b);
        return !one.empty() && !other.empty() && findings::is_same_phone(one.front(), other.front());
    };
    CHECK(same("+86 21 5555 0101", "021-55550101"));
    CHECK(same("0049 (30) 007-4321", "030 0074321 ext. 12"));
    CHECK(same("０２１－５５５５０１０１", "021 55550101 转 12"));
    CHECK(same("13800138000", "+86 138 0013 8000"));
    CHECK_FALSE(same("+86 21 5555 0101", "+86 21 5555 0102"));
    CHECK_FALSE(same("55550101", "+86 21 5555 0101")); // of any city
    CHECK(findings::phones_of("n/a").empty());
    CHECK(findings::phones_of("5555 01 01 / 5555 01 02").size() == 2);
}

TEST_CASE("one person booked twice is found once, with the time lost and the next free slot", "[findings]")
{
    Book book;
    book.put(record(1, "person", {{"name", text("Ann")}}));
    book.put(visit(10, 1, "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z", "Acme"));
    book.put(visit(11, 1, "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z", "Bolt"));
    CHECK(book.all().empty()); // one ends as the other begins
    book.put(record(12, "work_order", {{"subject", text("Pump")}, {"assignee", id(1)}, {"appointment_start", at("2026-03-02T10:30:00Z")}, {"appointment_end", at("2026-03-02T12:00:00Z")}, {"status", text("accepted")}}));
    const auto all = book.all();
    REQUIRE(all.size() == 1);
    CHECK(all[0].rule == "double_booking");
    CHECK(all[0].records == std::vector{id(11), id(12)});
    CHECK(all[0].people == std::vector{id(1)});
    CHECK(all[0].time == Duration{std::chrono::minutes{30}});
    CHECK(all[0].words.en == R"(Ann is booked twice for 30 minutes: "Bolt" (2026-03-02 10:00 UTC) and "Pump" (2026-03-02 10:30 UTC))");
    CHECK(all[0].words.zh.find("重复安排") != std::string::npos);
    REQUIRE(all[0].proposals.size() == 2);
    CHECK(all[0].proposals[0] == findings::Proposal{"set", id(11), "planned_at", at("2026-03-02T12:00:00Z")});
    book.put(visit(11, 1, "2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z", "Bolt"));
    CHECK(book.all().empty());
}

TEST_CASE("a booking over midnight clashes once", "[findings]")
{
    Book book;
    book.put(visit(10, 1, "2026-03-02T22:00:00Z", "2026-03-03T04:00:00Z"));
    book.put(visit(11, 1, "2026-03-03T01:00:00Z", "2026-03-03T02:00:00Z"));
    CHECK(book.all().size() == 1);
    book.put(visit(11, 2, "2026-03-03T01:00:00Z", "2026-03-03T02:00:00Z"));
    CHECK(book.all().empty()); // another person's
}

TEST_CASE("one machine is not worked on by two engineers at one time unseen", "[findings]")
{
    Book book;
    for (int n : {1, 2})
        book.put(record(10 + n, "work_order", {{"subject", text("Pump")}, {"assignee", id(n)}, {"asset", id(5)}, {"appointment_start", at("2026-03-02T10:00:00Z")}, {"status", text("offered")}}));
    CHECK(book.rules() == std::vector<std::string>{"double_use"});
}

TEST_CASE("accounts that two people entered are found by tax number, telephone and name, as one finding", "[findings]")
{
    Book book;
    book.put(record(1, "territory", {{"name", text("North")}, {"holder", id(2)}}));
    book.put(account(10, "上海华盛机电有限公司", {{"tax_number", text("9131 0000 MA1K3 5XX7")}, {"territory", id(1)}}));
    book.put(account(11, "华盛机电(上海)", {{"tax_number", text("91310000ma1k35xx7")}, {"phone", text("021-55550101")}}));
    auto all = book.all();
    REQUIRE(all.size() == 1);
    CHECK(all[0].rule == "duplicate_account");
    CHECK(all[0].words.en.ends_with("look like one customer: same tax number and name"));
    CHECK(all[0].people == std::vector{id(2)});
    CHECK(all[0].proposals == std::vector{findings::Proposal{"merge_accounts", id(10), "merged_into", id(11)}});
    book.put(account(11, "华盛机电(上海)", {{"merged_into", id(10)}, {"tax_number", text("91310000ma1k35xx7")}}));
    CHECK(book.all().empty());
    CHECK(findings::aliases_of(id(10), book.index()) == std::vector{id(11)});
}

TEST_CASE("a branch, another city or another tax number is another account", "[findings]")
{
    Book book;
    book.put(account(10, "Alfreds Futterkiste", {{"city", text("Berlin")}, {"phone", text("030-0074321")}}));
    book.put(account(11, "Alfreds Futterkiste GmbH", {{"city", text("Hamburg")}}));
    CHECK(book.all().empty());
    book.put(account(12, "Alfreds Futterkiste Zwei", {{"phone", text("+49 30 0074321")}, {"parent", id(10)}}));
    CHECK(book.all().empty());
    book.put(account(13, "Alfreds Futterkiste", {{"city", text("berlin")}}));
    CHECK(book.rules() == std::vector<std::string>{"duplicate_account"});
}

TEST_CASE("contacts of one account with one name, or one mobile phone anywhere, are found", "[findings]")
{
    Book book;
    book.put(record(10, "contact", {{"name", text("Hans Müller")}, {"account", id(1)}}));
    book.put(record(11, "contact", {{"name", text("Müller, Hans")}, {"account", id(1)}}));
    book.put(record(12, "contact", {{"name", text("Hans Müller")}, {"account", id(2)}}));
    CHECK(book.rules() == std::vector<std::string>{"duplicate_contact"});
    book.put(record(12, "contact", {{"name", text("H. M.")}, {"account", id(2)}, {"mobile", text("138 0013 8000")}}));
    book.put(record(13, "contact", {{"name", text("Li Lei")}, {"account", id(1)}, {"mobile", text("+86 13800138000")}}));
    CHECK(book.rules() == std::vector<std::string>{"duplicate_contact", "duplicate_contact"});
}

TEST_CASE("scenario 6: what three people move apart in one van adds up, in every order, and below nothing is found", "[findings]")
{
    std::vector<Record> moves{movement(10, 5), movement(11, -2), movement(12, -2), movement(13, 1)};
    std::vector<int> order{0, 1, 2, 3};
    do {
        Book book;
        for (const auto i : order) book.put(moves[static_cast<std::size_t>(i)]);
        CHECK(book.all().empty());
    } while (std::next_permutation(order.begin(), order.end()));
    std::vector<Record> variant{movement(10, 5), movement(11, -4), movement(12, -3), movement(13, 1)};
    std::sort(order.begin(), order.end());
    std::optional<std::vector<Finding>> first;
    do {
        Book book;
        book.put(record(1, "person", {{"name", text("Eve")}}));
        book.put(record(2, "product", {{"name", text("P")}}));
        for (const auto i : order) book.put(variant[static_cast<std::size_t>(i)]);
        const auto all = book.all();
        REQUIRE(all.size() == 1);
        CHECK(all[0].rule == "overdrawn_stock");
        CHECK(all[0].quantity == 1'000);
        CHECK(all[0].records == std::vector{id(11), id(12)});
        CHECK(all[0].words.en == "the van of Eve would hold -1 of P: more was used than was there");
        CHECK(first.value_or(all) == all);
        first = all;
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("parts of a report are deducted once, also when a movement was entered for them", "[findings]")
{
    Book book;
    book.put(movement(10, 1));
    auto report = record(11, "work_order", {{"assignee", id(1)}, {"status", text("completed")}});
    report.collections["parts_used"].push_back({ChildId::from(id(50).view()).value(), {{"product", id(2)}, {"quantity", std::int64_t{1'000}}, {"van_stock", id(4)}}, false});
    book.put(report);
    CHECK(book.all().empty());
    book.put(movement(12, -1, 11));
    CHECK(book.all().empty());
    book.put(movement(13, -1));
    CHECK(book.rules() == std::vector<std::string>{"overdrawn_stock"});
}

TEST_CASE("the last units are sold twice: a quote and its order count once", "[findings]")
{
    Book book;
    book.put(record(2, "product", {{"name", text("P")}, {"units_in_stock", std::int64_t{10}}}));
    const auto line = [](int n, std::int64_t units) { return schema::Child{ChildId::from(id(n).view()).value(), {{"product", id(2)}, {"quantity", units * 1'000}}, false}; };
    auto accepted = record(10, "quote", {{"account", id(3)}, {"status", text("accepted")}});
    accepted.collections["lines"].push_back(line(60, 8));
    auto order = record(11, "order", {{"account", id(3)}, {"quote", id(10)}, {"status", text("confirmed")}});
    order.collections["lines"].push_back(line(61, 8));
    book.put(accepted);
    book.put(order);
    CHECK(book.all().empty());
    auto another = record(12, "order", {{"account", id(4)}, {"status", text("open")}});
    another.collections["lines"].push_back(line(62, 3));
    book.put(another);
    const auto all = book.all();
    REQUIRE(all.size() == 1);
    CHECK(all[0].rule == "oversold");
    CHECK(all[0].quantity == 1'000);
}

TEST_CASE("orders made apart overdraw a credit limit, in foreign currency by the latest rate", "[findings]")
{
    Book book;
    const auto order = [](int n, Money price) {
        auto made = record(n, "order", {{"account", id(3)}, {"owner", id(1)}, {"status", text("open")}});
        made.collections["lines"].push_back({ChildId::from(id(n).view()).value(), {{"quantity", std::int64_t{1'000}}, {"unit_price", price}}, false});
        return made;
    };
    book.put(account(3, "Acme", {{"credit_limit", Money{100'000, "EUR"}}}));
    book.put(order(10, {60'000, "EUR"}));
    book.put(order(11, {50'000, "USD"}));
    CHECK(book.all().empty()); // no rate is known
    book.put(record(20, "exchange_rate", {{"from_currency", text("USD")}, {"to_currency", text("EUR")}, {"rated_on", text("2026-01-31")}, {"rate_millionths", std::int64_t{900'000}}}));
    const auto all = book.all();
    REQUIRE(all.size() == 1);
    CHECK(all[0].rule == "over_credit");
    CHECK(all[0].money == Money{5'000, "EUR"});
    book.put(record(21, "account_terms", {{"account", id(3)}, {"credit_limit", Money{200'000, "EUR"}}}));
    CHECK(book.all().empty());
}

TEST_CASE("one receipt in two expense reports is found by its file and by its number, as one finding", "[findings]")
{
    Book book;
    const auto report = [](int n, int owner, const char* number) {
        auto made = record(n, "expense_report", {{"title", std::string{fmt::format("Trip {}", n)}}, {"owner", id(owner)}});
        const auto item = ChildId::from(id(n + 100).view()).value();
        made.collections["items"].push_back({item, {{"amount", Money{24'000, "CNY"}}, {"receipt", text(number)}}, false});
        made.collections["attachments"].push_back({ChildId::from(id(n + 200).view()).value(), {{"name", text("taxi.jpg")}, {"sha256", text("ab12")}, {"entry", item.text()}}, false});
        return made;
    };
    book.put(report(10, 1, "No. 0331-9921"));
    CHECK(book.all().empty());
    book.put(report(11, 2, "03319921"));
    const auto all = book.all();
    REQUIRE(all.size() == 1);
    CHECK(all[0].rule == "receipt_twice");
    CHECK(all[0].people == std::vector{id(1), id(2)});
    CHECK(all[0].money == Money{24'000, "CNY"});
    CHECK(book.of(id(11)) == all);
}

TEST_CASE("scenario 2: two prices for one product to one customer name the list that holds, in every order", "[findings]")
{
    std::vector<Record> all{quote(10, 1, 10'000, 20, 12, "2026-05-20"), quote(11, 4, 9'200, 21, 13, "2026-06-02"), price_list(20, 12, 10'000, "2026-01-01"),
                            price_list(21, 13, 9'200, "2026-06-01"),    account(3, "Acme"),                        record(2, "product", {{"name", text("X")}})};
    std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
    std::optional<std::vector<Finding>> first;
    do {
        Book book;
        for (const auto i : order) book.put(all[i]);
        const auto found = book.all();
        REQUIRE(found.size() == 1);
        if (!first) {
            const auto& one = found[0];
            CHECK(one.rule == "two_prices");
            CHECK(one.records == std::vector{id(3), id(10), id(11)});
            CHECK(one.people == std::vector{id(1), id(4)});
            CHECK(one.money == Money{800, "EUR"});
            CHECK(one.words.en.find("quote Q-10: 100.00 EUR by STD v12, valid until 2026-07-31; quote Q-11: 92.00 EUR by STD v13, valid until 2026-07-31") != std::string::npos);
            CHECK(one.words.en.find("2026-06-01") != std::string::npos);
            CHECK(one.way_out.en == "Q-10: list superseded, re-price to 92.00 EUR?");
            REQUIRE(one.proposals.size() == 1);
            CHECK(one.proposals[0].value == schema::Value{Money{9'200, "EUR"}});
            CHECK(book.of(id(3)) == found);
        }
        CHECK(first.value_or(found) == found);
        first = found;
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("prices agree where the quantities reach other tiers of one list, or the offers do not stand together", "[findings]")
{
    Book book;
    auto many = quote(11, 4, 9'200, 20, 12, "2026-05-20");
    many.collections["lines"][0].fields["quantity"] = std::int64_t{100'000};
    book.put(quote(10, 1, 10'000, 20, 12, "2026-05-20"));
    book.put(many);
    CHECK(book.all().empty());
    book.put(quote(11, 4, 9'200, 21, 13, "2026-08-01")); // after the first has run out
    CHECK(book.all().empty());
}

TEST_CASE("a lead that two people upgraded apart names both opportunities", "[findings]")
{
    Book book;
    book.put(record(1, "lead", {{"name", text("Fair")}, {"converted_opportunity", id(10)}}));
    book.put(record(10, "opportunity", {{"name", text("One")}, {"lead", id(1)}, {"amount", Money{100, "EUR"}}}));
    CHECK(book.all().empty());
    merge::Merged apart;
    apart.record = record(1, "lead", {{"name", text("Fair")}, {"converted_opportunity", id(11)}});
    apart.conflicts.push_back({"converted_opportunity", schema::Policy::latest, {{id(11), {}, 2}, {id(10), {}, 1}}, merge::Clash::values});
    book.put(apart);
    const auto all = book.all();
    REQUIRE(all.size() == 1);
    CHECK(all[0].rule == "lead_twice");
    CHECK(all[0].records == std::vector{id(1), id(10), id(11)});
}

TEST_CASE("accounts that two people merge into each other apart stand for the oldest, whoever asks", "[findings]")
{
    const std::map<RecordId, RecordId> links{{id(1), id(2)}, {id(2), id(1)}, {id(3), id(2)}};
    const auto next = [&](const RecordId& at) { return links.contains(at) ? std::optional{links.at(at)} : std::nullopt; };
    for (int n : {1, 2, 3}) CHECK(findings::standing_for(id(n), next) == id(1));
    CHECK(findings::standing_for(id(4), next) == id(4));
}

TEST_CASE("kept up to date edit by edit, findings are what they are when made anew, whatever came in which order", "[findings]")
{
    std::mt19937 chance{20261126};
    const auto any = [&](int below) { return static_cast<int>(chance() % static_cast<unsigned>(below)); };
    const auto hour = [&] { return Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}} + std::chrono::minutes{30 * any(60)}; };
    const auto random_record = [&](int n) -> Record {
        static constexpr std::array names{"Alfreds Futterkiste", "Alfreds Futterkiste GmbH", "华盛机电", "华胜机电有限公司", "Ernst Handel", "Bolt"};
        switch (n % 6) {
        case 0: return record(n, "visit", {{"owner", id(any(3))}, {"planned_at", hour()}, {"status", text(any(4) == 0 ? "cancelled" : "planned")}});
        case 1: return record(n, "work_order", {{"assignee", id(any(3))}, {"asset", id(any(2))}, {"appointment_start", hour()}, {"status", text("new")}});
        case 2: return account(n, names[static_cast<std::size_t>(any(6))], {{"tax_number", std::string{fmt::format("DE12345{}", any(4))}}, {"credit_limit", Money{any(3) * 1000, "EUR"}}});
        case 3: return movement(n, any(9) - 4);
        case 4: return quote(n, any(3), 100 + any(3), 20, 1 + any(2), "2026-05-20");
        default: {
            auto order = record(n, "order", {{"account", id(6 * any(4) + 2)}, {"status", text(any(3) == 0 ? "cancelled" : "open")}});
            order.collections["lines"].push_back({ChildId::from(id(n).view()).value(), {{"product", id(2)}, {"quantity", std::int64_t{1'000}}, {"unit_price", Money{900, "EUR"}}}, false});
            return order;
        }
        }
    };
    for (int round = 0; round < 12; ++round) {
        Book kept;
        std::map<int, Record> now;
        for (int step = 0; step < 150; ++step) {
            const int n = any(36);
            if (any(8) == 0) now.erase(n), kept.remove(id(n));
            else now[n] = random_record(n), kept.put(now[n]);
        }
        Book anew;
        std::vector<Record> shuffled;
        for (const auto& [n, one] : now) shuffled.push_back(one);
        std::shuffle(shuffled.begin(), shuffled.end(), chance);
        for (const auto& one : shuffled) anew.put(one);
        CAPTURE(round);
        REQUIRE(kept.all() == anew.all());
        REQUIRE(static_cast<std::int64_t>(kept.all().size()) == kept.index().count());
        for (const auto& [n, one] : now) kept.remove(id(n));
        REQUIRE(kept.rows() == 0); // a purge leaves nothing
    }
}
