#include "ui/compare_workspace.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/active_panel.h"

// The window's side of what is active together.

namespace likeness {

void MainWindow::connectTogether() {
    connect(active_, &ActivePanel::edited, &session_.request(), &RequestModel::edit);
    connect(active_, &ActivePanel::masterEdited, &session_, &Session::strengthEdited);
    connect(active_, &ActivePanel::sweepRequested, compare_, &CompareWorkspace::sweep);
}

} // namespace likeness
