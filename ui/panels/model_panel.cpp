#include "ui/panels/model_panel.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_label.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace likeness {

namespace {

QString shownName(const QString& model) {
    const QString name = QFileInfo(model).fileName();
    QString shown = cleaned(name.isEmpty() ? model : name);
    if (!shown.isEmpty() && !model.contains('/') && !model.contains('\\')) {
        shown[0] = shown[0].toUpper();
    }
    return shown;
}

} // namespace

ModelPanel::ModelPanel(QWidget* parent)
    : Section(tr("Model"), QStringLiteral("model_panel"), parent), model_(new ChoiceBox),
      first_(new PlainLabel(tr("A full model: open the folder of an SD 1.5 or SDXL model, or name "
                               "the folder of all your models in the preferences (Ctrl+,)."),
                            PlainLabel::Tone::text2, 11)) {
    model_->setObjectName(QStringLiteral("model"));
    model_->setAccessibleName(tr("Base model"));
    model_->setToolTip(tr("model: an installed name or a diffusers folder"));
    auto* open =
        new IconButton("folder", tr("Open a model folder (diffusers layout, SD 1.5 or SDXL)"));
    open->setObjectName(QStringLiteral("open_model"));
    auto* label = new PlainLabel(tr("Base"), PlainLabel::Tone::text2);
    label->setFixedWidth(metrics::kLabelRight - metrics::kGap);
    label->setBuddy(model_);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kGap);
    row->addWidget(label);
    row->addWidget(model_, 1);
    row->addWidget(open);
    body()->addLayout(row);
    first_->setObjectName(QStringLiteral("first_model_hint"));
    first_->setWordWrap(true);
    body()->addWidget(first_);
    connect(open, &IconButton::clicked, this, &ModelPanel::openRequested);
    connect(model_, &QComboBox::activated, this,
            [this](int index) { Q_EMIT modelChosen(model_->itemData(index).toString()); });
}

void ModelPanel::setModels(const QStringList& models, const QString& current) {
    QStringList all = models;
    if (!all.contains(current)) {
        all.append(current);
    }
    first_->setVisible(all.size() <= 1);
    const QSignalBlocker quiet(model_);
    if (all == models_) {
        model_->setCurrentIndex(model_->findData(current));
        return;
    }
    models_ = all;
    model_->clear();
    for (const QString& model : all) {
        model_->addItem(shownName(model), model);
        model_->setItemData(model_->count() - 1, cleaned(model).toHtmlEscaped(), Qt::ToolTipRole);
    }
    model_->setCurrentIndex(model_->findData(current));
}

} // namespace likeness
