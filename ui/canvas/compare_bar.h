#pragma once

#include <QWidget>

namespace likeness {

class ChoiceBox;
class CompareView;
class ComparisonModel;
class SegmentedControl;

// The row above the compared pictures: how they are shown, which two, and how large.
class CompareBar : public QWidget {
    Q_OBJECT

public:
    CompareBar(ComparisonModel& model, CompareView& view, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ChoiceBox* makeMark(const QString& name, const QString& accessible_name);
    void showMarks();

    ComparisonModel& model_;
    CompareView& view_;
    SegmentedControl* mode_;
    ChoiceBox* a_;
    ChoiceBox* b_;
};

} // namespace likeness
