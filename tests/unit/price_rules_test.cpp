// Which price holds, what a quoted line has to do with it, and who may go below: golden cases, and what holds for any lists.
#include "golden_table.hpp"
#include "shared/rules/price_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace roadbook;
using test::golden;
using test::split;

namespace {

RecordId id_of(const std::string& name)
{
    return id_from_name<RecordId>("price rules", name);
}

Money cny(const std::string& text)
{
    return Money::parse(text.find(' ') == std::string::npos ? text + " CNY" : text).value();
}

/// "X@10 88.00" or "X 92.00 floor 80.00", as a child of a price list record
schema::Child an_entry(const std::string& text)
{
    std::istringstream words{text};
    std::string product, price, word;
    words >> product >> price;
    schema::Child entry;
    if (const auto at = product.find('@'); at != std::string::npos) {
        entry.fields["minimum_quantity"] = parse_decimal(product.substr(at + 1), 3).value();
        product.resize(at);
    }
    entry.fields["product"] = id_of(product);
    entry.fields["unit_price"] = cny(price);
    while (words >> word) {
        if (word == "floor") {
            words >> word;
            entry.fields["floor_price"] = cny(word);
        } else {
            entry.fields["unit_price"] = cny(price + " " + word);
        }
    }
    return entry;
}

rules::PriceList a_list(const test::Row& row)
{
    schema::Record record;
    const auto title = row.at("list");
    record.id = id_of(title);
    record.kind = "price_list";
    const auto dots = row.at("in force").find("..");
    record.fields = {{"code", title.substr(0, title.find(' '))},
                     {"version", std::int64_t{std::stoi(title.substr(title.find('v') + 1))}},
                     {"currency", title.starts_with("USD") ? "USD" : "CNY"},
                     {"valid_from", row.at("in force").substr(0, dots)},
                     {"valid_until", row.at("in force").substr(dots + 2)},
                     {"priority", std::int64_t{std::stoi(row.at("priority"))}}};
    if (row.at("for").starts_with("group ")) record.fields["customer_group"] = row.at("for").substr(6);
    if (row.at("for").starts_with("customer ")) record.fields["account"] = id_of(row.at("for"));
    for (const auto& entry : split(row.at("entries"), ';')) record.collections["entries"].push_back(an_entry(entry));
    return rules::price_list_from(record);
}

std::vector<rules::PriceList> the_lists()
{
    std::vector<rules::PriceList> lists;
    for (const auto& row : golden("prices.md", "lists")) lists.push_back(a_list(row));
    return lists;
}

rules::PriceQuery a_query(const std::string& product, const std::string& quantity, const std::string& customer, const std::string& day)
{
    return {id_of(product), parse_decimal(quantity, 3).value(), day, id_of("customer " + customer), customer == "A" ? "dealer" : "", "CNY"};
}

std::string left_out(const rules::PriceAnswer& answer)
{
    std::string text;
    for (const auto& list : answer.left_out) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", list.title, name(list.reason));
    return text;
}

std::string name(rules::Standing standing)
{
    static const char* const names[] = {"holds", "superseded", "other_list", "other_price", "no_price"};
    return names[static_cast<int>(standing)];
}

std::string shown(const std::vector<rules::Finding>& findings)
{
    std::string text;
    for (const auto& finding : findings)
        text += fmt::format("{}{}: {}{}", text.empty() ? "" : "; ", finding.rule, finding.words.en,
                            finding.over ? fmt::format(" ({})", finding.over->text()) : "");
    return text;
}

std::int64_t percent_of(const std::string& text)
{
    return text.empty() ? 0 : parse_decimal(text, 2).value();
}

} // namespace

TEST_CASE("the price that holds, why, and why each other list does not, are as the table says", "[rules]")
{
    const auto lists = the_lists();
    for (const auto& row : golden("prices.md", "prices")) {
        CAPTURE(row.at("product"), row.at("quantity"), row.at("customer"), row.at("day"));
        const auto answer = resolve_price(a_query(row.at("product"), row.at("quantity"), row.at("customer"), row.at("day")), lists);
        CHECK((answer.price ? decimal_text(answer.price->unit_price.minor, 2) : "none") == row.at("price"));
        CHECK(answer.why.en == row.at("why"));
        CHECK(left_out(answer) == row.at("left out"));
    }
}

TEST_CASE("the reasons are told in Chinese, too", "[rules]")
{
    const auto answer = resolve_price(a_query("X", "10", "A", "2026-06-01"), the_lists());
    CHECK(answer.why.zh == "客户专价，价目表 CUST v1，自 2026-03-01 起生效，数量满 10 起");
    CHECK(answer.left_out.at(0).why.zh == "客户专价（CUST v1）优先");
    CHECK(answer.left_out.at(2).why.zh == "自 2026-06-01 起由 v13 取代");
    CHECK(answer.left_out.at(5).why == rules::Words{"it is in USD, not in CNY", "币种为 USD，而非 CNY"});
}

TEST_CASE("a quoted line is told when its list was superseded, and to what it may be re-priced", "[rules]")
{
    const auto lists = the_lists();
    for (const auto& row : golden("prices.md", "quoted lines")) {
        CAPTURE(row.at("quoted by"), row.at("price"), row.at("day"));
        schema::Record quote;
        schema::Child line;
        line.fields = {{"product", id_of("X")}, {"quantity", std::int64_t{1'000}}, {"unit_price", cny(row.at("price"))}};
        if (const auto by = row.at("quoted by"); !by.empty()) {
            quote.fields["price_list"] = id_of(by); // the line names the version, the quote the list
            line.fields["price_list_version"] = std::int64_t{std::stoi(by.substr(by.find('v') + 1))};
        }
        quote.collections["lines"] = {line};
        const auto check = compare(rules::quoted_lines_of(quote).at(0), resolve_price(a_query("X", "1", "B", row.at("day")), lists));
        CHECK(name(check.standing) == row.at("standing"));
        CHECK((check.reprice_to ? decimal_text(check.reprice_to->minor, 2) : "") == row.at("re-price to"));
        CHECK(check.words.en == row.at("words"));
        CHECK_FALSE(check.words.zh.empty());
    }
}

TEST_CASE("what goes below the floor or over a role's discount is found", "[rules]")
{
    const auto price = resolve_price(a_query("X", "1", "B", "2026-06-01"), the_lists()).price.value();
    for (const auto& row : golden("prices.md", "limits")) {
        CAPTURE(row.at("price"), row.at("line discount"), row.at("on the whole"), row.at("role"));
        rules::DiscountLimits limits;
        limits.by_role[static_cast<std::size_t>(schema::Role::rep)] = 1'000;
        limits.by_role[static_cast<std::size_t>(schema::Role::manager)] = 2'000;
        if (!row.at("account's limit").empty()) limits.of_account = percent_of(row.at("account's limit"));
        rules::QuotedLine line;
        line.unit_price = cny(row.at("price"));
        line.discount = percent_of(row.at("line discount"));
        const auto role = schema::role_from_name(row.at("role")).value();
        CHECK(shown(check_limits(line, percent_of(row.at("on the whole")), price, role, limits).value()) == row.at("findings"));
    }
}

TEST_CASE("the discount limit of a role is read from the records: the most special one, of equals the lowest", "[rules]")
{
    const auto limit = [](const char* role, std::int64_t percent, schema::Fields only = {}) {
        schema::Record record{id_of(role), "discount_limit", std::move(only), {}, {}, {}};
        record.fields["role"] = std::string{role};
        record.fields["limit"] = percent;
        return record;
    };
    auto gone = limit("rep", 1);
    gone.deleted_at = Time{Duration{1}};
    const std::vector<schema::Record> records{limit("rep", 1'000),
                                              limit("rep", 900),
                                              limit("rep", 1'500, {{"currency", std::string{"CNY"}}}),
                                              limit("rep", 3'000, {{"price_list", id_of("B")}}),
                                              limit("manager", 2'000),
                                              limit("chief", 0),
                                              gone};
    using schema::Role;
    CHECK(rules::discount_limits_from(records, std::nullopt, "EUR").of(Role::rep) == 900);
    CHECK(rules::discount_limits_from(records, std::nullopt, "CNY").of(Role::rep) == 1'500);
    CHECK(rules::discount_limits_from(records, id_of("B"), "CNY").of(Role::rep) == 3'000);
    CHECK(rules::discount_limits_from(records, id_of("C"), "EUR").of(Role::manager) == 2'000);
    CHECK_FALSE(rules::discount_limits_from(records, std::nullopt, "EUR").of(Role::finance).has_value());
}

TEST_CASE("limits are compared exactly or the amount is too large", "[rules]")
{
    rules::QuotedLine line;
    line.unit_price = {INT64_MAX, "CNY"};
    line.discount = INT64_MIN;
    rules::DiscountLimits limits;
    limits.of_account = 0;
    rules::Price price;
    price.unit_price = price.floor_price.emplace(Money{INT64_MAX, "CNY"});
    CHECK(check_limits(line, INT64_MIN, price, schema::Role::rep, limits).error().code == Errc::too_large);
    line.discount = 1;
    CHECK(check_limits(line, 0, price, schema::Role::rep, limits).value().size() == 2);
}

TEST_CASE("the order of lists and entries decides nothing, and each list is either the one that holds or left out", "[rules]")
{
    std::mt19937 random{20260601}; // a fixed seed: a failure can be looked at again
    const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
    for (int round = 0; round < 500; ++round) {
        CAPTURE(round);
        std::vector<rules::PriceList> lists;
        for (int i = pick(12); i >= 0; --i) {
            rules::PriceList list;
            list.id = id_of(std::to_string(i));
            list.code = std::string(1, static_cast<char>('A' + pick(4)));
            list.version = pick(3);
            list.currency = pick(6) ? "CNY" : "USD";
            list.valid_from = pick(3) ? fmt::format("2026-{:02}-01", 1 + pick(12)) : "";
            list.valid_until = pick(3) ? "" : fmt::format("2026-{:02}-28", 1 + pick(12));
            list.customer_group = pick(3) ? "" : "dealer";
            if (!pick(4)) list.account = id_of(pick(2) ? "customer A" : "customer B");
            list.priority = pick(2);
            for (int entry = pick(5); entry > 0; --entry)
                list.entries.push_back({id_of(pick(2) ? "X" : "Y"), pick(3) * 5'000, {pick(9) * 100, "CNY"}, std::nullopt});
            lists.push_back(std::move(list));
        }
        const auto query = a_query("X", std::to_string(pick(12)), pick(2) ? "A" : "B", fmt::format("2026-{:02}-15", 1 + pick(12)));
        const auto answer = resolve_price(query, lists);
        REQUIRE(answer.left_out.size() + (answer.price ? 1 : 0) == lists.size());
        for (const auto& out : answer.left_out) REQUIRE((!out.why.en.empty() && !out.why.zh.empty()));
        std::shuffle(lists.begin(), lists.end(), random);
        for (auto& list : lists) std::shuffle(list.entries.begin(), list.entries.end(), random);
        REQUIRE(resolve_price(query, lists) == answer);
    }
}
