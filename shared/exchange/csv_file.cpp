#include "shared/exchange/csv_file.hpp"

#include "shared/base/utf8.hpp"
#include "shared/exchange/text_encoding.hpp"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>

namespace roadbook::exchange {
namespace {

/// libcsv takes spaces off the ends of cells; here they tell that a comma stood within a text.
int no_character_is_space(unsigned char /*character*/)
{
    return 0;
}

/// libcsv, fed line by line, so that each row knows where it began.
class Parser {
public:
    explicit Parser(char separator)
    {
        if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc{};
        csv_set_space_func(&parser_, no_character_is_space);
        csv_set_delim(&parser_, static_cast<unsigned char>(separator));
    }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;
    ~Parser() { csv_free(&parser_); }

    /// False: the row that this line belongs to breaks the rules of quotes.
    bool feed(std::string_view line)
    {
        return settled(csv_parse(&parser_, line.data(), line.size(), on_cell, on_row, this) == line.size());
    }
    bool finish() { return settled(csv_fini(&parser_, on_cell, on_row, this) == 0); }

    /// The rows that the last call completed: one, or several if the line holds bare carriage returns.
    std::vector<std::vector<std::string>> take_rows() { return std::exchange(done_, {}); }

private:
    static void on_cell(void* text, std::size_t size, void* self)
    {
        static_cast<Parser*>(self)->cells_.emplace_back(static_cast<const char*>(text), size);
    }
    static void on_row(int /*terminator*/, void* self)
    {
        auto& parser = *static_cast<Parser*>(self);
        parser.done_.push_back(std::exchange(parser.cells_, {}));
    }
    bool settled(bool ok)
    {
        if (!ok && csv_error(&parser_) != CSV_EPARSE) throw std::bad_alloc{};
        return ok;
    }

    csv_parser parser_{};
    std::vector<std::string> cells_;
    std::vector<std::vector<std::string>> done_;
};

/// Where reading stands: the text not read yet, and the number of its first line.
struct Place {
    std::string_view rest;
    int line = 1;
};

/// Takes the next line, its end included.
std::string_view take_line(Place& at)
{
    const auto end = at.rest.find('\n');
    const auto line = at.rest.substr(0, end == std::string_view::npos ? at.rest.size() : end + 1);
    at.rest.remove_prefix(line.size());
    ++at.line;
    return line;
}

bool is_blank(std::string_view line)
{
    return line.find_first_not_of("\r\n") == std::string_view::npos;
}

/// Reads to the end, or to a row with broken quotes: then reading goes on behind that row's first line, so that a missing quote
/// costs one row and not the rest of the file.
template <class OnRow, class OnBroken>
Place read_rows(Place at, char separator, OnRow on_row, OnBroken on_broken)
{
    Parser parser{separator};
    int row_line = 0; // where the row under way began; 0: none is
    Place behind_first;
    while (!at.rest.empty()) {
        const int line = at.line;
        const auto fed = take_line(at);
        if (row_line == 0) {
            row_line = line;
            behind_first = at;
        }
        if (!parser.feed(fed) || (at.rest.empty() && !parser.finish())) {
            on_broken(row_line);
            return behind_first;
        }
        auto rows = parser.take_rows();
        for (auto& cells : rows) on_row(CsvRow{row_line, std::move(cells)});
        if (!rows.empty() || (row_line == line && is_blank(fed))) row_line = 0;
    }
    return at;
}

/// Puts cells together that one text without quotes fell into; see CsvFile.
void rejoin(std::vector<std::string>& cells, std::size_t count)
{
    for (std::size_t i = 1; i < cells.size() && cells.size() > count;) {
        if (!cells[i].starts_with(' ')) {
            ++i;
            continue;
        }
        cells[i - 1] += ',' + cells[i];
        cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

/// Of the three that files use, the one that the first line has the most of outside of quotes.
char separator_of(std::string_view text)
{
    std::array<std::pair<char, int>, 3> counts{{{',', 0}, {';', 0}, {'\t', 0}}};
    bool is_quoted = false;
    bool any = false;
    for (const char c : text) {
        if (c == '"') is_quoted = !is_quoted;
        if (c == '\n' && !is_quoted && any) break;
        any = any || (c != '\n' && c != '\r');
        for (auto& [separator, count] : counts)
            if (c == separator && !is_quoted) ++count;
    }
    return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
}

} // namespace

Result<std::string> file_contents(const std::filesystem::path& path)
{
    std::error_code ec;
    const auto size = std::filesystem::file_size(path, ec);
    if (!ec && size > CsvFile::file_bytes_max)
        return fail(Errc::too_large, fmt::format("{} is over {} MiB: split it. Nothing was imported", path.string(), CsvFile::file_bytes_max >> 20));
    std::string text(ec ? 0 : static_cast<std::size_t>(size), '\0');
    std::ifstream file{path, std::ios::binary};
    if (ec || !file.read(text.data(), static_cast<std::streamsize>(text.size())))
        return fail(Errc::file_unreadable, fmt::format("{} cannot be read ({}). Nothing was imported", path.string(), ec ? ec.message() : std::strerror(errno)));
    return text;
}

Result<CsvFile> CsvFile::read(const std::filesystem::path& path, std::span<const std::string_view> columns, const CsvOptions& options)
{
    const auto text = file_contents(path);
    if (!text) return text.error();
    return parse(path.filename().string(), *text, columns, options);
}

Result<CsvFile> CsvFile::parse(std::string name, std::string_view bytes, std::span<const std::string_view> columns, const CsvOptions& options)
{
    const auto text = to_utf8(bytes, options.encoding);
    if (!text) return text.error();
    CsvFile file;
    file.name_ = std::move(name);
    const auto on_row = [&](CsvRow row) {
        if (!file.header_.empty()) return file.take_row(std::move(row), options);
        file.header_ = std::move(row.cells);
        for (std::size_t i = 0; i < file.header_.size(); ++i) file.columns_.emplace(file.header_[i], i);
    };
    const auto on_broken = [&](int line) { file.broken_.push_back({file.name_, line, "a quote is missing or stands in the wrong place"}); };
    const auto separator = separator_of(*text);
    for (Place at{*text}; !at.rest.empty();) at = read_rows(at, separator, on_row, on_broken);
    if (file.header_.empty())
        return fail(Errc::bad_argument, fmt::format("{} is empty: its first line must name the columns. Nothing was imported", file.name_));
    for (const auto column : columns)
        if (!file.columns_.contains(column))
            return fail(Errc::bad_argument, fmt::format("{} has no column '{}'. Nothing was imported", file.name_, column), std::string{column});
    return file;
}

const std::string& CsvFile::cell(const CsvRow& row, std::string_view column) const
{
    const auto at = columns_.find(column);
    assert(at != columns_.end());
    return row.cells[at->second];
}

void CsvFile::take_row(CsvRow row, const CsvOptions& options)
{
    const auto break_row = [&](std::string why) { broken_.push_back({name_, row.line, std::move(why)}); };
    const auto found = row.cells.size();
    if (options.rejoins_unquoted) rejoin(row.cells, header_.size());
    if (row.cells.size() != header_.size()) return break_row(fmt::format("the row has {} cell{} where the header has {}", found, found == 1 ? "" : "s", header_.size()));
    for (const auto& cell : row.cells)
        if (!is_utf8(cell)) return break_row(options.encoding.empty() ? "a cell is not UTF-8 text" : fmt::format("a cell is no text in {}", options.encoding));
    rows_.push_back(std::move(row));
}

} // namespace roadbook::exchange
