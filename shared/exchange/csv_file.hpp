#pragma once
// One CSV file as rows of named cells (RFC 4180), each with its line, so that a broken row can be named.
#include "shared/base/result.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace roadbook::exchange {

/// A row that could not be taken over, for the one who looks after the file.
struct BrokenRow {
    std::string file; ///< its name without the folder
    int line = 0;     ///< of the row's first character, from 1
    std::string why;
    bool operator==(const BrokenRow&) const = default;
};

struct CsvRow {
    int line = 0;
    std::vector<std::string> cells; ///< as many as the file has columns
};

/// A whole file, of at most CsvFile::file_bytes_max. Errors: file_unreadable, too_large.
[[nodiscard]] Result<std::string> file_contents(const std::filesystem::path& path);

struct CsvOptions {
    std::string encoding{}; ///< as to_utf8() takes it; empty: found out
    /// A row of too many cells whose surplus cells begin with a space was written without quotes ("Rua Orós, 92"): those cells are put
    /// together again. Only for files of which it is known that no value begins with a space.
    bool rejoins_unquoted = false;
};

/// A cell is everything between two separators: spaces count. Cells are separated by commas, semicolons or tabs, whichever the header has
/// the most of.
class CsvFile {
public:
    static constexpr std::size_t file_bytes_max = 64 << 20; ///< it is read whole; more than any list that people keep by hand

    /// Errors: file_unreadable; bad_argument when the file is empty, has no header, or lacks one of `columns`; too_large.
    [[nodiscard]] static Result<CsvFile> read(const std::filesystem::path& path, std::span<const std::string_view> columns, const CsvOptions& options = {});
    /// The same from memory. `name` is for messages.
    [[nodiscard]] static Result<CsvFile> parse(std::string name, std::string_view text, std::span<const std::string_view> columns, const CsvOptions& options = {});

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// As the header names them, in its order.
    [[nodiscard]] const std::vector<std::string>& header() const noexcept { return header_; }
    [[nodiscard]] const std::vector<CsvRow>& rows() const noexcept { return rows_; }
    /// Rows of the wrong shape: left out of rows().
    [[nodiscard]] const std::vector<BrokenRow>& broken() const noexcept { return broken_; }
    /// `column` must be one of those asked for.
    [[nodiscard]] const std::string& cell(const CsvRow& row, std::string_view column) const;

private:
    void take_row(CsvRow row, const CsvOptions& options);

    std::string name_;
    std::vector<std::string> header_;
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::vector<CsvRow> rows_;
    std::vector<BrokenRow> broken_;
};

} // namespace roadbook::exchange
