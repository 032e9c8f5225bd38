#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <optional>

namespace likeness {

// Points of one measure against another, or one measure over the pictures where there is only one.
// The best trade-off is marked, its name beside it.
class TradeOffPlot : public QWidget {
    Q_OBJECT

public:
    struct Point {
        QString name{};
        double x = 0;
        double y = 0;
        bool known = false; // not measured yet: left out

        bool operator==(const Point&) const = default;
    };

    explicit TradeOffPlot(QWidget* parent = nullptr);

    // `best` -1: none is marked, no words stand beside one.
    void setPoints(const QList<Point>& points, int best);

    // What stands along the axes; the numbers of x are written where `x_is_measure`.
    void setAxes(const QString& x, const QString& y, bool x_is_measure);

    const QList<Point>& points() const { return points_; }

    int best() const { return best_; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<Point> points_;
    int best_ = -1;
    QString x_;
    QString y_;
    bool x_is_measure_ = true;
};

// The point with the largest sum of both measures, each taken as its share of the way from the
// lowest to the highest of all; -1 where fewer than three are known or a measure does not vary.
int bestTradeOff(const QList<TradeOffPlot::Point>& points);

} // namespace likeness
