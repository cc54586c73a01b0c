#include "sync-server/admin/northwind.hpp"

#include "sync-server/admin/northwind_reader.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace roadbook::server {
namespace {

using Columns = std::initializer_list<std::string_view>;

} // namespace

Result<NorthwindFiles> NorthwindFiles::read(const std::filesystem::path& folder)
{
    NorthwindFiles files;
    Result<void> done;
    const auto take = [&](CsvFile& file, const char* name, Columns columns) {
        if (!done) return;
        auto made = CsvFile::read(folder / name, columns, {.rejoins_unquoted = true});
        if (made) file = std::move(*made);
        else done = made.error();
    };
    take(files.employees, "employees.csv", {"employeeID", "lastName", "firstName", "title", "hireDate", "homePhone", "reportsTo"});
    take(files.regions, "regions.csv", {"regionID", "regionDescription"});
    take(files.territories, "territories.csv", {"territoryID", "territoryDescription", "regionID"});
    take(files.employee_territories, "employee-territories.csv", {"employeeID", "territoryID"});
    take(files.categories, "categories.csv", {"categoryID", "categoryName"});
    take(files.products, "products.csv",
         {"productID", "productName", "categoryID", "quantityPerUnit", "unitPrice", "unitsInStock", "unitsOnOrder", "reorderLevel", "discontinued"});
    take(files.customers, "customers.csv",
         {"customerID", "companyName", "contactName", "contactTitle", "address", "city", "region", "postalCode", "country", "phone", "fax"});
    take(files.orders, "orders.csv",
         {"orderID", "customerID", "employeeID", "orderDate", "requiredDate", "shippedDate", "shipVia", "freight", "shipName", "shipAddress", "shipCity",
          "shipRegion", "shipPostalCode", "shipCountry"});
    take(files.order_details, "order-details.csv", {"orderID", "productID", "unitPrice", "quantity", "discount"});
    if (!done) return done.error();
    return files;
}

NorthwindData NorthwindReader::finish() &&
{
    for (auto& [key, order] : orders_) data_.records.push_back(std::move(order.read));
    for (const auto* file : {&files_.employees, &files_.regions, &files_.territories, &files_.employee_territories, &files_.categories, &files_.products,
                             &files_.customers, &files_.orders, &files_.order_details})
        data_.broken.insert(data_.broken.end(), file->broken().begin(), file->broken().end());
    std::sort(data_.broken.begin(), data_.broken.end(),
              [](const BrokenRow& a, const BrokenRow& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
    return std::move(data_);
}

Result<NorthwindData> read_northwind(const std::filesystem::path& folder)
{
    const auto files = NorthwindFiles::read(folder);
    if (!files) return files.error();
    NorthwindReader reader{*files};
    reader.read_people();
    reader.read_regions();
    reader.read_territories();
    reader.read_products();
    reader.read_orders();
    reader.read_customers();
    reader.read_order_lines();
    return std::move(reader).finish();
}

std::string_view northwind_kind_of(std::string_view file) noexcept
{
    constexpr std::array kinds{
        std::pair{"employees.csv", "person"},     std::pair{"regions.csv", "region"},      std::pair{"territories.csv", "territory"},
        std::pair{"products.csv", "product"},     std::pair{"categories.csv", "product"},  std::pair{"employee-territories.csv", "territory"},
        std::pair{"customers.csv", "account"},    std::pair{"orders.csv", "order"},        std::pair{"order-details.csv", "order line"},
    };
    for (const auto& [name, kind] : kinds)
        if (file == name) return kind;
    return {};
}

} // namespace roadbook::server
