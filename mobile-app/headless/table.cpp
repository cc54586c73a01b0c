#include "mobile-app/headless/table.hpp"

#include "mobile-app/headless/display_width.hpp"

#include <algorithm>
#include <cassert>

namespace roadbook::headless {
namespace {

constexpr std::size_t gap = 2;

std::string blanks(std::size_t count)
{
    return std::string(count, ' ');
}

void end_line(std::string& text)
{
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
}

} // namespace

Table& Table::column(std::string heading, Align align)
{
    columns_.push_back({std::move(heading), align});
    return *this;
}

Table& Table::row(std::vector<std::string> cells)
{
    assert(cells.size() == columns_.size());
    for (auto& cell : cells) cell = one_line(cell);
    rows_.push_back(std::move(cells));
    return *this;
}

std::string Table::text(std::size_t cell_max) const
{
    std::vector<std::vector<std::string>> lines;
    auto& headings = lines.emplace_back();
    for (const auto& column : columns_) headings.push_back(column.heading);
    lines.insert(lines.end(), rows_.begin(), rows_.end());

    std::vector<std::size_t> widths(columns_.size());
    for (auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (cell_max > 0) line[i] = cut_to_width(line[i], cell_max);
            widths[i] = std::max(widths[i], display_width(line[i]));
        }

    std::string text;
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const auto padding = blanks(widths[i] - display_width(line[i]));
            if (i > 0) text += blanks(gap);
            text += columns_[i].align == Align::right ? padding + line[i] : line[i] + padding;
        }
        end_line(text);
    }
    return text;
}

Sheet& Sheet::line(std::string name, std::string value)
{
    if (!value.empty()) lines_.emplace_back(std::move(name), safe_lines(value));
    return *this;
}

std::string Sheet::text() const
{
    std::size_t width = 0;
    for (const auto& [name, value] : lines_) width = std::max(width, display_width(name));
    std::string text;
    for (const auto& [name, value] : lines_) {
        text += name + blanks(width - display_width(name) + gap);
        for (const char c : value) {
            if (c == '\n')
                end_line(text), text += blanks(width + gap);
            else
                text += c;
        }
        end_line(text);
    }
    return text;
}

} // namespace roadbook::headless
