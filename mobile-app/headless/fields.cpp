#include "mobile-app/headless/fields.hpp"

#include "mobile-app/headless/names.hpp"

#include <fmt/format.h>

#include <fstream>

namespace roadbook::headless {
namespace {

Result<std::string> read_note(const schema::Field& field, const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text(schema::note_bytes_max + 1, '\0');
    if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad() || (!file.eof() && file.fail()))
        return fail(
            Errc::file_unreadable,
            fmt::format(
                "{}: the file '{}' cannot be read; nothing was saved. A text that begins with @ itself is written @@",
                field.label.en, path),
            field.name);
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > schema::note_bytes_max)
        return fail(
            Errc::too_large,
            fmt::format("{}: the file '{}' is longer than {} bytes, the most that a note can hold; nothing was saved",
                        field.label.en, path, schema::note_bytes_max),
            field.name);
    return text;
}

struct Pair {
    std::string_view field, value;
};
Result<Pair> split(std::string_view word)
{
    const auto equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return fail(Errc::bad_argument, fmt::format("'{}' is no FIELD=VALUE", word));
    return Pair{word.substr(0, equals), word.substr(equals + 1)};
}

} // namespace

Result<schema::Value> value_of(const schema::Field& field, std::string_view text, const Reading& reading)
{
    if (field.type == schema::Type::reference && field.target == "person" && text == "me" && reading.me)
        return schema::Value{*reading.me};
    if (field.type != schema::Type::note || !text.starts_with('@')) return schema::parse(field, text);
    text.remove_prefix(1);
    if (text.starts_with('@')) return schema::parse(field, text);
    const auto note = read_note(field, std::string{text});
    if (!note) return note.error();
    return schema::parse(field, *note);
}

Result<schema::Fields> fields_of(std::span<const schema::Field> fields, const Words& words, const Reading& reading)
{
    schema::Fields values;
    for (const auto& word : words) {
        const auto pair = split(word);
        if (!pair) return pair.error();
        const auto field = field_named(fields, reading.owner, pair->field);
        if (!field) return field.error();
        auto value = value_of(**field, pair->value, reading);
        if (!value) return value.error();
        if (!values.emplace((*field)->name, std::move(*value)).second)
            return fail(Errc::bad_argument, fmt::format("the field '{}' stands twice", pair->field), (*field)->name);
    }
    return values;
}

} // namespace roadbook::headless
