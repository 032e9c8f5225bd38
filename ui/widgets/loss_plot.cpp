#include "ui/widgets/loss_plot.h"

#include "ui/theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kLossLeft = 40;
constexpr int kLossBottom = 22;
constexpr int kLossTop = 2;
constexpr double kNewest = 0.03; // what a step counts in the smoothed loss: about thirty are seen

constexpr double kDotPitch = 24; // pixels between two dots at least

// The highest losses are cut off: one wild step would flatten all others.
constexpr double kShown = 0.99;

QString lossNumber(double value) {
    return QLocale().toString(value, 'f', 3);
}

} // namespace

double niceStep(double range, int wanted) {
    if (!(range > 0)) {
        return 1;
    }
    const double rough = range / std::max(1, wanted);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough) {
            return factor * power;
        }
    }
    return 10 * power;
}

// Where the axes lie and what they show.
struct LossPlot::Frame {
    QRect area{};
    double low = 0, high = 1;

    double x(double step, double total) const {
        return area.left() + step / std::max(1.0, total) * (area.width() - 1);
    }

    double y(double value) const {
        const double share = (value - low) / (high - low);
        return area.bottom() - std::clamp(share, 0.0, 1.0) * (area.height() - 1);
    }
};

LossPlot::LossPlot(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("loss_plot"));
    setAccessibleName(tr("Loss"));
    setToolTip(tr("loss: how far the model's guess of the noise is off; what counts is that the "
                  "bold line falls.\nDots: the same on pictures it does not learn from. Faint "
                  "line: learning_rate"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

QSize LossPlot::sizeHint() const {
    return {480, 180};
}

QSize LossPlot::minimumSizeHint() const {
    return {200, 80};
}

void LossPlot::setSteps(const std::vector<TrainingStep>& steps, std::int64_t total) {
    // A step more is what comes most: only its mean is taken anew.
    const bool goes_on = steps.size() >= smoothed_.size() && !smoothed_.empty() &&
                         steps[smoothed_.size() - 1].step == steps_.back().step;
    if (!goes_on) {
        smoothed_.clear();
    }
    for (std::size_t i = smoothed_.size(); i < steps.size(); ++i) {
        const double share = i == 0 ? 1 : std::max(1.0 / static_cast<double>(i + 1), kNewest);
        const double before = i == 0 ? 0 : smoothed_[i - 1];
        smoothed_.push_back(before + share * (steps[i].loss - before));
    }
    steps_ = steps;
    total_ = total;
    setAccessibleDescription(
        steps.empty() ? QString()
                      : tr("%1 at step %2").arg(lossNumber(smoothed())).arg(steps.back().step));
    update();
}

LossPlot::Frame LossPlot::frame() const {
    Frame frame{.area = rect().adjusted(kLossLeft, kLossTop, -1, -kLossBottom)};
    if (steps_.empty()) {
        return frame;
    }
    std::vector<double> losses;
    losses.reserve(steps_.size());
    for (const TrainingStep& step : steps_) {
        if (std::isfinite(step.loss)) {
            losses.push_back(step.loss);
        }
    }
    if (losses.empty()) {
        return frame;
    }
    const auto last = losses.begin() +
                      static_cast<std::ptrdiff_t>(kShown * static_cast<double>(losses.size() - 1));
    frame.low = *std::ranges::min_element(losses);
    std::ranges::nth_element(losses, last);
    frame.high = std::max(*last, frame.low + 1e-6);
    for (const TrainingStep& step : steps_) {
        if (step.validation_loss && std::isfinite(*step.validation_loss)) {
            frame.low = std::min(frame.low, *step.validation_loss);
            frame.high = std::max(frame.high, *step.validation_loss);
        }
    }
    const double room = 0.08 * (frame.high - frame.low);
    frame.low = std::max(0.0, frame.low - room);
    frame.high += room;
    return frame;
}

void LossPlot::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Frame at = frame();
    painter.fillRect(at.area, currentTheme().field);
    paintAxes(painter, at);
    if (steps_.empty()) {
        painter.setFont(textFont(12));
        painter.setPen(currentTheme().text2);
        painter.drawText(at.area, Qt::AlignCenter, tr("The loss is drawn here, step by step"));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    paintRate(painter, at);
    paintLosses(painter, at);
    paintHeldOut(painter, at);
}

void LossPlot::paintAxes(QPainter& painter, const Frame& frame) const {
    const Theme theme = currentTheme();
    const QRect& area = frame.area;
    painter.setFont(numberFont(11));
    const double total = static_cast<double>(std::max<std::int64_t>(1, total_));
    if (!steps_.empty()) {
        const int lines = std::max(2, area.height() / 32);
        const double each = niceStep(frame.high - frame.low, lines);
        const int decimals =
            std::clamp(static_cast<int>(std::ceil(-std::log10(each) - 1e-9)), 2, 5);
        for (double value = std::ceil(frame.low / each) * each; value <= frame.high;
             value += each) {
            const int y = static_cast<int>(std::lround(frame.y(value)));
            painter.fillRect(QRect(area.left(), y, area.width(), 1), theme.line);
            painter.setPen(theme.text2);
            const int top = std::clamp(y - 8, 0, area.bottom() - 12);
            painter.drawText(QRect(0, top, kLossLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                             QLocale().toString(value, 'f', decimals));
        }
    }
    const double each = std::max(1.0, niceStep(total, std::max(2, area.width() / 80)));
    for (double step = 0; step <= total; step += each) {
        const int x = static_cast<int>(std::lround(frame.x(step, total)));
        if (!steps_.empty()) {
            painter.fillRect(QRect(x, area.top(), 1, area.height()), theme.line);
        }
        painter.setPen(theme.text2);
        const QString words = QLocale().toString(static_cast<qlonglong>(std::llround(step)));
        const int wide = painter.fontMetrics().horizontalAdvance(words) + 2;
        const int left = std::clamp(x - wide / 2, area.left(), area.right() - wide + 1);
        painter.drawText(QRect(left, area.bottom() + 5, wide, 16),
                         Qt::AlignHCenter | Qt::AlignVCenter, words);
    }
}

void LossPlot::paintRate(QPainter& painter, const Frame& frame) const {
    double most = 0;
    for (const TrainingStep& step : steps_) {
        most = std::max(most, step.learning_rate);
    }
    if (most <= 0) {
        return;
    }
    QPolygonF line;
    for (const TrainingStep& step : steps_) {
        const QPointF at(frame.x(static_cast<double>(step.step), static_cast<double>(total_)),
                         frame.area.bottom() - 1 -
                             0.9 * step.learning_rate / most * (frame.area.height() - 3));
        if (line.isEmpty() || at.x() - line.back().x() >= 1 || &step == &steps_.back()) {
            line << at;
        }
    }
    QColor faint = currentTheme().control;
    painter.setPen(QPen(faint, 1, Qt::DotLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

void LossPlot::paintLosses(QPainter& painter, const Frame& frame) const {
    const Theme theme = currentTheme();
    const double total = static_cast<double>(std::max<std::int64_t>(1, total_));
    // Of many steps in one column of pixels the lowest and the highest are drawn.
    QPolygonF thin, bold;
    const double column = 1 / devicePixelRatioF();
    std::size_t begin = 0;
    while (begin < steps_.size()) {
        const double x = frame.x(static_cast<double>(steps_[begin].step), total);
        double low = steps_[begin].loss, high = low;
        std::size_t end = begin + 1;
        while (end < steps_.size() &&
               frame.x(static_cast<double>(steps_[end].step), total) - x < column) {
            low = std::min(low, steps_[end].loss);
            high = std::max(high, steps_[end].loss);
            ++end;
        }
        thin << QPointF(x, frame.y(low));
        if (high > low) {
            thin << QPointF(x, frame.y(high));
        }
        bold << QPointF(x, frame.y(smoothed_[end - 1]));
        begin = end;
    }
    painter.setBrush(Qt::NoBrush);
    QColor quiet = theme.control;
    quiet.setAlphaF(0.55F);
    painter.setPen(QPen(quiet, 1));
    painter.drawPolyline(thin);
    painter.setPen(QPen(theme.accent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(bold);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    painter.drawEllipse(bold.back(), 3.5, 3.5);
    painter.setFont(numberFont(12, QFont::DemiBold));
    const QString words = lossNumber(smoothed());
    const int wide = painter.fontMetrics().horizontalAdvance(words) + 4;
    const bool left = bold.back().x() + 10 + wide > frame.area.right();
    const QRectF beside(left ? bold.back().x() - 8 - wide : bold.back().x() + 8,
                        std::max<qreal>(frame.area.top(), bold.back().y() - 19), wide, 16);
    painter.setBrush(theme.field); // readable over the thin line
    painter.drawRect(beside.adjusted(-2, 1, 2, -1));
    painter.setPen(theme.text);
    painter.drawText(beside, (left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, words);
}

void LossPlot::paintHeldOut(QPainter& painter, const Frame& frame) const {
    const Theme theme = currentTheme();
    double last_x = -100;
    for (const TrainingStep& step : steps_) {
        if (!step.validation_loss) {
            continue;
        }
        const QPointF at(frame.x(static_cast<double>(step.step), static_cast<double>(total_)),
                         frame.y(*step.validation_loss));
        if (at.x() - last_x < kDotPitch) {
            continue;
        }
        last_x = at.x();
        painter.setPen(QPen(theme.field, 1));
        painter.setBrush(theme.text2);
        painter.drawEllipse(at, 3, 3);
    }
}

} // namespace likeness
