#include "ui/dock_folding.h"

#include "ui/theme.h"

#include <QChildEvent>
#include <QDockWidget>
#include <QMainWindow>
#include <QTabBar>

#include <utility>

namespace likeness {

namespace {

constexpr const char* kTabs = "dock_tabs";

} // namespace

DockFolding::DockFolding(QMainWindow& window, QDockWidget& left, QDockWidget& right)
    : QObject(&window), window_(window), left_(left), right_(right),
      left_width_(metrics::kLeftDock), right_width_(metrics::kRightDock) {
    window.setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    window.installEventFilter(this);
}

void DockFolding::fold() {
    const bool beside = window_.dockWidgetArea(&left_) == Qt::LeftDockWidgetArea &&
                        window_.dockWidgetArea(&right_) == Qt::RightDockWidgetArea;
    if (!beside || left_.isHidden() || right_.isHidden() || left_.isFloating() ||
        right_.isFloating()) {
        return;
    }
    if (left_.isVisible()) { // else they have no width of their own yet
        left_width_ = left_.width();
        right_width_ = right_.width();
    }
    window_.addDockWidget(Qt::RightDockWidgetArea, &left_);
    window_.tabifyDockWidget(&left_, &right_); // the second one is seen
    window_.resizeDocks({&right_}, {right_width_}, Qt::Horizontal);
    folded_ = true;
}

void DockFolding::showFolded(const QDockWidget& dock) {
    if (auto* tabs = window_.findChild<QTabBar*>(QLatin1String(kTabs)); tabs && folded_) {
        for (int i = 0; i < tabs->count(); ++i) {
            if (tabs->tabText(i) == dock.windowTitle()) {
                tabs->setCurrentIndex(i);
            }
        }
    }
}

void DockFolding::unfold() {
    if (!folded_) {
        return;
    }
    folded_ = false;
    if (!window_.tabifiedDockWidgets(&left_).contains(&right_)) {
        return; // a hand has put them elsewhere since
    }
    window_.addDockWidget(Qt::LeftDockWidgetArea, &left_);
    window_.resizeDocks({&left_, &right_}, {left_width_, right_width_}, Qt::Horizontal);
}

bool DockFolding::eventFilter(QObject* watched, QEvent* event) {
    // Polished before it is shown: else it would open as wide as both docks want.
    if (event->type() == QEvent::Resize || event->type() == QEvent::Polish) {
        const bool narrow = window_.width() < kNarrow;
        if (std::exchange(narrow_, narrow) != narrow) {
            narrow ? fold() : unfold();
        }
    } else if (event->type() == QEvent::ChildPolished) {
        // The window makes the bar over tabbed docks itself.
        if (auto* tabs = qobject_cast<QTabBar*>(static_cast<QChildEvent*>(event)->child())) {
            tabs->setObjectName(QLatin1String(kTabs));
            tabs->setAccessibleName(tr("Panels"));
            tabs->setFont(textFont(12, QFont::Medium));
            tabs->setDrawBase(false);
            tabs->setExpanding(false);
            tabs->setFocusPolicy(Qt::TabFocus);
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace likeness
