#include "sync-server/admin/northwind.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

using namespace roadbook;
using namespace roadbook::server;

namespace {

const std::filesystem::path shipped{ROADBOOK_SOURCE_DIR "/packaging/demo-data/northwind"};

/// A copy of the shipped files, for tests that damage some.
struct Copy {
    Copy()
    {
        for (const auto& file : std::filesystem::directory_iterator{shipped}) std::filesystem::copy_file(file.path(), folder / file.path().filename().string());
    }
    void append(const std::string& file, const std::string& row) const { std::ofstream{folder / file, std::ios::app | std::ios::binary} << row; }
    [[nodiscard]] NorthwindData read() const { return read_northwind(folder.path()).value(); }
    testing::TempFolder folder;
};

std::map<std::string, int> count_by_kind(const NorthwindData& data)
{
    std::map<std::string, int> counts;
    for (const auto& read : data.records) {
        ++counts[read.record.kind];
        const auto lines = read.record.collections.find("lines");
        if (lines != read.record.collections.end()) counts["line"] += static_cast<int>(lines->second.size());
    }
    return counts;
}

const schema::Record& find(const NorthwindData& data, std::string_view kind, std::string_view field, const std::string& value)
{
    for (const auto& read : data.records)
        if (read.record.kind == kind && schema::text_of(read.record, field) == value) return read.record;
    FAIL("no " << kind << " with " << field << " " << value);
    std::abort();
}

/// The plainest reader there is, to check the real one: cells between commas, from the left and from the right.
std::vector<std::vector<std::string>> plain_rows(const std::string& file)
{
    std::ifstream in{shipped / file};
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> cells;
        std::istringstream text{line};
        for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
        rows.push_back(cells);
    }
    rows.erase(rows.begin());
    return rows;
}

} // namespace

TEST_CASE("all of Northwind is read, nothing is broken", "[northwind]")
{
    const auto data = read_northwind(shipped).value();
    CHECK(data.broken.empty());
    CHECK(count_by_kind(data) == std::map<std::string, int>{{"person", 9}, {"region", 4}, {"territory", 53}, {"account", 91}, {"contact", 91},
                                                            {"product", 77}, {"order", 830}, {"line", 2155}});
}

TEST_CASE("reading twice gives the same records under the same ids", "[northwind]")
{
    const auto once = read_northwind(shipped).value();
    const auto again = read_northwind(shipped).value();
    REQUIRE(once.records.size() == again.records.size());
    for (std::size_t i = 0; i < once.records.size(); ++i) REQUIRE(once.records[i].record == again.records[i].record);
}

TEST_CASE("whatever a record refers to stands before it", "[northwind]")
{
    const auto data = read_northwind(shipped).value();
    std::set<RecordId> seen;
    const auto check = [&](const schema::Fields& fields) {
        for (const auto& [name, value] : fields)
            if (const auto* id = std::get_if<RecordId>(&value)) REQUIRE(seen.contains(*id));
    };
    for (const auto& read : data.records) {
        check(read.record.fields);
        for (const auto& [name, children] : read.record.collections)
            for (const auto& child : children) check(child.fields);
        REQUIRE(seen.insert(read.record.id).second);
    }
}

TEST_CASE("who has reports is a manager, and the reporting line is kept", "[northwind]")
{
    const auto data = read_northwind(shipped).value();
    const auto& fuller = find(data, "person", "name", "Andrew Fuller");
    const auto& buchanan = find(data, "person", "name", "Steven Buchanan");
    const auto& king = find(data, "person", "name", "Robert King");
    CHECK(schema::text_of(fuller, "role") == "manager");
    CHECK(schema::text_of(fuller, "title") == "Vice President, Sales");
    CHECK(schema::text_of(buchanan, "role") == "manager");
    CHECK(schema::text_of(king, "role") == "rep");
    CHECK(schema::reference_of(king, "reports_to") == buchanan.id);
    CHECK(schema::reference_of(buchanan, "reports_to") == fuller.id);
    CHECK_FALSE(schema::reference_of(fuller, "reports_to").has_value());
    CHECK(schema::text_of(king, "hired_on") == "1994-01-02");
}

TEST_CASE("each account is in the territory that its latest order leads to", "[northwind]")
{
    // Latest order: the greatest (date, number). Columns up to the date stand before any loose comma.
    std::map<std::string, std::tuple<std::string, int, std::string>> latest;
    for (const auto& row : plain_rows("orders.csv")) latest[row[1]] = std::max(latest[row[1]], {row[3], std::stoi(row[0]), row[2]});
    std::map<std::string, std::vector<std::string>> held;
    for (const auto& row : plain_rows("employee-territories.csv")) held[row[0]].push_back(row[1]);
    for (auto& [employee, territories] : held) std::sort(territories.begin(), territories.end());
    std::map<std::string, std::vector<std::string>> customers_of;
    for (const auto& row : plain_rows("customers.csv")) customers_of[latest.contains(row[0]) ? std::get<2>(latest[row[0]]) : "2"].push_back(row[0]);
    std::map<std::string, std::string> expected;
    for (auto& [employee, customers] : customers_of) {
        std::sort(customers.begin(), customers.end());
        for (std::size_t i = 0; i < customers.size(); ++i) expected[customers[i]] = held[employee][i % held[employee].size()];
    }

    const auto data = read_northwind(shipped).value();
    std::map<RecordId, std::string> code_of;
    std::map<std::string, std::string> found;
    for (const auto& read : data.records) {
        if (read.record.kind == "territory") code_of[read.record.id] = schema::text_of(read.record, "code");
        if (read.record.kind == "account") found[schema::text_of(read.record, "code")] = code_of.at(*schema::reference_of(read.record, "territory"));
    }
    CHECK(expected.size() == 91);
    CHECK(found == expected);
    // two customers never ordered: the head of sales has them
    CHECK(std::count(held["2"].begin(), held["2"].end(), found.at("PARIS")) == 1);
    CHECK(std::count(held["2"].begin(), held["2"].end(), found.at("FISSA")) == 1);
}

TEST_CASE("an order has its lines, prices, discounts and the address with the loose comma", "[northwind]")
{
    const auto data = read_northwind(shipped).value();
    const auto& order = find(data, "order", "number", "10250");
    CHECK(schema::text_of(order, "ship_street") == "Rua do Paço, 67");
    CHECK(schema::text_of(order, "ship_city") == "Rio de Janeiro");
    CHECK(schema::text_of(order, "status") == "shipped");
    CHECK(order["freight"] == schema::Value{Money{6583, "USD"}});
    CHECK(schema::reference_of(order, "account") == find(data, "account", "code", "HANAR").id);
    CHECK(schema::reference_of(order, "owner") == find(data, "person", "name", "Margaret Peacock").id);
    const auto& lines = order.collections.at("lines");
    REQUIRE(lines.size() == 3);
    CHECK(lines[1].fields.at("quantity") == schema::Value{std::int64_t{35'000}});
    CHECK(lines[1].fields.at("discount") == schema::Value{std::int64_t{1'500}});
    CHECK(lines[1].fields.at("unit_price") == schema::Value{Money{4240, "USD"}});
    CHECK(lines[1].fields.at("product") == schema::Value{find(data, "product", "code", "51").id});
    CHECK(std::get<std::string>(lines[0].fields.at("position")) < std::get<std::string>(lines[1].fields.at("position")));
}

TEST_CASE("a product has its category, price and stock", "[northwind]")
{
    const auto data = read_northwind(shipped).value();
    const auto& chai = find(data, "product", "name", "Chai");
    CHECK(schema::text_of(chai, "category") == "Beverages");
    CHECK(chai["price"] == schema::Value{Money{1800, "USD"}});
    CHECK(chai["units_in_stock"] == schema::Value{std::int64_t{39}});
    CHECK(chai["discontinued"] == schema::Value{false});
}

TEST_CASE("broken rows are named by file and line, and the rest goes in", "[northwind]")
{
    Copy copy;
    copy.append("regions.csv", "5\n");
    copy.append("territories.csv", "99999,Atlantis,7\n01581,Westboro again,1\n");
    copy.append("employee-territories.csv", "77,01581\n1,00000\n3,01581\n");
    copy.append("employees.csv", "10,Nobody,Nick,Rep,Mr.,NULL,1993-02-30 00:00:00.000,,,,,,,,2\r\n");
    copy.append("products.csv", "78,Tea,1,1,box,cheap,1,0,0,0\n79,Coffee,1,99,box,1.00,1,0,0,0\n");
    copy.append("customers.csv", "ALFKI,Alfreds again,A,B,C,D,NULL,1,Germany,1,2\nZZZZZ,NULL,A,B,C,D,NULL,1,Germany,1,2\n");
    copy.append("orders.csv", "20000,NOONE,1,1998-05-01 00:00:00.000,NULL,NULL,1,1.00,A,B,C,NULL,1,D\n"
                              "20001,ALFKI,1,yesterday,NULL,NULL,1,1.00,A,B,C,NULL,1,D\n"
                              "10248,ALFKI,1,1998-05-01 00:00:00.000,NULL,NULL,1,1.00,A,B,C,NULL,1,D\n");
    copy.append("order-details.csv", "20000,1,1.00,1,0\n10248,999,1.00,1,0\n10248,11,1.00,1,0\n10248,12,1.00,1,1.5\n10248,13,1.00,,0\n");

    const auto data = copy.read();
    CHECK(count_by_kind(data) == count_by_kind(read_northwind(shipped).value()));
    std::vector<std::string> told;
    for (const auto& row : data.broken) told.push_back(row.file + ":" + std::to_string(row.line) + ": " + row.why);
    CHECK(told == std::vector<std::string>{
                      "customers.csv:93: customer ALFKI stands in the file twice",
                      "customers.csv:94: Name: must be filled in",
                      "employee-territories.csv:51: employee 77 is not there",
                      "employee-territories.csv:52: territory 00000 is not there",
                      "employee-territories.csv:53: territory 01581 is held by employee 2 already",
                      "employees.csv:11: hireDate '1993-02-30 00:00:00.000' is no date: it is written as 1996-07-04 00:00:00.000",
                      "order-details.csv:2157: order 20000 is not there",
                      "order-details.csv:2158: product 999 is not there",
                      "order-details.csv:2159: order 10248 has product 11 twice",
                      "order-details.csv:2160: Discount: must be at most 100.00 %",
                      "order-details.csv:2161: Quantity is missing",
                      "orders.csv:832: customer NOONE is not there",
                      "orders.csv:833: orderDate 'yesterday' is no date: it is written as 1996-07-04 00:00:00.000",
                      "orders.csv:834: order 10248 stands in the file twice",
                      "products.csv:79: unitPrice 'cheap' is no number with at most 2 digits behind the point",
                      "products.csv:80: category 99 is not there",
                      "regions.csv:6: the row has 1 cell where the header has 2",
                      "territories.csv:55: region 7 is not there",
                      "territories.csv:56: territory 01581 stands in the file twice",
                  });
}

TEST_CASE("people who report to each other in a circle are broken rows, and so is what hangs on them", "[northwind]")
{
    Copy copy;
    copy.append("employees.csv", "10,Ring,Ann,Rep,Ms.,NULL,NULL,,,,,,,,11\r\n11,Ring,Bob,Rep,Mr.,NULL,NULL,,,,,,,,10\r\n");
    copy.append("orders.csv", "20000,ALFKI,10,1999-05-01 00:00:00.000,NULL,NULL,1,1.00,A,B,C,NULL,1,D\n");
    const auto data = copy.read();
    REQUIRE(data.broken.size() == 3);
    CHECK(data.broken[0].line == 11);
    CHECK(data.broken[1].why == "reports to employee 10, who is not there or reports to him in turn");
    CHECK(data.broken[2].why == "employee 10 is not there");
}

TEST_CASE("two orders of one day are told apart by their numbers", "[northwind]")
{
    Copy copy;
    copy.append("orders.csv", "20001,PARIS,1,1999-05-01 00:00:00.000,NULL,NULL,1,1.00,A,B,C,NULL,1,D\n"
                              "9999,PARIS,4,1999-05-01 00:00:00.000,NULL,NULL,1,1.00,A,B,C,NULL,1,D\n");
    const auto data = copy.read();
    const auto territory = schema::reference_of(find(data, "account", "code", "PARIS"), "territory");
    for (const auto& read : data.records)
        if (read.record.id == territory) CHECK(schema::reference_of(read.record, "holder") == find(data, "person", "name", "Nancy Davolio").id);
}

TEST_CASE("a missing or empty file stops the import before anything is read", "[northwind]")
{
    Copy copy;
    std::ofstream{copy.folder / "orders.csv", std::ios::trunc};
    const auto empty = read_northwind(copy.folder.path());
    REQUIRE(!empty);
    CHECK(empty.error().code == Errc::bad_argument);
    std::filesystem::remove(copy.folder / "orders.csv");
    const auto missing = read_northwind(copy.folder.path());
    REQUIRE(!missing);
    CHECK(missing.error().code == Errc::file_unreadable);
    CHECK(missing.error().message.find("orders.csv") != std::string::npos);
}
