#pragma once
// One account with all that hangs on it. For AccountPage.
#include "mobile-app/viewmodels/preferences.hpp"
#include "mobile-app/viewmodels/records.hpp"
#include "mobile-app/viewmodels/section.hpp"
#include "shared/base/clock.hpp"

namespace roadbook::viewmodels {

/// Threads: GUI. Follows the record: an edit that arrives shows at once.
class AccountViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by AppViewModel")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString accountId READ accountId CONSTANT)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    Q_PROPERTY(QString address READ address NOTIFY changed)
    Q_PROPERTY(QString phone READ phone NOTIFY changed)
    Q_PROPERTY(bool unsent READ unsent NOTIFY changed)
    Q_PROPERTY(bool conflict READ conflict NOTIFY changed)
    Q_PROPERTY(roadbook::viewmodels::RowsModel* facts READ facts CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::Section* contacts READ contacts CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::Section* visits READ visits CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::Section* quotes READ quotes CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::Section* orders READ orders CONSTANT)

public:
    /// Gone: handed over or removed while the page was open.
    enum State { Ready, Gone, Failed };
    Q_ENUM(State)

    /// What one section reads: years of an ordinary customer.
    static constexpr int section_rows_max = 500;

    AccountViewModel(const RecordId& id, Records& records, Preferences& preferences, Clock& clock);

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] QString accountId() const;
    [[nodiscard]] QString name() const;
    [[nodiscard]] QString address() const;
    [[nodiscard]] QString phone() const;
    [[nodiscard]] bool unsent() const { return records_.unsent(id_); }
    [[nodiscard]] bool conflict() const { return records_.conflict(id_); }
    [[nodiscard]] RowsModel* facts() { return &facts_; }
    [[nodiscard]] Section* contacts() { return &contacts_; }
    [[nodiscard]] Section* visits() { return &visits_; }
    [[nodiscard]] Section* quotes() { return &quotes_; }
    [[nodiscard]] Section* orders() { return &orders_; }

signals:
    void changed();

private:
    void refresh();
    void read_facts();
    void fill(Section& section, const char* kind, const char* order, Row (AccountViewModel::*make)(const schema::Record&));
    [[nodiscard]] Row row_of(const schema::Record& record) const;
    [[nodiscard]] Row contact_row(const schema::Record& contact);
    [[nodiscard]] Row visit_row(const schema::Record& visit);
    [[nodiscard]] Row quote_row(const schema::Record& quote);
    [[nodiscard]] Row order_row(const schema::Record& order);

    RecordId id_;
    Records& records_;
    Preferences& preferences_;
    Clock& clock_;
    State state_ = Ready;
    schema::Record account_;
    RowsModel facts_;
    Section contacts_, visits_, quotes_, orders_;
};

} // namespace roadbook::viewmodels
