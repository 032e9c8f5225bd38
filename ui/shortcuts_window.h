#pragma once

#include <QKeySequence>
#include <QMap>
#include <QWidget>

class QAction;
class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace likeness {

// Shortcuts other than the program's own, by the action's object name.
using Shortcuts = QMap<QString, QKeySequence>;

// Gives the window's actions those shortcuts; an action that is not named has its own again.
void applyShortcuts(QWidget& window, const Shortcuts& shortcuts);

// All actions with what they are called, searchable; each shortcut can be typed anew, taken away or
// set back. One that is taken already is not given twice: the list says by whom. In a window of its
// own that stops nothing.
class ShortcutsWindow : public QWidget {
    Q_OBJECT

public:
    // `window` has the actions; `shortcuts` are those that differ from the program's own.
    ShortcutsWindow(QWidget& window, const Shortcuts& shortcuts, QWidget* parent = nullptr);

Q_SIGNALS:
    void edited(const likeness::Shortcuts& shortcuts);

private:
    void fill();
    void filter(const QString& words);
    void assign(QTreeWidgetItem* item, const QKeySequence& keys);
    void reset(QTreeWidgetItem* item);
    QAction* actionOf(const QTreeWidgetItem* item) const;

    QWidget& window_;
    Shortcuts shortcuts_;
    QLineEdit* search_;
    QTreeWidget* list_;
    QLabel* problem_;
};

} // namespace likeness
