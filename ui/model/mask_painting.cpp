#include "ui/model/mask_painting.h"

#include "core/image/convert.h"
#include "ui/model/qimage_conversion.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace likeness {

namespace {

constexpr int kMaskLeastSide = 512;
constexpr int kMaskMostSide = 1024;

double distanceToSegment(QPointF point, QPointF from, QPointF to) {
    const QPointF along = to - from;
    const double length = QPointF::dotProduct(along, along);
    const double share =
        length > 0 ? std::clamp(QPointF::dotProduct(point - from, along) / length, 0.0, 1.0) : 0;
    const QPointF away = point - (from + share * along);
    return std::hypot(away.x(), away.y());
}

} // namespace

QSize maskSize(QSize picture) {
    const int longer = std::max(1, std::max(picture.width(), picture.height()));
    const double factor =
        static_cast<double>(std::clamp(longer, kMaskLeastSide, kMaskMostSide)) / longer;
    return {std::max(1, qRound(picture.width() * factor)),
            std::max(1, qRound(picture.height() * factor))};
}

MaskPainting::MaskPainting(const ImagePtr& mask, QSize size)
    : pixels_(size, QImage::Format_Grayscale8), is_empty_(!mask) {
    if (mask) {
        pixels_ = toQImage(to_grey(to_u8(*mask)))
                      .scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                      .convertToFormat(QImage::Format_Grayscale8);
    } else {
        pixels_.fill(255);
    }
}

QRect MaskPainting::stroke(QPointF from, QPointF to, const Brush& brush) {
    if (is_empty_) {
        pixels_.fill(brush.erase ? 255 : 0);
        is_empty_ = false;
    }
    const double reach = std::max(0.5, brush.radius);
    const double hard = reach * (1 - std::clamp(brush.feather, 0.0, 1.0));
    const QRectF box = QRectF(from, to).normalized().adjusted(-reach, -reach, reach, reach);
    const QRect touched = box.toAlignedRect() & pixels_.rect();
    for (int y = touched.top(); y <= touched.bottom(); ++y) {
        uchar* row = pixels_.scanLine(y);
        for (int x = touched.left(); x <= touched.right(); ++x) {
            const double distance = distanceToSegment(QPointF(x + 0.5, y + 0.5), from, to);
            const double share =
                std::clamp((reach - distance) / std::max(1.0, reach - hard), 0.0, 1.0);
            const double smooth = share * share * (3 - 2 * share);
            const auto value = static_cast<uchar>(std::lround(255 * smooth));
            row[x] = brush.erase ? std::min<uchar>(row[x], static_cast<uchar>(255 - value))
                                 : std::max(row[x], value);
        }
    }
    return touched;
}

void MaskPainting::invert() {
    if (!is_empty_) {
        pixels_.invertPixels();
    }
}

void MaskPainting::clear() {
    pixels_.fill(255);
    is_empty_ = true;
}

ImagePtr MaskPainting::finished() const {
    if (is_empty_ || pixels_.isNull()) {
        return nullptr;
    }
    Image mask = make_image(pixels_.width(), pixels_.height(), 1);
    bool is_white = true;
    for (int y = 0; y < mask.height; ++y) {
        const uchar* row = pixels_.constScanLine(y);
        std::memcpy(mask.u8() + static_cast<std::size_t>(y) * mask.width, row,
                    static_cast<std::size_t>(mask.width));
        is_white = is_white && std::all_of(row, row + mask.width, [](uchar v) { return v == 255; });
    }
    return is_white ? nullptr : std::make_shared<const Image>(std::move(mask));
}

} // namespace likeness
