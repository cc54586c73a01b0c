#pragma once
// The cells of one row as values, for the readers of the nine files. Inside this room.
#include "shared/exchange/csv_file.hpp"
#include "shared/schema/record.hpp"

#include <functional>

namespace roadbook::server {

using exchange::BrokenRow;
using exchange::CsvFile;
using exchange::CsvRow;

inline constexpr std::string_view northwind_currency = "USD"; // the files name none; it is an American company

/// Reads on after a fault and keeps the first one: a row is taken whole or not at all.
class NorthwindRow {
public:
    NorthwindRow(const CsvFile& file, const CsvRow& row) : file_{file}, row_{row} {}

    /// The cell; a fault when it is missing.
    std::string key(std::string_view column);
    /// The cell, empty when missing.
    std::string optional_key(std::string_view column);
    schema::Value text(std::string_view column);
    schema::Value date(std::string_view column);
    schema::Value money(std::string_view column);
    /// A whole number.
    schema::Value number(std::string_view column);
    /// A decimal number times 10^digits: "0.15" with 4 is 1500.
    schema::Value scaled(std::string_view column, int digits);
    schema::Value yes_or_no(std::string_view column);

    void break_it(std::string why);
    [[nodiscard]] bool is_broken() const noexcept { return !why_.empty(); }
    [[nodiscard]] BrokenRow broken() const { return {file_.get().name(), row_.get().line, why_}; }
    [[nodiscard]] int line() const noexcept { return row_.get().line; }
    [[nodiscard]] const std::string& file() const noexcept { return file_.get().name(); }

private:
    /// Nothing for NULL and for an empty cell.
    std::optional<std::string> value_of(std::string_view column) const;

    std::reference_wrapper<const CsvFile> file_; // the file outlives its rows
    std::reference_wrapper<const CsvRow> row_;
    std::string why_;
};

/// Sets the fields that have a value.
void set_fields(schema::Fields& fields, std::initializer_list<std::pair<const char*, schema::Value>> values);

/// What is wrong with a record or child by the rules of its kind, in words; empty: nothing.
[[nodiscard]] std::string fault_of(const schema::Record& record);
[[nodiscard]] std::string fault_of(const schema::Child& child, std::string_view kind, std::string_view collection);

} // namespace roadbook::server
