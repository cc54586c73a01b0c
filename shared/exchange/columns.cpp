#include "shared/exchange/columns.hpp"

#include "shared/base/utf8.hpp"
#include "shared/schema/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace roadbook::exchange {
namespace {

using What = Column::What;

constexpr std::array currency_words{std::string_view{"currency"}, std::string_view{"币种"}, std::string_view{"货币"}};

struct SystemName {
    std::string_view name;
    What what;
};
constexpr std::array system_names{SystemName{"id", What::id}, SystemName{"externalid", What::external_id}, SystemName{"外部编号", What::external_id}};
constexpr std::array child_system_names{SystemName{"id", What::id}, SystemName{"position", What::position}};

/// The part of a record type that a column may belong to: the record, or one of its collections.
struct Part {
    const schema::Kind& kind;
    const schema::Collection* collection;
    [[nodiscard]] const std::vector<schema::Field>& fields() const { return collection != nullptr ? collection->fields : kind.fields; }
    [[nodiscard]] std::string name() const { return collection != nullptr ? fmt::format("{} of {}", collection->name, kind.name) : kind.name; }
};

bool is_called(const schema::Field& field, const std::string& name)
{
    return folded(field.label.en) == name || folded(field.label.zh) == name;
}

Error no_such(const Part& part, std::string_view written)
{
    std::vector<std::string> names;
    for (const auto& field : part.fields()) {
        names.push_back(field.name);
        names.emplace_back(field.label.en);
        names.emplace_back(field.label.zh);
    }
    const auto near = schema::nearest_name(written, names);
    return fail(Errc::bad_argument,
                Bilingual{fmt::format("{} has no column '{}'{}. Mend the header, or leave that column out by its name. Nothing was imported", part.name(), written,
                                      near.empty() ? "" : fmt::format(": did you mean '{}'?", near)),
                          fmt::format("{}没有列“{}”{}。请更正表头，或按名称略去该列。未导入任何内容", part.name(), written,
                                      near.empty() ? "" : fmt::format("，是否指“{}”？", near))},
                std::string{written});
}

/// The field of that name or label; null: there is none. Errors: two fields have this label.
Result<const schema::Field*> find_field(const Part& part, const std::string& name, std::string_view written)
{
    const schema::Field* found = nullptr;
    for (const auto& field : part.fields())
        if (folded(field.name) == name) return &field;
    for (const auto& field : part.fields()) {
        if (!is_called(field, name)) continue;
        if (found != nullptr)
            return fail(Errc::bad_argument,
                        Bilingual{fmt::format("'{}' may be {} or {} of {}: name the column by one of these. Nothing was imported", written, found->name, field.name, part.name()),
                                  fmt::format("“{0}”可能是{3}的 {1} 或 {2}，请用其中一个命名该列。未导入任何内容", written, found->name, field.name, part.name())},
                        std::string{written});
        found = &field;
    }
    return found;
}

/// "credit_limit.currency", "Credit limit currency", "信用额度币种", or "currency" alone.
Result<std::optional<Column>> currency_column(const Part& part, const std::string& name, std::string_view written)
{
    for (const auto word : currency_words) {
        if (!name.ends_with(word)) continue;
        auto of = name.substr(0, name.size() - word.size());
        if (of.ends_with('.')) of.pop_back();
        if (of.empty()) return std::optional{Column{What::currency, part.collection, nullptr}};
        const auto field = find_field(part, of, written);
        if (!field) return field.error();
        if (*field != nullptr && (*field)->type == schema::Type::money) return std::optional{Column{What::currency, part.collection, *field}};
    }
    return std::optional<Column>{};
}

Result<std::optional<Column>> title_column(const Part& part, const std::string& name, std::string_view written)
{
    constexpr std::string_view ending = ".title";
    if (!name.ends_with(ending)) return std::optional<Column>{};
    const auto field = find_field(part, name.substr(0, name.size() - ending.size()), written);
    if (!field) return field.error();
    if (*field == nullptr || (*field)->type != schema::Type::reference) return std::optional<Column>{};
    return std::optional{Column{What::title, part.collection, *field}};
}

Result<Column> column_in(const Part& part, const std::string& name, std::string_view written)
{
    const auto field = find_field(part, name, written);
    if (!field) return field.error();
    if (*field != nullptr) return Column{What::field, part.collection, *field};
    const std::span<const SystemName> system = part.collection != nullptr ? std::span<const SystemName>{child_system_names} : system_names;
    for (const auto& [known, what] : system)
        if (name == known) return Column{what, part.collection, nullptr};
    for (auto* read : {&currency_column, &title_column}) {
        const auto found = read(part, name, written);
        if (!found) return found.error();
        if (*found) return **found;
    }
    return no_such(part, written);
}

} // namespace

std::string folded(std::string_view name)
{
    constexpr char32_t full_width = 0xff01, full_width_end = 0xff5e, to_half_width = 0xfee0;
    std::string made;
    for (auto rest = name; !rest.empty();) {
        auto c = take_utf8(rest);
        if (!c) return std::string{name};
        if (*c >= full_width && *c <= full_width_end) *c -= to_half_width;
        if (*c >= U'A' && *c <= U'Z') *c += U'a' - U'A';
        if (*c == U' ' || *c == U'_' || *c == U'-' || *c == U'\t' || *c == U'\n' || *c == 0xa0 || *c == 0x3000) continue;
        append_utf8(made, *c);
    }
    return made;
}

Result<Column> column_of(const schema::Kind& kind, std::string_view name)
{
    const auto whole = folded(name);
    const auto dot = whole.find('.');
    if (dot != std::string::npos)
        for (const auto& collection : kind.collections)
            for (const auto called : {std::string_view{collection.name}, collection.label.en, collection.label.zh, collection.item.en, collection.item.zh})
                if (folded(called) == whole.substr(0, dot)) return column_in({kind, &collection}, whole.substr(dot + 1), name);
    return column_in({kind, nullptr}, whole, name);
}

Result<std::vector<Column>> columns_of(const schema::Kind& kind, std::span<const std::string> header, std::span<const std::string> skipped)
{
    std::vector<Column> columns;
    std::map<std::tuple<What, const schema::Collection*, const schema::Field*>, std::string_view> seen;
    for (const auto& name : header) {
        const auto is_it = [&](const std::string& one) { return folded(one) == folded(name); };
        if (folded(name).empty() || std::any_of(skipped.begin(), skipped.end(), is_it)) {
            columns.emplace_back();
            continue;
        }
        const auto column = column_of(kind, name);
        if (!column) return column.error();
        const auto [other, is_new] = seen.emplace(std::tuple{column->what, column->collection, column->field}, name);
        if (!is_new)
            return fail(Errc::bad_argument, Bilingual{fmt::format("the columns '{}' and '{}' are the same one: leave one out. Nothing was imported", other->second, name),
                                                      fmt::format("列“{}”与“{}”是同一列，请去掉一个。未导入任何内容", other->second, name)}, name);
        columns.push_back(*column);
    }
    return columns;
}

} // namespace roadbook::exchange
