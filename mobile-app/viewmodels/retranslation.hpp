#pragma once
#include "mobile-app/viewmodels/preferences.hpp"

namespace roadbook::viewmodels {

/// Makes the engine it lives in say everything anew when the language changes: no restart. One at the root of what is shown.
/// Threads: GUI.
class Retranslation : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(roadbook::viewmodels::Preferences* preferences READ preferences WRITE setPreferences NOTIFY preferencesChanged REQUIRED)

public:
    using QObject::QObject;

    [[nodiscard]] Preferences* preferences() const { return preferences_; }
    void setPreferences(Preferences* preferences);

signals:
    void preferencesChanged();

private:
    void retranslate();

    Preferences* preferences_ = nullptr;
};

} // namespace roadbook::viewmodels
