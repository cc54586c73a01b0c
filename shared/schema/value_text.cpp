// Values in and out of text, exactly.
#include "shared/base/article.hpp"
#include "shared/schema/value_rules.hpp"

#include "shared/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace roadbook::schema {
namespace {

constexpr int decimal_digits = 3;
constexpr int percent_digits = 2;
constexpr std::size_t word_bytes_max = 200; // more than any number, date, id or choice has

/// The first few words, on one line: a message is read by a person, a 2 MB cell is not.
std::string quoted(std::string_view text)
{
    constexpr std::size_t quoted_max = 80;
    std::string shown;
    while (const auto c = take_utf8(text)) {
        if (shown.size() >= quoted_max) return shown + "...";
        append_utf8(shown, *c < 0x20 || *c == 0x7f ? U' ' : *c);
    }
    return shown;
}

/// What a text says, or why it says nothing that the field could hold.
using Reading = std::variant<Value, Breach>;

Breach refuse(const Field& field, std::string_view text, const char* rule, std::string_view en, std::string_view zh)
{
    const auto shown = quoted(text);
    return {field.name, rule, fmt::format("{}: '{}' {}", field.label.en, shown, en), fmt::format("{}：“{}”{}", field.label.zh, shown, zh)};
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool same_word(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

Reading parse_number(const Field& field, std::string_view text, int digits)
{
    if (field.type == Type::percent && text.ends_with('%')) text = trimmed(text.substr(0, text.size() - 1));
    const auto number = parse_decimal(text, digits);
    if (number) return Value{*number};
    if (digits == 0) return refuse(field, text, "type", "is no whole number", "不是整数");
    return refuse(field, text, "type", fmt::format("is no number with at most {} digits behind the point, such as 12.5", digits),
                  fmt::format("不是数字，最多 {} 位小数，例如 12.5", digits));
}

Reading parse_money(const Field& field, std::string_view text)
{
    auto amount = Money::parse(text);
    if (!amount)
        return Breach{field.name, "type", fmt::format("{}: {}", field.label.en, amount.error().message),
                      fmt::format("{}：“{}”不是有效金额，请写成“100.00 CNY”，且不超出上限", field.label.zh, quoted(text))};
    return Value{std::move(*amount)};
}

Reading parse_boolean(const Field& field, std::string_view text)
{
    for (const auto* yes : {"true", "yes", "1", "是"})
        if (same_word(text, yes)) return Value{true};
    for (const auto* no : {"false", "no", "0", "否"})
        if (same_word(text, no)) return Value{false};
    return refuse(field, text, "type", "is neither yes nor no", "既不是“是”也不是“否”");
}

/// By its value, or by its label in either language as people see it.
Reading parse_choice(const Field& field, std::string_view text)
{
    for (const auto& choice : field.choices)
        if (text == choice.value) return Value{std::string{choice.value}};
    for (const auto& choice : field.choices)
        if (same_word(text, choice.label.en) || text == choice.label.zh) return Value{std::string{choice.value}};
    return refuse(field, text, "choice", fmt::format("is none of: {}", choice_names(field)),
                  fmt::format("不在可选范围内：{}", choice_labels(field)));
}

Reading parse_reference(const Field& field, std::string_view text)
{
    const auto id = RecordId::parse(text);
    if (!id) {
        const auto* kind = find_kind(field.target);
        return refuse(field, text, "type", fmt::format("is no id of {}", with_article(field.target)),
                      fmt::format("不是{}的编号（id）", kind == nullptr ? std::string_view{field.target} : kind->label.zh));
    }
    return Value{*id};
}

/// The value of a text that is not blank, before the field's rules.
Reading read(const Field& field, std::string_view text)
{
    const auto word = trimmed(text);
    switch (field.type) {
    case Type::text:
    case Type::note: return Value{std::string{text}};
    case Type::integer: return parse_number(field, word, 0);
    case Type::decimal: return parse_number(field, word, decimal_digits);
    case Type::percent: return parse_number(field, word, percent_digits);
    case Type::money: return parse_money(field, word);
    case Type::boolean: return parse_boolean(field, word);
    case Type::choice: return parse_choice(field, word);
    case Type::reference: return parse_reference(field, word);
    case Type::date: {
        constexpr std::size_t date_length = 10;
        if (word.size() != date_length || !time_from_text(word))
            return refuse(field, word, "type", "is no date: write it as 2026-01-31", "不是日期，请写成 2026-01-31");
        return Value{std::string{word}};
    }
    case Type::time: {
        const auto time = time_from_text(word);
        if (!time)
            return refuse(field, word, "type", "is no time: write it as 2026-01-31T14:05:00Z (UTC)",
                          "不是时间，请写成 2026-01-31T14:05:00Z（UTC）");
        return Value{*time};
    }
    }
    return refuse(field, word, "type", "cannot be read", "无法识别");
}

/// The whole of it: what the text says, held against the field's rules.
Reading understand(const Field& field, std::string_view text)
{
    const bool keeps_blanks = field.type == Type::text || field.type == Type::note;
    if (text.empty() || (!keeps_blanks && trimmed(text).empty())) return Value{};
    if (!is_utf8(text))
        return Breach{field.name, "characters", fmt::format("{}: is no valid UTF-8 text", field.label.en),
                      fmt::format("{}：不是有效的 UTF-8 文本", field.label.zh)};
    if (!keeps_blanks && text.size() > word_bytes_max)
        return refuse(field, text, "length", "is too long for this field", "对该字段而言过长");
    auto reading = read(field, text);
    if (const auto* value = std::get_if<Value>(&reading))
        if (auto broken = broken_by(field, *value)) return std::move(*broken);
    return reading;
}

/// "12.5", not "12.500".
std::string short_decimal(std::int64_t value, int digits)
{
    auto text = decimal_text(value, digits);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

struct Formatter {
    const Field& field;

    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const
    {
        if (field.type == Type::decimal) return short_decimal(value, decimal_digits);
        if (field.type == Type::percent) return short_decimal(value, percent_digits);
        return std::to_string(value);
    }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const Money& value) const { return value.text(); }
    std::string operator()(const Time& value) const { return to_text(value); }
    std::string operator()(const RecordId& value) const { return value.text(); }
};

} // namespace

Result<Value> parse(const Field& field, std::string_view text)
{
    auto reading = understand(field, text);
    if (auto* broken = std::get_if<Breach>(&reading)) return error_of(std::move(*broken));
    return std::get<Value>(std::move(reading));
}

std::optional<Breach> broken_by_text(const Field& field, std::string_view text)
{
    auto reading = understand(field, text);
    auto* broken = std::get_if<Breach>(&reading);
    return broken == nullptr ? std::nullopt : std::optional{std::move(*broken)};
}

std::optional<Breach> broken_by(const Field& field, const Value& value)
{
    auto broken = broken_rule(field, value);
    if (broken) broken->path = field.name;
    return broken;
}

std::string format(const Field& field, const Value& value)
{
    return std::visit(Formatter{field}, value);
}

Result<void> check(const Field& field, const Value& value)
{
    if (auto broken = broken_by(field, value)) return error_of(std::move(*broken));
    return {};
}

} // namespace roadbook::schema
