#include "mobile-app/ui/components/outline.hpp"

#include <QStringList>

namespace roadbook::ui {
namespace {

class Reader {
public:
    explicit Reader(const QString& words) : words_{words.split(' ', Qt::SkipEmptyParts)} {}

    QPainterPath read()
    {
        while (at_ < words_.size() && step(words_[at_++])) {
        }
        return path_;
    }

private:
    qreal number() { return at_ < words_.size() ? words_[at_++].toDouble() : 0; }
    QPointF point()
    {
        const auto x = number();
        return {x, number()};
    }

    bool step(const QString& word)
    {
        if (word == "M") path_.moveTo(point());
        else if (word == "L") path_.lineTo(point());
        else if (word == "Z") path_.closeSubpath();
        else if (word == "C") curve();
        else if (word == "O") circle();
        else if (word == "R") rectangle();
        else if (word == "A") arc();
        else return false;
        return true;
    }

    void curve()
    {
        const auto first = point();
        const auto second = point();
        path_.cubicTo(first, second, point());
    }

    void circle()
    {
        const auto center = point();
        const auto radius = number();
        path_.addEllipse(center, radius, radius);
    }

    void rectangle()
    {
        const auto corner = point();
        const auto size = point();
        const auto radius = number();
        path_.addRoundedRect({corner, QSizeF{size.x(), size.y()}}, radius, radius);
    }

    void arc()
    {
        const auto center = point();
        const auto radius = number();
        const QRectF box{center.x() - radius, center.y() - radius, 2 * radius, 2 * radius};
        const auto start = number();
        path_.arcMoveTo(box, start);
        path_.arcTo(box, start, number());
    }

    QStringList words_;
    qsizetype at_ = 0;
    QPainterPath path_;
};

} // namespace

QPainterPath outline(const QString& words)
{
    return Reader{words}.read();
}

} // namespace roadbook::ui
