#pragma once
// Records as one CSV file that a spreadsheet shows and that plan_import() reads back as the same records.
#include "shared/schema/kind.hpp"

#include <functional>
#include <span>
#include <string>

namespace roadbook::exchange {

struct CsvExport {
    enum class Header { names, english, chinese };
    Header header = Header::names;
    std::function<std::string(const RecordId&)> title_of;       ///< adds a column ".title" to each reference, for people
    std::function<std::string(const RecordId&)> external_id_of; ///< adds a column external_id
};

/// One row a record; one with children has a row for each of them, and only its id again on the further ones. Numbers, days and times as
/// Roadbook writes them everywhere, whatever the header's language. Deleted records and removed children are left out.
[[nodiscard]] std::string export_csv(const schema::Kind& kind, std::span<const schema::Record> records, const CsvExport& options = {});

/// One line, quoted where that is needed.
[[nodiscard]] std::string csv_row(std::initializer_list<std::string> cells);

} // namespace roadbook::exchange
