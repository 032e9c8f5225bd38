#include "ui/canvas/canvas_bar.h"
#include "ui/canvas/picture_view.h"
#include "ui/canvas/undo_buttons.h"
#include "ui/compare_workspace.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/generate_bar.h"
#include "ui/panels/notice_list.h"
#include "ui/panels/queue_panel.h"
#include "ui/train_workspace.h"
#include "ui/workspace_tabs.h"

#include <QMenuBar>
#include <QVBoxLayout>

// The tabs over the canvas and what stands behind them.

namespace likeness {

void MainWindow::makeWorkspaces() {
    workspaces_ = new WorkspaceTabs;
    compare_ = new CompareWorkspace(session_);
    auto* bar = new CanvasBar(*view_);
    bar->addTools(new UndoButtons(session_.edits()));
    workspaces_->addWorkspace(tr("Generate"), QStringLiteral("generate_workspace"), makeCanvas(),
                              makeSettingsColumn(), bar);
    workspaces_->addWorkspace(tr("Compare"), QStringLiteral("compare_workspace"), compare_,
                              compare_->side(), compare_->corner());
    makeTraining();
    setCentralWidget(workspaces_);
    connect(compare_, &CompareWorkspace::panelsToggled, this,
            [this] { setDocksVisible(!areDocksVisible()); });
    // There is one list of notices; it stands where one looks.
    connect(workspaces_, &WorkspaceTabs::currentChanged, this, [this](int index) {
        if (index == 1) {
            compare_->setNotices(notices_);
        } else if (index == kTrainPage) {
            train_->setNotices(notices_);
            train_->setFocus();
        } else {
            auto* column = static_cast<QVBoxLayout*>(generate_->parentWidget()->layout());
            column->insertWidget(column->indexOf(generate_), notices_);
        }
    });
    connect(queue_, &QueuePanel::comparisonRequested, this, [this](quint64 key) {
        session_.comparison().show(key);
        workspaces_->setCurrent(1);
    });
    connect(compare_, &CompareWorkspace::shown, this, [this] { workspaces_->setCurrent(1); });
    connect(compare_, &CompareWorkspace::kept, this, [this] {
        workspaces_->setCurrent(0);
        view_->setFocus();
    });
}

void MainWindow::fillWorkspaceMenus() {
    compare_->fillMenu(*menuBar());
    train_->fillMenu(*menuBar());
}

} // namespace likeness
