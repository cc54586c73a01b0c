#pragma once
// Fields that people wrote apart, each with all its values, to be settled with one tap. For ReviewPage.
#include "mobile-app/viewmodels/preferences.hpp"
#include "mobile-app/viewmodels/records.hpp"
#include "mobile-app/viewmodels/rows_model.hpp"
#include "mobile-app/viewmodels/words.hpp"
#include "shared/base/clock.hpp"

namespace roadbook::viewmodels {

/// One field in conflict. Threads: GUI.
class ReviewCard : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to ReviewViewModel")
    Q_PROPERTY(QString record MEMBER record CONSTANT)
    Q_PROPERTY(QString field MEMBER field CONSTANT)
    Q_PROPERTY(roadbook::viewmodels::RowsModel* values READ values CONSTANT)

public:
    using QObject::QObject;
    [[nodiscard]] RowsModel* values() { return &values_; }

    QString record; ///< "Quote Q-1007"
    QString field;  ///< "Quantity"
    OpenConflict conflict;

private:
    RowsModel values_;
};

/// Threads: GUI. A card goes when the replica says that its conflict is settled, not before.
class ReviewViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by AppViewModel")
    Q_PROPERTY(QVariantList cards READ cards NOTIFY changed) // of ReviewCard
    Q_PROPERTY(QString failureTitle READ failureTitle NOTIFY changed)
    Q_PROPERTY(QString failureAdvice READ failureAdvice NOTIFY changed)

public:
    static constexpr std::size_t cards_max = 50; ///< more come when these are settled

    ReviewViewModel(Records& records, Preferences& preferences, Clock& clock);

    [[nodiscard]] QVariantList cards() const;
    [[nodiscard]] QString failureTitle() const { return failure_ ? words_for(failure_->code).title : QString{}; }
    [[nodiscard]] QString failureAdvice() const { return failure_ ? words_for(failure_->code).advice : QString{}; }
    /// Keeps value number `value` of the card. The others stay in the history of the record.
    Q_INVOKABLE void keep(roadbook::viewmodels::ReviewCard* card, int value);

signals:
    void changed();
    void settled();

private:
    void refresh();
    [[nodiscard]] ReviewCard* card_of(const OpenConflict& conflict);

    Records& records_;
    Preferences& preferences_;
    Clock& clock_;
    QList<ReviewCard*> cards_;
    std::optional<Error> failure_;
};

} // namespace roadbook::viewmodels
