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
    connect(this, &QLineEdit::editingFinished, this, &NumberField::commit);
}

void NumberField::setValue(double value) {
    value_ = value;
    if (!hasFocus() || !isModified()) {
        showValue();
    }
}

QString NumberField::shown() const {
    return QString::number(value_, 'f', limit_.decimals);
}

void NumberField::showValue() {
    if (shown() != text()) {
        setText(shown());
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
    setModified(false); // what is typed is the value now
    change(is_number ? typed : value_);
}

void NumberField::stepBy(double steps) {
    commit();
    change(value_ + steps * limit_.step);
    selectAll();
}

bool NumberField::event(QEvent* event) {
    // Else the window's Esc takes the key.
    if (event->type() == QEvent::ShortcutOverride && text() != shown() &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
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
        if (text() != shown()) {
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
