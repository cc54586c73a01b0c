#pragma once
// The lines of vCard (RFC 6350, 2426) and iCalendar (RFC 5545): unfolded, with parameters, escaped texts.
#include "shared/exchange/csv_file.hpp"

namespace roadbook::exchange {

struct ContentLine {
    int line = 0;                              ///< where it begins, from 1
    std::string name;                          ///< in capitals, without a group: "TEL"
    std::map<std::string, std::string> params; ///< names in capitals; several values of one with commas
    std::string value;                         ///< as written, escapes and all
};

/// One BEGIN ... END, without the components within it.
struct Component {
    int line = 0;
    std::string name; ///< "VCARD", "VEVENT"
    std::vector<ContentLine> lines;
    std::string source; ///< as written, with BEGIN and END, unfolded
    [[nodiscard]] const ContentLine* find(std::string_view name) const noexcept;
};

struct Components {
    std::vector<Component> found;  ///< those named so, at any depth
    std::vector<BrokenRow> broken; ///< by line: what is no line, what never ends, what is too long
};

inline constexpr std::size_t content_line_bytes_max = 1 << 20; ///< an embedded photograph is more, and is passed over
inline constexpr int component_depth_max = 8;                  ///< VCALENDAR, VEVENT, VALARM are three

/// Line ends of any system. A broken component is left out and named; reading goes on behind it.
[[nodiscard]] Components read_components(std::string_view file_name, std::string_view text, std::initializer_list<std::string_view> wanted);

[[nodiscard]] std::string unescaped(std::string_view value);
/// "Public;John;Q." at its semicolons, each unescaped.
[[nodiscard]] std::vector<std::string> parts_of(std::string_view value);

/// Writes lines with CRLF, folded to 75 bytes and never within a character.
class LineWriter {
public:
    void line(std::string_view name, std::string_view value);
    /// Escapes the text; nothing for an empty one.
    void text(std::string_view name, std::string_view value);
    [[nodiscard]] std::string take() && { return std::move(made_); }

private:
    std::string made_;
};
[[nodiscard]] std::string escaped(std::string_view text);

} // namespace roadbook::exchange
