#include "ui/widgets/trade_off_plot.h"

#include "ui/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kPlotLeft = 36;
constexpr int kPlotBottom = 36;
constexpr int kPlotTop = 24;
constexpr int kPlotGrid = 4;

struct PlotRange {
    double low = 0;
    double high = 1;

    double share(double value) const { return (value - low) / (high - low); }
};

template <typename Field>
PlotRange plotRangeOf(const QList<TradeOffPlot::Point>& points, Field field) {
    bool any = false;
    PlotRange range;
    for (const auto& point : points) {
        if (!point.known) {
            continue;
        }
        range.low = any ? std::min(range.low, point.*field) : point.*field;
        range.high = any ? std::max(range.high, point.*field) : point.*field;
        any = true;
    }
    return range;
}

// Some room around, so that no point lies on the edge.
PlotRange roomyRange(PlotRange range) {
    const double room = std::max(0.01, (range.high - range.low) * 0.12);
    return {range.low - room, range.high + room};
}

} // namespace

int bestTradeOff(const QList<TradeOffPlot::Point>& points) {
    const PlotRange x = plotRangeOf(points, &TradeOffPlot::Point::x);
    const PlotRange y = plotRangeOf(points, &TradeOffPlot::Point::y);
    const auto known = std::ranges::count(points, true, &TradeOffPlot::Point::known);
    constexpr double kSame = 1e-6;
    if (known < 3 || x.high - x.low < kSame || y.high - y.low < kSame) {
        return -1;
    }
    int best = -1;
    double largest = -1;
    for (int i = 0; i < points.size(); ++i) {
        const double sum = x.share(points[i].x) + y.share(points[i].y);
        if (points[i].known && sum > largest) {
            largest = sum;
            best = i;
        }
    }
    return best;
}

TradeOffPlot::TradeOffPlot(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("trade_off_plot"));
    setAccessibleName(tr("Measures of the pictures"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize TradeOffPlot::sizeHint() const {
    return {280, 216};
}

void TradeOffPlot::setPoints(const QList<Point>& points, int best) {
    points_ = points;
    best_ = best;
    update();
}

void TradeOffPlot::setAxes(const QString& x, const QString& y, bool x_is_measure) {
    x_ = x;
    y_ = y;
    x_is_measure_ = x_is_measure;
    update();
}

void TradeOffPlot::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    const QRect area = rect().adjusted(kPlotLeft, kPlotTop, -1, -kPlotBottom);
    painter.setFont(textFont(11));
    painter.setPen(theme.text2);
    painter.drawText(QRect(0, 0, width(), 16), Qt::AlignLeft | Qt::AlignVCenter, y_);
    painter.drawText(QRect(area.left(), height() - 16, area.width(), 16), Qt::AlignCenter, x_);
    painter.fillRect(area, theme.field);
    const PlotRange x = roomyRange(plotRangeOf(points_, &Point::x));
    const PlotRange y = roomyRange(plotRangeOf(points_, &Point::y));
    painter.setFont(numberFont(11));
    const bool any = std::ranges::any_of(points_, &Point::known);
    for (int i = 0; i <= kPlotGrid; ++i) {
        const double share = i / static_cast<double>(kPlotGrid);
        const int line_x = area.left() + static_cast<int>(std::lround(share * (area.width() - 1)));
        const int line_y =
            area.bottom() - static_cast<int>(std::lround(share * (area.height() - 1)));
        painter.fillRect(QRect(line_x, area.top(), 1, area.height()), theme.line);
        painter.fillRect(QRect(area.left(), line_y, area.width(), 1), theme.line);
        if (!any) {
            continue;
        }
        painter.setPen(theme.text2);
        painter.drawText(QRect(0, line_y - 8, kPlotLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(y.low + share * (y.high - y.low), 'f', 2));
        if (x_is_measure_ && i % 2 == 0) {
            const int left = i == 0 ? line_x : i == kPlotGrid ? line_x - 40 : line_x - 20;
            painter.drawText(QRect(left, area.bottom() + 3, 40, 16),
                             (i == 0           ? Qt::AlignLeft
                              : i == kPlotGrid ? Qt::AlignRight
                                               : Qt::AlignHCenter) |
                                 Qt::AlignVCenter,
                             QString::number(x.low + share * (x.high - x.low), 'f', 3));
        }
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const auto place = [&](const Point& point) {
        return QPointF(area.left() + x.share(point.x) * area.width(),
                       area.bottom() - y.share(point.y) * area.height());
    };
    QPolygonF way;
    for (const Point& point : points_) {
        if (point.known) {
            way << place(point);
        }
    }
    painter.setPen(QPen(theme.text2, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(way);
    for (int i = 0; i < points_.size(); ++i) {
        if (!points_[i].known) {
            continue;
        }
        const QPointF at = place(points_[i]);
        const bool best = i == best_;
        painter.setPen(Qt::NoPen);
        painter.setBrush(best ? theme.accent : theme.text2);
        painter.drawEllipse(at, best ? 4 : 3, best ? 4 : 3);
        if (best) {
            painter.setPen(QPen(theme.accent, 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(at, 7, 7);
        }
        painter.setFont(numberFont(11, best ? QFont::DemiBold : QFont::Normal));
        painter.setPen(best ? theme.text : theme.text2);
        const QString words =
            best ? tr("%1, best trade-off").arg(points_[i].name) : points_[i].name;
        const int wide = painter.fontMetrics().horizontalAdvance(words) + 4;
        // To the side that has room.
        const bool left = at.x() + 10 + wide > area.right();
        painter.drawText(QRectF(left ? at.x() - 10 - wide : at.x() + 10, at.y() - 16, wide, 16),
                         (left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, words);
    }
}

} // namespace likeness
