#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/library_panel.h"

#include <QDockWidget>
#include <QLineEdit>

// What the menus ask of the library.

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
