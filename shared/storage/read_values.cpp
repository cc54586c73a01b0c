#include "shared/storage/read_values.hpp"

#include <cstring>

namespace roadbook::storage {
namespace {

using schema::Type;
using schema::Value;

Value read_value(const Statement& row, int column, Type type)
{
    if (row.is_null(column)) return {};
    switch (type) {
    case Type::text:
    case Type::note:
    case Type::date:
    case Type::choice: return row.text(column);
    case Type::integer:
    case Type::decimal:
    case Type::percent: return row.integer(column);
    case Type::boolean: return row.integer(column) != 0;
    case Type::time: return row.time(column);
    case Type::reference: return row.id<RecordId>(column);
    case Type::money: return Money{row.integer(column), row.text(column + 1)};
    }
    return {};
}

void append(Bytes& bytes, std::string_view text)
{
    const auto size = static_cast<std::uint32_t>(text.size());
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::byte>(size >> shift & 0xffU));
    const auto view = as_bytes(text);
    bytes.insert(bytes.end(), view.begin(), view.end());
}

/// Takes the next text off; nothing when the rest is too short to hold one.
std::optional<std::string> take(ByteView& bytes)
{
    constexpr std::size_t size_bytes = 4;
    if (bytes.size() < size_bytes) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = size_bytes; i-- > 0;) size = size << 8 | std::to_integer<std::size_t>(bytes[i]);
    if (bytes.size() - size_bytes < size) return std::nullopt;
    auto text = std::string{as_text(bytes.subspan(size_bytes, size))};
    bytes = bytes.subspan(size_bytes + size);
    return text;
}

} // namespace

bool fits_type(Type type, const Value& value) noexcept
{
    switch (type) {
    case Type::text:
    case Type::note:
    case Type::date:
    case Type::choice: return std::holds_alternative<std::string>(value);
    case Type::integer:
    case Type::decimal:
    case Type::percent: return std::holds_alternative<std::int64_t>(value);
    case Type::boolean: return std::holds_alternative<bool>(value);
    case Type::time: return std::holds_alternative<Time>(value);
    case Type::reference: return std::holds_alternative<RecordId>(value);
    case Type::money: return std::holds_alternative<Money>(value);
    }
    return false;
}

void bind_value(Statement& statement, int index, const Value& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        statement.bind_at(index, std::string_view{*text});
    else if (const auto* number = std::get_if<std::int64_t>(&value))
        statement.bind_at(index, *number);
    else if (const auto* flag = std::get_if<bool>(&value))
        statement.bind_at(index, std::int64_t{*flag});
    else if (const auto* time = std::get_if<Time>(&value))
        statement.bind_at(index, std::int64_t{time->time_since_epoch().count()});
    else if (const auto* id = std::get_if<RecordId>(&value))
        statement.bind_at(index, id->view());
    else if (const auto* money = std::get_if<Money>(&value))
        statement.bind_at(index, money->minor).bind_at(index + 1, std::string_view{money->currency});
    else
        statement.bind_at(index, nullptr);
}

void bind_fields(Statement& statement, int index, const std::vector<schema::Field>& declared, const schema::Fields& values)
{
    for (const auto& field : declared) {
        const auto at = values.find(field.name);
        if (at != values.end() && fits_type(field.type, at->second)) {
            bind_value(statement, index, at->second);
        } else {
            for (int i = 0; i < columns_of(field); ++i) statement.bind_at(index + i, nullptr);
        }
        index += columns_of(field);
    }
}

schema::Fields read_fields(const Statement& row, int column, const std::vector<schema::Field>& declared)
{
    schema::Fields fields;
    for (const auto& field : declared) {
        if (auto value = read_value(row, column, field.type); !schema::is_empty(value)) fields.emplace(field.name, std::move(value));
        column += columns_of(field);
    }
    return fields;
}

Bytes pack_unknown(const std::map<std::string, std::string>& unknown)
{
    Bytes packed;
    for (const auto& [name, text] : unknown) {
        append(packed, name);
        append(packed, text);
    }
    return packed;
}

std::map<std::string, std::string> unpack_unknown(ByteView packed)
{
    std::map<std::string, std::string> unknown;
    while (auto name = take(packed)) {
        auto text = take(packed);
        if (!text) break;
        unknown.emplace(std::move(*name), std::move(*text));
    }
    return unknown;
}

} // namespace roadbook::storage
