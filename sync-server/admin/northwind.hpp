#pragma once
// The Northwind sample data: nine CSV files as they are, read into records. Pure: files in, records out, no store.
#include "shared/exchange/csv_file.hpp"
#include "shared/schema/record.hpp"

namespace roadbook::server {

using exchange::BrokenRow;
using exchange::CsvFile;
using exchange::CsvRow;

/// A record as the files give it, and the row that it came from.
struct ReadRecord {
    schema::Record record;
    std::string file;
    int line = 0;
};

struct NorthwindData {
    std::vector<ReadRecord> records; ///< what a record refers to stands before it
    std::vector<BrokenRow> broken;   ///< by file and line; none of them is in `records`
};

/// Ids follow from the files' own keys, so that reading twice gives the same records.
///
/// Employees become people: who has reports is a manager. A customer becomes an account and a contact; its territory is one of those of
/// the rep of its latest order (ties: the highest order number), dealt out in turn by customer number; without an order, or where that
/// rep holds none, one of the head of sales. A discount of 0.15 is 15 percent. Prices are US dollars. NULL is no value.
/// A row that is broken, or refers to one that is, is left out and named; the rest is taken.
/// Errors: file_unreadable, bad_argument, too_large for a file as a whole.
[[nodiscard]] Result<NorthwindData> read_northwind(const std::filesystem::path& folder);

/// What the rows of a file are: "account" for customers.csv, "order line" for order-details.csv.
[[nodiscard]] std::string_view northwind_kind_of(std::string_view file) noexcept;

} // namespace roadbook::server
