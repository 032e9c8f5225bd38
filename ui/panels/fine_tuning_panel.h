#pragma once

#include "ui/model/request_model.h"
#include "ui/widgets/section.h"

#include <array>

namespace likeness {

class IconButton;
class NumberField;
class PlainLabel;
class RangeSlider;
class ScaleSlider;
class SegmentedControl;

// What is rarely touched: how the prompt is read, in which steps guidance acts, and what SDXL is
// told of the picture's sizes.
class FineTuningPanel : public Section {
    Q_OBJECT

public:
    explicit FineTuningPanel(QWidget* parent = nullptr);

    // Shows a request; sizes only where the model reads them. No edited().
    void setRequest(const GenerationRequest& request, const ModelTraits& traits);

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);

private:
    void buildPrompt();
    void buildGuidance();
    QWidget* makeSizes();
    QWidget* makeSizeRow(const QString& title, std::size_t first, const QString& explained);
    static int changedFields(const GenerationRequest& request);

    SegmentedControl* syntax_;
    PlainLabel* syntax_help_;
    NumberField* clip_skip_;
    RangeSlider* guided_;
    PlainLabel* guided_words_;
    ScaleSlider* rescale_;
    std::array<NumberField*, 6> size_fields_{}; // two a row
    std::array<IconButton*, 3> as_picture_{};
    QWidget* sizes_ = nullptr;
};

} // namespace likeness
