#pragma once
// A part of a page: its newest rows, and how many there are in all.
#include "mobile-app/viewmodels/rows_model.hpp"

namespace roadbook::viewmodels {

/// Threads: GUI.
class Section : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to a view-model")
    Q_PROPERTY(roadbook::viewmodels::RowsModel* rows READ rows CONSTANT)
    Q_PROPERTY(int total READ total NOTIFY changed)
    Q_PROPERTY(bool folded READ folded NOTIFY changed)

public:
    static constexpr std::size_t folded_rows = 3; ///< so that all sections of a page begin on its first two screens

    using QObject::QObject;

    void show(std::vector<Row> rows);
    [[nodiscard]] RowsModel* rows() { return &rows_; }
    [[nodiscard]] int total() const { return static_cast<int>(all_.size()); }
    /// There are more rows than shown.
    [[nodiscard]] bool folded() const { return !unfolded_ && all_.size() > folded_rows; }
    Q_INVOKABLE void unfold();

signals:
    void changed();

private:
    void fill();

    RowsModel rows_;
    std::vector<Row> all_;
    bool unfolded_ = false;
};

} // namespace roadbook::viewmodels
