#pragma once
// The form of one visit, a new one or one that exists. For VisitPage.
#include "mobile-app/viewmodels/drafts.hpp"
#include "mobile-app/viewmodels/preferences.hpp"
#include "mobile-app/viewmodels/records.hpp"
#include "mobile-app/viewmodels/rows_model.hpp"
#include "mobile-app/viewmodels/words.hpp"
#include "shared/base/clock.hpp"

#include <QDateTime>
#include <QPointer>
#include <QVariantMap>

#include <variant>

namespace roadbook::viewmodels {

/// Holds what the user changed apart from what the record says: an edit that arrives meanwhile shows in the fields that he did not
/// touch, and one save sends exactly the fields that he did. Each key is kept as a draft, so leaving the page loses nothing.
/// Threads: GUI.
class VisitViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by AppViewModel")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(bool isNew READ isNew NOTIFY changed)
    Q_PROPERTY(bool dirty READ dirty NOTIFY changed)
    Q_PROPERTY(bool unsent READ unsent NOTIFY changed)
    Q_PROPERTY(bool restored READ restored CONSTANT)
    Q_PROPERTY(QVariant labels READ labels NOTIFY changed)
    Q_PROPERTY(QString accountName READ accountName NOTIFY changed)
    Q_PROPERTY(QString subject READ subject WRITE setSubject NOTIFY changed)
    Q_PROPERTY(QString outcome READ outcome WRITE setOutcome NOTIFY changed)
    Q_PROPERTY(QString nextStep READ nextStep WRITE setNextStep NOTIFY changed)
    Q_PROPERTY(QString notes READ notes WRITE setNotes NOTIFY changed)
    Q_PROPERTY(QString status READ status WRITE setStatus NOTIFY changed)
    Q_PROPERTY(roadbook::viewmodels::RowsModel* statuses READ statuses CONSTANT)
    Q_PROPERTY(QString planned READ planned NOTIFY changed)
    Q_PROPERTY(QString plannedDay READ plannedDay NOTIFY changed)
    Q_PROPERTY(int plannedRow READ plannedRow NOTIFY changed)
    Q_PROPERTY(int plannedHour READ plannedHour NOTIFY changed)
    Q_PROPERTY(int plannedMinute READ plannedMinute NOTIFY changed)
    Q_PROPERTY(roadbook::viewmodels::RowsModel* days READ days CONSTANT)
    Q_PROPERTY(QString subjectProblem READ subjectProblem NOTIFY changed)
    Q_PROPERTY(QString failureTitle READ failureTitle NOTIFY changed)
    Q_PROPERTY(QString failureAdvice READ failureAdvice NOTIFY changed)
    Q_PROPERTY(QString failureDetail READ failureDetail NOTIFY changed)

public:
    enum State { Editing, Saving, Saved, Gone };
    Q_ENUM(State)

    static constexpr int days_before = 7; ///< a visit may be written down a week late
    static constexpr int days_after = 60; ///< and planned two months ahead

    struct Existing { RecordId visit; };
    struct New { RecordId account; };
    VisitViewModel(std::variant<Existing, New> which, Records& records, Preferences& preferences, Clock& clock, Drafts& drafts);

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool isNew() const { return !visit_; }
    [[nodiscard]] bool dirty() const { return !typed_.empty(); }
    [[nodiscard]] bool unsent() const { return visit_ && records_.unsent(*visit_); }
    [[nodiscard]] bool restored() const { return restored_; } ///< begins with a draft of earlier
    /// The schema's own labels by field, in the language of the app: the form has no words of its own for fields.
    [[nodiscard]] QVariant labels() const { return labels_; }
    [[nodiscard]] QString accountName() const { return account_name_; }
    [[nodiscard]] QString subject() const { return text("subject"); }
    [[nodiscard]] QString outcome() const { return text("outcome"); }
    [[nodiscard]] QString nextStep() const { return text("next_step"); }
    [[nodiscard]] QString notes() const { return text("notes"); }
    [[nodiscard]] QString status() const { return text("status"); }
    void setSubject(const QString& words) { type("subject", words); }
    void setOutcome(const QString& words) { type("outcome", words); }
    void setNextStep(const QString& words) { type("next_step", words); }
    void setNotes(const QString& words) { type("notes", words); }
    void setStatus(const QString& chosen) { type("status", chosen); }
    [[nodiscard]] RowsModel* statuses() { return &statuses_; }

    [[nodiscard]] QString planned() const;    ///< in words; empty: no time planned
    [[nodiscard]] QString plannedDay() const; ///< "2026-11-22"; empty: none
    [[nodiscard]] int plannedHour() const;    ///< -1: none
    [[nodiscard]] int plannedMinute() const;
    [[nodiscard]] RowsModel* days() { return &days_; }
    [[nodiscard]] int plannedRow() const; ///< of `days`; of today while no time is planned
    // Each changes one part of the time and leaves the others; the first one begins at the next quarter of an hour.
    Q_INVOKABLE void planDay(const QString& iso_day);
    Q_INVOKABLE void planHour(int hour);
    Q_INVOKABLE void planMinute(int minute);

    [[nodiscard]] QString subjectProblem() const;
    [[nodiscard]] QString failureTitle() const { return failure_words().title; }
    [[nodiscard]] QString failureAdvice() const { return failure_words().advice; }
    [[nodiscard]] QString failureDetail() const;

    /// One edit with the fields that changed. Does nothing while one is under way, so two taps save once.
    Q_INVOKABLE void save();
signals:
    void changed();
    void saved();

private:
    void begin_new();
    void refresh();
    void relabel();
    void read_record();
    void answered(const Result<RecordId>& answer, const schema::Fields& sent);
    [[nodiscard]] const schema::Value& field(std::string_view name) const;
    [[nodiscard]] QString text(std::string_view name) const;
    [[nodiscard]] std::optional<QDateTime> planned_at() const;
    void plan(QDate day, QTime time);
    void type(const char* name, const QString& words);
    void set(const char* name, schema::Value value);
    [[nodiscard]] QString form() const;
    [[nodiscard]] FailureWords failure_words() const;

    Records& records_;
    Preferences& preferences_;
    Clock& clock_;
    Drafts& drafts_;
    std::optional<RecordId> visit_;
    RecordId account_;
    QString account_name_;
    schema::Record kept_;   ///< what the replica says
    schema::Fields typed_;  ///< what the user changed and has not saved
    State state_ = Editing;
    bool restored_ = false;
    QVariantMap labels_;
    bool wants_subject_ = false; ///< tried to save without one
    std::optional<Error> failure_;
    RowsModel statuses_, days_;
};

} // namespace roadbook::viewmodels
