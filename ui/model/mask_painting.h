#pragma once

#include "core/image/image.h"

#include <QImage>
#include <QPointF>
#include <QRect>

namespace likeness {

// A brush: sizes in pixels of the mask.
struct Brush {
    double radius = 24;
    double feather = 0.5; // share of the radius over which it fades
    bool erase = false;
};

// A mask being painted: white counts. It starts from a finished one, or from nothing: then the
// first stroke tells whether it starts black (something is painted) or white (something is erased).
class MaskPainting {
public:
    MaskPainting() = default;
    MaskPainting(const ImagePtr& mask, QSize size);

    bool isEmpty() const { return is_empty_; } // no mask: everything counts

    const QImage& pixels() const { return pixels_; } // grey, 8 bits

    // One piece of a stroke; gives the pixels it touched.
    QRect stroke(QPointF from, QPointF to, const Brush& brush);
    void invert();
    void clear();

    // The finished mask; null when it is empty or all white.
    ImagePtr finished() const;

private:
    QImage pixels_;
    bool is_empty_ = true;
};

// How large a mask over a picture of that size is painted: its proportions, fine enough for a soft
// edge and no larger than needed.
QSize maskSize(QSize picture);

} // namespace likeness
