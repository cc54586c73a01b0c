#pragma once
// All accounts of this device, and search as you type. For CustomersPage.
#include "mobile-app/viewmodels/records.hpp"
#include "mobile-app/viewmodels/rows_model.hpp"

namespace roadbook::viewmodels {

/// Threads: GUI. A search is answered within the key press: no delay, no spinner.
class CustomersViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by AppViewModel")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
    Q_PROPERTY(int total READ total NOTIFY changed)
    Q_PROPERTY(roadbook::viewmodels::RowsModel* rows READ rows CONSTANT)

public:
    /// Nothing on this device, nothing that matches, and a failure are told apart: each needs another word.
    enum State { Loading, Ready, NothingHere, NoMatch, Failed };
    Q_ENUM(State)

    static constexpr int page = 100; ///< rows read at once: ten screens
    static constexpr int hits = 50;  ///< who has not found it in fifty types another letter

    explicit CustomersViewModel(Records& records, QObject* parent = nullptr);

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] QString query() const { return query_; }
    [[nodiscard]] int total() const { return total_; }
    [[nodiscard]] RowsModel* rows() { return &rows_; }
    void setQuery(const QString& query);

signals:
    void changed();
    void queryChanged();

private:
    void refresh();
    [[nodiscard]] State read();
    [[nodiscard]] State read_page();
    [[nodiscard]] State read_hits(const std::string& text);
    [[nodiscard]] Row row(const schema::Record& account) const;

    Records& records_;
    RowsModel rows_;
    State state_ = Loading;
    QString query_;
    int total_ = 0;
    int wanted_ = page;
};

} // namespace roadbook::viewmodels
