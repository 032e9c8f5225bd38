#pragma once

#include <QKeySequence>
#include <QList>
#include <QMenuBar>
#include <QString>

#include <functional>

namespace likeness {

struct MenuEntry {
    QString text{};
    const char* name = ""; // the action's objectName
    QKeySequence shortcut{};
    std::function<void()> act{};
};

// A workspace's own menu, before the library's; its actions end with the workspace.
void addWorkspaceMenu(QMenuBar& bar, const QString& title, const char* name, QWidget* workspace,
                      const QList<MenuEntry>& entries);

// Esc stops what one looks at: `stop` is called while the workspace is seen.
void stopWithEsc(QMenuBar& bar, QWidget* workspace, const std::function<void()>& stop);

} // namespace likeness
