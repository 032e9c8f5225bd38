#pragma once

#include "ui/widgets/section.h"

class QGridLayout;

namespace likeness {

class ComparisonModel;
class PlainLabel;
class TextButton;
class TradeOffPlot;

// What the encoders say about the pictures: similarity to the references and agreement with the
// prompt, plotted against each other, and both for A and B.
class NumbersPanel : public Section {
    Q_OBJECT

public:
    explicit NumbersPanel(const ComparisonModel& model, QWidget* parent = nullptr);

Q_SIGNALS:
    void measureRequested();

private:
    void show();
    void showPlot();
    void showTable();

    const ComparisonModel& model_;
    TradeOffPlot* plot_;
    PlainLabel* words_;
    TextButton* measure_;
    QWidget* table_;
    PlainLabel* cells_[3][4]; // head, similarity, agreement; name, A, B, B - A
};

} // namespace likeness
