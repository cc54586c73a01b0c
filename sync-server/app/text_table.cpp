#include "sync-server/app/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::server {
namespace {

bool is_number(const std::string& cell)
{
    return !cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos;
}

/// fmt pads by columns of a terminal; its own measure is not public, so it is read off an empty cell.
std::string padded(const std::string& cell, std::size_t width, bool right)
{
    return right ? fmt::format("{:>{}}", cell, width) : fmt::format("{:<{}}", cell, width);
}

std::size_t columns_of(const std::string& cell)
{
    std::size_t width = 0;
    while (padded(cell, width + 1, false) == cell) ++width;
    return width;
}

} // namespace

std::string TextTable::text() const
{
    const auto columns = rows_.front().size();
    std::string text;
    std::vector<std::size_t> widths(columns, 0);
    std::vector<bool> right(columns, rows_.size() > 1);
    for (std::size_t r = 0; r < rows_.size(); ++r)
        for (std::size_t c = 0; c < columns; ++c) {
            widths[c] = std::max(widths[c], columns_of(rows_[r][c]));
            if (r > 0 && !is_number(rows_[r][c])) right[c] = false;
        }
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t c = 0; c < columns; ++c) line += (c > 0 ? "  " : "") + padded(row[c], widths[c], right[c]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

} // namespace roadbook::server
