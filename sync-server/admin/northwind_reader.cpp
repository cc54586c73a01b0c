// People, territories and products: what stands by itself.
#include "sync-server/admin/northwind_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

schema::Record start_record(std::string_view kind, std::string_view what, std::string_view key)
{
    schema::Record record;
    record.id = northwind_id(what, key);
    record.kind = kind;
    return record;
}

} // namespace

RecordId northwind_id(std::string_view what, std::string_view key)
{
    return id_from_name<RecordId>("northwind", fmt::format("{} {}", what, key));
}

bool NorthwindReader::is_good(const NorthwindRow& row)
{
    if (row.is_broken()) data_.broken.push_back(row.broken());
    return !row.is_broken();
}

bool NorthwindReader::take(NorthwindRow& row, schema::Record record)
{
    if (!row.is_broken()) row.break_it(fault_of(record));
    if (!is_good(row)) return false;
    data_.records.push_back({std::move(record), row.file(), row.line()});
    return true;
}

void NorthwindReader::read_people()
{
    std::vector<Employee> employees;
    std::set<Key> seen;
    for (const auto& cells : files_.employees.rows()) {
        NorthwindRow row{files_.employees, cells};
        const auto key = row.key("employeeID");
        auto person = start_record("person", "employee", key);
        const auto boss = row.optional_key("reportsTo");
        set_fields(person.fields, {{"name", fmt::format("{} {}", row.key("firstName"), row.key("lastName"))},
                                   {"title", row.text("title")},
                                   {"role", "rep"},
                                   {"phone", row.text("homePhone")},
                                   {"hired_on", row.date("hireDate")}});
        if (!boss.empty()) person.fields["reports_to"] = northwind_id("employee", boss);
        if (!row.is_broken()) row.break_it(fault_of(person));
        if (!row.is_broken() && !seen.insert(key).second) row.break_it(fmt::format("employee {} stands in the file twice", key));
        if (is_good(row)) employees.push_back({key, boss, {std::move(person), row.file(), row.line()}});
    }
    take_from_the_top(std::move(employees));
}

/// Who reports to nobody first, then those who report to them, and so on: what is left over hangs on nobody, or in a circle.
void NorthwindReader::take_from_the_top(std::vector<Employee> employees)
{
    const auto is_next = [&](const Employee& one) { return one.reports_to.empty() || people_.contains(one.reports_to); };
    const auto has_reports = [&](const Employee& one) {
        return std::any_of(employees.begin(), employees.end(), [&](const Employee& other) { return other.reports_to == one.key; });
    };
    for (auto& one : employees)
        if (has_reports(one)) one.read.record.fields["role"] = "manager";
    for (auto next = employees.begin(); (next = std::find_if(employees.begin(), employees.end(), is_next)) != employees.end(); employees.erase(next)) {
        if (head_.empty()) head_ = next->key;
        people_.insert(next->key);
        data_.records.push_back(std::move(next->read));
    }
    for (const auto& one : employees)
        data_.broken.push_back({one.read.file, one.read.line,
                                fmt::format("reports to employee {}, who is not there or reports to him in turn", one.reports_to)});
}

void NorthwindReader::read_regions()
{
    for (const auto& cells : files_.regions.rows()) {
        NorthwindRow row{files_.regions, cells};
        const auto key = row.key("regionID");
        auto region = start_record("region", "region", key);
        set_fields(region.fields, {{"name", row.text("regionDescription")}});
        if (regions_.contains(key)) row.break_it(fmt::format("region {} stands in the file twice", key));
        if (take(row, std::move(region))) regions_.insert(key);
    }
}

void NorthwindReader::read_territories()
{
    std::map<Key, ReadRecord> territories;
    std::set<Key> known;
    for (const auto& cells : files_.territories.rows()) {
        NorthwindRow row{files_.territories, cells};
        const auto key = row.key("territoryID");
        const auto region = row.key("regionID");
        auto territory = start_record("territory", "territory", key);
        set_fields(territory.fields, {{"name", row.text("territoryDescription")}, {"code", key}, {"region", northwind_id("region", region)}});
        if (!regions_.contains(region)) row.break_it(fmt::format("region {} is not there", region));
        if (known.contains(key)) row.break_it(fmt::format("territory {} stands in the file twice", key));
        if (!row.is_broken()) row.break_it(fault_of(territory));
        if (!is_good(row)) continue;
        known.insert(key);
        territories[key] = {std::move(territory), row.file(), row.line()};
    }
    for (const auto& [territory, employee] : read_holders(known)) {
        territories[territory].record.fields["holder"] = northwind_id("employee", employee);
        territories_of_[employee].insert(territory);
    }
    for (auto& [key, read] : territories) data_.records.push_back(std::move(read));
}

std::map<NorthwindReader::Key, NorthwindReader::Key> NorthwindReader::read_holders(const std::set<Key>& territories)
{
    std::map<Key, Key> holders;
    for (const auto& cells : files_.employee_territories.rows()) {
        NorthwindRow row{files_.employee_territories, cells};
        const auto employee = row.key("employeeID");
        const auto territory = row.key("territoryID");
        if (!people_.contains(employee)) row.break_it(fmt::format("employee {} is not there", employee));
        if (!territories.contains(territory)) row.break_it(fmt::format("territory {} is not there", territory));
        if (const auto other = holders.find(territory); other != holders.end())
            row.break_it(fmt::format("territory {} is held by employee {} already", territory, other->second));
        if (is_good(row)) holders[territory] = employee;
    }
    return holders;
}

void NorthwindReader::read_products()
{
    std::map<Key, std::string> categories;
    for (const auto& cells : files_.categories.rows()) {
        NorthwindRow row{files_.categories, cells};
        const auto key = row.key("categoryID");
        const auto name = row.key("categoryName");
        if (categories.contains(key)) row.break_it(fmt::format("category {} stands in the file twice", key));
        if (is_good(row)) categories[key] = name;
    }
    for (const auto& cells : files_.products.rows()) {
        NorthwindRow row{files_.products, cells};
        const auto key = row.key("productID");
        const auto category = row.optional_key("categoryID");
        auto product = start_record("product", "product", key);
        if (!category.empty() && !categories.contains(category)) row.break_it(fmt::format("category {} is not there", category));
        set_fields(product.fields, {{"name", row.text("productName")},
                                    {"code", key},
                                    {"category", category.empty() ? schema::Value{} : schema::Value{categories[category]}},
                                    {"unit", row.text("quantityPerUnit")},
                                    {"price", row.money("unitPrice")},
                                    {"units_in_stock", row.number("unitsInStock")},
                                    {"units_on_order", row.number("unitsOnOrder")},
                                    {"reorder_level", row.number("reorderLevel")},
                                    {"discontinued", row.yes_or_no("discontinued")}});
        if (products_.contains(key)) row.break_it(fmt::format("product {} stands in the file twice", key));
        if (take(row, std::move(product))) products_.insert(key);
    }
}

} // namespace roadbook::server
