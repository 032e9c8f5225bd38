#include "ui/widgets/labelled_row.h"

#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>

namespace likeness {

LabelledRow::LabelledRow(const QString& text, const QList<QWidget*>& controls, QWidget* stretched,
                         int label_width)
    : label_(new PlainLabel(text, PlainLabel::Tone::text2)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGap);
    label_->setFixedWidth(label_width - metrics::kGap);
    label_->setBuddy(controls.front());
    row->addWidget(label_);
    for (QWidget* control : controls) {
        row->addWidget(control, control == stretched ? 1 : 0);
    }
    if (!stretched) {
        row->addStretch(1);
    }
}

} // namespace likeness
