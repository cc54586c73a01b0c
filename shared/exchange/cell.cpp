#include "shared/exchange/cell.hpp"

#include "shared/base/utf8.hpp"
#include "shared/exchange/zone.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace roadbook::exchange {
namespace {

using schema::Field;
using schema::Type;
using schema::Value;

struct NamedLocale {
    std::string_view name;
    Locale::Days days;
    char point;
    std::string_view groups;
};

constexpr auto day_first = Locale::Days::day_first;
constexpr auto year_first = Locale::Days::year_first;
constexpr std::array locales{
    NamedLocale{"cs", day_first, ',', " ."},  NamedLocale{"de", day_first, ',', ". "},     NamedLocale{"de-CH", day_first, '.', "'"},
    NamedLocale{"en-GB", day_first, '.', ","}, NamedLocale{"en-US", Locale::Days::month_first, '.', ","}, NamedLocale{"es", day_first, ',', ". "},
    NamedLocale{"fr", day_first, ',', " ."},  NamedLocale{"it", day_first, ',', "."},      NamedLocale{"ja", year_first, '.', ","},
    NamedLocale{"nl", day_first, ',', "."},   NamedLocale{"pl", day_first, ',', " ."},     NamedLocale{"pt", day_first, ',', ". "},
    NamedLocale{"ru", day_first, ',', " "},   NamedLocale{"sv", year_first, ',', " "},     NamedLocale{"zh", year_first, '.', ","},
};

constexpr std::size_t shown_max = 60; // of a cell in a message

Error refuse(const Field& field, std::string_view cell, std::string_view en, std::string_view zh)
{
    std::string shown;
    for (auto rest = cell; shown.size() < shown_max;) {
        const auto c = take_utf8(rest);
        if (!c) break;
        append_utf8(shown, *c < 0x20 ? U' ' : *c);
    }
    return fail(Errc::invalid_value, Bilingual{fmt::format("{}: '{}' {}", field.label.en, shown, en), fmt::format("{}：“{}”{}", field.label.zh, shown, zh)}, field.name);
}

/// Blanks of all widths as one, so that "1 234,56" is read whichever of them a spreadsheet wrote.
std::string plain_blanks(std::string_view text)
{
    std::string plain;
    for (auto rest = text; !rest.empty();) {
        const auto c = take_utf8(rest);
        if (!c) return std::string{text};
        append_utf8(plain, *c == 0xa0 || *c == 0x202f || *c == 0x2009 || *c == 0x3000 ? U' ' : *c == 0x2019 ? U'\'' : *c);
    }
    return plain;
}

bool all_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "1.234.567" in groups of three.
std::optional<std::string> without_groups(std::string_view whole, const std::string& groups)
{
    constexpr std::size_t group_size = 3;
    const auto first = whole.find_first_of(groups);
    if (first == std::string_view::npos) return std::string{whole};
    const char group = whole[first];
    auto digits = std::string{whole.substr(0, first)};
    if (digits.size() > group_size || !all_digits(digits)) return std::nullopt;
    for (auto rest = whole.substr(first); !rest.empty(); rest.remove_prefix(group_size + 1)) {
        const auto part = rest.substr(1, group_size);
        if (rest.front() != group || part.size() != group_size || !all_digits(part)) return std::nullopt;
        digits += part;
    }
    return digits;
}

/// The number as schema::parse reads it; nothing when it is none in this locale.
std::optional<std::string> canonical_number(std::string_view text, const Locale& locale)
{
    std::string sign;
    for (const std::string_view minus : {"-", "\xE2\x88\x92"})
        if (text.starts_with(minus)) {
            sign = "-";
            text.remove_prefix(minus.size());
            break;
        }
    const auto point = text.find(locale.point);
    const auto whole = without_groups(text.substr(0, point), locale.groups);
    if (!whole || (!whole->empty() && !all_digits(*whole))) return std::nullopt;
    if (point == std::string_view::npos) return whole->empty() ? std::nullopt : std::optional{sign + *whole};
    const auto behind = text.substr(point + 1);
    if (!all_digits(behind)) return std::nullopt;
    return sign + (whole->empty() ? "0" : *whole) + "." + std::string{behind};
}

Error no_number(const Field& field, std::string_view cell, const Locale& locale)
{
    if (locale.groups.empty() && cell.find(',') != std::string_view::npos)
        return refuse(field, cell, "is read in two ways: name the locale (de for 1.234,56; en-US for 1,234.56)",
                      "有两种读法，请指明区域格式（de 表示 1.234,56；en-US 表示 1,234.56）");
    const auto* example = locale.point == ',' ? "1234,56" : "1234.56";
    return refuse(field, cell, fmt::format("is no number such as {}", example), fmt::format("不是数字，例如 {}", example));
}

Result<Value> read_number(const Field& field, std::string_view cell, const Locale& locale)
{
    auto text = plain_blanks(trimmed(cell));
    if (field.type == Type::percent && text.ends_with('%')) text = std::string{trimmed(std::string_view{text}.substr(0, text.size() - 1))};
    const auto number = canonical_number(text, locale);
    if (!number) return no_number(field, cell, locale);
    return schema::parse(field, *number);
}

bool is_code(std::string_view word)
{
    return word.size() == 3 && std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

std::string upper(std::string_view word)
{
    std::string made{word};
    for (auto& c : made)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return made;
}

Result<Value> read_money(const Field& field, std::string_view cell, std::string_view currency_cell, const Reading& reading)
{
    constexpr std::size_t code_size = 3;
    const auto plain = plain_blanks(trimmed(cell));
    std::string_view amount = plain;
    auto currency = upper(trimmed(currency_cell).empty() ? std::string_view{reading.currency} : trimmed(currency_cell));
    for (const bool in_front : {true, false}) {
        if (amount.size() <= code_size) break;
        const auto code = in_front ? amount.substr(0, code_size) : amount.substr(amount.size() - code_size);
        if (!is_code(code)) continue;
        if (!trimmed(currency_cell).empty() && currency != upper(code)) 
            return refuse(field, cell, fmt::format("is in {}, but its currency column says {}", code, currency), fmt::format("的币种是 {}，但币种列写的是 {}", code, currency));
        currency = upper(code);
        amount = trimmed(in_front ? amount.substr(code_size) : amount.substr(0, amount.size() - code_size));
        break;
    }
    if (currency.empty())
        return refuse(field, cell, "has no currency: write 1234.56 EUR, add a currency column, or name one for the whole file",
                      "没有币种，请写成 1234.56 CNY，或增加币种列，或为整个文件指定币种");
    const auto number = canonical_number(amount, reading.locale);
    if (!number) return no_number(field, cell, reading.locale);
    return schema::parse(field, *number + " " + currency);
}

/// The numbers in a text and what stands between them: "22.11.2026" is 22, 11, 2026 and "..".
struct Parts {
    std::vector<int> numbers;
    std::vector<std::size_t> sizes; ///< digits of each
    std::string between;
};

std::optional<Parts> parts_of(std::string_view text)
{
    constexpr std::size_t digits_max = 6;
    Parts parts;
    while (!text.empty()) {
        const auto size = std::min(text.find_first_not_of("0123456789"), text.size());
        if (size == 0 || size > digits_max) return std::nullopt;
        int number = 0;
        std::from_chars(text.data(), text.data() + size, number);
        parts.numbers.push_back(number);
        parts.sizes.push_back(size);
        text.remove_prefix(size);
        const auto gap = std::min(text.find_first_of("0123456789"), text.size());
        parts.between += text.substr(0, gap);
        text.remove_prefix(gap);
    }
    return parts;
}

/// The day that a text names, whatever the order of its parts; nothing when it names none, or when nobody said which order it is.
std::optional<Civil> day_of(std::string_view text, const Locale& locale)
{
    constexpr std::size_t year_digits = 4;
    const auto parts = parts_of(text);
    if (!parts || parts->numbers.size() != 3) return std::nullopt;
    const auto& n = parts->numbers;
    const auto& marks = parts->between;
    if (parts->sizes[0] == year_digits) {
        const bool known = marks == "--" || marks == "//" || marks == ".." || marks == "年月日" || marks == "年月";
        return known ? std::optional{Civil{n[0], n[1], n[2]}} : std::nullopt;
    }
    if (parts->sizes[2] != year_digits || parts->sizes[0] > 2 || parts->sizes[1] > 2) return std::nullopt;
    if (marks == ".." && locale.days != Locale::Days::month_first) return Civil{n[2], n[1], n[0]};
    if (marks != "//" && marks != "--" && marks != "..") return std::nullopt;
    if (locale.days == day_first) return Civil{n[2], n[1], n[0]};
    if (locale.days == Locale::Days::month_first) return Civil{n[2], n[0], n[1]};
    return std::nullopt;
}

Error no_day(const Field& field, std::string_view cell, const Locale& locale)
{
    const bool is_undecided = locale.days == year_first && cell.find('/') != std::string_view::npos;
    if (is_undecided)
        return refuse(field, cell, "is read in two ways: name the locale (en-US for 11/22/2026, en-GB for 22/11/2026), or write 2026-11-22",
                      "有两种读法，请指明区域格式（en-US 表示 11/22/2026，en-GB 表示 22/11/2026），或写成 2026-11-22");
    return refuse(field, cell, "is no day: write it as 2026-11-22", "不是日期，请写成 2026-11-22");
}

Result<Value> read_date(const Field& field, std::string_view cell, const Locale& locale)
{
    auto text = trimmed(cell);
    for (const std::string_view midnight : {" 00:00:00", " 00:00", " 0:00", "T00:00:00"}) // a spreadsheet's idea of a day
        if (text.ends_with(midnight)) text.remove_suffix(midnight.size());
    const auto day = day_of(text, locale);
    if (!day) return no_day(field, cell, locale);
    return schema::parse(field, fmt::format("{:04}-{:02}-{:02}", day->year, day->month, day->day));
}

/// "+01:00", "+0100" or "Z" off the end of a time of day; minutes before UTC.
std::optional<int> take_offset(std::string_view& text)
{
    if (text.ends_with('Z')) {
        text.remove_suffix(1);
        return 0;
    }
    const auto sign = text.find_last_of("+-");
    if (sign == std::string_view::npos) return std::nullopt;
    const auto parts = parts_of(text.substr(sign + 1));
    if (!parts || parts->numbers.empty() || parts->numbers.size() > 2 || (parts->between != ":" && !parts->between.empty())) return std::nullopt;
    const auto& n = parts->numbers;
    const int minutes = n.size() == 2 ? n[0] * 60 + n[1] : parts->sizes[0] == 2 ? n[0] * 60 : n[0] / 100 * 60 + n[0] % 100;
    const int signed_minutes = text[sign] == '-' ? -minutes : minutes;
    text = text.substr(0, sign);
    return signed_minutes;
}

Result<Value> read_time(const Field& field, std::string_view cell, const Reading& reading)
{
    const auto text = trimmed(cell);
    if (text.ends_with('Z')) // as Roadbook writes them, to the millisecond
        if (auto exact = schema::parse(field, text)) return exact;
    const auto gap = text.find_first_of("T ");
    auto day = day_of(text.substr(0, gap), reading.locale);
    if (!day) return no_day(field, cell, reading.locale);
    auto clock = gap == std::string_view::npos ? std::string_view{"00:00"} : trimmed(text.substr(gap + 1));
    const auto offset = take_offset(clock);
    clock = trimmed(clock);
    const auto parts = parts_of(clock);
    if (!parts || parts->numbers.size() < 2 || parts->numbers.size() > 3 || parts->between.find_first_not_of(':') != std::string::npos)
        return refuse(field, cell, "is no time: write it as 2026-11-22 14:05, or 2026-11-22T14:05:00Z", "不是时间，请写成 2026-11-22 14:05 或 2026-11-22T14:05:00Z");
    day->hour = parts->numbers[0];
    day->minute = parts->numbers[1];
    if (parts->numbers.size() == 3) day->second = parts->numbers[2];
    const auto utc = utc_of(*day, offset ? "UTC" : std::string_view{reading.zone});
    if (!utc) {
        const auto zone = offset ? std::string{"UTC"} : reading.zone;
        return refuse(field, cell, fmt::format("does not exist in {}", zone), fmt::format("在 {} 不存在", zone));
    }
    const Value value{*utc - std::chrono::minutes{offset.value_or(0)}};
    ROADBOOK_CHECK(schema::check(field, value));
    return value;
}

/// Line ends of other systems as ours.
std::string unix_lines(std::string_view text)
{
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') made += text[i];
        else if (i + 1 == text.size() || text[i + 1] != '\n') made += '\n';
    }
    return made;
}

constexpr std::string_view formula_starts = "=+-@\t";

bool is_phone_like(std::string_view text)
{
    return text.find_first_not_of("0123456789 +-()./") == std::string_view::npos;
}

} // namespace

Result<Locale> Locale::named(std::string_view name)
{
    if (name.empty()) return Locale{};
    std::vector<std::string> names;
    for (const auto& one : locales) {
        if (one.name == name) return Locale{one.days, one.point, std::string{one.groups}};
        names.emplace_back(one.name);
    }
    return fail(Errc::bad_argument, fmt::format("there is no locale '{}'. There are: {}", name, fmt::join(names, ", ")), "locale");
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string guarded(std::string text)
{
    if (text.empty()) return text;
    const bool looks_guarded = text.size() > 1 && text[0] == '\'' && (text[1] == '\'' || formula_starts.find(text[1]) != std::string_view::npos);
    const bool looks_like_formula = formula_starts.find(text[0]) != std::string_view::npos && !is_phone_like(text);
    if (looks_guarded || looks_like_formula) text.insert(0, 1, '\'');
    return text;
}

std::string_view unguarded(std::string_view text)
{
    if (text.size() > 1 && text[0] == '\'' && (text[1] == '\'' || formula_starts.find(text[1]) != std::string_view::npos)) text.remove_prefix(1);
    return text;
}

Result<Value> read_cell(const Field& field, std::string_view cell, std::string_view currency_cell, const Reading& reading)
{
    constexpr std::size_t word_bytes_max = 200; // more than any number, day or choice has: what follows need not be looked at
    const bool is_text = field.type == Type::text || field.type == Type::note;
    if (cell.empty() || (!is_text && trimmed(cell).empty())) return Value{};
    if (!is_text && cell.size() > word_bytes_max) return refuse(field, cell, "is too long for this field", "对该字段而言过长");
    switch (field.type) {
    case Type::text: return schema::parse(field, unguarded(cell));
    case Type::note: return schema::parse(field, unix_lines(unguarded(cell)));
    case Type::integer:
    case Type::decimal:
    case Type::percent: return read_number(field, cell, reading.locale);
    case Type::money: return read_money(field, cell, currency_cell, reading);
    case Type::date: return read_date(field, cell, reading.locale);
    case Type::time: return read_time(field, cell, reading);
    case Type::boolean:
    case Type::choice:
    case Type::reference: break;
    }
    return schema::parse(field, cell);
}

} // namespace roadbook::exchange
