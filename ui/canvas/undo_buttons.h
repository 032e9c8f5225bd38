#pragma once

#include <QWidget>

namespace likeness {

class EditHistory;
class IconButton;

// Undo and redo beside the picture; their tooltips name the step.
class UndoButtons : public QWidget {
    Q_OBJECT

public:
    explicit UndoButtons(EditHistory& edits, QWidget* parent = nullptr);

private:
    void showSteps();

    EditHistory& edits_;
    IconButton* undo_;
    IconButton* redo_;
};

} // namespace likeness
