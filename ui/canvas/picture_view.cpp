#include "ui/canvas/picture_view.h"

#include "ui/canvas/draw_picture.h"
#include "ui/icons.h"
#include "ui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr double kSmallest = 0.02;
constexpr double kLargest = 64;
constexpr double kNotch = 1.25;
constexpr int kPanStep = 64;
constexpr int kEmptyWords = 48; // high, over what one can begin with

} // namespace

PictureView::PictureView(QWidget* parent) : ZoomView(parent) {
    setObjectName(QStringLiteral("picture_view"));
    setFocusPolicy(Qt::ClickFocus);
    setAccessibleName(tr("Picture"));
}

void PictureView::setImage(const QImage& image, QSize natural) {
    const QSize size = natural.isEmpty() ? image.size() : natural;
    const bool resized = size != natural_;
    image_ = image;
    natural_ = size;
    if (resized) {
        Q_EMIT zoomChanged();
    }
    placeBeginning();
    update();
}

double PictureView::fitZoom() const {
    if (natural_.isEmpty()) {
        return 1;
    }
    const double room_x = std::max(16, width() - 2 * metrics::kCanvasMargin - 8);
    const double room_y = std::max(16, height() - 2 * metrics::kCanvasMargin - 8);
    const double exact = std::min(room_x / natural_.width(), room_y / natural_.height());
    const double device = exact * devicePixelRatioF();
    if (sharp_ && device >= 1) {
        return std::floor(device) / devicePixelRatioF();
    }
    return exact;
}

double PictureView::logicalZoom() const {
    return fit_ ? fitZoom() : zoom_ / devicePixelRatioF();
}

double PictureView::zoom() const {
    return logicalZoom() * devicePixelRatioF();
}

QRectF PictureView::pictureRect() const {
    const double scale = logicalZoom();
    const QSizeF size(natural_.width() * scale, natural_.height() * scale);
    const QPointF offset = fit_ ? QPointF() : middle_;
    const QPointF corner(std::round((width() - size.width()) / 2 + offset.x()),
                         std::round((height() - size.height()) / 2 + offset.y()));
    return {corner, size};
}

void PictureView::setFit() {
    fit_ = true;
    middle_ = {};
    update();
    Q_EMIT zoomChanged();
}

void PictureView::setZoom(double zoom) {
    fit_ = false;
    zoom_ = std::clamp(zoom, kSmallest, kLargest);
    middle_ = {};
    update();
    Q_EMIT zoomChanged();
}

void PictureView::zoomBy(double factor, QPointF at) {
    const double before = zoom();
    double next = std::clamp(before * factor, kSmallest, kLargest);
    if (sharp_ && next > 1) {
        next = factor > 1 ? std::max(std::ceil(before + 0.01), std::floor(next))
                          : std::min(std::floor(before - 0.01), std::ceil(next));
        next = std::max(next, 1.0);
    }
    const QPointF from_middle = at - QPointF(width() / 2.0, height() / 2.0);
    const QPointF offset = fit_ ? QPointF() : middle_;
    middle_ = from_middle - (from_middle - offset) * (next / before);
    zoom_ = next;
    fit_ = false;
    update();
    Q_EMIT zoomChanged();
}

void PictureView::zoomStep(int steps) {
    zoomBy(std::pow(kNotch, steps), QPointF(width() / 2.0, height() / 2.0));
}

void PictureView::setSharp(bool sharp) {
    sharp_ = sharp;
    update();
    Q_EMIT zoomChanged();
}

void PictureView::setSurround(Surround surround) {
    surround_ = surround;
    update();
}

void PictureView::setDropState(DropState state) {
    drop_state_ = state;
    update();
}

void PictureView::setEmptyText(const QString& text) {
    empty_text_ = text;
    update();
}

void PictureView::setBeginning(QWidget* beginning) {
    beginning_ = beginning;
    beginning_->setParent(this);
    placeBeginning();
    update();
}

void PictureView::placeBeginning() {
    if (!beginning_) {
        return;
    }
    const QSize size = beginning_->sizeHint();
    const QSize room = this->size() - 2 * QSize(metrics::kCanvasMargin, metrics::kCanvasMargin);
    QRect area({}, size);
    area.moveCenter(rect().center() + QPoint(0, kEmptyWords / 2));
    beginning_->setGeometry(area);
    beginning_->setVisible(image_.isNull() && !size.isEmpty() && size.width() <= room.width() &&
                           size.height() + kEmptyWords <= room.height());
}

QSize PictureView::sizeHint() const {
    return {640, 640};
}

QSize PictureView::minimumSizeHint() const {
    return {160, 160};
}

void PictureView::paintEvent(QPaintEvent* event) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    const QColor ground = surround_ == Surround::theme   ? theme.canvas
                          : surround_ == Surround::white ? QColor(Qt::white)
                                                         : QColor(0x80, 0x80, 0x80);
    painter.fillRect(rect(), ground);
    if (!image_.isNull()) {
        painter.setRenderHint(QPainter::SmoothPixmapTransform, !sharp_ || zoom() < 1);
        drawInStrips(painter, pictureRect(), image_, event->rect());
    } else if (!empty_text_.isEmpty()) {
        painter.setFont(textFont(13));
        painter.setPen(surround_ == Surround::theme ? theme.text2 : QColor(Qt::black));
        QRect words = rect().adjusted(32, 32, -32, -32);
        if (beginning_ && beginning_->isVisible()) {
            words.setBottom(beginning_->y());
            words.setTop(words.bottom() - kEmptyWords);
        }
        painter.drawText(words, Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
    }
    if (drop_state_ != DropState::none) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(5, 5, -5, -5), 4, 4);
        const QString words = tr("Use its settings");
        const int wide = QFontMetrics(textFont(12)).horizontalAdvance(words) + 44;
        const QRect label(12, 12, wide, 28);
        painter.setPen(Qt::NoPen);
        painter.setBrush(drop_state_ == DropState::over ? theme.soft : theme.raised);
        painter.drawRoundedRect(label, 4, 4);
        paintIcon(painter, QStringLiteral("drop"), QRect(label.x() + 8, label.y(), 16, 28),
                  theme.accent);
        painter.setFont(textFont(12));
        painter.setPen(theme.text);
        painter.drawText(label.adjusted(32, 0, 0, 0), Qt::AlignVCenter, words);
    }
}

void PictureView::wheelEvent(QWheelEvent* event) {
    zoomBy(std::pow(kNotch, event->angleDelta().y() / 120.0), event->position());
    event->accept();
}

void PictureView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
        panning_ = true;
        grabbed_ = event->position();
    }
}

void PictureView::mouseMoveEvent(QMouseEvent* event) {
    if (!panning_ || image_.isNull()) {
        return;
    }
    const QPointF moved = event->position() - grabbed_;
    if (fit_ && moved.manhattanLength() < 4) {
        return;
    }
    if (fit_) {
        zoom_ = zoom();
        fit_ = false;
        Q_EMIT zoomChanged();
    }
    middle_ += moved;
    grabbed_ = event->position();
    setCursor(Qt::ClosedHandCursor);
    update();
}

void PictureView::mouseReleaseEvent(QMouseEvent* /*event*/) {
    panning_ = false;
    unsetCursor();
}

void PictureView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (fit_) {
        zoomBy(1.0 / zoom(), event->position());
    } else {
        setFit();
    }
}

void PictureView::keyPressEvent(QKeyEvent* event) {
    const std::pair<int, QPointF> pans[] = {{Qt::Key_Left, {kPanStep, 0}},
                                            {Qt::Key_Right, {-kPanStep, 0}},
                                            {Qt::Key_Up, {0, kPanStep}},
                                            {Qt::Key_Down, {0, -kPanStep}}};
    for (const auto& [key, by] : pans) {
        if (event->key() == key && !fit_) {
            middle_ += by;
            update();
            return;
        }
    }
    QWidget::keyPressEvent(event);
}

bool PictureView::focusNextPrevChild(bool next) {
    // Qt asks for the next one too when what lies on the picture, or the picture, is hidden.
    if (next && hasFocus() && isVisible()) {
        Q_EMIT panelsToggled();
        return true;
    }
    return QWidget::focusNextPrevChild(next);
}

void PictureView::resizeEvent(QResizeEvent* /*event*/) {
    placeBeginning();
    if (fit_) {
        Q_EMIT zoomChanged();
    }
}

} // namespace likeness
