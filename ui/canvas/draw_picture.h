#pragma once

class QImage;
class QPainter;
class QRect;
class QRectF;

namespace likeness {

// Draws `image` scaled into `target`, but only what lies within `area`, in narrow strips. Qt hands
// an enlarged picture of more than 63 rows to threads of its own and waits for them: on a machine
// busy with making pictures and reading files the window would stand still. Strips are drawn by the
// window's thread alone. Leaves the painter without a clip.
void drawInStrips(QPainter& painter, const QRectF& target, const QImage& image, const QRect& area);

} // namespace likeness
