#include "shared/exchange/row_groups.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roadbook::exchange {
namespace {

using What = Column::What;

bool same(const Column& a, const Column& b)
{
    return a.what == b.what && a.collection == b.collection && a.field == b.field;
}

/// `column`: empty for a constant, which stands in no column.
Bilingual differs(const std::string& column, int line)
{
    return {fmt::format("{} is not what line {} says of the same record", column.empty() ? "a constant" : column, line),
            fmt::format("“{}”与第 {} 行对同一记录的内容不一致", column.empty() ? "常量" : column, line)};
}

} // namespace

Result<Grid> Grid::of(const schema::Kind& kind, Sheet sheet, const ImportOptions& options)
{
    Grid grid{kind};
    auto columns = columns_of(kind, sheet.header, options.skipped);
    if (!columns) return columns.error();
    for (const auto& [name, cell] : options.constants) {
        const auto column = column_of(kind, name);
        if (!column) return column.error();
        const auto at = std::find_if(columns->begin(), columns->end(), [&](const Column& one) { return same(one, *column); }) - columns->begin();
        if (static_cast<std::size_t>(at) == columns->size()) {
            columns->push_back(*column);
            for (auto& row : sheet.rows) row.cells.emplace_back();
        }
        for (auto& row : sheet.rows) row.cells[static_cast<std::size_t>(at)] = cell;
    }
    grid.has_children_ = std::any_of(columns->begin(), columns->end(), [](const Column& one) { return one.collection != nullptr; });
    grid.columns_ = std::move(*columns);
    grid.sheet_ = std::move(sheet);
    return grid;
}

bool Grid::has(const schema::Collection& collection) const
{
    return std::any_of(columns_.begin(), columns_.end(), [&](const Column& one) { return one.collection == &collection; });
}

std::optional<std::size_t> Grid::find(What what, const schema::Collection* collection, const schema::Field* field) const
{
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& one) { return same(one, {what, collection, field}); });
    return found == columns_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - columns_.begin())};
}

std::string_view Grid::cell(const CsvRow& row, const schema::Field& field) const
{
    const auto at = find(What::field, nullptr, &field);
    return at ? unguarded(row.cells[*at]) : std::string_view{};
}

RowKey Grid::key_of(const CsvRow& row) const
{
    for (const auto& [what, how] : {std::pair{What::id, RowKey::How::id}, std::pair{What::external_id, RowKey::How::external_id}})
        if (const auto at = find(what, nullptr, nullptr); at && !trimmed(row.cells[*at]).empty())
            return {how, std::string{trimmed(unguarded(row.cells[*at]))}, nullptr};
    for (const auto* field : key_fields(*kind_))
        if (const auto text = trimmed(cell(row, *field)); !text.empty()) return {RowKey::How::key, std::string{text}, field};
    if (const auto* title = kind_->field(kind_->title); title != nullptr)
        if (const auto text = trimmed(cell(row, *title)); !text.empty()) return {RowKey::How::title, std::string{text}, title};
    return {};
}

Bilingual at_line(int line, const Bilingual& what)
{
    return {fmt::format("line {}: {}", line, what.en), fmt::format("第 {} 行：{}", line, what.zh)};
}

Bilingual at_line(int line, const Error& why)
{
    return at_line(line, Bilingual{why.message, why.chinese()});
}

void Grid::add_row(RowGroup& group, const CsvRow& row) const
{
    const auto& first = *group.rows.front();
    if (!has_children_) return group.faults.push_back(at_line(row.line, Bilingual{fmt::format("line {} has '{}' already", first.line, group.key.text),
                                                                                   fmt::format("第 {} 行已有“{}”", first.line, group.key.text)}));
    group.rows.push_back(&row);
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (columns_[i].collection == nullptr && columns_[i].what != What::ignored && !row.cells[i].empty() && row.cells[i] != first.cells[i])
            group.faults.push_back(at_line(row.line, differs(i < sheet_.header.size() ? sheet_.header[i] : std::string{}, first.line)));
}

std::vector<RowGroup> Grid::groups() const
{
    std::vector<RowGroup> groups;
    std::map<RowKey, std::size_t> places;
    for (const auto& row : sheet_.rows) {
        const auto key = key_of(row);
        if (key.how == RowKey::How::none) {
            groups.push_back({key, {&row}, {at_line(row.line, Bilingual{fmt::format("nothing names this {}: fill in an external_id", kind_->label.en),
                                                                        fmt::format("没有任何内容指明是哪条{}，请填写 external_id", kind_->label.zh)})}});
            continue;
        }
        const auto [at, is_new] = places.emplace(key, groups.size());
        if (is_new) groups.push_back({key, {&row}, {}});
        else add_row(groups[at->second], row);
    }
    return groups;
}

} // namespace roadbook::exchange
