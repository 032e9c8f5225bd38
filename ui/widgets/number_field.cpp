#include "ui/widgets/number_field.h"

#include "ui/theme.h"

#include <QKeyEvent>
#include <QLocale>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr double kCoarse = 10;

} // namespace

NumberField::NumberField(const Limit& limit, QWidget* parent)
    : QLineEdit(parent), limit_(limit), value_(limit.default_value) {
    setFont(numberFont());
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setFixedSize(metrics::kNumber, metrics::kControl);
    setAcceptDrops(false);
    showValue();
    connect(this, &QLineEdit::returnPressed, this, [this] {
        commit();
        selectAll();
    });
}

void NumberField::setValue(double value) {
    value_ = value;
    showValue();
}

void NumberField::showValue() {
    const QString shown = QString::number(value_, 'f', limit_.decimals);
    if (shown != text()) {
        setText(shown);
    }
}

void NumberField::change(double value) {
    if (!std::isfinite(value)) {
        value = value_;
    }
    const double unit = std::pow(10.0, limit_.decimals);
    value = std::round(std::clamp(value, limit_.minimum, limit_.maximum) * unit) / unit;
    if (value != value_) {
        value_ = value;
        showValue();
        Q_EMIT edited(value_);
    } else {
        showValue();
    }
}

void NumberField::commit() {
    bool is_number = false;
    double typed = text().trimmed().replace(',', '.').toDouble(&is_number);
    change(is_number ? typed : value_);
    setModified(false); // what is typed is the value now
}

void NumberField::stepBy(double steps) {
    commit();
    change(value_ + steps * limit_.step);
    selectAll();
}

void NumberField::keyPressEvent(QKeyEvent* event) {
    const double size = event->modifiers() & Qt::ShiftModifier ? kCoarse : 1;
    switch (event->key()) {
    case Qt::Key_Up:
        stepBy(size);
        return;
    case Qt::Key_Down:
        stepBy(-size);
        return;
    case Qt::Key_PageUp:
        stepBy(kCoarse);
        return;
    case Qt::Key_PageDown:
        stepBy(-kCoarse);
        return;
    case Qt::Key_Escape:
        if (text() != QString::number(value_, 'f', limit_.decimals)) {
            showValue();
            return;
        }
        break;
    default:
        break;
    }
    QLineEdit::keyPressEvent(event);
}

void NumberField::wheelEvent(QWheelEvent* event) {
    if (!hasFocus()) {
        event->ignore();
        return;
    }
    const double size = event->modifiers() & Qt::ShiftModifier ? kCoarse : 1;
    stepBy(size * event->angleDelta().y() / 120.0);
    event->accept();
}

void NumberField::focusOutEvent(QFocusEvent* event) {
    commit();
    QLineEdit::focusOutEvent(event);
}

} // namespace likeness
