#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/library_panel.h"
#include "ui/widgets/file_dialog.h"

#include <QDockWidget>
#include <QLineEdit>
#include <QPointer>

// What the menus ask of the library, and pictures saved as files.

namespace likeness {

void MainWindow::exportPictures(const QList<std::int64_t>& ids) {
    if (ids.isEmpty()) {
        Q_EMIT session_.statusChanged(tr("There is no picture to export yet"));
        return;
    }
    auto* dialog = new ExportDialog(session_.exportOptions(), static_cast<int>(ids.size()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::exportRequested, &session_,
            [this, ids](const ExportOptions& options) { session_.exportPictures(ids, options); });
    dialog->show();
}

void MainWindow::exportChosen() {
    const QList<PictureId> chosen = library_->selectedPictures();
    const PictureId shown = session_.shownId();
    exportPictures(!chosen.isEmpty() ? chosen : shown != 0 ? QList<PictureId>{shown} : chosen);
}

void MainWindow::saveShown() {
    if (!session_.shown()) {
        Q_EMIT session_.statusChanged(tr("There is no picture to save yet"));
        return;
    }
    askWhereToSave(*session_.shown(), session_.shownId());
}

void MainWindow::saveOfLibrary(std::int64_t id) {
    session_.read(id, [window = QPointer<MainWindow>(this)](const LibraryPicture& picture) {
        if (window) {
            window->askWhereToSave(picture.result, picture.id);
        }
    });
}

// The picture is the one that was meant when it was asked, whatever is shown when that is answered.
void MainWindow::askWhereToSave(const ResultImage& picture, std::int64_t id) {
    auto* dialog = openSaveDialog(
        this, tr("Save the picture"), tr("Pictures (*.png *.jpg *.tif *.exr *.webp)"),
        QStringLiteral("png"), QStringLiteral("likeness-%1.png").arg(picture.request.seed));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, picture, id](const QString& path) { session_.save(path, picture, id); });
}

void MainWindow::searchLibrary() {
    for (QWidget* parent = library_->parentWidget(); parent; parent = parent->parentWidget()) {
        if (auto* dock = qobject_cast<QDockWidget*>(parent)) {
            dock->show();
            break;
        }
    }
    auto* search = library_->findChild<QLineEdit*>(QStringLiteral("search"));
    search->setFocus(Qt::ShortcutFocusReason);
    search->selectAll();
}

void MainWindow::toggleLibraryGrid() {
    library_->setGrid(!library_->isGrid());
}

} // namespace likeness
