#pragma once

#include "core/request/limits.h"

#include <QWidget>

namespace likeness {

class NumberField;
class SliderTrack;

// A slider and the number beside it as one control. Drag with live value, type, arrows (Shift
// coarse), wheel only while focused, double click for the default.
class ScaleSlider : public QWidget {
    Q_OBJECT

public:
    explicit ScaleSlider(const Limit& limit, QWidget* parent = nullptr);

    double value() const;

    // Shows a value; no edited().
    void setValue(double value);

    // Where double click leads to and the tick stands.
    void setDefault(double value);

    // The slider may end before the number does: steps go to 1000, but hands work below 60.
    void setTrackMaximum(double maximum);
    void setTrackRange(double minimum, double maximum);

    void setNumberWidth(int pixels);

    // Names both parts: object names `name` and `name_number`, the tooltip and what a screen reader
    // says.
    void setNames(const QString& name, const QString& accessible_name, const QString& tool_tip);

    SliderTrack* track() const { return track_; }

    NumberField* number() const { return number_; }

Q_SIGNALS:
    void edited(double value);
    void released(); // the hand left the track

private:
    void change(double value);

    Limit limit_;
    double unit_;
    double default_;
    SliderTrack* track_;
    NumberField* number_;
};

} // namespace likeness
