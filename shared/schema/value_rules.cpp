#include "shared/schema/value_rules.hpp"

#include "shared/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::schema {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
constexpr Time first_moment{sys_days{year{1900} / 1 / 1}};
constexpr Time last_moment{sys_days{year{2200} / 1 / 1} - Duration{1}};

Breach broken(const Field& field, const char* rule, std::string_view en, std::string_view zh)
{
    return {{}, rule, fmt::format("{}: {}", field.label.en, en), fmt::format("{}：{}", field.label.zh, zh)};
}

Breach wrong_type(const Field& field)
{
    return broken(field, "type", "the value is of another type than this field", "值的类型与该字段不符");
}

bool holds_text(Type type)
{
    return type == Type::text || type == Type::note || type == Type::date || type == Type::choice;
}

/// Characters that no keyboard writes and no screen shows: they hide in names and break exports.
bool is_control(char32_t c, bool may_break_lines)
{
    if (c == '\n' || c == '\t') return !may_break_lines;
    if (c == 0x2028 || c == 0x2029) return !may_break_lines; // line and paragraph separators
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfeff;
}

std::optional<Breach> broken_text(const Field& field, std::string_view text)
{
    if (text.size() > field.length_max)
        return broken(field, "length", fmt::format("is {} bytes long; at most {} fit", text.size(), field.length_max),
                      fmt::format("长度为 {} 字节，最多 {} 字节", text.size(), field.length_max));
    for (auto rest = text; !rest.empty();) {
        const auto c = take_utf8(rest);
        if (!c) return broken(field, "characters", "is no valid UTF-8 text", "不是有效的 UTF-8 文本");
        if (is_control(*c, field.type == Type::note))
            return broken(field, "characters",
                          fmt::format("has the invisible character U+{:04X}: take it out", static_cast<std::uint32_t>(*c)),
                          fmt::format("含有不可见字符 U+{:04X}，请删除", static_cast<std::uint32_t>(*c)));
    }
    return std::nullopt;
}

std::optional<Breach> broken_range(const Field& field, std::int64_t value, std::string_view currency = {})
{
    if (value < field.least) {
        const auto least = number_text(field, field.least, currency);
        return broken(field, "range", fmt::format("must be at least {}", least), fmt::format("不得小于 {}", least));
    }
    if (value > field.greatest) {
        const auto greatest = number_text(field, field.greatest, currency);
        return broken(field, "range", fmt::format("must be at most {}", greatest), fmt::format("不得大于 {}", greatest));
    }
    return std::nullopt;
}

std::optional<Breach> broken_moment(const Field& field, Time time)
{
    if (time >= first_moment && time <= last_moment) return std::nullopt;
    return broken(field, "range", "must be in the years 1900 to 2199", "年份须在 1900 至 2199 之间");
}

std::optional<Breach> broken_date(const Field& field, const std::string& text)
{
    constexpr std::size_t date_length = 10; // 2026-01-31
    const auto day = text.size() == date_length ? time_from_text(text) : std::nullopt;
    if (!day) return broken(field, "type", "is no date: write it as 2026-01-31", "不是日期，请写成 2026-01-31");
    return broken_moment(field, *day);
}

std::optional<Breach> broken_choice(const Field& field, const std::string& value)
{
    const auto is_it = [&](const Choice& choice) { return choice.value == value; };
    if (std::any_of(field.choices.begin(), field.choices.end(), is_it)) return std::nullopt;
    return broken(field, "choice", fmt::format("must be one of: {}", choice_names(field)),
                  fmt::format("只能是：{}", choice_labels(field)));
}

std::optional<Breach> broken_money(const Field& field, const Money& money)
{
    if (!currency_digits(money.currency))
        return broken(field, "type", "needs a known currency code such as EUR", "需要有效的货币代码，例如 CNY");
    return broken_range(field, money.minor, money.currency);
}

} // namespace

Time first_time() noexcept
{
    return first_moment;
}

Time last_time() noexcept
{
    return last_moment;
}

std::string number_text(const Field& field, std::int64_t value, std::string_view currency)
{
    switch (field.type) {
    case Type::decimal: return decimal_text(value, 3);
    case Type::percent: return decimal_text(value, 2) + " %";
    case Type::money: return Money{value, std::string{currency}}.text();
    default: return std::to_string(value);
    }
}

std::string choice_names(const Field& field)
{
    std::string names;
    for (const auto& choice : field.choices) {
        if (!names.empty()) names += ", ";
        names += choice.value;
    }
    return names;
}

std::string choice_labels(const Field& field)
{
    std::string labels;
    for (const auto& choice : field.choices) {
        if (!labels.empty()) labels += "、";
        labels += choice.label.zh;
    }
    return labels;
}

std::optional<Breach> broken_rule(const Field& field, const Value& value)
{
    if (is_empty(value)) return std::nullopt;
    const auto* text = std::get_if<std::string>(&value);
    const auto* number = std::get_if<std::int64_t>(&value);
    if (text && text->empty()) return holds_text(field.type) ? std::nullopt : std::optional{wrong_type(field)};
    switch (field.type) {
    case Type::text:
    case Type::note: return text ? broken_text(field, *text) : wrong_type(field);
    case Type::date: return text ? broken_date(field, *text) : wrong_type(field);
    case Type::choice: return text ? broken_choice(field, *text) : wrong_type(field);
    case Type::integer:
    case Type::decimal:
    case Type::percent: return number ? broken_range(field, *number) : wrong_type(field);
    case Type::boolean: return std::holds_alternative<bool>(value) ? std::nullopt : std::optional{wrong_type(field)};
    case Type::money: {
        const auto* money = std::get_if<Money>(&value);
        return money ? broken_money(field, *money) : wrong_type(field);
    }
    case Type::time: {
        const auto* time = std::get_if<Time>(&value);
        return time ? broken_moment(field, *time) : wrong_type(field);
    }
    case Type::reference: {
        const auto* id = std::get_if<RecordId>(&value);
        return id && !id->is_nil() ? std::nullopt : std::optional{wrong_type(field)};
    }
    }
    return wrong_type(field);
}

} // namespace roadbook::schema
