#include "mobile-app/viewmodels/enrolment_view_model.hpp"

#include "mobile-app/viewmodels/text.hpp"

#include <QPointer>
#include <QRegularExpression>

namespace roadbook::viewmodels {

EnrolmentViewModel::EnrolmentViewModel(Enroller& enroller, QObject* parent) : QObject{parent}, enroller_{enroller} {}

QString EnrolmentViewModel::serverProblem() const
{
    if (failure_ && failure_->field == "server") return tr("This is no address of a server. It looks like wss://host or host:port.");
    if (!tried_ || !server_.trimmed().isEmpty()) return {};
    return tr("Enter the address that you were given.");
}

QString EnrolmentViewModel::codeProblem() const
{
    if (!tried_ || !code_.trimmed().isEmpty()) return {};
    return tr("Enter the code that you were given.");
}

QString EnrolmentViewModel::fingerprintProblem() const
{
    static const QRegularExpression shape{"^(sha256:)?([0-9a-fA-F]{2}:?){32}$"};
    const auto typed = fingerprint_.trimmed();
    if (!tried_ || typed.isEmpty() || shape.match(typed).hasMatch()) return {};
    return tr("A fingerprint is sha256: and 64 digits or letters a to f.");
}

FailureWords EnrolmentViewModel::failure_words() const
{
    return failure_ && failure_->field != "server" ? words_for(failure_->code) : FailureWords{}; // that one stands at its field
}

QString EnrolmentViewModel::failureDetail() const
{
    return failure_ ? to_qt(failure_->message) : QString{};
}

void EnrolmentViewModel::enrol()
{
    if (state_ == Enrolling) return;
    tried_ = true;
    failure_.reset();
    if (!serverProblem().isEmpty() || !codeProblem().isEmpty() || !fingerprintProblem().isEmpty()) {
        emit changed();
        return;
    }
    state_ = Enrolling;
    emit changed();
    auto trust = to_std(fingerprint_.trimmed());
    if (!trust.empty() && !trust.starts_with("sha256:")) trust.insert(0, "sha256:");
    enroller_.enrol({to_std(server_.trimmed()), to_std(code_.trimmed()), trust}, [self = QPointer{this}](const Result<void>& answer) {
        if (self) self->answered(answer);
    });
}

void EnrolmentViewModel::answered(const Result<void>& answer)
{
    state_ = answer ? Enrolled : Failed;
    if (!answer) failure_ = answer.error();
    if (answer) code_.clear();
    emit changed();
}

} // namespace roadbook::viewmodels
