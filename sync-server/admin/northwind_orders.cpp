// Customers and orders: who buys decides, by its latest order, whose account it is.
#include "conflict/merge/intent.hpp"
#include "shared/schema/kind.hpp"
#include "sync-server/admin/northwind_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

/// Northwind's table of shippers, of which the files hold the numbers only.
schema::Value shipper(const std::string& number)
{
    if (number == "1") return "Speedy Express";
    if (number == "2") return "United Package";
    if (number == "3") return "Federal Shipping";
    return number.empty() ? schema::Value{} : schema::Value{number};
}

schema::Fields order_fields(NorthwindRow& row)
{
    schema::Fields fields;
    const auto shipped_on = row.date("shippedDate");
    set_fields(fields, {{"number", row.key("orderID")},
                        {"account", northwind_id("customer", row.key("customerID"))},
                        {"owner", northwind_id("employee", row.key("employeeID"))},
                        {"status", schema::is_empty(shipped_on) ? "open" : "shipped"},
                        {"ordered_on", row.date("orderDate")},
                        {"required_on", row.date("requiredDate")},
                        {"shipped_on", shipped_on},
                        {"freight", row.money("freight")},
                        {"ship_via", shipper(row.optional_key("shipVia"))},
                        {"ship_name", row.text("shipName")},
                        {"ship_street", row.text("shipAddress")},
                        {"ship_city", row.text("shipCity")},
                        {"ship_state", row.text("shipRegion")},
                        {"ship_postal_code", row.text("shipPostalCode")},
                        {"ship_country", row.text("shipCountry")}});
    return fields;
}

schema::Fields account_fields(NorthwindRow& row, const std::string& key)
{
    schema::Fields fields;
    set_fields(fields, {{"name", row.text("companyName")},
                        {"code", key},
                        {"street", row.text("address")},
                        {"city", row.text("city")},
                        {"state", row.text("region")},
                        {"postal_code", row.text("postalCode")},
                        {"country", row.text("country")},
                        {"phone", row.text("phone")},
                        {"fax", row.text("fax")}});
    return fields;
}

schema::Fields contact_fields(NorthwindRow& row, const RecordId& account)
{
    schema::Fields fields;
    set_fields(fields, {{"name", row.text("contactName")}, {"account", account}, {"title", row.text("contactTitle")}, {"phone", row.text("phone")}});
    return fields;
}

} // namespace

void NorthwindReader::read_orders()
{
    for (const auto& cells : files_.orders.rows()) {
        NorthwindRow row{files_.orders, cells};
        Order order;
        const auto key = row.key("orderID");
        const auto number = row.number("orderID");
        order.customer = row.key("customerID");
        order.employee = row.key("employeeID");
        order.read = {{northwind_id("order", key), "order", order_fields(row), {}, {}, {}}, row.file(), row.line()};
        if (!row.is_broken()) {
            order.number = std::get<std::int64_t>(number);
            row.break_it(fault_of(order.read.record));
        }
        if (!people_.contains(order.employee)) row.break_it(fmt::format("employee {} is not there", order.employee));
        if (orders_.contains(key)) row.break_it(fmt::format("order {} stands in the file twice", key));
        if (is_good(row)) orders_.emplace(key, std::move(order));
    }
}

std::map<NorthwindReader::Key, const NorthwindReader::Order*> NorthwindReader::latest_orders() const
{
    const auto rank = [](const Order& order) { return std::pair{schema::text_of(order.read.record, "ordered_on"), order.number}; };
    std::map<Key, const Order*> latest;
    for (const auto& [key, order] : orders_) {
        auto& of_customer = latest[order.customer];
        if (of_customer == nullptr || rank(*of_customer) < rank(order)) of_customer = &order;
    }
    return latest;
}

/// The territory of each customer; `customers` in the order in which they are dealt out.
std::map<NorthwindReader::Key, RecordId> NorthwindReader::deal_out(const std::vector<Key>& customers) const
{
    const auto latest = latest_orders();
    std::map<Key, std::size_t> dealt; // how many each employee got so far
    std::map<Key, RecordId> territory_of;
    for (const auto& customer : customers) {
        const auto order = latest.find(customer);
        auto holder = order == latest.end() ? head_ : order->second->employee;
        if (!territories_of_.contains(holder)) holder = head_;
        const auto held = territories_of_.find(holder);
        if (held == territories_of_.end()) continue;
        const auto turn = dealt[holder]++ % held->second.size();
        territory_of[customer] = northwind_id("territory", *std::next(held->second.begin(), static_cast<std::ptrdiff_t>(turn)));
    }
    return territory_of;
}

void NorthwindReader::read_customers()
{
    struct Customer {
        NorthwindRow row;
        schema::Record account, contact;
    };
    std::map<Key, Customer> customers; // in the order of their codes
    std::vector<Key> keys;
    for (const auto& cells : files_.customers.rows()) {
        NorthwindRow row{files_.customers, cells};
        const auto key = row.key("customerID");
        schema::Record account{northwind_id("customer", key), "account", account_fields(row, key), {}, {}, {}};
        account.fields["territory"] = account.id; // any id, for the check; each gets its own below
        schema::Record contact{northwind_id("contact", key), "contact", contact_fields(row, account.id), {}, {}, {}};
        if (!row.is_broken()) row.break_it(fault_of(account));
        if (!row.is_broken() && contact.fields.contains("name")) row.break_it(fault_of(contact));
        if (customers.contains(key)) row.break_it(fmt::format("customer {} stands in the file twice", key));
        if (is_good(row)) customers.emplace(key, Customer{row, std::move(account), std::move(contact)});
    }
    for (const auto& [key, customer] : customers) keys.push_back(key);
    const auto territory_of = deal_out(keys);
    for (auto& [key, customer] : customers) {
        const auto territory = territory_of.find(key);
        if (territory == territory_of.end()) customer.row.break_it("it has no territory: neither its rep nor the head of sales holds one");
        else customer.account.fields["territory"] = territory->second;
        if (!take(customer.row, std::move(customer.account))) continue;
        accounts_.insert(key);
        if (customer.contact.fields.contains("name")) take(customer.row, std::move(customer.contact));
    }
}

void NorthwindReader::read_order_lines()
{
    std::erase_if(orders_, [&](const auto& one) {
        const auto& order = one.second;
        if (accounts_.contains(order.customer)) return false;
        data_.broken.push_back({order.read.file, order.read.line, fmt::format("customer {} is not there", order.customer)});
        return true;
    });
    for (const auto& cells : files_.order_details.rows()) {
        NorthwindRow row{files_.order_details, cells};
        read_order_line(row);
    }
}

void NorthwindReader::read_order_line(NorthwindRow& row)
{
    const auto key = row.key("orderID");
    const auto product = row.key("productID");
    schema::Child line;
    line.id = id_from_name<ChildId>("northwind", fmt::format("order {} product {}", key, product));
    set_fields(line.fields, {{"product", northwind_id("product", product)},
                             {"quantity", row.scaled("quantity", 3)},
                             {"unit_price", row.money("unitPrice")},
                             {"discount", row.scaled("discount", 4)}});
    if (!row.is_broken()) row.break_it(fault_of(line, "order", "lines"));
    if (!products_.contains(product)) row.break_it(fmt::format("product {} is not there", product));
    const auto order = orders_.find(key);
    if (order == orders_.end()) {
        row.break_it(fmt::format("order {} is not there", key));
    } else {
        auto& lines = order->second.read.record.collections["lines"];
        const auto is_same = [&](const schema::Child& other) { return other.id == line.id; };
        if (std::any_of(lines.begin(), lines.end(), is_same)) row.break_it(fmt::format("order {} has product {} twice", key, product));
        else if (lines.size() >= schema::children_max) row.break_it(fmt::format("order {} has {} lines, the most that fit in one", key, lines.size()));
        else if (!row.is_broken()) {
            order->second.last_position = merge::position_after(order->second.last_position);
            line.fields["position"] = order->second.last_position;
            lines.push_back(std::move(line));
        }
    }
    is_good(row);
}

} // namespace roadbook::server
