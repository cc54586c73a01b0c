#include "mobile-app/headless/words.hpp"

#include <fmt/format.h>

#include <optional>

namespace roadbook::headless {
namespace {

/// Reads one line from the left. Each part appends to the word under way; `word_` is nothing between words.
class Reader {
public:
    explicit Reader(std::string_view line) : rest_{line} {}

    Result<std::vector<std::string>> read()
    {
        while (!rest_.empty()) {
            if (is_blank(rest_.front())) {
                end_word();
                rest_.remove_prefix(1);
                continue;
            }
            if (rest_.front() == '#' && !word_) break;
            ROADBOOK_CHECK(read_part());
        }
        end_word();
        return std::move(words_);
    }

private:
    static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
    static Error unended(std::string_view what)
    {
        return fail(Errc::bad_argument, fmt::format("the line ends inside {}: nothing of it was done", what));
    }

    std::string& word()
    {
        if (!word_) word_.emplace();
        return *word_;
    }
    void end_word()
    {
        if (word_) words_.push_back(std::move(*word_));
        word_.reset();
    }
    char take()
    {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    Result<void> read_part()
    {
        if (rest_.starts_with("$'")) {
            rest_.remove_prefix(2);
            return read_escaped();
        }
        switch (const char c = take()) {
        case '\'':
            return read_plain();
        case '"':
            return read_double();
        case '\\':
            if (rest_.empty()) return unended("an escape (a backslash at its end)");
            word() += take();
            return {};
        default:
            word() += c;
            return {};
        }
    }
    Result<void> read_plain()
    {
        const auto end = rest_.find('\'');
        if (end == std::string_view::npos) return unended("a quotation that ' began");
        word() += rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return {};
    }
    Result<void> read_double()
    {
        word();
        while (!rest_.empty()) {
            const char c = take();
            if (c == '"') return {};
            const bool escapes =
                c == '\\' && !rest_.empty() &&
                (rest_.front() == '"' || rest_.front() == '\\' || rest_.front() == '$' || rest_.front() == '`');
            word() += escapes ? take() : c;
        }
        return unended("a quotation that \" began");
    }
    Result<void> read_escaped()
    {
        word();
        while (!rest_.empty()) {
            const char c = take();
            if (c == '\'') return {};
            if (c != '\\' || rest_.empty()) {
                word() += c;
                continue;
            }
            switch (const char escaped = take()) {
            case 'n':
                word() += '\n';
                break;
            case 't':
                word() += '\t';
                break;
            case '\\':
            case '\'':
            case '"':
                word() += escaped;
                break;
            default:
                return fail(Errc::bad_argument,
                            fmt::format("$'...' knows \\n, \\t, \\\\, \\' and \\\", not \\{}", escaped));
            }
        }
        return unended("a quotation that $' began");
    }

    std::string_view rest_;
    std::optional<std::string> word_;
    std::vector<std::string> words_;
};

} // namespace

Result<std::vector<std::string>> words_of(std::string_view line)
{
    if (line.size() > line_bytes_max)
        return fail(
            Errc::too_large,
            fmt::format("the line has {} bytes, at most {} are read: put a long note into a file and write notes=@FILE",
                        line.size(), line_bytes_max));
    return Reader{line}.read();
}

} // namespace roadbook::headless
