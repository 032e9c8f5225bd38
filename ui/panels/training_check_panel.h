#pragma once

#include "ui/widgets/section.h"

class QVBoxLayout;

namespace likeness {

class PlainLabel;
class TextButton;
class TrainingModel;
struct TrainingFinding;

// What a check found in the dataset, a row each: what, and what it means; with what can be done
// about it.
class TrainingCheckPanel : public Section {
    Q_OBJECT

public:
    explicit TrainingCheckPanel(TrainingModel& training, QWidget* parent = nullptr);

Q_SIGNALS:
    void lookRequested(const QList<quint64>& ids); // at the pictures that a finding is about
    void captionsRequested();                      // write those that are missing

private:
    void show();
    void showFindings();
    QWidget* makeRow(const TrainingFinding& finding);

    TrainingModel& training_;
    TextButton* check_;
    PlainLabel* words_;
    QWidget* rows_;
    QVBoxLayout* column_;
    bool shown_ = false; // the rows are those of the check
};

} // namespace likeness
