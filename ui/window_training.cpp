#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/dataset_panel.h"
#include "ui/panels/references_panel.h"
#include "ui/train_workspace.h"
#include "ui/widgets/drop_well.h"
#include "ui/workspace_tabs.h"

#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QMimeData>
#include <QStackedWidget>
#include <QUrl>

// The window's side of the training: its place among the workspaces, and what is dropped there.

namespace likeness {

void MainWindow::makeTraining() {
    train_ = new TrainWorkspace(session_);
    workspaces_->addWorkspace(tr("Train"), QStringLiteral("train_workspace"), train_,
                              train_->side());
    connect(train_, &TrainWorkspace::shown, this, [this] { workspaces_->setCurrent(kTrainPage); });
    connect(train_, &TrainWorkspace::used, this, [this] { workspaces_->setCurrent(0); });
}

bool MainWindow::isTraining() const {
    return workspaces_ && workspaces_->current() == kTrainPage;
}

// The left dock holds what the pictures of a page come from: references, or the dataset.
QDockWidget* MainWindow::makeLeftDock() {
    auto* pages = new QStackedWidget;
    pages->addWidget(references_);
    pages->addWidget(&train_->dataset());
    auto* heads = new QStackedWidget;
    heads->addWidget(makeReferencesHead());
    heads->addWidget(train_->dataset().makeHead());
    heads->setFixedHeight(metrics::kDockHead);
    QDockWidget* dock = addDock(tr("References"), QStringLiteral("references_dock"), pages, heads,
                                Qt::LeftDockWidgetArea);
    connect(workspaces_, &WorkspaceTabs::currentChanged, dock, [this, dock, pages, heads] {
        const int page = isTraining() ? 1 : 0;
        pages->setCurrentIndex(page);
        heads->setCurrentIndex(page);
        dock->setWindowTitle(page == 1 ? tr("Dataset") : tr("References"));
    });
    return dock;
}

void MainWindow::showDatasetDrop(bool over) {
    DatasetPanel& dataset = train_->dataset();
    if (!over) {
        dataset.showWell();
    } else if (session_.trainingSet().isFixed()) {
        dataset.well().setState(DropWell::State::refused, tr("Fixed while the training runs"));
    } else {
        dataset.well().setState(DropWell::State::over, tr("Release to learn from these"));
    }
}

bool MainWindow::dropOnDataset(const QMimeData& dropped) {
    TrainingSet& set = session_.trainingSet();
    if (const QList<PictureId> ids = picturesIn(dropped.data(QLatin1String(kLibraryMimeType)));
        !ids.isEmpty()) {
        session_.addToDataset(ids);
        return true;
    }
    for (const QUrl& url : dropped.urls()) { // a model is opened wherever it is let go
        const QString path = url.toLocalFile();
        const bool is_folder = QFileInfo(path).isDir();
        if ((is_folder && QFileInfo::exists(path + QStringLiteral("/model_index.json"))) ||
            (!is_folder && mayHoldWeights(path))) {
            return false;
        }
    }
    set.add(picturesOf(dropped));
    return true;
}

} // namespace likeness
