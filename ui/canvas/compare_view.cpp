#include "ui/canvas/compare_view.h"

#include "ui/model/comparison_model.h"
#include "ui/model/picture_difference.h"
#include "ui/theme.h"
#include "ui/widgets/key_focus.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr double kLeastZoom = 0.02;
constexpr double kMostZoom = 64;
constexpr double kWheelNotch = 1.25;
constexpr int kPaneCaption = 24; // under a pane
constexpr int kGripReach = 12;   // of the wipe's line, for the hand
constexpr double kArrowPan = 64;
constexpr int kZoomKeys[] = {Qt::Key_0,     Qt::Key_1,     Qt::Key_Plus,
                             Qt::Key_Equal, Qt::Key_Minus, Qt::Key_P};

} // namespace

CompareView::CompareView(const ComparisonModel& model, const PictureDifference& difference,
                         QWidget* parent)
    : ZoomView(parent), model_(model), difference_(difference), focus_(new KeyFocus(*this)) {
    setObjectName(QStringLiteral("compare_view"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Comparison"));
    setToolTip({});
    connect(&blink_timer_, &QTimer::timeout, this, &CompareView::showBlink);
    connect(&model, &ComparisonModel::reset, this, &CompareView::resetPanes);
    connect(&model, &ComparisonModel::inserted, this, [this](int index) {
        offsets_.insert(index, QPointF());
        if (large_ >= index) {
            ++large_;
        }
        update();
    });
    connect(&model, &ComparisonModel::cellChanged, this, [this] { update(); });
    connect(&model, &ComparisonModel::stateChanged, this, [this] { update(); });
    connect(&model, &ComparisonModel::marksChanged, this, [this] {
        update();
        Q_EMIT zoomChanged();
    });
    connect(&difference, &PictureDifference::changed, this, [this] { update(); });
}

void CompareView::resetPanes() {
    offsets_ = QList<QPointF>(static_cast<qsizetype>(model_.cells().size()));
    changeLarge(-1);
    setFit();
}

void CompareView::setMode(Mode mode) {
    mode_ = mode;
    changeLarge(-1);
    if (mode == Mode::blink) {
        setBlinkRate(blink_hertz_);
    } else {
        blink_timer_.stop();
    }
    update();
    Q_EMIT modeChanged();
    Q_EMIT zoomChanged();
}

void CompareView::setWipe(double share) {
    wipe_ = std::clamp(share, 0.0, 1.0);
    update();
}

void CompareView::setBlinkRate(double hertz) {
    blink_hertz_ = std::clamp(hertz, 0.25, 10.0);
    if (mode_ == Mode::blink) {
        blink_timer_.start(static_cast<int>(std::lround(1000.0 / blink_hertz_)));
    }
}

void CompareView::showBlink() {
    blink_shows_b_ = !blink_shows_b_;
    update();
}

int CompareView::blinking() const {
    return blink_shows_b_ ? model_.b() : model_.a();
}

void CompareView::changeLarge(int index) {
    if (large_ != index) {
        large_ = index;
        Q_EMIT largeChanged(index);
    }
    update();
    Q_EMIT zoomChanged();
}

void CompareView::setLarge(int index) {
    if (index < 0 || model_.cell(index)) {
        changeLarge(std::max(index, -1));
    }
}

// The count of columns that shows the panes largest; a sheet has its own.
int CompareView::columnsFor(int count) const {
    if (!model_.isLadder()) {
        return std::max(1, model_.columns());
    }
    const QSize natural = model_.naturalSize(0);
    int best = 1;
    double largest = 0;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const double room_x = static_cast<double>(width()) / columns - metrics::kGap;
        const double room_y = static_cast<double>(height()) / rows - metrics::kGap - kPaneCaption;
        const double scale =
            std::min(room_x / std::max(1, natural.width()), room_y / std::max(1, natural.height()));
        if (scale > largest) {
            largest = scale;
            best = columns;
        }
    }
    return best;
}

QList<CompareView::Slot> CompareView::places() const {
    const int count = static_cast<int>(model_.cells().size());
    const QRect whole = rect().adjusted(metrics::kCanvasMargin, metrics::kCanvasMargin,
                                        -metrics::kCanvasMargin, -metrics::kCanvasMargin);
    if (count == 0) {
        return {};
    }
    if (large_ >= 0) {
        return {{large_, whole}};
    }
    switch (mode_) {
    case Mode::blink:
        return {{blinking(), whole}};
    case Mode::wipe:
    case Mode::difference:
        return {{model_.a(), whole}, {model_.b(), whole}};
    case Mode::side_by_side:
        break;
    }
    const int columns = columnsFor(count);
    const int rows = (count + columns - 1) / columns;
    QList<Slot> slots_of_panes;
    for (int i = 0; i < count; ++i) {
        const int column = i % columns;
        const int row = i / columns;
        const int left = whole.left() + column * (whole.width() + metrics::kGap) / columns;
        const int right =
            whole.left() + (column + 1) * (whole.width() + metrics::kGap) / columns - metrics::kGap;
        const int top = whole.top() + row * whole.height() / rows;
        const int bottom = whole.top() + (row + 1) * whole.height() / rows - kPaneCaption;
        slots_of_panes.append({i, QRect(QPoint(left, top), QSize(std::max(1, right - left),
                                                                 std::max(1, bottom - top)))});
    }
    return slots_of_panes;
}

CompareView::Slot CompareView::placeAt(const QPointF& at) const {
    const QList<Slot> all = places();
    if (all.isEmpty()) {
        return {};
    }
    if (mode_ == Mode::wipe && large_ < 0) {
        return at.x() < wipeX() ? all[0] : all[1];
    }
    if (mode_ == Mode::difference && large_ < 0) {
        return all[1]; // B is moved against A
    }
    const auto under = std::ranges::find_if(
        all, [&](const Slot& slot) { return slot.area.contains(at.toPoint()); });
    return under == all.end() ? all[0] : *under;
}

double CompareView::fitZoom(const QRect& area, const QSize& natural) const {
    const double exact =
        std::min(static_cast<double>(area.width()) / std::max(1, natural.width()),
                 static_cast<double>(area.height()) / std::max(1, natural.height()));
    const double device = exact * devicePixelRatioF();
    return sharp_ && device >= 1 ? std::floor(device) / devicePixelRatioF() : exact;
}

double CompareView::logicalZoom(const Slot& slot) const {
    return fit_ ? fitZoom(slot.area, model_.naturalSize(slot.pane)) : zoom_ / devicePixelRatioF();
}

double CompareView::zoom() const {
    const QList<Slot> all = places();
    return all.isEmpty() ? 1 : logicalZoom(all[0]) * devicePixelRatioF();
}

QRectF CompareView::rectIn(const Slot& slot) const {
    const double scale = logicalZoom(slot);
    const QSizeF size = QSizeF(model_.naturalSize(slot.pane)) * scale;
    const QPointF middle =
        QRectF(slot.area).center() - (centre_ + offsets_.value(slot.pane)) * scale;
    return {QPointF(std::round(middle.x() - size.width() / 2),
                    std::round(middle.y() - size.height() / 2)),
            size};
}

QRectF CompareView::pictureRect(int index) const {
    for (const Slot& slot : places()) {
        if (slot.pane == index) {
            return rectIn(slot);
        }
    }
    return {};
}

QRect CompareView::visibleRect() const {
    QRectF both;
    for (const Slot& slot : places()) {
        both |= rectIn(slot);
    }
    return both.toAlignedRect() & rect();
}

double CompareView::wipeX() const {
    const QRect visible = visibleRect();
    return std::round(visible.left() + wipe_ * visible.width());
}

void CompareView::setFit() {
    fit_ = true;
    centre_ = {};
    update();
    Q_EMIT zoomChanged();
}

void CompareView::setZoom(double zoom) {
    fit_ = false;
    zoom_ = std::clamp(zoom, kLeastZoom, kMostZoom);
    centre_ = {};
    update();
    Q_EMIT zoomChanged();
}

void CompareView::zoomBy(double factor, QPointF at) {
    const Slot under = placeAt(at);
    if (under.pane < 0) {
        return;
    }
    const double before = logicalZoom(under) * devicePixelRatioF();
    double next = std::clamp(before * factor, kLeastZoom, kMostZoom);
    if (sharp_ && next > 1) {
        next = factor > 1 ? std::max(std::ceil(before + 0.01), std::floor(next))
                          : std::min(std::floor(before - 0.01), std::ceil(next));
        next = std::max(next, 1.0);
    }
    const QPointF from_middle = at - QRectF(under.area).center();
    centre_ += from_middle * devicePixelRatioF() * (1 / before - 1 / next);
    zoom_ = next;
    fit_ = false;
    update();
    Q_EMIT zoomChanged();
}

void CompareView::zoomStep(int steps) {
    const QList<Slot> all = places();
    if (!all.isEmpty()) {
        zoomBy(std::pow(kWheelNotch, steps), QRectF(all[0].area).center());
    }
}

void CompareView::setSharp(bool sharp) {
    sharp_ = sharp;
    update();
    Q_EMIT zoomChanged();
}

QSize CompareView::sizeHint() const {
    return {640, 640};
}

QSize CompareView::minimumSizeHint() const {
    return {160, 160};
}

void CompareView::wheelEvent(QWheelEvent* event) {
    // Qt turns the wheel sideways while Alt is held.
    const QPoint turned = event->angleDelta();
    zoomBy(std::pow(kWheelNotch, (turned.y() != 0 ? turned.y() : turned.x()) / 120.0),
           event->position());
    event->accept();
}

void CompareView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) {
        return;
    }
    const Slot under = placeAt(event->position());
    const bool on_line = mode_ == Mode::wipe && large_ < 0 &&
                         std::abs(event->position().x() - wipeX()) <= kGripReach;
    grab_ = under.pane < 0                                 ? Grab::none
            : event->modifiers() & Qt::AltModifier         ? Grab::one
            : on_line && event->button() == Qt::LeftButton ? Grab::wipe
                                                           : Grab::all;
    grabbed_ = event->position();
    grabbed_pane_ = under.pane;
}

void CompareView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    if (grab_ == Grab::none) {
        const bool on_line =
            mode_ == Mode::wipe && large_ < 0 && std::abs(at.x() - wipeX()) <= kGripReach;
        setCursor(on_line ? Qt::SplitHCursor : Qt::ArrowCursor);
        return;
    }
    if (grab_ == Grab::wipe) {
        const QRect visible = visibleRect();
        setWipe((at.x() - visible.left()) / std::max(1, visible.width()));
        Q_EMIT wipeEdited(wipe_);
        return;
    }
    const QList<Slot> all = places();
    const auto slot = std::ranges::find(all, grabbed_pane_, &Slot::pane);
    if (slot == all.end()) {
        return;
    }
    const QPointF moved = (at - grabbed_) / logicalZoom(*slot);
    if (grab_ == Grab::one) {
        offsets_[grabbed_pane_] -= moved;
    } else {
        if (fit_ && (at - grabbed_).manhattanLength() < 4) {
            return;
        }
        if (fit_) {
            zoom_ = logicalZoom(*slot) * devicePixelRatioF();
            fit_ = false;
            Q_EMIT zoomChanged();
        }
        centre_ -= moved;
    }
    grabbed_ = at;
    setCursor(Qt::ClosedHandCursor);
    update();
}

void CompareView::mouseReleaseEvent(QMouseEvent* /*event*/) {
    grab_ = Grab::none;
    unsetCursor();
}

void CompareView::mouseDoubleClickEvent(QMouseEvent* event) {
    const Slot under = placeAt(event->position());
    if (under.pane < 0) {
        return;
    }
    if (event->modifiers() & Qt::AltModifier) {
        offsets_[under.pane] = {};
        update();
    } else if (fit_) {
        zoomBy(1.0 / (logicalZoom(under) * devicePixelRatioF()), event->position());
    } else {
        setFit();
    }
}

bool CompareView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        // Esc stops a run, but first it leads back from a pane that was made large.
        // Zooming by key is of what is looked at, not of the picture in Generate.
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool zooms = key->modifiers() & Qt::ControlModifier &&
                           std::ranges::find(kZoomKeys, key->key()) != std::end(kZoomKeys);
        if (zooms || (key->key() == Qt::Key_Escape && large_ >= 0)) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

bool CompareView::focusNextPrevChild(bool next) {
    if (next && !focus_->isByKey() && hasFocus() && isVisible()) {
        Q_EMIT panelsToggled();
        return true;
    }
    return QWidget::focusNextPrevChild(next);
}

bool CompareView::zoomKey(const QKeyEvent& key) {
    if (!(key.modifiers() & Qt::ControlModifier)) {
        return false;
    }
    switch (key.key()) {
    case Qt::Key_0:
        setFit();
        return true;
    case Qt::Key_1:
        setZoom(1);
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomStep(1);
        return true;
    case Qt::Key_Minus:
        zoomStep(-1);
        return true;
    case Qt::Key_P:
        setSharp(!sharp_);
        return true;
    default:
        return false;
    }
}

void CompareView::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (zoomKey(*event)) {
        return;
    }
    const bool plain = !(event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier));
    if (plain && key >= Qt::Key_1 && key <= Qt::Key_9) {
        setLarge(key - Qt::Key_1);
        return;
    }
    if ((plain && key == Qt::Key_0) || (key == Qt::Key_Escape && large_ >= 0)) {
        setLarge(-1);
        return;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        Q_EMIT keepRequested();
        return;
    }
    if (mode_ == Mode::wipe && large_ < 0 && (key == Qt::Key_Left || key == Qt::Key_Right)) {
        const double by = event->modifiers() & Qt::ShiftModifier ? 0.1 : 0.01;
        setWipe(wipe_ + (key == Qt::Key_Left ? -by : by));
        Q_EMIT wipeEdited(wipe_);
        return;
    }
    const std::pair<int, QPointF> pans[] = {{Qt::Key_Left, {-kArrowPan, 0}},
                                            {Qt::Key_Right, {kArrowPan, 0}},
                                            {Qt::Key_Up, {0, -kArrowPan}},
                                            {Qt::Key_Down, {0, kArrowPan}}};
    for (const auto& [arrow, by] : pans) {
        if (key == arrow && !fit_) {
            centre_ += by * devicePixelRatioF() / zoom_;
            update();
            return;
        }
    }
    QWidget::keyPressEvent(event);
}

void CompareView::resizeEvent(QResizeEvent* /*event*/) {
    if (fit_) {
        Q_EMIT zoomChanged();
    }
}

} // namespace likeness
