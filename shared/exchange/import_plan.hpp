#pragma once
// A file of records, compared with what is there: what an import would make and change, row by row, before anything is written.
#include "shared/exchange/cell.hpp"
#include "shared/exchange/csv_file.hpp"
#include "shared/exchange/edit.hpp"
#include "shared/exchange/index.hpp"

namespace roadbook::exchange {

/// Rows of named cells, from whatever kind of file.
struct Sheet {
    std::string name; ///< of the file, for messages
    std::vector<std::string> header;
    std::vector<CsvRow> rows;
    std::vector<BrokenRow> broken;
    [[nodiscard]] static Sheet of(const CsvFile& file) { return {file.name(), file.header(), file.rows(), file.broken()}; }
};

struct ImportOptions {
    Reading reading{};
    std::vector<std::string> skipped{};                           ///< columns to leave out, as the header names them
    std::vector<std::pair<std::string, std::string>> constants{}; ///< column and cell, for every row; over what the file says
    bool empty_clears = false;                                    ///< an empty cell empties a field whoever has filled it in
};

enum class Outcome { create, change, unchanged, refused };
[[nodiscard]] std::string_view name(Outcome outcome) noexcept;

/// One record of the file: a row, and the further rows of its children.
struct PlannedRecord {
    int line = 0;
    Outcome outcome = Outcome::unchanged;
    RecordId id;
    std::string external_id;
    std::string title;
    std::vector<Bilingual> notes;   ///< refused: every reason, with its line. Change: "phone: 030-1 -> 030-2"
    Difference difference;          ///< what is to be written
    Texts said;                     ///< what the file says, to be remembered; an empty text for an empty cell
};

struct ImportPlan {
    std::string kind;
    std::vector<PlannedRecord> records; ///< what others of them refer to stands first
    std::vector<BrokenRow> broken;      ///< rows that are no rows, by line
    [[nodiscard]] int count(Outcome outcome) const noexcept;
};

/// A record is known by its id, else its external id, else its code or number, else its title. A row whose key stood above already is one
/// more child of that record: what else it says of the record must be the same, or nothing. A new record's id follows from its key, so
/// that a file may be read again. References are read as id, external id, code or number, or as a title that only one has; a record may
/// refer to another one of the same file. A record with a fault in any of its rows is refused as a whole, the others are not.
/// Errors: bad_argument for the header as a whole.
[[nodiscard]] Result<ImportPlan> plan_import(const schema::Kind& kind, const Sheet& sheet, Known& known, const ImportOptions& options);

} // namespace roadbook::exchange
