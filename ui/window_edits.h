#pragma once

#include <QObject>

class QKeyEvent;
class QMainWindow;
class QWidget;

namespace likeness {

class EditHistory;
class MainWindow;
class Session;

// The Edit menu, and the keys of undo and redo wherever the focus is.
void addEditMenu(MainWindow& window, Session& session);

// What hands do at the window, as far as undo needs to know: a press of the mouse and another focus
// end a step, a held button keeps it open, and Ctrl+Z goes to the field that is being typed into
// while that has something of its own to undo, else to the window. A press elsewhere and a shortcut
// find what is typed in a field in use: buttons do not take the focus. Goes by the key's place
// where the keyboard has no Latin letters.
class EditKeys : public QObject {
    Q_OBJECT

public:
    EditKeys(QMainWindow& window, EditHistory& edits);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    enum class Wish { none, undo, redo };

    static Wish wishOf(const QKeyEvent& key);
    static bool hasOwn(const QWidget* field, Wish wish);
    // What is typed in the field that has the focus counts, as if the field had been left.
    static void useTyped(const QWidget* pressed);

    QMainWindow& window_;
    EditHistory& edits_;
};

} // namespace likeness
