#include "ui/canvas/picture_view.h"
#include "ui/dock_folding.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/input_panel.h"
#include "ui/panels/library_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/references_panel.h"
#include "ui/panels/styles_panel.h"
#include "ui/widgets/drop_well.h"
#include "ui/window_projects.h"

#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QUrl>

// What is dragged over the window and pasted into it.

namespace likeness {

namespace {

// Files and folders that may be models or what is added to one.
QStringList weightsIn(const QMimeData& data) {
    QStringList paths;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile() && url.host().isEmpty() && mayHoldWeights(url.toLocalFile())) {
            paths << url.toLocalFile();
        }
    }
    return paths;
}

} // namespace

bool MainWindow::isOverCanvas(const QPoint& at) const {
    return view_->rect().contains(view_->mapFrom(this, at));
}

// A tile that is let go where it came from goes nowhere.
bool MainWindow::isBackInLibrary(const QDropEvent& event) const {
    return event.mimeData()->hasFormat(QLatin1String(kLibraryMimeType)) &&
           library_->rect().contains(library_->mapFrom(this, event.position().toPoint()));
}

void MainWindow::showDrop(const QPoint& at, bool over) {
    ReferenceListModel& references = session_.references();
    showDatasetDrop(over && isTraining());
    // Weights are taken wherever they are let go: by the sections that show them.
    const bool weights = over && drags_weights_ && !isTraining();
    model_->setDropped(weights);
    styles_->setDropped(weights);
    if (!over || weights) {
        view_->setDropState(PictureView::DropState::none);
        references_->well()->setState(DropWell::State::resting, {});
        references_->showWell();
        input_->setDropped(false);
        return;
    }
    const bool on_canvas = isOverCanvas(at);
    const bool on_input = isOverInput(at);
    input_->setDropped(on_input);
    view_->setDropState(on_canvas ? PictureView::DropState::over : PictureView::DropState::armed);
    if (references.isFull()) {
        references_->well()->setState(DropWell::State::refused,
                                      tr("%1 references are the most").arg(references.rowCount()));
    } else {
        references_->well()->setState(
            on_canvas || on_input ? DropWell::State::armed : DropWell::State::over,
            tr("Release to add as reference %1").arg(references.rowCount() + 1));
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (mayHoldPictures(*event->mimeData()) ||
        event->mimeData()->hasFormat(QLatin1String(kLibraryMimeType))) {
        event->setDropAction(Qt::CopyAction);
        event->accept();
        drags_weights_ = !weightsIn(*event->mimeData()).isEmpty();
        folding_->showFolded(
            *docks_[drags_weights_ && !isTraining() ? 1 : 0]); // where it goes is to be seen
        showDrop(event->position().toPoint(), true);
    }
}

void MainWindow::dragMoveEvent(QDragMoveEvent* event) {
    if (isBackInLibrary(*event)) {
        event->ignore();
        return;
    }
    event->setDropAction(Qt::CopyAction);
    event->accept();
    showDrop(event->position().toPoint(), true);
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent* /*event*/) {
    showDrop({}, false);
}

void MainWindow::dropEvent(QDropEvent* event) {
    showDrop({}, false);
    if (isBackInLibrary(*event)) {
        event->ignore();
        return;
    }
    event->setDropAction(Qt::CopyAction);
    event->accept();
    const bool on_canvas = isOverCanvas(event->position().toPoint());
    const bool on_input = isOverInput(event->position().toPoint());
    const QMimeData& dropped = *event->mimeData();
    if (isTraining() && dropOnDataset(dropped)) {
        return;
    }
    if (const QList<PictureId> ids = picturesIn(dropped.data(QLatin1String(kLibraryMimeType)));
        !ids.isEmpty()) {
        if (on_input) {
            session_.beginFrom(ids.front());
        } else if (on_canvas) {
            session_.useSettingsOfPicture(ids.front());
        } else {
            session_.addAsReferences(ids);
        }
        return;
    }
    if (openDroppedProject(session_, dropped)) {
        return;
    }
    MimePictures pictures = picturesOf(dropped);
    if (const QStringList weights = weightsIn(dropped); !weights.isEmpty()) {
        session_.openFiles(weights);
        pictures.sources.removeIf([](const PictureSource& source) {
            return !source.path.isEmpty() && mayHoldWeights(source.path);
        });
        if (pictures.sources.isEmpty() && pictures.refusals.isEmpty()) {
            return;
        }
    }
    if (on_input && !pictures.sources.isEmpty()) {
        session_.setInputPicture(pictures.sources.front());
        return;
    }
    if (on_canvas && pictures.sources.size() == 1) {
        session_.useSettingsOf(pictures.sources.front());
    } else {
        session_.addPictures(pictures);
    }
}

void MainWindow::paste() {
    const QMimeData* copied = QApplication::clipboard()->mimeData();
    if (copied && mayHoldPictures(*copied) && isTraining()) {
        session_.trainingSet().add(picturesOf(*copied));
    } else if (copied && mayHoldPictures(*copied)) {
        session_.addPictures(picturesOf(*copied));
    } else {
        Q_EMIT session_.statusChanged(tr("There is no picture to paste"));
    }
}

} // namespace likeness
