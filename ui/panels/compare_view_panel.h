#pragma once

#include "core/request/limits.h"
#include "ui/widgets/section.h"

namespace likeness {

class ScaleSlider;
class SegmentedControl;

// How two pictures are shown against each other: where the wipe stands, how fast they blink, how
// their difference is drawn.
class CompareViewPanel : public Section {
    Q_OBJECT

public:
    explicit CompareViewPanel(QWidget* parent = nullptr);

    void setWipe(double share);
    void setBlinkRate(double hertz);
    void setDifference(int kind, double gain);

Q_SIGNALS:
    void wipeEdited(double share);
    void blinkEdited(double hertz);
    void differenceEdited(int kind, double gain); // PictureDifference::Kind

private:
    ScaleSlider* makeSlider(const Limit& limit, const QString& text, const QString& name,
                            const QString& tool_tip);

    ScaleSlider* wipe_;
    ScaleSlider* blink_;
    ScaleSlider* gain_;
    SegmentedControl* kind_;
};

} // namespace likeness
