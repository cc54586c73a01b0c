#include "mobile-app/viewmodels/review_view_model.hpp"

#include "mobile-app/viewmodels/field_words.hpp"
#include "mobile-app/viewmodels/formats.hpp"
#include "mobile-app/viewmodels/text.hpp"

#include <QPointer>

#include <ranges>
#include <utility>

namespace roadbook::viewmodels {

ReviewViewModel::ReviewViewModel(Records& records, Preferences& preferences, Clock& clock)
    : records_{records}, preferences_{preferences}, clock_{clock}
{
    connect(&records_, &Records::changed, this, &ReviewViewModel::refresh);
    connect(&preferences_, &Preferences::languageChanged, this, &ReviewViewModel::refresh);
    refresh();
}

QVariantList ReviewViewModel::cards() const
{
    QVariantList cards;
    for (auto* card : cards_) cards.push_back(QVariant::fromValue(card));
    return cards;
}

void ReviewViewModel::refresh()
{
    const auto old = std::exchange(cards_, {});
    for (const auto& conflict : records_.source().overview().conflicts | std::views::take(cards_max))
        cards_.push_back(card_of(conflict));
    emit changed();
    for (auto* card : old) card->deleteLater(); // a page may be in the middle of a tap on it
}

ReviewCard* ReviewViewModel::card_of(const OpenConflict& conflict)
{
    auto* card = new ReviewCard{this};
    card->conflict = conflict;
    card->record = kind_word(conflict.kind, preferences_) + ' ' + to_qt(conflict.title);
    card->field = conflict_words(conflict.kind, conflict.path, preferences_);
    std::vector<Row> rows;
    for (const auto& value : conflict.values) {
        const auto when = value.when ? moment(*value.when, clock_.now(), preferences_.locale()) : QString{};
        rows.push_back({.id = QString::number(rows.size()),
                        .title = value_words(conflict.kind, conflict.path, value.value, clock_.now(), records_, preferences_),
                        .detail = to_qt(value.person),
                        .trailing = when});
    }
    card->values()->show(std::move(rows));
    return card;
}

void ReviewViewModel::keep(ReviewCard* card, int value)
{
    if (card == nullptr || value < 0 || value >= static_cast<int>(card->conflict.values.size())) return;
    failure_.reset();
    const auto& conflict = card->conflict;
    records_.source().resolve(conflict.record, conflict.path, conflict.values[static_cast<std::size_t>(value)].value,
                              [self = QPointer{this}](const Result<RecordId>& answer) {
                                  if (!self) return;
                                  if (!answer) self->failure_ = answer.error();
                                  emit self->changed();
                                  if (answer) emit self->settled();
                              });
}

} // namespace roadbook::viewmodels
