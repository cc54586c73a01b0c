#pragma once
// The work of read_northwind(), one step a file. Inside this room.
#include "sync-server/admin/northwind.hpp"
#include "sync-server/admin/northwind_row.hpp"

#include <set>

namespace roadbook::server {

struct NorthwindFiles {
    CsvFile employees, regions, territories, employee_territories, categories, products, customers, orders, order_details;
    /// Errors: of the first file that cannot be taken at all.
    [[nodiscard]] static Result<NorthwindFiles> read(const std::filesystem::path& folder);
};

/// Each step needs what the steps before it found; read_northwind() calls them in this order.
class NorthwindReader {
public:
    explicit NorthwindReader(const NorthwindFiles& files) : files_{files} {}

    void read_people();
    void read_regions();
    void read_territories(); ///< with their holders
    void read_products();
    void read_orders();      ///< without their lines: those of a customer say who its rep is
    void read_customers();
    void read_order_lines(); ///< then the orders whose customer was taken are whole
    [[nodiscard]] NorthwindData finish() &&;

private:
    using Key = std::string; ///< a number or code as the files have it

    struct Employee {
        Key key, reports_to;
        ReadRecord read;
    };
    struct Order {
        Key customer, employee;
        std::int64_t number = 0;
        std::string last_position; ///< of its lines so far
        ReadRecord read;
    };

    /// False: the row is broken, and noted as such.
    bool is_good(const NorthwindRow& row);
    /// Takes the record if its row is good and breaks no rule of its kind.
    bool take(NorthwindRow& row, schema::Record record);
    void take_from_the_top(std::vector<Employee> employees);
    [[nodiscard]] std::map<Key, Key> read_holders(const std::set<Key>& territories);
    [[nodiscard]] std::map<Key, const Order*> latest_orders() const;
    [[nodiscard]] std::map<Key, RecordId> deal_out(const std::vector<Key>& customers) const;
    void read_order_line(NorthwindRow& row);

    const NorthwindFiles& files_;
    NorthwindData data_;
    std::set<Key> people_, regions_, products_, accounts_; ///< taken
    Key head_;                                             ///< of sales: the first who reports to nobody
    std::map<Key, std::set<Key>> territories_of_;          ///< by employee
    std::map<Key, Order> orders_;
};

/// "customer", "ALFKI"
[[nodiscard]] RecordId northwind_id(std::string_view what, std::string_view key);

} // namespace roadbook::server
