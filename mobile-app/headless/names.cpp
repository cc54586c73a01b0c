#include "mobile-app/headless/names.hpp"

#include "mobile-app/headless/display_width.hpp"
#include "shared/base/article.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace roadbook::headless {
namespace {

constexpr std::size_t shown_max = 80; // columns: a message quotes a slip of the keys, not a whole file

template <class Named>
std::vector<std::string> names_of(std::span<const Named> all)
{
    std::vector<std::string> names;
    for (const auto& one : all) names.emplace_back(one.name);
    return names;
}

std::string quoted(std::string_view text)
{
    return "'" + cut_to_width(one_line(text), shown_max) + "'";
}

/// "lines/ID/quantity" in its three parts; the first two empty for a field of the record itself.
struct Path {
    std::string_view collection, item, field;
};
Path parts_of(std::string_view path)
{
    const auto first = path.find('/');
    if (first == std::string_view::npos) return {{}, {}, path};
    const auto second = path.find('/', first + 1);
    if (second == std::string_view::npos) return {path.substr(0, first), path.substr(first + 1), {}};
    return {path.substr(0, first), path.substr(first + 1, second - first - 1), path.substr(second + 1)};
}

template <class AnyId>
Result<AnyId> id_of(std::string_view text, std::string_view what, std::string_view source)
{
    const auto id = AnyId::parse(text);
    if (id && !id->is_nil()) return *id;
    return fail(
        Errc::bad_argument,
        fmt::format(
            "{} is no id of {}: an id has 32 hexadecimal digits, such as 019a3f6e-58c1-7a04-9d2b-6f1c0e8b7a35; {} it",
            quoted(text), what, source));
}

} // namespace

Error no_such(std::string_view what, std::string_view plural, std::string_view wrong,
              std::span<const std::string> names)
{
    const auto nearest = schema::nearest_name(wrong, names);
    const auto guess = nearest.empty() ? "." : fmt::format(": did you mean '{}'?", nearest);
    const auto guess_zh = nearest.empty() ? "。" : fmt::format("，是否指 {}？", nearest);
    return fail(Errc::bad_argument,
                Bilingual{fmt::format("there is no {} {}{} {}: {}", what, quoted(wrong), guess, plural, fmt::join(names, ", ")),
                          fmt::format("没有 {}{}可用的有：{}", quoted(wrong), guess_zh, fmt::join(names, ", "))});
}

Result<const schema::Kind*> kind_named(std::string_view name)
{
    if (const auto* kind = schema::find_kind(name)) return kind;
    return no_such("kind", "Kinds", name, names_of(schema::kinds()));
}

Result<const schema::Collection*> collection_named(const schema::Kind& kind, std::string_view name)
{
    if (const auto* collection = kind.collection(name)) return collection;
    if (kind.collections.empty())
        return fail(Errc::bad_argument,
                    fmt::format("a record of kind '{}' has no collections, so no {} either", kind.name, quoted(name)));
    return no_such(fmt::format("collection of a record of kind '{}' named", kind.name), "Collections", name,
                   names_of(std::span{kind.collections}));
}

Result<const schema::Field*> field_named(std::span<const schema::Field> fields, std::string_view owner,
                                         std::string_view name)
{
    for (const auto& field : fields)
        if (field.name == name) return &field;
    auto error = no_such(fmt::format("field of {} named", owner), "Fields", name, names_of(fields));
    error.field = name;
    return error;
}

Result<const schema::Field*> field_at(const schema::Kind& kind, std::string_view path)
{
    const auto parts = parts_of(path);
    if (parts.collection.empty()) return field_named(kind.fields, kind.name, path);
    const auto collection = collection_named(kind, parts.collection);
    if (!collection) return collection.error();
    ROADBOOK_CHECK(child_id(parts.item));
    return field_named((*collection)->fields, fmt::format("{} of {}", (*collection)->name, with_article(kind.name)), parts.field);
}

const schema::Field* find_field_at(const schema::Kind& kind, std::string_view path)
{
    const auto parts = parts_of(path);
    if (parts.collection.empty()) return kind.field(path);
    const auto* collection = kind.collection(parts.collection);
    return collection ? collection->field(parts.field) : nullptr;
}

Result<RecordId> record_id(std::string_view text)
{
    return id_of<RecordId>(text, "a record", "`list KIND` and `search TEXT` print");
}

Result<ChildId> child_id(std::string_view text)
{
    return id_of<ChildId>(text, "an item", "`show ID` prints");
}

} // namespace roadbook::headless
