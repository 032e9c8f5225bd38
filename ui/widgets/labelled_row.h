#pragma once

#include "ui/theme.h"

#include <QWidget>

namespace likeness {

class PlainLabel;

// One row of a panel: a label as wide as the panel's others, and the controls that it names.
class LabelledRow : public QWidget {
    Q_OBJECT

public:
    // `stretched` takes the room that is left; none: it stays empty. The label is the first
    // control's.
    LabelledRow(const QString& text, const QList<QWidget*>& controls, QWidget* stretched = nullptr,
                int label_width = metrics::kLabelRight);

    PlainLabel* label() const { return label_; }

private:
    PlainLabel* label_;
};

} // namespace likeness
