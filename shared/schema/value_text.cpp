// Values in and out of text, exactly.
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

Error refuse(const Field& field, std::string_view text, std::string_view reason)
{
    return fail(Errc::invalid_value, fmt::format("{}: '{}' {}", field.label.en, quoted(text), reason), field.name);
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

Result<Value> parse_number(const Field& field, std::string_view text, int digits)
{
    if (field.type == Type::percent && text.ends_with('%')) text = trimmed(text.substr(0, text.size() - 1));
    const auto number = parse_decimal(text, digits);
    if (number) return Value{*number};
    if (digits == 0) return refuse(field, text, "is no whole number");
    return refuse(field, text, fmt::format("is no number with at most {} digits behind the point, such as 12.5", digits));
}

Result<Value> parse_money(const Field& field, std::string_view text)
{
    auto amount = Money::parse(text);
    if (!amount) return fail(Errc::invalid_value, fmt::format("{}: {}", field.label.en, amount.error().message), field.name);
    return Value{std::move(*amount)};
}

Result<Value> parse_boolean(const Field& field, std::string_view text)
{
    for (const auto* yes : {"true", "yes", "1", "是"})
        if (same_word(text, yes)) return Value{true};
    for (const auto* no : {"false", "no", "0", "否"})
        if (same_word(text, no)) return Value{false};
    return refuse(field, text, "is neither yes nor no");
}

/// By its value, or by its label in either language as people see it.
Result<Value> parse_choice(const Field& field, std::string_view text)
{
    for (const auto& choice : field.choices)
        if (text == choice.value) return Value{std::string{choice.value}};
    for (const auto& choice : field.choices)
        if (same_word(text, choice.label.en) || text == choice.label.zh) return Value{std::string{choice.value}};
    return refuse(field, text, fmt::format("is none of: {}", choice_names(field)));
}

Result<Value> parse_reference(const Field& field, std::string_view text)
{
    const auto id = RecordId::parse(text);
    if (!id) return refuse(field, text, fmt::format("is no id of a {}", field.target));
    return Value{*id};
}

/// The value of a text that is not blank, before the field's rules.
Result<Value> read(const Field& field, std::string_view text)
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
            return refuse(field, word, "is no date: write it as 2026-01-31");
        return Value{std::string{word}};
    }
    case Type::time: {
        const auto time = time_from_text(word);
        if (!time) return refuse(field, word, "is no time: write it as 2026-01-31T14:05:00Z (UTC)");
        return Value{*time};
    }
    }
    return refuse(field, word, "cannot be read");
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
    const bool keeps_blanks = field.type == Type::text || field.type == Type::note;
    if (text.empty() || (!keeps_blanks && trimmed(text).empty())) return Value{};
    if (!is_utf8(text)) return fail(Errc::invalid_value, fmt::format("{}: is no valid UTF-8 text", field.label.en), field.name);
    if (!keeps_blanks && text.size() > word_bytes_max) return refuse(field, text, "is too long for this field");
    auto value = read(field, text);
    if (!value) return value;
    ROADBOOK_CHECK(check(field, *value));
    return value;
}

std::string format(const Field& field, const Value& value)
{
    return std::visit(Formatter{field}, value);
}

Result<void> check(const Field& field, const Value& value)
{
    if (auto broken = broken_rule(field, value)) return fail(Errc::invalid_value, std::move(broken->en), field.name);
    return {};
}

} // namespace roadbook::schema
