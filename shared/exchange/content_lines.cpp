#include "shared/exchange/content_lines.hpp"

#include "shared/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::exchange {
namespace {

std::string upper(std::string_view word)
{
    std::string made{word};
    for (auto& c : made)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return made;
}

struct RawLine {
    int line = 0;
    std::string text;
    bool is_too_long = false;
};

/// A line that begins with a blank goes on with the one before.
std::vector<RawLine> unfolded(std::string_view text)
{
    std::vector<RawLine> lines;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const bool goes_on = !lines.empty() && (line.starts_with(' ') || line.starts_with('\t'));
        if (goes_on) line.remove_prefix(1);
        else if (line.empty()) continue;
        else lines.push_back({number, {}, false});
        auto& whole = lines.back();
        if (whole.text.size() + line.size() > content_line_bytes_max) whole.is_too_long = true;
        else whole.text += line;
    }
    return lines;
}

/// Of the first `mark` outside of quotes.
std::size_t find_unquoted(std::string_view text, std::string_view marks)
{
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') is_quoted = !is_quoted;
        else if (!is_quoted && marks.find(text[i]) != std::string_view::npos) return i;
    }
    return std::string_view::npos;
}

std::optional<ContentLine> parse(const RawLine& raw)
{
    const std::string_view text{raw.text};
    const auto colon = find_unquoted(text, ":");
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    ContentLine made{raw.line, {}, {}, std::string{text.substr(colon + 1)}};
    auto head = text.substr(0, colon);
    const auto semicolon = find_unquoted(head, ";");
    auto name = head.substr(0, semicolon);
    if (const auto group = name.rfind('.'); group != std::string_view::npos) name.remove_prefix(group + 1);
    made.name = upper(name);
    head = semicolon == std::string_view::npos ? std::string_view{} : head.substr(semicolon + 1);
    while (!head.empty()) {
        const auto end = std::min(find_unquoted(head, ";"), head.size());
        const auto param = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        const auto equals = param.find('=');
        auto value = equals == std::string_view::npos ? param : param.substr(equals + 1); // vCard 2.1 writes TEL;HOME
        if (value.size() > 1 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
        auto& kept = made.params[equals == std::string_view::npos ? "TYPE" : upper(param.substr(0, equals))];
        kept += (kept.empty() ? "" : ",") + std::string{value};
    }
    return made;
}

class Reader {
public:
    Reader(std::string_view file, std::initializer_list<std::string_view> wanted) : file_{file}, wanted_{wanted} {}

    void take(const RawLine& raw)
    {
        for (auto& one : open_) one.source += raw.text + "\r\n";
        if (raw.is_too_long) return; // a photograph: the record is taken without it
        const auto line = parse(raw);
        if (!line) return break_open(raw.line, "is no line of the form NAME:value");
        if (line->name == "BEGIN") begin(*line, raw);
        else if (line->name == "END") end(*line);
        else if (!open_.empty()) open_.back().lines.push_back(*line);
        else if (!is_broken_) break_open(raw.line, "stands outside of BEGIN and END");
    }
    Components finish() &&
    {
        for (const auto& one : open_)
            if (is_wanted(one.name)) made_.broken.push_back({file_, one.line, fmt::format("this {} never ends: END:{} is missing", one.name, one.name)});
        if (!open_.empty() && made_.broken.empty()) made_.broken.push_back({file_, open_.front().line, fmt::format("END:{} is missing", open_.front().name)});
        return std::move(made_);
    }

private:
    [[nodiscard]] bool is_wanted(const std::string& name) const { return std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end(); }

    void begin(const ContentLine& line, const RawLine& raw)
    {
        is_broken_ = false;
        const auto name = upper(trimmed_end(line.value));
        // One that is wanted does not stand within another: the one before was never ended.
        while (!open_.empty() && is_wanted(name) && is_wanted(open_.back().name)) {
            made_.broken.push_back({file_, open_.back().line, fmt::format("this {} never ends: END:{} is missing", open_.back().name, open_.back().name)});
            open_.pop_back();
        }
        if (static_cast<int>(open_.size()) >= component_depth_max) return break_open(line.line, "stands too deep within others");
        open_.push_back({line.line, name, {}, raw.text + "\r\n"});
    }
    void end(const ContentLine& line)
    {
        if (open_.empty()) {
            if (!is_broken_) break_open(line.line, "ends what never began");
            return;
        }
        if (open_.back().name != upper(trimmed_end(line.value))) return break_open(line.line, fmt::format("ends {}, but {} is open", line.value.substr(0, 40), open_.back().name));
        if (is_wanted(open_.back().name)) made_.found.push_back(std::move(open_.back()));
        open_.pop_back();
    }
    void break_open(int line, std::string_view why)
    {
        made_.broken.push_back({file_, line, std::string{why}});
        if (!open_.empty() && is_wanted(open_.back().name)) open_.pop_back();
        is_broken_ = true; // what follows of it, up to the next BEGIN, needs no words
    }
    static std::string_view trimmed_end(std::string_view text) { return text.substr(0, text.find_last_not_of(" \t") + 1); }

    std::string file_;
    std::vector<std::string_view> wanted_;
    std::vector<Component> open_;
    bool is_broken_ = false;
    Components made_;
};

} // namespace

const ContentLine* Component::find(std::string_view wanted) const noexcept
{
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const ContentLine& one) { return one.name == wanted; });
    return found == lines.end() ? nullptr : &*found;
}

Components read_components(std::string_view file_name, std::string_view text, std::initializer_list<std::string_view> wanted)
{
    Reader reader{file_name, wanted};
    for (const auto& raw : unfolded(text)) reader.take(raw);
    return std::move(reader).finish();
}

std::string unescaped(std::string_view value)
{
    std::string made;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) made += value[i];
        else if (++i; value[i] == 'n' || value[i] == 'N') made += '\n';
        else made += value[i];
    }
    return made;
}

std::vector<std::string> parts_of(std::string_view value)
{
    std::vector<std::string> parts;
    std::size_t first = 0;
    for (std::size_t i = 0; i <= value.size(); ++i) {
        if (i < value.size() && value[i] == '\\') {
            ++i;
            continue;
        }
        if (i < value.size() && value[i] != ';') continue;
        parts.push_back(unescaped(value.substr(first, i - first)));
        first = i + 1;
    }
    if (first <= value.size() && first > 0 && parts.empty()) parts.push_back(unescaped(value));
    return parts;
}

std::string escaped(std::string_view text)
{
    std::string made;
    for (const char c : text) {
        if (c == '\n') {
            made += "\\n";
            continue;
        }
        if (c == '\\' || c == ';' || c == ',') made += '\\';
        made += c;
    }
    return made;
}

void LineWriter::line(std::string_view name, std::string_view value)
{
    constexpr std::size_t line_bytes_max = 75;
    std::size_t width = 0;
    const auto whole = fmt::format("{}:{}", name, value);
    for (std::string_view rest{whole}; !rest.empty();) {
        auto after = rest;
        const auto size = take_utf8(after) ? rest.size() - after.size() : 1;
        if (width + size > line_bytes_max) {
            made_ += "\r\n ";
            width = 1;
        }
        made_ += rest.substr(0, size);
        rest.remove_prefix(size);
        width += size;
    }
    made_ += "\r\n";
}

void LineWriter::text(std::string_view name, std::string_view value)
{
    if (!value.empty()) line(name, escaped(value));
}

} // namespace roadbook::exchange
