#pragma once
// Text for people: columns that line up in a terminal, whatever the script, and plain enough to be cut up by other
// tools.
#include <cstddef>
#include <string>
#include <vector>

namespace roadbook::headless {

/// Rows under a heading. Cells are made safe for a terminal and padded to their column's width; two blanks part
/// columns, no blank ends a line.
class Table {
public:
    enum class Align { left, right };

    Table& column(std::string heading, Align align = Align::left);
    /// As many cells as there are columns (asserted).
    Table& row(std::vector<std::string> cells);
    [[nodiscard]] bool is_empty() const noexcept { return rows_.empty(); }
    /// `cell_max` bounds the width of a cell, in columns of the terminal; 0: nothing is cut.
    [[nodiscard]] std::string text(std::size_t cell_max = 0) const;

private:
    struct Column {
        std::string heading;
        Align align = Align::left;
    };
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// Names at the left, values beside them; a value of several lines goes on under its first one.
class Sheet {
public:
    /// An empty value is left out.
    Sheet& line(std::string name, std::string value);
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::pair<std::string, std::string>> lines_;
};

} // namespace roadbook::headless
