#pragma once

#include "core/request/training_advice.h"

#include <QWidget>

namespace likeness {

class IconButton;
class MethodQuestion;
class PlainLabel;
class SegmentedControl;
class TextButton;

// The two answers that a way to a likeness depends on: the time one gives, and what must stay the
// same.
class MethodAnswers : public QWidget {
    Q_OBJECT

public:
    explicit MethodAnswers(MethodQuestion& question, Qt::Orientation way,
                           QWidget* parent = nullptr);

private:
    void showAnswers();

    MethodQuestion& question_;
    SegmentedControl* time_;
    SegmentedControl* kept_;
};

// Which way to take with the pictures that were dropped: what it costs here, what it will not do,
// and the button that takes it. Why, on a second look.
class MethodChoice : public QWidget {
    Q_OBJECT

public:
    explicit MethodChoice(MethodQuestion& question, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const likeness::MethodAdvice& advice); // the button
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void build();
    void showAdvice();
    void showReasons(const TrainingAdvice& advice);

    MethodQuestion& question_;
    PlainLabel* count_;
    IconButton* close_;
    PlainLabel* title_;
    PlainLabel* cost_;
    PlainLabel* will_not_;
    TextButton* measure_;
    TextButton* take_;
    TextButton* why_;
    QWidget* reasons_;
    PlainLabel* reason_[kAdvisedMethods] = {};
};

// A way as the window calls it: "Image prompt", "LoRA", "DreamBooth".
QString nameOfMethod(AdvisedMethod method);

} // namespace likeness
