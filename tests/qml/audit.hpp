#pragma once
// Looks at a page as somebody does who cannot see it or has large fingers.
#include <QObject>
#include <QStringList>

class QQuickItem;

namespace roadbook::tests {

class Audit : public QObject {
    Q_OBJECT

public:
    static constexpr int touch_least = 48; ///< pixels: a finger

    using QObject::QObject;

    /// Every visible control below `root` that has no name for a screen reader, no objectName, or is too small. Empty: all is well.
    Q_INVOKABLE QStringList problems(QQuickItem* root);
    /// How many controls problems() looked at: an audit of nothing proves nothing.
    Q_INVOKABLE int controls(QQuickItem* root);
    /// What a screen reader calls the item.
    Q_INVOKABLE QString name_of(QQuickItem* item);
    /// The text of all visible texts below `root`, with plain blanks.
    Q_INVOKABLE QStringList words(QQuickItem* root);
    /// Lays out and draws the window of the item now, so that what follows sees it done.
    Q_INVOKABLE void draw(QQuickItem* item);
    /// Text that an input method shows but has not committed, as while typing Chinese.
    Q_INVOKABLE void preedit(QQuickItem* input, const QString& text);
};

} // namespace roadbook::tests
