#pragma once
#include <QPainterPath>
#include <QString>

namespace roadbook::ui {

/// A path out of words, separated by blanks: M x y (move), L x y (line), C x1 y1 x2 y2 x y (curve), Z (close), O x y r (circle),
/// R x y w h r (rounded rectangle), A x y r start sweep (arc; degrees, counter-clockwise from three o'clock).
/// Reading ends at the first word that is none of these.
[[nodiscard]] QPainterPath outline(const QString& words);

} // namespace roadbook::ui
