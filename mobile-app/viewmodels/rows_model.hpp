#pragma once
// The rows of any list of the app: a title, a detail and what stands at the right.
#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace roadbook::viewmodels {

/// What a chip or mark means; the theme gives it a colour, the component a glyph: never colour alone.
class Tone : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("names only")
public:
    enum Value { Plain, Good, Warning, Bad, Hint };
    Q_ENUM(Value)
};

struct Row {
    QString id{};
    QString title{};
    QString detail{};
    QString trailing{}; ///< a sum, a day: at the right, in figures
    QString chip{};     ///< a state, in a word
    Tone::Value tone = Tone::Plain;
    bool unsent = false;  ///< edits of it wait for the server
    bool conflict = false; ///< a person must settle something in it
    bool operator==(const Row&) const = default;
};

/// Threads: GUI. A new content is shown as the least change, so that a list keeps its place while records arrive.
class RowsModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to a view-model")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum Role { IdRole = Qt::UserRole + 1, TitleRole, DetailRole, TrailingRole, ChipRole, ToneRole, UnsentRole, ConflictRole };

    using QAbstractListModel::QAbstractListModel;

    /// `more`: further rows can be asked for; the list does so when it nears its end.
    void show(std::vector<Row> rows, bool more = false);

    [[nodiscard]] int count() const { return static_cast<int>(rows_.size()); }
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

signals:
    void countChanged();
    void moreWanted();

private:
    void replace_middle(std::vector<Row> rows);
    void update_in_place(std::vector<Row> rows);

    std::vector<Row> rows_;
    bool more_ = false;
};

} // namespace roadbook::viewmodels
