#pragma once
// Golden cases as tables that people read: the Markdown files of tests/unit/golden. A file may hold several tables; each
// stands under its own "## title". Cells are trimmed; an empty cell is an empty text.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace roadbook::test {

using Row = std::map<std::string, std::string>; ///< by the name in the table's head

inline std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "a; b" is {"a", "b"}; an empty text has no parts.
inline std::vector<std::string> split(const std::string& text, char between)
{
    std::vector<std::string> parts;
    std::istringstream stream{text};
    for (std::string part; std::getline(stream, part, between);) parts.push_back(trimmed(part));
    return parts;
}

inline std::vector<Row> golden(const std::string& file, const std::string& title)
{
    std::ifstream stream{std::string{ROADBOOK_SOURCE_DIR} + "/tests/unit/golden/" + file};
    INFO(file << ", table " << title);
    REQUIRE(stream);
    std::vector<Row> rows;
    std::vector<std::string> head;
    bool inside = false;
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with("## ")) inside = trimmed(line.substr(3)) == title;
        if (!inside || !line.starts_with("|") || line.starts_with("|-")) continue;
        const auto cells = split(line.substr(1), '|');
        if (head.empty()) {
            head = cells;
            continue;
        }
        REQUIRE(cells.size() == head.size());
        auto& row = rows.emplace_back();
        for (std::size_t i = 0; i < cells.size(); ++i) row[head[i]] = cells[i];
    }
    REQUIRE_FALSE(rows.empty());
    return rows;
}

} // namespace roadbook::test
