#include "mobile-app/viewmodels/rows_model.hpp"

#include <algorithm>

namespace roadbook::viewmodels {

void RowsModel::show(std::vector<Row> rows, bool more)
{
    more_ = more;
    if (rows == rows_) return;
    const auto before = rows_.size();
    if (std::ranges::equal(rows, rows_, {}, &Row::id, &Row::id)) update_in_place(std::move(rows));
    else replace_middle(std::move(rows));
    if (rows_.size() != before) emit countChanged();
}

void RowsModel::update_in_place(std::vector<Row> rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == rows_[i]) continue;
        rows_[i] = std::move(rows[i]);
        const auto at = index(static_cast<int>(i));
        emit dataChanged(at, at);
    }
}

/// Keeps what is alike at both ends and exchanges the rest: typing one more letter, or one record more, moves little.
void RowsModel::replace_middle(std::vector<Row> rows)
{
    const auto least = std::min(rows.size(), rows_.size());
    std::size_t head = 0;
    while (head < least && rows[head].id == rows_[head].id) ++head;
    std::size_t tail = 0;
    while (tail < least - head && rows[rows.size() - 1 - tail].id == rows_[rows_.size() - 1 - tail].id) ++tail;

    const auto old_end = rows_.size() - tail;
    const auto new_end = rows.size() - tail;
    if (old_end > head) {
        beginRemoveRows({}, static_cast<int>(head), static_cast<int>(old_end) - 1);
        rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(head), rows_.begin() + static_cast<std::ptrdiff_t>(old_end));
        endRemoveRows();
    }
    if (new_end > head) {
        beginInsertRows({}, static_cast<int>(head), static_cast<int>(new_end) - 1);
        rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(head), rows.begin() + static_cast<std::ptrdiff_t>(head),
                     rows.begin() + static_cast<std::ptrdiff_t>(new_end));
        endInsertRows();
    }
    update_in_place(std::move(rows));
}

int RowsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant RowsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const auto& row = rows_[static_cast<std::size_t>(index.row())];
    switch (role) {
    case IdRole: return row.id;
    case Qt::DisplayRole:
    case TitleRole: return row.title;
    case DetailRole: return row.detail;
    case TrailingRole: return row.trailing;
    case ChipRole: return row.chip;
    case ToneRole: return row.tone;
    case UnsentRole: return row.unsent;
    case ConflictRole: return row.conflict;
    default: return {};
    }
}

QHash<int, QByteArray> RowsModel::roleNames() const
{
    return {{IdRole, "recordId"}, {TitleRole, "title"}, {DetailRole, "detail"}, {TrailingRole, "trailing"},
            {ChipRole, "chip"},   {ToneRole, "tone"},   {UnsentRole, "unsent"}, {ConflictRole, "conflict"}};
}

bool RowsModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && more_;
}

void RowsModel::fetchMore(const QModelIndex&)
{
    more_ = false; // asked once; show() says whether there is still more
    emit moreWanted();
}

} // namespace roadbook::viewmodels
