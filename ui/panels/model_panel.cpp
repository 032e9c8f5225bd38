#include "ui/panels/model_panel.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"

#include <QFileInfo>
#include <QMenu>
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
      first_(new PlainLabel(tr("A full model: open an SD 1.5 or SDXL model, a file or a diffusers "
                               "folder, drop it on the window, or name the folder of all your "
                               "models in the preferences (Ctrl+,)."),
                            PlainLabel::Tone::text2, 11)),
      switch_at_(new ScaleSlider(limit("refiner_switch_at"))) {
    makeBase();
    const IconButton* open_vae =
        makePart(vae_, tr("VAE"), QStringLiteral("vae"),
                 tr("vae: makes the picture of the latents; the model's own, or that of a file"),
                 tr("The model's own"));
    const IconButton* open_adapter =
        makePart(adapter_, tr("Adapter"), QStringLiteral("ip_adapter"),
                 tr("ip_adapter: lets references act; the model's own, or that of a file"),
                 tr("The model's own"));
    makeRefiner();
    first_->setObjectName(QStringLiteral("first_model_hint"));
    first_->setWordWrap(true);
    body()->addWidget(first_);
    connect(vae_.box, &QComboBox::activated, this,
            [this](int index) { Q_EMIT vaeChosen(vae_.box->itemData(index).toString()); });
    connect(adapter_.box, &QComboBox::activated, this,
            [this](int index) { Q_EMIT adapterChosen(adapter_.box->itemData(index).toString()); });
    connect(open_vae, &IconButton::clicked, this, &ModelPanel::vaeRequested);
    connect(open_adapter, &IconButton::clicked, this, &ModelPanel::adapterRequested);
}

void ModelPanel::makeBase() {
    model_->setObjectName(QStringLiteral("model"));
    model_->setAccessibleName(tr("Base model"));
    model_->setToolTip(tr("model: an installed name, a diffusers folder or a single file"));
    auto* open = new IconButton("folder", tr("Open a model: a file or a diffusers folder"));
    open->setObjectName(QStringLiteral("open_model"));
    auto* menu = new QMenu(open);
    menu->setObjectName(QStringLiteral("open_model_menu"));
    menu->addAction(tr("A file (.safetensors, .ckpt)"), this, &ModelPanel::fileRequested)
        ->setObjectName(QStringLiteral("choose_model_file"));
    menu->addAction(tr("A folder (diffusers)"), this, &ModelPanel::folderRequested)
        ->setObjectName(QStringLiteral("choose_model_folder"));
    body()->addWidget(new LabelledRow(tr("Base"), {model_, open}, model_));
    connect(open, &IconButton::clicked, this,
            [open, menu] { menu->popup(open->mapToGlobal(QPoint(0, open->height()))); });
    connect(model_, &QComboBox::activated, this,
            [this](int index) { Q_EMIT modelChosen(model_->itemData(index).toString()); });
}

// Of SDXL alone: a second model for the last steps.
void ModelPanel::makeRefiner() {
    IconButton* open = makePart(
        refiner_, tr("Refiner"), QStringLiteral("refiner"),
        tr("refiner: an SDXL model that does the last steps, for finer detail"), tr("None"));
    auto* menu = new QMenu(open);
    menu->setObjectName(QStringLiteral("open_refiner_menu"));
    menu->addAction(tr("A file (.safetensors, .ckpt)"), this, &ModelPanel::refinerFileRequested);
    menu->addAction(tr("A folder (diffusers)"), this, &ModelPanel::refinerFolderRequested);
    connect(open, &IconButton::clicked, this,
            [open, menu] { menu->popup(open->mapToGlobal(QPoint(0, open->height()))); });
    connect(refiner_.box, &QComboBox::activated, this,
            [this](int index) { Q_EMIT refinerChosen(refiner_.box->itemData(index).toString()); });
    switch_at_->setNames(QStringLiteral("refiner_switch_at"), tr("Refiner takes over at"),
                         tr("refiner.switch_at: the share of the way after which the refiner takes "
                            "over"));
    switch_row_ = new LabelledRow(tr("From"), {switch_at_}, switch_at_);
    body()->addWidget(switch_row_);
    connect(switch_at_, &ScaleSlider::edited, this, [this](double value) {
        Q_EMIT edited([value](GenerationRequest& request) { request.refiner.switch_at = value; });
    });
}

IconButton* ModelPanel::makePart(Part& part, const QString& title, const QString& name,
                                 const QString& tool_tip, const QString& none) {
    part.box = new ChoiceBox;
    part.box->setObjectName(name);
    part.box->setAccessibleName(title);
    part.box->setToolTip(tool_tip);
    part.box->addItem(none, QString());
    auto* open = new IconButton("folder", tr("Choose a file: %1").arg(title));
    open->setObjectName(QStringLiteral("open_") + name);
    part.row = new LabelledRow(title, {part.box, open}, part.box);
    body()->addWidget(part.row);
    return open;
}

void ModelPanel::addFile(Part& part, const QString& path) {
    if (part.box->findData(path) < 0) {
        part.box->addFile(path, shownName(path));
    }
}

void ModelPanel::showPart(Part& part, const QString& path) {
    if (!path.isEmpty()) {
        addFile(part, path);
    }
    part.box->setCurrentIndex(part.box->findData(path));
}

void ModelPanel::setAdapters(const QStringList& adapters) {
    const QString chosen = adapter_.box->currentData().toString();
    adapter_.box->keepFirst();
    for (const QString& adapter : adapters) {
        addFile(adapter_, adapter);
    }
    showPart(adapter_, chosen);
}

void ModelPanel::setRefiners(const QStringList& files) {
    for (const QString& path : files) {
        addFile(refiner_, path);
    }
}

void ModelPanel::setRequest(const GenerationRequest& request, const ModelTraits& traits) {
    showPart(vae_, QString::fromStdString(request.vae));
    showPart(adapter_, QString::fromStdString(request.ip_adapter));
    showPart(refiner_, QString::fromStdString(request.refiner.model));
    switch_at_->setValue(request.refiner.switch_at);
    const bool is_given = request.refiner.is_given();
    refiner_.row->setVisible(traits.family == "sdxl" || is_given); // one that does not fit can go
    switch_row_->setVisible(is_given);
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
        model_->addFile(model, shownName(model));
    }
    model_->setCurrentIndex(model_->findData(current));
}

} // namespace likeness
