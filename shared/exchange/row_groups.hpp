#pragma once
// Which rows of a sheet speak of one record. Inside this room.
#include "shared/exchange/columns.hpp"
#include "shared/exchange/import_plan.hpp"

namespace roadbook::exchange {

/// What a row calls its record by.
struct RowKey {
    enum class How { none, id, external_id, key, title };
    How how = How::none;
    std::string text;
    const schema::Field* field = nullptr; ///< key, title: where it stands
    auto operator<=>(const RowKey&) const = default;
};

struct RowGroup {
    RowKey key;
    std::vector<const CsvRow*> rows;
    std::vector<Bilingual> faults;
};

/// "line 7: ..."
[[nodiscard]] Bilingual at_line(int line, const Bilingual& what);
[[nodiscard]] Bilingual at_line(int line, const Error& why);

/// A sheet whose columns are understood.
class Grid {
public:
    /// Sets the constants of `options` in every row. Errors: as columns_of.
    [[nodiscard]] static Result<Grid> of(const schema::Kind& kind, Sheet sheet, const ImportOptions& options);

    [[nodiscard]] const std::vector<Column>& columns() const noexcept { return columns_; }
    [[nodiscard]] const Sheet& sheet() const noexcept { return sheet_; }
    [[nodiscard]] bool has(const schema::Collection& collection) const;
    /// Where a column of this meaning is; nothing: the sheet has none.
    [[nodiscard]] std::optional<std::size_t> find(Column::What what, const schema::Collection* collection, const schema::Field* field) const;
    /// The cell of the record's own field; empty without such a column.
    [[nodiscard]] std::string_view cell(const CsvRow& row, const schema::Field& field) const;
    /// In the order of the file.
    [[nodiscard]] std::vector<RowGroup> groups() const;

private:
    explicit Grid(const schema::Kind& kind) : kind_{&kind} {}
    [[nodiscard]] RowKey key_of(const CsvRow& row) const;
    void add_row(RowGroup& group, const CsvRow& row) const;

    const schema::Kind* kind_;
    Sheet sheet_;
    std::vector<Column> columns_;
    bool has_children_ = false;
};

} // namespace roadbook::exchange
