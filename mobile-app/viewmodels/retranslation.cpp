#include "mobile-app/viewmodels/retranslation.hpp"

#include <QQmlEngine>

namespace roadbook::viewmodels {

void Retranslation::setPreferences(Preferences* preferences)
{
    if (preferences == preferences_) return;
    if (preferences_ != nullptr) preferences_->disconnect(this);
    preferences_ = preferences;
    if (preferences_ != nullptr) connect(preferences_, &Preferences::languageChanged, this, &Retranslation::retranslate);
    emit preferencesChanged();
}

void Retranslation::retranslate()
{
    if (auto* engine = qmlEngine(this)) engine->retranslate();
}

} // namespace roadbook::viewmodels
