#include "ui/widgets/scale_slider.h"

#include "ui/theme.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/slider_track.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include <cmath>

namespace likeness {

ScaleSlider::ScaleSlider(const Limit& limit, QWidget* parent)
    : QWidget(parent), limit_(limit), unit_(std::pow(10.0, limit.decimals)),
      default_(limit.default_value), track_(new SliderTrack(this)),
      number_(new NumberField(limit, this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGap);
    row->addWidget(track_, 1);
    row->addWidget(number_);
    setFocusProxy(number_);
    setTrackMaximum(limit.maximum);
    setDefault(limit.default_value);
    setValue(limit.default_value);
    connect(track_, &SliderTrack::valueChanged, this, [this](int units) { change(units / unit_); });
    connect(track_, &SliderTrack::sliderReleased, this, &ScaleSlider::released);
    connect(track_, &SliderTrack::resetRequested, this, [this] { change(default_); });
    connect(track_, &SliderTrack::stepRequested, this,
            [this](int steps) { change(value() + steps * limit_.step); });
    connect(number_, &NumberField::edited, this, [this](double value) {
        const QSignalBlocker quiet(track_);
        track_->setValue(static_cast<int>(std::lround(value * unit_)));
        track_->update();
        Q_EMIT edited(value);
    });
}

double ScaleSlider::value() const {
    return number_->value();
}

void ScaleSlider::setValue(double value) {
    const QSignalBlocker quiet(track_);
    track_->setValue(static_cast<int>(std::lround(value * unit_)));
    track_->update();
    number_->setValue(value);
}

void ScaleSlider::setDefault(double value) {
    default_ = value;
    track_->setDefault(static_cast<int>(std::lround(value * unit_)));
}

void ScaleSlider::setTrackMaximum(double maximum) {
    setTrackRange(limit_.minimum, maximum);
}

void ScaleSlider::setTrackRange(double minimum, double maximum) {
    const QSignalBlocker quiet(track_);
    track_->setRange(static_cast<int>(std::lround(minimum * unit_)),
                     static_cast<int>(std::lround(maximum * unit_)));
    track_->setSingleStep(std::max(1, static_cast<int>(std::lround(limit_.step * unit_))));
    track_->setPageStep(10 * track_->singleStep());
}

void ScaleSlider::setNumberWidth(int pixels) {
    number_->setFixedWidth(pixels);
}

void ScaleSlider::setNames(const QString& name, const QString& accessible_name,
                           const QString& tool_tip) {
    setObjectName(name + QStringLiteral("_slider"));
    track_->setObjectName(name);
    number_->setObjectName(name + QStringLiteral("_number"));
    track_->setAccessibleName(accessible_name);
    number_->setAccessibleName(accessible_name);
    track_->setToolTip(tool_tip);
    number_->setToolTip(tool_tip);
}

void ScaleSlider::change(double value) {
    const double before = number_->value();
    const double clamped = std::clamp(value, limit_.minimum, limit_.maximum);
    setValue(std::round(clamped * unit_) / unit_);
    if (number_->value() != before) {
        Q_EMIT edited(number_->value());
    }
}

} // namespace likeness
