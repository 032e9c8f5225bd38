#include "ui/model/session.h"
#include "ui/train_workspace.h"

#include <QFileDialog>
#include <QFileInfo>

// What the Train page asks the person for: files and folders.

namespace likeness {

void TrainWorkspace::browseFiles() {
    auto* dialog = new QFileDialog(window(), tr("Add pictures to learn from"));
    dialog->setObjectName(QStringLiteral("file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& files) {
        MimePictures pictures;
        for (const QString& file : files) {
            pictures.sources.append({.name = QFileInfo(file).fileName(), .path = file});
        }
        training_.set().add(pictures);
    });
    dialog->open();
}

void TrainWorkspace::browseFolder() {
    auto* dialog = new QFileDialog(window(), tr("Add a folder of pictures"));
    dialog->setObjectName(QStringLiteral("file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        training_.set().add({.sources = {{.name = QFileInfo(folder).fileName(), .path = folder}}});
    });
    dialog->open();
}

void TrainWorkspace::browseMissing() {
    auto* dialog = new QFileDialog(window(), tr("The folder the missing pictures are in now"));
    dialog->setObjectName(QStringLiteral("file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, &training_.set(), &TrainingSet::findMissing);
    dialog->open();
}

void TrainWorkspace::browseAdapter() {
    auto* dialog = new QFileDialog(window(), tr("Choose an adapter to go on from"));
    dialog->setObjectName(QStringLiteral("file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Adapters (*.safetensors *.bin)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        training_.set().edit(
            [&file](TrainingDraft& draft) { draft.request.ip_adapter = file.toStdString(); });
    });
    dialog->open();
}

} // namespace likeness
