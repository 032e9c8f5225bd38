#pragma once

#include "core/request/limits.h"

#include <QLineEdit>

namespace likeness {

// A number that is typed, stepped with the arrow keys (Shift: ten steps) or, while focused, with
// the wheel. What is out of range is brought to the nearest end when the field is left; Esc takes
// back what is typed.
class NumberField : public QLineEdit {
    Q_OBJECT

public:
    explicit NumberField(const Limit& limit, QWidget* parent = nullptr);

    double value() const { return value_; }

    const Limit& limits() const { return limit_; }

    // Shows a value, unless another is being typed; no edited().
    void setValue(double value);

Q_SIGNALS:
    void edited(double value);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void commit();
    void stepBy(double steps);
    void change(double value);
    void showValue();
    QString shown() const; // the value as text

    Limit limit_;
    double value_ = 0;
};

} // namespace likeness
