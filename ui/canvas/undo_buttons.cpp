#include "ui/canvas/undo_buttons.h"

#include "ui/model/edit_history.h"
#include "ui/widgets/buttons.h"

#include <QHBoxLayout>

namespace likeness {

UndoButtons::UndoButtons(EditHistory& edits, QWidget* parent)
    : QWidget(parent), edits_(edits), undo_(new IconButton("undo", {}, this)),
      redo_(new IconButton("redo", {}, this)) {
    undo_->setObjectName(QStringLiteral("undo_button"));
    redo_->setObjectName(QStringLiteral("redo_button"));
    undo_->setAccessibleName(tr("Undo"));
    redo_->setAccessibleName(tr("Redo"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(undo_);
    row->addWidget(redo_);
    connect(undo_, &IconButton::clicked, &edits, &EditHistory::undo);
    connect(redo_, &IconButton::clicked, &edits, &EditHistory::redo);
    connect(&edits, &EditHistory::edited, this, &UndoButtons::showSteps);
    showSteps();
}

void UndoButtons::showSteps() {
    const QUndoStack& stack = edits_.stack();
    undo_->setEnabled(stack.canUndo());
    redo_->setEnabled(stack.canRedo());
    // Tooltips guess rich text, and a step may be called after a file.
    undo_->setToolTip(stack.canUndo()
                          ? tr("Undo: %1 (Ctrl+Z)").arg(stack.undoText().toHtmlEscaped())
                          : tr("There is nothing to undo"));
    redo_->setToolTip(stack.canRedo()
                          ? tr("Redo: %1 (Ctrl+Shift+Z)").arg(stack.redoText().toHtmlEscaped())
                          : tr("There is nothing to redo"));
}

} // namespace likeness
