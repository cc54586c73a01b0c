#pragma once
// The whole app over sample sources, and the levers that put it into any of its states. For the gallery and the tests of screens.
#include "mobile-app/gallery/sample_sources.hpp"
#include "mobile-app/viewmodels/app_view_model.hpp"

namespace roadbook::gallery {

class Samples : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(roadbook::viewmodels::AppViewModel* app READ app CONSTANT)
    Q_PROPERTY(int saves READ saves NOTIFY changed)
    Q_PROPERTY(int syncsAsked READ syncsAsked NOTIFY changed)
    Q_PROPERTY(int enrolments READ enrolments NOTIFY changed)
    Q_PROPERTY(bool holdSaves WRITE setHoldSaves READ holdSaves NOTIFY changed)

public:
    explicit Samples(QObject* parent = nullptr);
    ~Samples() override;

    [[nodiscard]] viewmodels::AppViewModel* app() { return app_.get(); }
    [[nodiscard]] int saves() const { return static_cast<int>(records_.saved.size()); }
    [[nodiscard]] int syncsAsked() const { return sync_.asked; }
    [[nodiscard]] int enrolments() const { return static_cast<int>(enroller_.requests.size()); }
    [[nodiscard]] bool holdSaves() const { return records_.hold; }
    void setHoldSaves(bool hold);

    /// The id of a sample record, for the calls that open pages.
    Q_INVOKABLE QString id(const QString& name) const;
    /// "synced", "to_send", "syncing", "offline" or "to_review", each with figures that fit the records.
    Q_INVOKABLE void showSync(const QString& state);
    Q_INVOKABLE void showTrouble(const QString& errc);
    /// "opening", "signed_out", "ready", "failed" or "empty".
    Q_INVOKABLE void showApp(const QString& state);
    /// Unsent edits, a conflict and a refused edit; or none.
    Q_INVOKABLE void showUnsettled(bool unsettled);
    Q_INVOKABLE void answerSaves() { records_.answer_held(); }
    /// The next saves fail so; empty: they work again.
    Q_INVOKABLE void refuseSaves(const QString& errc);
    /// "outcome, subject": the fields of the last edit.
    Q_INVOKABLE QString lastFields() const;
    /// A colleague's edit arrives.
    Q_INVOKABLE void arrive(const QString& name, const QString& field, const QString& value);
    Q_INVOKABLE void takeAway(const QString& name);
    /// Empty: it worked.
    Q_INVOKABLE void answerEnrolment(const QString& errc);

signals:
    void changed();

private:
    SampleClock clock_;
    SampleRecords records_;
    SampleSync sync_;
    SampleEnroller enroller_;
    viewmodels::Preferences preferences_;
    std::unique_ptr<viewmodels::AppViewModel> app_;
};

} // namespace roadbook::gallery
