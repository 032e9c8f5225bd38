#include "ui/canvas/picture_view.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/canvas_mask.h"
#include "ui/panels/input_panel.h"
#include "ui/widgets/file_dialog.h"

#include <QFileDialog>
#include <QFileInfo>

// The window's side of the picture to begin from: choosing it, and its mask painted over it.

namespace likeness {

void MainWindow::connectInput() {
    RequestModel& request = session_.request();
    connect(input_, &InputPanel::edited, &request, &RequestModel::edit);
    connect(input_, &InputPanel::padEdited, &session_, &Session::setInputPad);
    connect(input_, &InputPanel::browseRequested, this, &MainWindow::browseInput);
    connect(input_, &InputPanel::shownRequested, this, [this] { session_.beginFrom(0); });
    connect(input_, &InputPanel::clearRequested, &session_, &Session::clearInput);
    connect(input_, &InputPanel::maskRemoved, this, [this] { session_.setInputMask(nullptr); });
    connect(&session_, &Session::shownChanged, input_,
            [this] { input_->setShownThere(session_.shown().has_value()); });
    auto* masks = view_->findChild<CanvasMask*>(); // that of the references
    connect(input_, &InputPanel::maskRequested, this,
            [this, masks] { masks->editInput(session_.request().request().input); });
    connect(masks, &CanvasMask::inputPainted, &session_, &Session::setInputMask);
    connect(masks, &CanvasMask::inputEnded, this, &MainWindow::showPicture);
    connect(&request, &RequestModel::changed, masks,
            [this, masks] { masks->followInput(session_.request().request().input); });
    // What is made meanwhile takes the canvas.
    connect(&session_.run(), &PictureRun::previewed, masks, &CanvasMask::endInput);
    connect(&session_, &Session::shownChanged, masks, &CanvasMask::endInput);
}

bool MainWindow::isOverInput(const QPoint& at) const {
    return input_->isVisible() && input_->rect().contains(input_->mapFrom(this, at));
}

void MainWindow::browseInput() {
    auto* dialog =
        openFileDialog(this, tr("Choose a picture to begin from"), QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        session_.setInputPicture({.name = QFileInfo(file).fileName(), .path = file});
    });
}

} // namespace likeness
