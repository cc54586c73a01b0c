#include "mobile-app/headless/text.hpp"

#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace roadbook::headless {

std::string cell_of(const schema::Value& value, const schema::Field& field, Titles& titles)
{
    if (const auto* id = std::get_if<RecordId>(&value)) return titles.of(*id);
    if (const auto* is_true = std::get_if<bool>(&value)) return *is_true ? "yes" : "no";
    if (const auto* time = std::get_if<Time>(&value)) return moment(*time);
    auto text = schema::format(field, value);
    if (field.type == schema::Type::percent && !text.empty()) text += " %";
    return text;
}

std::string text_of(const schema::Value& value, const schema::Field& field, Titles& titles)
{
    auto text = cell_of(value, field, titles);
    const auto* id = std::get_if<RecordId>(&value);
    if (id && text != id->text()) text += "  " + id->text();
    return text;
}

Table::Align align_of(const schema::Field& field) noexcept
{
    switch (field.type) {
    case schema::Type::integer:
    case schema::Type::decimal:
    case schema::Type::percent:
    case schema::Type::money:
        return Table::Align::right;
    default:
        return Table::Align::left;
    }
}

std::string moment(Time time)
{
    constexpr std::size_t day = 10, second = 19; // of "2026-11-22T14:05:09.120Z"
    const auto text = to_text(time);
    return fmt::format("{} {} UTC", text.substr(0, day), text.substr(day + 1, second - day - 1));
}

std::string author(const std::optional<merge::Attribution>& by, const std::string& person_name)
{
    if (!by) return "by whom is not known";
    auto text = fmt::format("{}, {}", person_name, moment(by->when()));
    if (!by->device.is_nil()) text += ", device " + by->device.text();
    if (by->late) text += ", made before a hand-over was known";
    if (!by->reason.empty()) text += ": " + by->reason;
    return text;
}

std::string item_word(const schema::Collection& collection)
{
    auto word = std::string{collection.item.en};
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return word;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string bytes_text(std::uint64_t bytes)
{
    constexpr std::uint64_t kilo = 1'000, mega = 1'000'000;
    if (bytes < kilo) return fmt::format("{} bytes", bytes);
    const auto unit = bytes < mega ? kilo : mega;
    const auto tenths = (bytes * 10 + unit / 2) / unit;
    return fmt::format("{}.{} {}", tenths / 10, tenths % 10, unit == kilo ? "KB" : "MB");
}

} // namespace roadbook::headless
