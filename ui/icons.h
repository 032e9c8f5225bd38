#pragma once

#include <QColor>
#include <QIcon>
#include <QRect>
#include <QString>

class QPainter;

namespace likeness {

// Draws `:/icons/<name>.svg` (16 px grid, strokes in currentColor) in that colour, centred in
// `area`. Rendered once per name, colour and device pixel ratio.
void paintIcon(QPainter& painter, const QString& name, const QRect& area, const QColor& color);

// The same as a QIcon, for menus.
QIcon makeIcon(const QString& name, const QColor& color);

} // namespace likeness
