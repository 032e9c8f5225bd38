#include "ui/workspace_menu.h"

#include <QAction>
#include <QMenu>

namespace likeness {

void addWorkspaceMenu(QMenuBar& bar, const QString& title, const char* name, QWidget* workspace,
                      const QList<MenuEntry>& entries) {
    auto* menu = new QMenu(title, &bar);
    menu->setObjectName(QLatin1String(name));
    const auto* after = bar.findChild<QMenu*>(QStringLiteral("&Library"));
    bar.insertMenu(after ? after->menuAction() : nullptr, menu);
    for (const MenuEntry& entry : entries) {
        QAction* action = menu->addAction(entry.text);
        action->setObjectName(QLatin1String(entry.name));
        action->setShortcut(entry.shortcut);
        QObject::connect(action, &QAction::triggered, workspace, entry.act);
    }
}

void stopWithEsc(QMenuBar& bar, QWidget* workspace, const std::function<void()>& stop) {
    if (const auto* action = bar.window()->findChild<QAction*>(QStringLiteral("stop_now"))) {
        QObject::connect(action, &QAction::triggered, workspace, [workspace, stop] {
            if (workspace->isVisible()) {
                stop();
            }
        });
    }
}

} // namespace likeness
