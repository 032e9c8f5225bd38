#include "core/image/colour_difference.h"
#include "ui/canvas/compare_view.h"
#include "ui/canvas/draw_picture.h"
#include "ui/icons.h"
#include "ui/model/comparison_model.h"
#include "ui/model/picture_difference.h"
#include "ui/theme.h"
#include "ui/widgets/key_focus.h"

#include <QPaintEvent>
#include <QPainter>

// What the comparison looks like.

namespace likeness {

namespace {

constexpr int kLabelInset = 12;
constexpr int kLabelHeight = 24;
constexpr int kGrip = 24;
constexpr int kScaleWidth = 160;
const QColor kVeil(0, 0, 0, 171); // 67 % black

} // namespace

QString CompareView::markWords(int index) const {
    const ComparisonCell* cell = model_.cell(index);
    if (!cell) {
        return {};
    }
    const QString mark = index == model_.a()   ? QStringLiteral("A")
                         : index == model_.b() ? QStringLiteral("B")
                                               : QString();
    return mark.isEmpty() ? cell->caption : QStringLiteral("%1  %2").arg(mark, cell->caption);
}

void CompareView::paintPane(QPainter& painter, const Slot& slot, const QRect& clip) const {
    const ComparisonCell* cell = model_.cell(slot.pane);
    if (!cell) {
        return;
    }
    const Theme theme = currentTheme();
    const QRectF target = rectIn(slot);
    const QRect area = clip & slot.area.adjusted(-metrics::kCanvasMargin, -metrics::kCanvasMargin,
                                                 metrics::kCanvasMargin, metrics::kCanvasMargin);
    const bool alone = mode_ != Mode::side_by_side || large_ >= 0;
    const QRect visible = alone ? clip : (slot.area & clip);
    if (!cell->image.isNull()) {
        const bool fits = target.width() * devicePixelRatioF() <= cell->small.width();
        painter.setRenderHint(QPainter::SmoothPixmapTransform, !sharp_ || zoom() < 1);
        drawInStrips(painter, target, fits ? cell->small : cell->image, visible);
        return;
    }
    const QRect place = target.toAlignedRect() & visible;
    painter.fillRect(place, theme.line);
    painter.fillRect(place.adjusted(1, 1, -1, -1), theme.field);
    painter.setClipRect(area);
    painter.setFont(textFont(12));
    painter.setPen(theme.text2);
    using State = ComparisonCell::State;
    const QString words = cell->state == State::failed    ? cell->reason
                          : cell->state == State::reading ? tr("Reading")
                          : cell->state == State::running ? tr("Beginning")
                          : model_.isRunning()            ? tr("Waiting")
                                                          : tr("Not made");
    painter.drawText(place.adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, words);
    painter.setClipping(false);
}

void CompareView::paintLabel(QPainter& painter, const QString& words, const QRect& within,
                             Qt::Alignment side) const {
    const QFont font = numberFont(13, QFont::Medium);
    const int width = QFontMetrics(font).horizontalAdvance(words) + 16;
    const int left = side & Qt::AlignRight ? within.right() - kLabelInset - width + 1
                                           : within.left() + kLabelInset;
    const QRect box(left, within.top() + kLabelInset, width, kLabelHeight);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(kVeil);
    painter.drawRoundedRect(box, 3, 3);
    painter.setFont(font);
    painter.setPen(Qt::white);
    painter.drawText(box, Qt::AlignCenter, words);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void CompareView::paintSideBySide(QPainter& painter, const QRect& dirty) const {
    const Theme theme = currentTheme();
    for (const Slot& slot : places()) {
        paintPane(painter, slot, dirty);
        const ComparisonCell* cell = model_.cell(slot.pane);
        if (!cell) {
            continue;
        }
        if (large_ >= 0) {
            paintLabel(painter, markWords(slot.pane), rectIn(slot).toAlignedRect() & rect(), {});
            continue;
        }
        const bool marked = slot.pane == model_.a() || slot.pane == model_.b();
        const QRect below(slot.area.left(), slot.area.bottom() + 1, slot.area.width(), 24);
        const QFont font = numberFont(13, marked ? QFont::DemiBold : QFont::Normal);
        painter.setFont(font);
        painter.setPen(cell->state == ComparisonCell::State::failed ? theme.error
                       : marked                                     ? theme.text
                                                                    : theme.text2);
        // Under the picture, not at the foot of its place.
        const int foot = std::min(rectIn(slot).toAlignedRect().bottom() + 1, below.top());
        painter.drawText(
            QRect(below.left(), foot, below.width(), below.height()), Qt::AlignCenter,
            QFontMetrics(font).elidedText(cell->caption, Qt::ElideMiddle, below.width()));
    }
}

void CompareView::paintWipe(QPainter& painter, const QRect& dirty) const {
    const QList<Slot> both = places();
    const int x = static_cast<int>(wipeX());
    paintPane(painter, both[0], dirty & QRect(0, 0, x, height()));
    paintPane(painter, both[1], dirty & QRect(x, 0, width() - x, height()));
    const QRect visible = visibleRect();
    painter.fillRect(QRect(x - 1, visible.top(), 3, visible.height()), QColor(0, 0, 0, 140));
    painter.fillRect(QRect(x, visible.top(), 1, visible.height()), Qt::white);
    paintLabel(painter, markWords(model_.a()), visible, Qt::AlignLeft);
    paintLabel(painter, markWords(model_.b()), visible, Qt::AlignRight);
    const QPointF middle(x + 0.5, visible.top() + visible.height() * 0.82);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0, 0, 0, 140), 1));
    painter.setBrush(Qt::white);
    painter.drawEllipse(middle, kGrip / 2.0, kGrip / 2.0);
    painter.setPen(QPen(QColor(0x30, 0x30, 0x30), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    for (const int way : {-1, 1}) {
        const QPointF tip = middle + QPointF(way * 7.0, 0);
        painter.drawPolyline(
            QPolygonF({tip - QPointF(way * 3.5, 3.5), tip, tip - QPointF(way * 3.5, -3.5)}));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void CompareView::paintScale(QPainter& painter, const QRect& within) const {
    const QRect box(within.left() + kLabelInset, within.bottom() - kLabelInset - 40,
                    kScaleWidth + 16, 40);
    painter.fillRect(box, kVeil);
    const QRect bar(box.left() + 8, box.top() + 8, kScaleWidth, 8);
    for (int i = 0; i < bar.width(); ++i) {
        const auto colour = heat_colour(i / static_cast<double>(bar.width() - 1));
        painter.fillRect(QRect(bar.left() + i, bar.top(), 1, bar.height()),
                         QColor(colour[0], colour[1], colour[2]));
    }
    painter.setFont(numberFont(11));
    painter.setPen(Qt::white);
    const QRect words(bar.left(), bar.bottom() + 2, bar.width(), 18);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("0"));
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter,
                     QString::fromUtf8("ΔE %1").arg(difference_.scaleEnd(), 0, 'g', 3));
    painter.drawText(words, Qt::AlignCenter, tr("mean %1").arg(difference_.mean(), 0, 'f', 1));
}

void CompareView::paintDifference(QPainter& painter, const QRect& dirty) const {
    const QList<Slot> both = places();
    const QRect visible = visibleRect();
    const QImage& image = difference_.image();
    if (image.isNull()) {
        const Theme theme = currentTheme();
        painter.fillRect(visible, theme.field);
        painter.setFont(textFont(12));
        painter.setPen(theme.text2);
        painter.drawText(visible, Qt::AlignCenter | Qt::TextWordWrap,
                         difference_.reason().isEmpty() ? tr("Computing the difference")
                                                        : difference_.reason());
    } else {
        painter.setRenderHint(QPainter::SmoothPixmapTransform, !sharp_ || zoom() < 1);
        drawInStrips(painter, rectIn(both[0]), image, dirty);
        if (difference_.kind() == PictureDifference::Kind::delta_e) {
            paintScale(painter, visible);
        }
    }
    paintLabel(painter, tr("%1  against  %2").arg(markWords(model_.a()), markWords(model_.b())),
               visible, Qt::AlignLeft);
}

void CompareView::paintEvent(QPaintEvent* event) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.canvas);
    if (model_.cells().empty()) {
        painter.setFont(textFont(13));
        painter.setPen(theme.text2);
        painter.drawText(rect().adjusted(32, 32, -32, -32), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("Ctrl+L makes a ladder: the same seed at several strengths"));
    } else if (large_ >= 0 || mode_ == Mode::side_by_side) {
        paintSideBySide(painter, event->rect());
    } else if (mode_ == Mode::wipe) {
        paintWipe(painter, event->rect());
    } else if (mode_ == Mode::difference) {
        paintDifference(painter, event->rect());
    } else {
        const QList<Slot> one = places();
        paintPane(painter, one[0], event->rect());
        paintLabel(painter, markWords(one[0].pane), rectIn(one[0]).toAlignedRect() & rect(),
                   blink_shows_b_ ? Qt::AlignRight : Qt::AlignLeft);
    }
    focus_->paintRing(painter);
}

} // namespace likeness
