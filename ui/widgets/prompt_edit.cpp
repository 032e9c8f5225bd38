#include "ui/widgets/prompt_edit.h"

#include "ui/model/prompt_marks.h"
#include "ui/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QTextBlock>
#include <QTextCursor>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr double kWeightStep = 0.1;

QTextCharFormat formatOf(const PromptMark& mark, const Theme& theme) {
    QTextCharFormat format;
    if (mark.breaks) {
        format.setForeground(theme.accent);
    } else if (mark.weight > 1) {
        constexpr double kLeast = 0.14, kMost = 0.42;
        QColor ground = theme.accent;
        ground.setAlphaF(static_cast<float>(std::min(kMost, kLeast + 0.2 * (mark.weight - 1))));
        format.setBackground(ground);
    } else {
        format.setForeground(theme.text2);
        format.setFontUnderline(true);
        format.setUnderlineStyle(QTextCharFormat::DotLine);
        format.setUnderlineColor(theme.text2);
    }
    return format;
}

} // namespace

PromptEdit::PromptEdit(QWidget* parent) : QPlainTextEdit(parent) {
    setTabChangesFocus(true);
    setUndoRedoEnabled(false); // every letter is an edit of the window's, undone there
    setAcceptDrops(false);     // pictures dropped here belong to the window
    viewport()->setAcceptDrops(false);
    connect(document(), &QTextDocument::contentsChanged, this, &PromptEdit::showMarks);
}

void PromptEdit::setWeighted(bool weighted) {
    if (weighted_ != weighted) {
        weighted_ = weighted;
        showMarks();
    }
}

void PromptEdit::showMarks() {
    QList<QTextEdit::ExtraSelection> marks;
    if (weighted_) {
        const Theme theme = currentTheme();
        for (const PromptMark& mark : promptMarks(toPlainText())) {
            QTextCursor place(document());
            place.setPosition(mark.start);
            place.setPosition(mark.start + mark.length, QTextCursor::KeepAnchor);
            marks.append({place, formatOf(mark, theme)});
        }
    }
    setExtraSelections(marks);
}

void PromptEdit::replace(const QString& wanted) {
    const QString shown = toPlainText();
    const qsizetype least = std::min(shown.size(), wanted.size());
    const qsizetype head =
        std::mismatch(shown.begin(), shown.begin() + least, wanted.begin()).first - shown.begin();
    const qsizetype tail =
        std::mismatch(shown.rbegin(), shown.rbegin() + (least - head), wanted.rbegin()).first -
        shown.rbegin();
    QTextCursor cursor(document());
    cursor.setPosition(static_cast<int>(head));
    cursor.setPosition(static_cast<int>(shown.size() - tail), QTextCursor::KeepAnchor);
    cursor.insertText(wanted.mid(head, wanted.size() - head - tail));
    setTextCursor(cursor);
}

void PromptEdit::showText(const QString& text) {
    if (text != toPlainText()) {
        const QSignalBlocker quiet(this);
        replace(text);
    }
}

void PromptEdit::reweigh(double by) {
    const QTextCursor cursor = textCursor();
    const auto changed =
        reweighted(toPlainText(), cursor.selectionStart(), cursor.selectionEnd(), by);
    if (!changed) {
        return;
    }
    replace(changed->prompt);
    QTextCursor part(document());
    part.setPosition(changed->start);
    part.setPosition(changed->end, QTextCursor::KeepAnchor);
    setTextCursor(part);
}

void PromptEdit::keyPressEvent(QKeyEvent* event) {
    const bool up = event->key() == Qt::Key_Up;
    if (weighted_ && (up || event->key() == Qt::Key_Down) &&
        (event->modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier) {
        reweigh(up ? kWeightStep : -kWeightStep);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void PromptEdit::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
        showMarks();
    }
}

bool PromptEdit::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip && weighted_) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int place = cursorForPosition(help->pos()).position();
        for (const PromptMark& mark : promptMarks(toPlainText())) {
            if (place >= mark.start && place <= mark.start + mark.length) {
                QToolTip::showText(help->globalPos(),
                                   mark.breaks ? tr("BREAK: a new piece of 75 tokens begins")
                                               : tr("weight %1").arg(mark.weight, 0, 'g', 3),
                                   viewport());
                return true;
            }
        }
    }
    return QPlainTextEdit::viewportEvent(event);
}

} // namespace likeness
