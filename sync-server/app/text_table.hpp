#pragma once
#include <string>
#include <vector>

namespace roadbook::server {

/// Columns as wide as their widest cell, two spaces apart; Chinese counts two columns a character. Numbers stand on the right.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> head) { add(std::move(head)); }
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    /// Ends with a line break.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

} // namespace roadbook::server
