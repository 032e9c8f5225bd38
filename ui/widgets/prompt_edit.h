#pragma once

#include <QPlainTextEdit>

namespace likeness {

// A prompt being written. Shows what counts more or less and where BREAK stands; Ctrl+Up and
// Ctrl+Down change the weight of the selected words by a tenth.
class PromptEdit : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit PromptEdit(QWidget* parent = nullptr);

    // Whether the text is read with its marks.
    void setWeighted(bool weighted);

    // Sets what differs: the cursor stays where a hand is typing, and after an undo stands at what
    // came back. No textChanged().
    void showText(const QString& text);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void showMarks();
    void reweigh(double by);
    void replace(const QString& wanted); // what differs

    bool weighted_ = true;
};

} // namespace likeness
