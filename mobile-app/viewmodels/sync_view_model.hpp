#pragma once
// Where the user's work is: on this device only, on its way, on the server, or waiting for a decision. For SyncPill and SyncPage.
#include "mobile-app/viewmodels/preferences.hpp"
#include "mobile-app/viewmodels/records.hpp"
#include "mobile-app/viewmodels/rows_model.hpp"
#include "mobile-app/viewmodels/sync_source.hpp"

#include <QTimer>

namespace roadbook::viewmodels {

/// Threads: GUI.
class SyncViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by AppViewModel")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString pill READ pill NOTIFY changed)
    Q_PROPERTY(QString headline READ headline NOTIFY changed)
    Q_PROPERTY(QString assurance READ assurance NOTIFY changed)
    Q_PROPERTY(QString lastSuccess READ lastSuccess NOTIFY changed)
    Q_PROPERTY(double progress READ progress NOTIFY changed)
    Q_PROPERTY(bool overdue READ overdue NOTIFY changed)
    Q_PROPERTY(QString troubleTitle READ troubleTitle NOTIFY changed)
    Q_PROPERTY(QString troubleAdvice READ troubleAdvice NOTIFY changed)
    Q_PROPERTY(QString troubleDetail READ troubleDetail NOTIFY changed)
    Q_PROPERTY(roadbook::viewmodels::RowsModel* unsent READ unsent CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::RowsModel* refused READ refused CONSTANT)
    Q_PROPERTY(int unsentTotal READ unsentTotal NOTIFY changed)
    Q_PROPERTY(int conflicts READ conflicts NOTIFY changed)

public:
    enum State { Synced, ToSend, Syncing, Offline, ToReview };
    Q_ENUM(State)

    /// Work that waits longer than this deserves a warning: the device may be lost or broken before it is sent.
    static constexpr std::chrono::days overdue_after{3};
    static constexpr std::size_t rows_max = 200; ///< shown of a list; its count is of all

    SyncViewModel(SyncSource& source, Records& records, Preferences& preferences, Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] State state() const;
    [[nodiscard]] QString pill() const;      ///< few words, for the header of every page
    [[nodiscard]] QString headline() const;  ///< the same as a sentence
    [[nodiscard]] QString assurance() const; ///< what is safe, and what happens next
    [[nodiscard]] QString lastSuccess() const;
    [[nodiscard]] double progress() const; ///< 0..1; negative: not known
    [[nodiscard]] bool overdue() const;
    [[nodiscard]] QString troubleTitle() const;
    [[nodiscard]] QString troubleAdvice() const;
    [[nodiscard]] QString troubleDetail() const;
    [[nodiscard]] RowsModel* unsent() { return &unsent_; }
    [[nodiscard]] RowsModel* refused() { return &refused_; }
    [[nodiscard]] int unsentTotal() const;
    [[nodiscard]] int conflicts() const;
    Q_INVOKABLE void syncNow() { source_.sync_now(); }

signals:
    void changed();

private:
    void read_picture();
    void read_lists();

    SyncSource& source_;
    Records& records_;
    Preferences& preferences_;
    Clock& clock_;
    SyncPicture picture_;
    RowsModel unsent_, refused_;
    QTimer minute_; ///< "5 min ago" grows old by itself
};

} // namespace roadbook::viewmodels
