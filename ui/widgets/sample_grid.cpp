#include "ui/widgets/sample_grid.h"

#include "ui/theme.h"
#include "ui/widgets/image_tile.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace likeness {

namespace {

constexpr int kSampleHead = 24; // the step over a column
constexpr int kSampleGap = 8;
constexpr int kLargestSide = 128;
constexpr int kSmallestSide = 36;
constexpr int kSampleScroll = 10;

} // namespace

SampleGrid::SampleGrid(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("sample_grid"));
    setAccessibleName(tr("Samples"));
    setToolTip(tr("validation_prompt: pictures of the same seeds, made on the way. A click, or "
                  "the arrow keys and Space, show one large"));
    setFocusPolicy(Qt::TabFocus);
}

void SampleGrid::keyPressEvent(QKeyEvent* event) {
    const int last = std::max(0, columns() - 1);
    switch (event->key()) {
    case Qt::Key_Left:
        return moveTo(current_ - QPoint(1, 0));
    case Qt::Key_Right:
        return moveTo(current_ + QPoint(1, 0));
    case Qt::Key_Up:
        return moveTo(current_ - QPoint(0, 1));
    case Qt::Key_Down:
        return moveTo(current_ + QPoint(0, 1));
    case Qt::Key_Home:
        return moveTo({0, current_.y()});
    case Qt::Key_End:
        return moveTo({last, current_.y()});
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (columns() > 0) {
            return open(current_);
        }
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
    }
}

void SampleGrid::mousePressEvent(QMouseEvent* event) {
    for (int column = 0; column < columns(); ++column) {
        for (int row = 0; row < seeds_; ++row) {
            if (event->button() == Qt::LeftButton &&
                cellRect(column, row).contains(event->position().toPoint())) {
                open({column, row});
                return;
            }
        }
    }
    QWidget::mousePressEvent(event);
}

void SampleGrid::moveTo(const QPoint& cell) {
    current_ = {std::clamp(cell.x(), 0, std::max(0, columns() - 1)),
                std::clamp(cell.y(), 0, seeds_ - 1)};
    focus_by_key_ = true;
    Q_EMIT currentChanged(cellRect(current_.x(), current_.y()));
    update();
}

void SampleGrid::open(const QPoint& cell) {
    current_ = cell;
    Q_EMIT opened(stepOf(cell.x()), cell.y());
}

std::int64_t SampleGrid::stepOf(int column) const {
    return std::next(samples_.begin(), std::clamp(column, 0, columns() - 1))->first;
}

void SampleGrid::setResultStep(std::int64_t step) {
    result_step_ = step;
    update();
}

void SampleGrid::focusInEvent(QFocusEvent* event) {
    focus_by_key_ = event->reason() != Qt::MouseFocusReason;
    QWidget::focusInEvent(event);
}

void SampleGrid::focusOutEvent(QFocusEvent* event) {
    focus_by_key_ = false;
    QWidget::focusOutEvent(event);
}

int SampleGrid::columns() const {
    return static_cast<int>(samples_.size());
}

void SampleGrid::setSamples(const Samples& samples, int seeds, std::int64_t next,
                            const QString& when) {
    samples_ = samples;
    seeds_ = std::max(1, seeds);
    next_ = next;
    when_ = when;
    setCursor(samples.empty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
    setAccessibleDescription(
        samples.empty() ? QString() : tr("the last ones of step %1").arg(samples.rbegin()->first));
    resize(sizeHint());
    update();
}

void SampleGrid::setHeight(int height) {
    side_ = std::clamp((height - kSampleHead + kSampleGap) / seeds_ - kSampleGap, kSmallestSide,
                       kLargestSide);
    resize(sizeHint());
    update();
}

QRect SampleGrid::cellRect(int column, int row) const {
    return {column * (side_ + kSampleGap), kSampleHead + row * (side_ + kSampleGap), side_, side_};
}

QSize SampleGrid::sizeHint() const {
    const int shown = columns() + (next_ > 0 ? 1 : 0);
    return {std::max(1, shown * (side_ + kSampleGap) - kSampleGap),
            kSampleHead + seeds_ * (side_ + kSampleGap) - kSampleGap};
}

void SampleGrid::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    const auto head = [&](int column, const QString& words, bool strong) {
        painter.setFont(numberFont(13, strong ? QFont::DemiBold : QFont::Normal));
        painter.setPen(strong ? theme.text : theme.text2);
        painter.drawText(QRect(cellRect(column, 0).x(), 0, side_, kSampleHead - 4),
                         Qt::AlignLeft | Qt::AlignVCenter, words);
    };
    int column = 0;
    for (const auto& [step, images] : samples_) {
        const bool strong = samples_.contains(result_step_) && result_step_ > 0
                                ? step == result_step_
                                : column == columns() - 1;
        head(column, step == 0 ? tr("start") : QLocale().toString(static_cast<qlonglong>(step)),
             strong);
        for (int row = 0; row < seeds_; ++row) {
            const QRect cell = cellRect(column, row);
            if (row < static_cast<int>(images.size()) &&
                !images[static_cast<std::size_t>(row)].isNull()) {
                paintFilling(painter, cell, images[static_cast<std::size_t>(row)]);
            } else {
                painter.fillRect(cell, theme.field);
            }
        }
        ++column;
    }
    paintFocus(painter);
    if (next_ == 0) {
        return;
    }
    head(column, QLocale().toString(static_cast<qlonglong>(next_)), false);
    for (int row = 0; row < seeds_; ++row) {
        painter.setPen(QPen(theme.control, 1, Qt::CustomDashLine));
        QPen dashes(theme.control, 1);
        dashes.setDashPattern({4, 4});
        painter.setPen(dashes);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(cellRect(column, row)).adjusted(0.5, 0.5, -0.5, -0.5));
    }
    painter.setFont(numberFont(11));
    painter.setPen(theme.text2);
    painter.drawText(cellRect(column, seeds_ / 2), Qt::AlignCenter | Qt::TextWordWrap, when_);
}

void SampleGrid::paintFocus(QPainter& painter) const {
    if (!focus_by_key_) {
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(currentTheme().accent, 2));
    const QRect place = columns() > 0 ? cellRect(std::min(current_.x(), columns() - 1),
                                                 std::min(current_.y(), seeds_ - 1))
                                      : visibleRegion().boundingRect();
    painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 3, 3);
}

SampleStrip::SampleStrip(QWidget* parent)
    : QWidget(parent), grid_(new SampleGrid), area_(new QScrollArea) {
    setObjectName(QStringLiteral("sample_strip"));
    area_->setObjectName(QStringLiteral("sample_scroll"));
    area_->setFrameShape(QFrame::NoFrame);
    area_->setWidget(grid_);
    area_->setFocusPolicy(Qt::NoFocus); // the pictures have it
    area_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area_->horizontalScrollBar()->setObjectName(QStringLiteral("sample_scroll_bar"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(area_);
    connect(grid_, &SampleGrid::currentChanged, this, [this](const QRect& cell) {
        area_->ensureVisible(cell.center().x(), cell.center().y(), cell.width(), 0);
    });
}

void SampleStrip::setSamples(const SampleGrid::Samples& samples, int seeds, std::int64_t next,
                             const QString& when) {
    const QScrollBar* bar = area_->horizontalScrollBar();
    const bool at_end = bar->value() >= bar->maximum() - 4;
    grid_->setSamples(samples, seeds, next, when);
    grid_->setHeight(height() - kSampleScroll);
    if (at_end) {
        QTimer::singleShot(0, area_, [area = area_] {
            area->horizontalScrollBar()->setValue(area->horizontalScrollBar()->maximum());
        });
    }
}

QSize SampleStrip::sizeHint() const {
    return {480, kSampleHead + 3 * (kLargestSide + kSampleGap) + kSampleScroll};
}

QSize SampleStrip::minimumSizeHint() const {
    return {200, kSampleHead + 3 * (kSmallestSide + kSampleGap) + kSampleScroll};
}

void SampleStrip::resizeEvent(QResizeEvent* /*event*/) {
    grid_->setHeight(height() - kSampleScroll);
}

} // namespace likeness
