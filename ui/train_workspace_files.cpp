#include "ui/model/session.h"
#include "ui/train_workspace.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/plain_label.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

// What the Train page asks the person for: files and folders, and whether to throw away.

namespace likeness {

void TrainWorkspace::browseFiles() {
    auto* dialog =
        openFileDialog(window(), tr("Add pictures to learn from"), QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& files) {
        MimePictures pictures;
        for (const QString& file : files) {
            pictures.sources.append({.name = QFileInfo(file).fileName(), .path = file});
        }
        training_.set().add(pictures);
    });
}

void TrainWorkspace::browseFolder() {
    auto* dialog = openFileDialog(window(), tr("Add a folder of pictures"), QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        training_.set().add({.sources = {{.name = QFileInfo(folder).fileName(), .path = folder}}});
    });
}

void TrainWorkspace::browseMissing() {
    auto* dialog = openFileDialog(window(), tr("The folder the missing pictures are in now"),
                                  QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, &training_.set(), &TrainingSet::findMissing);
}

void TrainWorkspace::browseAdapter() {
    auto* dialog = openFileDialog(window(), tr("Choose an adapter to go on from"),
                                  QFileDialog::ExistingFile, tr("Adapters (*.safetensors *.bin)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        training_.set().edit(
            [&file](TrainingDraft& draft) { draft.request.ip_adapter = file.toStdString(); });
    });
}

void TrainWorkspace::askToDiscard() {
    const TrainingRun& run = training_.run();
    if (!run.canGoOn()) {
        return;
    }
    auto* box = new QMessageBox(window());
    box->setObjectName(QStringLiteral("discard_training_dialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setWindowTitle(tr("Discard the training"));
    box->setText(tr("What %1 learned in %2 steps will be removed for good, with its samples. "
                    "Pictures and settings stay.")
                     .arg(cleaned(run.name), QString::number(run.saved_step)));
    box->addButton(tr("Discard"), QMessageBox::AcceptRole);
    box->addButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, box](QAbstractButton* button) {
        if (box->buttonRole(button) == QMessageBox::AcceptRole) {
            training_.discard();
        }
    });
    box->open();
}

} // namespace likeness
