#pragma once

#include "core/request/training_result.h"

#include <QWidget>

#include <cstdint>
#include <vector>

namespace likeness {

// The losses of a training over its steps: each thin, smoothed bold with its value beside it, those
// on held-out pictures as dots, and the learning rate faint, on a scale of its own.
class LossPlot : public QWidget {
    Q_OBJECT

public:
    explicit LossPlot(QWidget* parent = nullptr);

    // All of them, up to the last one there will be.
    void setSteps(const std::vector<TrainingStep>& steps, std::int64_t total);

    double smoothed() const { return smoothed_.empty() ? 0 : smoothed_.back(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Frame;
    Frame frame() const;
    void paintAxes(QPainter& painter, const Frame& frame) const;
    void paintLosses(QPainter& painter, const Frame& frame) const;
    void paintRate(QPainter& painter, const Frame& frame) const;
    void paintHeldOut(QPainter& painter, const Frame& frame) const;

    std::vector<TrainingStep> steps_;
    std::vector<double> smoothed_; // one a step
    std::int64_t total_ = 0;
};

// Round numbers for an axis: those steps of 1, 2 or 5 of which about `wanted` fit into the range.
double niceStep(double range, int wanted);

} // namespace likeness
