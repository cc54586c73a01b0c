#pragma once
// The app's icons: outlines of one pen, drawn from our own paths, so that they look the same with every font and renderer.
#include <QColor>
#include <QQuickPaintedItem>
#include <QtQml/qqmlregistration.h>

namespace roadbook::ui {

/// An unknown name draws nothing. Decoration: what it means is said by the control that holds it.
class Icon : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY changed)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY changed)

public:
    explicit Icon(QQuickItem* parent = nullptr);

    [[nodiscard]] QString name() const { return name_; }
    [[nodiscard]] QColor color() const { return color_; }
    void setName(const QString& name);
    void setColor(const QColor& color);
    void paint(QPainter* painter) override;

signals:
    void changed();

private:
    QString name_;
    QColor color_ = Qt::black;
};

} // namespace roadbook::ui
