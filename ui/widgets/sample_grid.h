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

    // Where that picture lies, in coordinates of the strip.
    QRect cellRect(int column, int row) const;

    void setHeight(int height); // that the whole strip may have

    QSize sizeHint() const override;

    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void scrollRequested(int columns); // with the arrow keys

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void paintFocus(QPainter& painter) const;

    Samples samples_;
    int seeds_ = 1;
    std::int64_t next_ = 0;
    QString when_;
    int side_ = 128;
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
