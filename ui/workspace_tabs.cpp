#include "ui/workspace_tabs.h"

#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace likeness {

WorkspaceTabs::WorkspaceTabs(QWidget* parent)
    : QWidget(parent), tabs_(new QTabBar(this)), middle_(new QStackedWidget(this)),
      side_(new QStackedWidget) {
    setObjectName(QStringLiteral("workspaces"));
    tabs_->setObjectName(QStringLiteral("workspace_tabs"));
    tabs_->setAccessibleName(tr("Workspace"));
    tabs_->setToolTip(tr("What the window is for now"));
    tabs_->setDrawBase(false);
    tabs_->setExpanding(false);
    tabs_->setUsesScrollButtons(false);
    tabs_->setFocusPolicy(Qt::TabFocus);
    tabs_->setFont(textFont(13, QFont::Medium));
    tabs_->setFixedHeight(metrics::kTabRow - 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    row_ = new QHBoxLayout;
    row_->setContentsMargins(4, 0, metrics::kGap + 4, 1);
    row_->addWidget(tabs_);
    row_->addStretch(1);
    column->addLayout(row_);
    column->addWidget(middle_, 1);
    connect(tabs_, &QTabBar::currentChanged, this, [this](int index) {
        middle_->setCurrentIndex(index);
        side_->setCurrentIndex(index);
        for (int i = 0; i < corners_.size(); ++i) {
            if (corners_[i]) {
                corners_[i]->setVisible(i == index);
            }
        }
        Q_EMIT currentChanged(index);
    });
}

void WorkspaceTabs::addWorkspace(const QString& title, const QString& name, QWidget* middle,
                                 QWidget* side, QWidget* corner) {
    middle->setObjectName(name);
    // A page that is not shown must not make the window wide.
    constexpr int kLeastWidth = 440;
    middle->setMinimumWidth(kLeastWidth);
    middle_->addWidget(middle);
    side_->addWidget(side);
    corners_.append(corner);
    if (corner) {
        row_->addWidget(corner);
        corner->setVisible(corners_.size() == 1);
    }
    tabs_->addTab(title);
}

int WorkspaceTabs::current() const {
    return tabs_->currentIndex();
}

void WorkspaceTabs::setCurrent(int index) {
    tabs_->setCurrentIndex(index);
}

void WorkspaceTabs::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), metrics::kTabRow), theme.panel);
    painter.fillRect(QRect(0, metrics::kTabRow - 1, width(), 1), theme.edge);
}

} // namespace likeness
