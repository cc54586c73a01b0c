#pragma once
// The sign-in form. For FirstRunPage.
#include "mobile-app/viewmodels/enroller.hpp"
#include "mobile-app/viewmodels/words.hpp"

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include <optional>

namespace roadbook::viewmodels {

/// Threads: GUI. A failure leaves what was typed as it is.
class EnrolmentViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by AppViewModel")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString server MEMBER server_ NOTIFY changed)
    Q_PROPERTY(QString code MEMBER code_ NOTIFY changed)
    Q_PROPERTY(QString fingerprint MEMBER fingerprint_ NOTIFY changed)
    Q_PROPERTY(QString serverProblem READ serverProblem NOTIFY changed)
    Q_PROPERTY(QString codeProblem READ codeProblem NOTIFY changed)
    Q_PROPERTY(QString fingerprintProblem READ fingerprintProblem NOTIFY changed)
    Q_PROPERTY(QString failureTitle READ failureTitle NOTIFY changed)
    Q_PROPERTY(QString failureAdvice READ failureAdvice NOTIFY changed)
    Q_PROPERTY(QString failureDetail READ failureDetail NOTIFY changed)

public:
    enum State { Typing, Enrolling, Failed, Enrolled };
    Q_ENUM(State)

    explicit EnrolmentViewModel(Enroller& enroller, QObject* parent = nullptr);

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] QString serverProblem() const;
    [[nodiscard]] QString codeProblem() const;
    [[nodiscard]] QString fingerprintProblem() const;
    [[nodiscard]] QString failureTitle() const { return failure_words().title; }
    [[nodiscard]] QString failureAdvice() const { return failure_words().advice; }
    [[nodiscard]] QString failureDetail() const;

    /// Does nothing while an attempt is under way: a code is of one use.
    Q_INVOKABLE void enrol();

signals:
    void changed();

private:
    void answered(const Result<void>& answer);
    [[nodiscard]] FailureWords failure_words() const;

    Enroller& enroller_;
    State state_ = Typing;
    QString server_, code_, fingerprint_;
    bool tried_ = false;
    std::optional<Error> failure_;
};

} // namespace roadbook::viewmodels
