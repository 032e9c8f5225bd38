#pragma once

#include "ui/widgets/section.h"

namespace likeness {

class ChoiceBox;
class ComparisonModel;
class InfluenceView;
class PlainLabel;
class ScaleSlider;
class TextButton;

// Where each reference acted on one picture of the comparison: a heat map over the picture, of one
// step or of all.
class InfluencePanel : public Section {
    Q_OBJECT

public:
    explicit InfluencePanel(const ComparisonModel& model, QWidget* parent = nullptr);

    void setPicture(int index); // of the comparison

Q_SIGNALS:
    void influenceRequested(int index); // the picture has to be made once more for it

private:
    void show();

    const ComparisonModel& model_;
    int index_ = -1;
    ChoiceBox* reference_;
    InfluenceView* view_;
    PlainLabel* words_;
    TextButton* ask_;
    QWidget* steps_row_;
    ScaleSlider* steps_;
};

} // namespace likeness
