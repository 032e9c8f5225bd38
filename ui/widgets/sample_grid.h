#pragma once

#include <QImage>
#include <QWidget>

#include <cstdint>
#include <map>
#include <vector>

class QPainter;
class QScrollArea;

namespace likeness {

// The samples of a training as a strip that grows: a column for each time, a row for each seed, and
// an empty column for the next ones that says when they come.
class SampleGrid : public QWidget {
    Q_OBJECT

public:
    using Samples = std::map<std::int64_t, std::vector<QImage>>;

    explicit SampleGrid(QWidget* parent = nullptr);

    // `next`: the step at which more come; 0: none do. `when` stands in its place.
    void setSamples(const Samples& samples, int seeds, std::int64_t next, const QString& when);

    int columns() const;

    std::int64_t stepOf(int column) const;

    // The step whose weights are the result; 0: the newest.
    void setResultStep(std::int64_t step);

    // Where that picture lies, in coordinates of the strip.
    QRect cellRect(int column, int row) const;

    void setHeight(int height); // that the whole strip may have

    QSize sizeHint() const override;

    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void currentChanged(const QRect& cell); // with the arrow keys: it wants to be seen
    void opened(qint64 step, int seed);     // to be looked at large

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void paintFocus(QPainter& painter) const;
    void moveTo(const QPoint& cell);
    void open(const QPoint& cell);

    Samples samples_;
    int seeds_ = 1;
    std::int64_t next_ = 0;
    QString when_;
    int side_ = 128;
    std::int64_t result_step_ = 0;
    QPoint current_{0, 0}; // column and row that the keys are at
    bool focus_by_key_ = false;
};

// The strip in its place: scrolled sideways, at its newest column while nobody scrolls back.
class SampleStrip : public QWidget {
    Q_OBJECT

public:
    explicit SampleStrip(QWidget* parent = nullptr);

    SampleGrid& grid() const { return *grid_; }

    void setSamples(const SampleGrid::Samples& samples, int seeds, std::int64_t next,
                    const QString& when);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    SampleGrid* grid_;
    QScrollArea* area_;
};

} // namespace likeness
