#pragma once

#include "ui/model/request_model.h"
#include "ui/widgets/section.h"

class QLineEdit;

namespace likeness {

class ChoiceBox;
class IconButton;
class NumberField;
class PlainLabel;
class ScaleSlider;
class SegmentedControl;
class TextButton;

// Size, steps, guidance, scheduler, seed, number of pictures.
class SamplingPanel : public Section {
    Q_OBJECT

public:
    explicit SamplingPanel(QWidget* parent = nullptr);

    // Shows a request; a field it leaves open shows the model's own value. No edited().
    void setRequest(const GenerationRequest& request, const ModelTraits& traits);
    void setSeedLocked(bool locked);
    void setProblems(const std::vector<Problem>& problems);
    double variationStrength() const;

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void seedLockEdited(bool locked);
    void seedRequested();
    void variationsRequested(double strength);
    void branchCleared();

private:
    void buildSize();
    void buildSteps();
    void buildScheduler();
    void buildSeed();
    void buildPictures();
    void buildPresets();
    void addRow(const QString& text, const QList<QWidget*>& widgets, QWidget* stretched);
    void commitSeed();

    NumberField* width_;
    NumberField* height_;
    PlainLabel* ratio_;
    PlainLabel* size_problem_; // beside the field, while it does not fit
    ScaleSlider* steps_;
    ScaleSlider* guidance_;
    ChoiceBox* scheduler_; // the rule
    ChoiceBox* levels_;    // of noise
    QLineEdit* seed_;
    IconButton* lock_;
    SegmentedControl* num_images_;
    NumberField* count_;
    ScaleSlider* variation_;
    TextButton* vary_;
    PlainLabel* branch_;
    QWidget* branch_row_ = nullptr;
    GenerationRequest request_{};
    ModelTraits traits_{};
};

} // namespace likeness
