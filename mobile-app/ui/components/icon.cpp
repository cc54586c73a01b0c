#include "mobile-app/ui/components/icon.hpp"

#include "mobile-app/ui/components/outline.hpp"

#include <QPainter>
#include <QPen>

#include <map>

namespace roadbook::ui {
namespace {

constexpr qreal grid = 24; // the paths are drawn on a square of this size
constexpr qreal pen_width = 2;

const std::map<QString, const char*>& outlines()
{
    static const std::map<QString, const char*> all{
        {"alert", "O 12 12 9 M 12 7.5 L 12 12.8 M 12 16.4 L 12 16.5"},
        {"back", "M 15 5 L 8 12 L 15 19"},
        {"calendar", "R 3.5 5 17 16 3 M 3.5 10 L 20.5 10 M 8 2.8 L 8 6.5 M 16 2.8 L 16 6.5"},
        {"check", "M 5 12.5 L 10 17.5 L 19.5 7"},
        {"clock", "O 12 12 9 M 12 7 L 12 12 L 15.5 14"},
        {"close", "M 6 6 L 18 18 M 18 6 L 6 18"},
        {"info", "O 12 12 9 M 12 11 L 12 16.5 M 12 7.5 L 12 7.6"},
        {"key", "O 8 15.5 4.5 M 11.3 12.3 L 20 3.5 M 16 7.5 L 19 10.5"},
        {"offline", "O 12 12 8.8 M 6 6 L 18 18"},
        {"people", "O 9 8 3.5 M 2.5 20 C 2.5 15.5 5.5 14 9 14 C 12.5 14 15.5 15.5 15.5 20 M 16 4.8 C 18 5.3 19 6.6 19 8.2 "
                   "C 19 9.8 18 11 16.4 11.5 M 18 14.6 C 20.3 15.4 21.5 17 21.5 20"},
        {"person", "O 12 8 4 M 4.5 20.5 C 4.5 16 7.5 14.5 12 14.5 C 16.5 14.5 19.5 16 19.5 20.5"},
        {"phone", "M 6 3.5 L 9 3.5 L 11 8.5 L 8.5 10.5 C 9.8 13 11 14.2 13.5 15.5 L 15.5 13 L 20.5 15 L 20.5 18 "
                  "C 20.5 19.5 19.5 20.5 18 20.5 C 10 20 4 14 3.5 6 C 3.5 4.5 4.5 3.5 6 3.5 Z"},
        {"pin", "M 12 21.5 C 12 21.5 19 15 19 9.8 C 19 5.9 15.9 3 12 3 C 8.1 3 5 5.9 5 9.8 C 5 15 12 21.5 12 21.5 Z O 12 9.8 2.5"},
        {"plus", "M 12 5 L 12 19 M 5 12 L 19 12"},
        {"road", "O 6 18.5 2.5 O 18 5.5 2.5 M 8.5 18.5 L 15 18.5 C 19 18.5 19 12 15 12 L 9 12 C 5 12 5 5.5 9 5.5 L 15.5 5.5"},
        {"search", "O 11 11 7 M 16.2 16.2 L 21 21"},
        {"settings", "M 4 7 L 13.4 7 M 18.6 7 L 20 7 O 16 7 2.6 M 4 17 L 5.4 17 M 10.6 17 L 20 17 O 8 17 2.6"},
        {"sync", "A 12 12 8 180 -150 M 19.6 3.4 L 19.2 8.2 L 14.4 8 A 12 12 8 0 -150 M 4.4 20.6 L 4.8 15.8 L 9.6 16"},
        {"up", "M 12 20 L 12 5 M 5.5 11.5 L 12 5 L 18.5 11.5"},
    };
    return all;
}

} // namespace

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem{parent}
{
    setImplicitSize(grid, grid);
    setAntialiasing(true);
    connect(this, &Icon::changed, this, [this] { update(); });
}

void Icon::setName(const QString& name)
{
    if (name == name_) return;
    name_ = name;
    emit changed();
}

void Icon::setColor(const QColor& color)
{
    if (color == color_) return;
    color_ = color;
    emit changed();
}

void Icon::paint(QPainter* painter)
{
    const auto found = outlines().find(name_);
    if (found == outlines().end()) return;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->scale(width() / grid, height() / grid);
    painter->setPen(QPen{color_, pen_width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
    painter->drawPath(outline(QLatin1String{found->second}));
}

} // namespace roadbook::ui
