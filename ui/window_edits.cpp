#include "ui/window_edits.h"

#include "ui/main_window.h"
#include "ui/model/session.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QShortcutEvent>
#include <QTextEdit>

namespace likeness {

namespace {

// Where Z and Y lie on the keyboard, as the window system counts keys.
#ifdef Q_OS_WIN
constexpr quint32 kScanZ = 0x2c;
constexpr quint32 kScanY = 0x15;
#else
constexpr quint32 kScanZ = 52;
constexpr quint32 kScanY = 29;
#endif

QString menuText(const char* source) {
    return QCoreApplication::translate("likeness::MainWindow", source);
}

// In a menu "&" marks a letter.
QString forMenu(QString name) {
    return name.replace('&', QLatin1String("&&"));
}

} // namespace

EditKeys::EditKeys(QMainWindow& window, EditHistory& edits)
    : QObject(&window), window_(window), edits_(edits) {
    qApp->installEventFilter(this);
}

EditKeys::Wish EditKeys::wishOf(const QKeyEvent& key) {
    const Qt::KeyboardModifiers modifiers = key.modifiers() & ~Qt::KeypadModifier;
    const bool latin = key.key() >= Qt::Key_A && key.key() <= Qt::Key_Z;
    const bool is_z = latin ? key.key() == Qt::Key_Z : key.nativeScanCode() == kScanZ;
    const bool is_y = latin ? key.key() == Qt::Key_Y : key.nativeScanCode() == kScanY;
    if (is_z && modifiers == Qt::ControlModifier) {
        return Wish::undo;
    }
    if ((is_z && modifiers == (Qt::ControlModifier | Qt::ShiftModifier)) ||
        (is_y && modifiers == Qt::ControlModifier)) {
        return Wish::redo;
    }
    return Wish::none;
}

bool EditKeys::hasOwn(const QWidget* field, Wish wish) {
    const bool undo = wish == Wish::undo;
    if (const auto* line = qobject_cast<const QLineEdit*>(field)) {
        return line->isModified() && (undo ? line->isUndoAvailable() : line->isRedoAvailable());
    }
    const QTextDocument* document = nullptr;
    if (const auto* plain = qobject_cast<const QPlainTextEdit*>(field)) {
        document = plain->document();
    } else if (const auto* rich = qobject_cast<const QTextEdit*>(field)) {
        document = rich->document();
    }
    return document && (undo ? document->isUndoAvailable() : document->isRedoAvailable());
}

void EditKeys::useTyped(const QWidget* pressed) {
    auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    if (field && field->isModified() && field != pressed && !field->isAncestorOf(pressed)) {
        Q_EMIT field->editingFinished();
    }
}

bool EditKeys::eventFilter(QObject* object, QEvent* event) {
    switch (event->type()) {
    case QEvent::Shortcut:
        if (static_cast<QShortcutEvent*>(event)->key() != QKeySequence(Qt::Key_Escape)) {
            useTyped(nullptr);
        }
        return false;
    case QEvent::MouseButtonPress:
        if (const auto* pressed = qobject_cast<QWidget*>(object)) {
            useTyped(pressed);
        }
        [[fallthrough]];
    case QEvent::MouseButtonDblClick:
        edits_.endGesture();
        edits_.setHeld(true);
        return false;
    case QEvent::MouseButtonRelease:
        edits_.setHeld(false);
        return false;
    case QEvent::FocusIn:
        edits_.endGesture();
        return false;
    case QEvent::ShortcutOverride:
    case QEvent::KeyPress: {
        const auto* field = qobject_cast<QWidget*>(object);
        const Wish wish = wishOf(*static_cast<QKeyEvent*>(event));
        if (wish == Wish::none || !field || field->window() != &window_ || hasOwn(field, wish)) {
            return false;
        }
        event->accept(); // of the override: then the key itself comes here
        if (event->type() == QEvent::KeyPress) {
            wish == Wish::undo ? edits_.undo() : edits_.redo();
        }
        return true;
    }
    default:
        return false;
    }
}

void addEditMenu(MainWindow& window, Session& session) {
    EditHistory& edits = session.edits();
    QMenu* menu =
        window.menuBar()->addMenu(menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "&Edit")));
    menu->setObjectName(QStringLiteral("&Edit"));
    auto* undo = menu->addAction({}, &edits, &EditHistory::undo);
    auto* redo = menu->addAction({}, &edits, &EditHistory::redo);
    undo->setObjectName(QStringLiteral("undo"));
    redo->setObjectName(QStringLiteral("redo"));
    undo->setShortcut(QKeySequence("Ctrl+Z"));
    redo->setShortcuts({QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")});
    undo->setIconText(menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "&Undo")).remove('&'));
    redo->setIconText(menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "&Redo")).remove('&'));
    const auto show = [&edits, undo, redo] {
        const QUndoStack& stack = edits.stack();
        undo->setEnabled(stack.canUndo());
        redo->setEnabled(stack.canRedo());
        undo->setText(stack.canUndo()
                          ? menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "&Undo: %1"))
                                .arg(forMenu(stack.undoText()))
                          : menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "&Undo")));
        redo->setText(stack.canRedo()
                          ? menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "&Redo: %1"))
                                .arg(forMenu(stack.redoText()))
                          : menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "&Redo")));
    };
    QObject::connect(&edits, &EditHistory::edited, menu, show);
    show();
    QObject::connect(&edits, &EditHistory::undone, &window, [&session](const QString& name) {
        Q_EMIT session.statusChanged(
            menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "Undone: %1")).arg(name));
    });
    QObject::connect(&edits, &EditHistory::redone, &window, [&session](const QString& name) {
        Q_EMIT session.statusChanged(
            menuText(QT_TRANSLATE_NOOP("likeness::MainWindow", "Redone: %1")).arg(name));
    });
    new EditKeys(window, edits);
}

} // namespace likeness
