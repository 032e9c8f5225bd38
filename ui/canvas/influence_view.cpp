#include "ui/canvas/influence_view.h"

#include "core/image/colour_difference.h"
#include "ui/theme.h"

#include <QPainter>

namespace likeness {

namespace {

constexpr int kInfluenceSide = 512; // pixels kept of the picture; the panel is no larger
constexpr int kInfluenceFoot = 24;
constexpr double kInfluenceOpacity = 0.72;

} // namespace

InfluenceView::InfluenceView(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("influence_view"));
    setAccessibleName(tr("Influence of the reference on the picture"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void InfluenceView::setPicture(const QImage& picture) {
    // Nearest pixels: shrinking a large one smoothly takes longer than a frame.
    picture_ = picture.isNull()
                   ? QImage()
                   : picture
                         .scaled(QSize(kInfluenceSide, kInfluenceSide).boundedTo(picture.size()),
                                 Qt::KeepAspectRatio, Qt::FastTransformation)
                         .convertToFormat(QImage::Format_Grayscale8);
    map_ = {};
    updateGeometry();
    update();
}

void InfluenceView::setMap(const std::vector<float>& values, QSize size, double strongest) {
    map_ = {};
    strongest_ = strongest;
    if (static_cast<qsizetype>(values.size()) == qsizetype{size.width()} * size.height() &&
        strongest > 0) {
        map_ = QImage(size, QImage::Format_RGB888);
        for (int y = 0; y < size.height(); ++y) {
            uchar* row = map_.scanLine(y);
            for (int x = 0; x < size.width(); ++x) {
                const auto place = static_cast<std::size_t>(y * size.width() + x);
                const auto colour = heat_colour(values[place] / strongest);
                std::copy(colour.begin(), colour.end(), row + 3 * x);
            }
        }
    }
    update();
}

QSize InfluenceView::sizeHint() const {
    return {240, heightForWidth(240)};
}

int InfluenceView::heightForWidth(int width) const {
    const double aspect =
        picture_.isNull() ? 1.0 : static_cast<double>(picture_.height()) / picture_.width();
    return static_cast<int>(width * std::min(aspect, 1.0)) + kInfluenceFoot;
}

void InfluenceView::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    const QRect area = rect().adjusted(0, 0, 0, -kInfluenceFoot);
    painter.fillRect(area, theme.field);
    if (picture_.isNull()) {
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QSize size = picture_.size().scaled(area.size(), Qt::KeepAspectRatio);
    const QRect place(area.center() - QPoint(size.width() / 2, size.height() / 2), size);
    painter.drawImage(place, picture_);
    if (map_.isNull()) {
        return;
    }
    painter.setOpacity(kInfluenceOpacity);
    painter.drawImage(place, map_);
    painter.setOpacity(1);
    const QString none = tr("none");
    const QString strongest = tr("%1 %").arg(strongest_ * 100, 0, 'f', 0);
    painter.setFont(numberFont(11));
    painter.setPen(theme.text2);
    const QRect foot(0, height() - 20, width(), 20);
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, none);
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, strongest);
    const QFontMetrics metrics(painter.font());
    const QRect bar = foot.adjusted(metrics.horizontalAdvance(none) + 8, 7,
                                    -metrics.horizontalAdvance(strongest) - 8, -7);
    for (int i = 0; i < bar.width(); ++i) {
        const auto colour = heat_colour(i / std::max(1.0, bar.width() - 1.0));
        painter.fillRect(QRect(bar.left() + i, bar.top(), 1, bar.height()),
                         QColor(colour[0], colour[1], colour[2]));
    }
}

} // namespace likeness
